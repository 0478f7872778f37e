"""The page of methods in the docstring of the convolution: `python -m tests.tools.methods` brings it up to date."""

from __future__ import annotations

from pathlib import Path

from filterlab.functional import conv
from filterlab.functional.conv.methods import page

PAGE = Path(conv.__file__)
_BEGIN, _END = "The methods:\n\n", '\n"""\n'


def main(path: Path = PAGE) -> None:
    """Put the page into its place at the end of the docstring."""
    text = path.read_text(encoding="utf-8")
    start, end = text.index(_BEGIN) + len(_BEGIN), text.rindex(_END)
    path.write_text(text[:start] + page() + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
