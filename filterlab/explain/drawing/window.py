"""The third level: one window and the arithmetic of its value."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from filterlab.explain.account import Account, Figures, Group
from filterlab.explain.drawing.answer import Answer, Looks
from filterlab.explain.drawing.grids import (
    LARGEST,
    SMALLEST,
    Grids,
    Texts,
    cell_size,
    decimals_of,
    exact_texts,
    short_texts,
    texts_of,
)
from filterlab.explain.drawing.scene import Item, Paper, Sheet, sheet
from filterlab.explain.drawing.sums import sum_items
from filterlab.explain.drawing.terms import list_sheet

DIGITS = (6, 5, 4, 3)  # significant digits of a sum, as many as there is room for
ALL = 99  # stands for all digits that the numbers have
CRAMPED = 2  # stands for three digits without a zero before the point
NOTE = 80  # letters of the note below a sum, about
ENOUGH = 4  # digits that let a reader check a product
SIGN = 26.0  # pixels of a sign between grids
GROWN = 1.7  # a cell may be this many times as high as its number needs
# Pixels that are left for the sum, and at most this part of the width.
SUM_WIDTH, SUM_PART = 270.0, 0.3


def window_sheet(answer: Answer, looks: Looks, paper: Paper, chosen: int) -> Sheet:
    """Patch times kernel gives products, whose sum is the value; or the winner of a window; or a list of terms."""
    account = answer.account
    # A pixel of the picture is made of nothing.
    if not account.groups:
        return sheet([paper.word(account.value, 10, 10, bold=True, large=True, description=account.value)])
    # The choice belongs to a value before this one, whose layer may have read more channels.
    chosen = min(chosen, len(account.groups) - 1)
    group = account.groups[chosen]
    if account.kind == "list" or not group.gridded:
        return list_sheet(answer, looks, paper)
    setting = fitting(account, looks, paper, chosen)
    return sheet([*grid_items(setting), *_sum(setting, answer, chosen)])


@dataclass(frozen=True)
class Setting:
    """Grids in a size that fits, and their numbers."""

    grids: Grids
    texts: Texts
    figures: Figures | None
    count: int  # how many grids
    below: bool = False  # whether the sum stands below them, which leaves them all of the width

    @property
    def right(self) -> float:
        """The right edge of the last grid."""
        return 4.0 + self.count * self.grids.width + (self.count - 1) * SIGN


def fitting(account: Account, looks: Looks, paper: Paper, chosen: int) -> Setting:
    """Grids with as many digits as there is room for, or with colours alone where there is none for three digits."""
    beside = _best(account, looks, paper, chosen, below=False)
    under = _best(account, looks, paper, chosen, below=True)
    if under is None:
        return _colours_only(account, looks, paper, chosen)
    if beside is None:
        return under[1]
    # Below the grids only where that wins digits that a reader needs, and nothing has to be scrolled for them.
    clearer = beside[0] < min(ENOUGH, under[0])
    fits = under[1].grids.height + 2 * paper.line <= paper.height
    return under[1] if clearer and fits else beside[1]


def _best(
    account: Account, looks: Looks, paper: Paper, chosen: int, *, below: bool
) -> tuple[int, Setting] | None:
    """(digits, grids) with the most digits that fit; None where not even three do."""
    least = account.groups[chosen].shape[1] * _count(account) * paper.wide(".00")
    # Before any text is made: three digits without a zero are the least, and a large window has hundreds of cells.
    if least > paper.width:
        return None
    # The most digits first, so that the first grids that fit are the best.
    for digits in (ALL, *DIGITS, CRAMPED):
        setting = _with_numbers(account, looks, paper, chosen, digits, below=below)
        if setting is not None:
            return digits, setting
    return None


def _with_numbers(
    account: Account, looks: Looks, paper: Paper, chosen: int, digits: int, *, below: bool
) -> Setting | None:
    """Grids whose numbers have this many digits; None where they are too wide."""
    group, count = account.groups[chosen], _count(account)
    if digits == ALL and account.total is not None:
        return None  # the digits of a sum must add up, which all digits need not
    wanted = DIGITS[-1] if digits == CRAMPED else digits
    figures = account.figures(wanted, chosen) if digits != ALL else None
    texts = exact_texts(account, group) if digits == ALL else _texts(account, group, figures, wanted)
    if digits == CRAMPED:
        texts = texts.without_zeros()
    aside = 0.0 if below else min(SUM_WIDTH, SUM_PART * paper.width)
    room = paper.width - aside - count * SIGN - (0 if below else 12)
    side = cell_size(texts, paper, bold=any(term.wins for term in group.terms))
    if side[0] * group.shape[1] * count > room:
        return None
    free = paper.height - (1.4 + (1.3 * _sum_lines(figures, paper) if below else 0)) * paper.line
    side = _grown(side, group.shape, room / count, free, paper)
    return Setting(Grids(account, group, looks, paper, side, words=True), texts, figures, count, below)


def _sum_lines(figures: Figures | None, paper: Paper) -> int:
    """An estimate of the lines that the sum below the grids takes across the paper."""
    words = NOTE * paper.wide("x")
    if figures is not None:
        words += sum(paper.wide(f"+ in 0: {text}", bold=True) + 5 for text in figures.amounts)
        words += SIGN + paper.wide(f"= {figures.total}", bold=True, large=True)
    return ceil(words / paper.width)


def _texts(account: Account, group: Group, figures: Figures | None, digits: int) -> Texts:
    if figures is None:
        return short_texts(group, digits)
    decimals = decimals_of(figures, digits)
    texts = texts_of(account, group, figures.terms, decimals)
    return texts if digits > ENOUGH else texts.without_powers(decimals)


def _colours_only(account: Account, looks: Looks, paper: Paper, chosen: int) -> Setting:
    group, count = account.groups[chosen], _count(account)
    figures = account.figures(DIGITS[0], chosen)
    room = paper.width - min(SUM_WIDTH, SUM_PART * paper.width) - count * SIGN - 12
    fit = min(room / count / group.shape[1], (paper.height - 2 * paper.line) / group.shape[0])
    side = (min(max(fit, SMALLEST), LARGEST),) * 2
    texts = _texts(account, group, figures, DIGITS[0])
    return Setting(Grids(account, group, looks, paper, side, words=False), texts, figures, count)


def _count(account: Account) -> int:
    """The number of grids: 3 for patch, kernel and products, 2 for patch and shares, 1 for the patch alone."""
    return 3 if account.sum_of == "w·x" else 2 if account.sum_of == "share" else 1


def _grown(
    side: tuple[float, float], shape: tuple[int, int], room: float, free: float, paper: Paper
) -> tuple[float, float]:
    """Cells made larger where there is room: figures are easier to read with space around them."""
    most = (paper.cell + 3) * GROWN
    height = min(max(free / shape[0], side[1]), most)
    wide = min(max(room / shape[1], side[0]), max(side[0] + 8, height * 1.2))
    return wide, height


def grid_items(setting: Setting) -> list[Item]:
    """The grids side by side, with captions above them and signs between them."""
    grids, texts, paper, tr = setting.grids, setting.texts, setting.grids.paper, setting.grids.looks.tr
    columns = [("", _of_map(grids.group, grids.looks), grids.patch, texts.values)]
    if setting.count == 3:
        kernel = tr("kernel, out {channel}", channel=grids.account.where.channel)
        columns.append(("×", kernel, grids.kernel, texts.weights))
        columns.append(("=", tr("products"), grids.products, texts.products))
    elif setting.count == 2:
        columns.append(("→", tr("contribution"), grids.products, texts.products))
    items: list[Item] = []
    left = 4.0
    for i, (sign, caption, cells, numbers) in enumerate(columns, 1):
        if sign:
            items.append(sign_item(sign, left, grids))
            left += SIGN
        # The caption of the last grid may go on to the edge of the paper.
        width = paper.width - left if i == len(columns) else grids.width + SIGN - 6
        items += [*cells((left, paper.line), numbers), paper.caption(caption, left, 0, width)]
        left += grids.width
    return items


def _sum(setting: Setting, answer: Answer, chosen: int) -> list[Item]:
    """The sum, beside the grids or below them."""
    grids, paper, looks = setting.grids, setting.grids.paper, setting.grids.looks
    added, top = setting.figures is not None, paper.line
    if setting.below:
        start, top = (4.0 + SIGN if added else 4.0), top + grids.height + 2
        sign = [paper.word("Σ", 6, top - 2, large=True)] if added else []
    else:
        start = setting.right + (SIGN if added else SIGN / 2)
        sign = [sign_item("Σ", setting.right, grids)] if added else []
    return [*sign, *sum_items(answer, setting.figures, looks, paper, (start, top), chosen)]


def _of_map(group: Group, looks: Looks) -> str:
    view = looks.view(group.node)
    if view is not None and view.is_vector:
        return f"{group.node} [{group.channel}]"
    of = looks.tr(" of {count}", count=view.channels) if view is not None else ""
    return looks.tr("{node}, channel {channel}", node=group.node, channel=group.channel) + of


def sign_item(text: str, left: float, grids: Grids) -> Item:
    """A sign between grids, at the middle of their height. A number may follow it after the last of them."""
    paper = grids.paper
    middle = paper.line + min(grids.height, paper.height - paper.line) / 2 - paper.line / 2
    width = paper.wide(text[0], large=True)
    return paper.word(text, left + (SIGN - width) / 2 - 2, middle, large=True)
