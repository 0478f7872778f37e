"""The third level: one window and the arithmetic of its value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from filterlab.gui.explain.answer import Answer, Looks
from filterlab.gui.explain.grids import LARGEST, SMALLEST, Grids, Texts, cell_size, texts_of
from filterlab.gui.explain.items import Item, Paper, Sheet, sheet
from filterlab.gui.explain.listsheet import list_sheet
from filterlab.gui.explain.sums import sum_items
from filterlab.gui.i18n import tr
from filterlab.pipeline.account import Account, Figures

DIGITS = (6, 5, 4, 3)  # significant digits of a sum, as many as there is room for
SIGN = 26.0  # pixels of a sign between grids
GROWN = 1.7  # times as high as its number needs, a cell may be
SUM_WIDTH, SUM_PART = 270.0, 0.3  # pixels that are left for the sum, and at most this part of the width


def window_sheet(answer: Answer, looks: Looks, paper: Paper, chosen: int) -> Sheet:
    """Patch times kernel gives products, whose sum is the value; or the winner of a window; or a list of terms."""
    account = answer.account
    if not account.groups:
        return sheet(
            [paper.word(f"{account.value}", QPointF(10, 10), bold=True, large=True, told=account.value)]
        )
    chosen = min(chosen, len(account.groups) - 1)
    group = account.groups[chosen]
    if account.kind == "list" or not group.gridded:
        return list_sheet(answer, looks, paper)
    return sheet(_items(_setting(account, looks, paper, chosen), answer, chosen))


@dataclass(frozen=True)
class Setting:
    """Grids in a size that fits, and their numbers."""

    grids: Grids
    texts: Texts
    figures: Figures | None
    count: int  # how many grids


def _setting(account: Account, looks: Looks, paper: Paper, chosen: int) -> Setting:
    group = account.groups[chosen]
    count = 3 if account.sum_of == "w·x" else 2 if account.sum_of == "share" else 1
    room = paper.width - min(SUM_WIDTH, SUM_PART * paper.width) - count * SIGN - 12
    for digits in DIGITS:
        figures = account.figures(digits, chosen)
        decimals = _decimals(figures, digits)
        texts = texts_of(account, group, figures.terms if figures else (), decimals)
        side = cell_size(texts, paper)
        if side[0] * group.shape[1] * count <= room:
            side = _grown(side, group.shape, room / count, paper)
            return Setting(Grids(account, group, looks, paper, side, words=True), texts, figures, count)
    figures = account.figures(DIGITS[0], chosen)
    texts = texts_of(account, group, figures.terms if figures else (), DIGITS[0])
    fit = min(room / count / group.shape[1], (paper.height - 2 * paper.line) / group.shape[0])
    side = (min(max(fit, SMALLEST), LARGEST),) * 2
    return Setting(Grids(account, group, looks, paper, side, words=False), texts, figures, count)


def _grown(
    side: tuple[float, float], shape: tuple[int, int], room: float, paper: Paper
) -> tuple[float, float]:
    """Larger cells where there is room for them: figures are read more easily with space around them."""
    tall = (paper.height - 2 * paper.line) / shape[0]
    height = min(max(tall, side[1]), side[1] * GROWN)
    wide = min(max(room / shape[1], side[0]), max(side[0], height * 1.2))
    return wide, height


def _decimals(figures: Figures | None, digits: int) -> int:
    """As many for values and weights as the products have."""
    if figures is None or not figures.tally.adds_up:
        return digits
    return max((len(text.partition(".")[2]) for text in figures.terms), default=0) or digits - 1


def _items(setting: Setting, answer: Answer, chosen: int) -> list[Item]:
    grids, texts, paper = setting.grids, setting.texts, setting.grids.paper
    group = grids.group
    top, left = paper.line + 2, 4.0
    size = grids.looks.view(group.node)
    of = tr(" of {count}", count=size.channels) if size is not None else ""
    captions = [(tr("{node}, channel {channel}", node=group.node, channel=group.channel) + of, left)]
    items = grids.patch(QPointF(left, top), texts.values)
    left += grids.width
    if setting.count == 3:
        items += _sign("×", left, top, grids)
        left += SIGN
        captions.append((tr("kernel, out {channel}", channel=answer.spot.channel), left))
        items += grids.kernel(QPointF(left, top), texts.weights)
        left += grids.width
    if setting.count > 1:
        items += _sign("=" if setting.count == 3 else "→", left, top, grids)
        left += SIGN
        captions.append((tr("products") if setting.count == 3 else tr("what it adds"), left))
        items += grids.products(QPointF(left, top), texts.products)
        left += grids.width
    for number, (text, x) in enumerate(captions):
        last = number == len(captions) - 1
        items.append(_caption(text, x, paper.width - x if last else grids.width + SIGN - 6, paper))
    if setting.figures is not None:
        items += _sign("Σ", left, top, grids)
        left += SIGN
    else:
        left += SIGN / 2
    return [*items, *sum_items(answer, setting.figures, grids.looks, paper, left, chosen)]


def _sign(text: str, left: float, top: float, grids: Grids) -> list[Item]:
    paper = grids.paper
    middle = top + min(grids.height, paper.height - top) / 2 - paper.line / 2
    width = paper.wide(text, large=True)
    return [paper.word(text, QPointF(left + (SIGN - width) / 2 - 2, middle), large=True)]


def _caption(text: str, left: float, width: float, paper: Paper) -> Item:
    """Above a grid, shortened to a width."""
    short = paper.small.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return paper.word(short, QPointF(left, 0), faint=True, told=text)
