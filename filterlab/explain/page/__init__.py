"""A value and its sums as one HTML file that needs no network: to hand out, to open anywhere, to slide over."""

from filterlab.explain.page.document import MOST_BYTES, Page, make_page

__all__ = ["MOST_BYTES", "Page", "make_page"]
