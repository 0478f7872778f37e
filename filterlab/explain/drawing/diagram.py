"""An explanation as a diagram: patch times kernel of each input channel, the products, and the sum of all."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from filterlab.explain.account import Account, account_of
from filterlab.explain.drawing.answer import Answer, Looks
from filterlab.explain.drawing.outline import place
from filterlab.explain.drawing.scene import GAP, Item, Paper, bottom, sheet, white
from filterlab.explain.drawing.shapes import shapes
from filterlab.explain.drawing.sums import sum_items
from filterlab.explain.drawing.terms import list_sheet
from filterlab.explain.drawing.window import DIGITS, fitting, grid_items, sign_item
from filterlab.explain.explanation import Explanation
from filterlab.graph import Graph
from filterlab.graph.nodes import Spot
from filterlab.images.vector import Drawing
from filterlab.images.views import Scale
from filterlab.layers.base.terms import size_of, sum_exactly
from filterlab.text.messages import count
from filterlab.text.numbers import brief

WIDTH, MARGIN = 1000.0, 16.0
# Rows or columns of a window that is drawn; of larger ones the most important terms are listed.
MOST_DRAWN = 48
# Channels that are drawn, and a third of the terms that are listed; the others become one line.
MOST_ROWS = 8


def diagram(found: Explanation) -> Drawing:
    """The drawing of one explanation: a title, the formula, the windows or a list of terms, and the sum."""
    account, paper = account_of(found, MOST_DRAWN**2, 3 * MOST_ROWS), white(WIDTH, WIDTH, 12.0)
    answer, looks = Answer(Spot(*found.where[:4]), account, []), _looks(account)
    items = [
        paper.word(f"{place(found.where)} = {account.value}", bold=True, large=True),
        paper.word(f"{found.layer}: {found.operation}", y=1.5 * paper.line, faint=True),
    ]
    top = 3 * paper.line
    if account.kind == "grid" and all(group.gridded for group in account.groups):
        items.append(paper.word(found.formula, y=2.5 * paper.line))
        items += _windows(answer, looks, paper, top + paper.line)
    else:
        items += (item.moved(0, top) for item in list_sheet(answer, looks, paper).items)
    page = sheet(item.moved(MARGIN, MARGIN) for item in items)
    return Drawing(shapes(page, paper), (page.size[0] + MARGIN, page.size[1] + MARGIN))


def _looks(account: Account) -> Looks:
    """One range for all channels, so that equal colours mean equal numbers across the windows."""
    terms = account.explanation.terms
    # A window of zeros has no range, and colours cannot be scaled to an empty one.
    most = max((abs(term.value) for term in terms if isfinite(term.value)), default=0.0) or 1.0
    tones = {term.where.node: ("RdBu", Scale(-most, most, -most, most)) for term in terms}
    return Looks({}, "RdBu", Graph(), tones=tones)


def _windows(answer: Answer, looks: Looks, paper: Paper, top: float) -> Iterable[Item]:
    """The grids of each channel, one below the other, and the sum of all where there is one."""
    account = answer.account
    if not account.groups:
        return
    largest = max(range(len(account.groups)), key=lambda i: size_of(account.groups[i].amount))
    shown, others = account.order(largest, MOST_ROWS + 1)
    for i in shown:
        setting = fitting(account, looks, paper, i)
        items = grid_items(setting)
        if account.sum_of == "w·x":
            items.append(sign_item(f"Σ {brief(account.groups[i].amount, 6)}", setting.right, setting.grids))
        yield from (item.moved(0, top) for item in items)
        top += bottom(items) + GAP
    if others:
        rest = sum_exactly(account.groups[i].amount for i in others)
        words = count(len(others), "{} other channel: {}", "{} other channels: {}", brief(rest, 6))
        yield paper.word(words, 0, top, faint=True)
        top += paper.line + GAP
    if account.sum_of == "w·x":
        figures = account.figures(DIGITS[0], largest, MOST_ROWS + 1)
        yield from sum_items(answer, figures, looks, paper, (0, top), -1)
