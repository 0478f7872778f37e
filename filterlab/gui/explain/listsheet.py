"""Terms that are no window: of vectors, of merges, of windows too large to show; the largest first."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from filterlab.gui.explain.answer import Answer, Looks, spot_in
from filterlab.gui.explain.items import Item, Paper, Sheet, sheet
from filterlab.gui.explain.sums import sum_items
from filterlab.gui.explain.words import place_text, term_told
from filterlab.gui.i18n import tr
from filterlab.images.tally import rounded
from filterlab.pipeline.account import Account, Figures
from filterlab.pipeline.explanation import Term

DIGITS = 6
GAP = 18.0
SUM_WIDTH = 260.0


def list_sheet(answer: Answer, looks: Looks, paper: Paper) -> Sheet:
    """A row for each term, in as many columns as there is room for, then the rest and the sum."""
    account = answer.account
    figures = account.figures(DIGITS)
    rows = [*_rows(account, figures, looks), *_rest(account, figures)]
    head = _headline(account, looks)
    items = [paper.word(head, QPointF(4, 0), faint=True, told=head)]
    columns = max(int((paper.width - SUM_WIDTH) // _width(rows, paper)), 1)
    tall = max(int((paper.height - paper.line - 4) // paper.line), 3)
    depth = max(tall, -(-len(rows) // columns))
    left = 4.0
    for start in range(0, len(rows), depth):
        part = rows[start : start + depth]
        items += _column(part, paper, left)
        left += _width(part, paper)
    return sheet([*items, *sum_items(answer, figures, looks, paper, left, 0)])


Row = tuple[list[str], Term | None, str]


def _headline(account: Account, looks: Looks) -> str:
    group = account.groups[0]
    count = len(group.terms) + group.left_out
    if group.left_out:
        return tr("the largest of {count} terms", count=count)
    return tr("{count} terms", count=count) if count != 1 else tr("1 term")


def _rows(account: Account, figures: Figures | None, looks: Looks) -> list[Row]:
    decimals = max((len(t.partition(".")[2]) for t in figures.terms), default=0) if figures else DIGITS
    rows: list[Row] = []
    group = account.groups[0]
    for i, term in enumerate(group.terms):
        cells = [place_text(term.where, looks.vectors), rounded(term.value, decimals or DIGITS - 1)]
        if account.sum_of == "w·x" and term.weight is not None:
            cells.append(f"× {rounded(term.weight, decimals or DIGITS - 1)}")
        if figures is not None and account.sum_of != "x":
            cells.append(f"{'=' if account.sum_of == 'w·x' else '→'} {figures.terms[i]}")
        elif figures is not None:
            cells[1] = figures.terms[i]
        rows.append((cells, term, term_told(account, term, looks.vectors)))
    return rows


def _rest(account: Account, figures: Figures | None) -> list[Row]:
    group = account.groups[0]
    if not group.left_out:
        return []
    text = tr("{count} others", count=f"{group.left_out:,}")
    rest = figures.rest if figures is not None else ""
    cells = [text, *[""] * (2 if account.sum_of == "w·x" else 1), f"= {rest}" if rest else ""]
    if account.sum_of == "x":
        cells = [text, rest]
    return [(cells, None, tr("the other {count} terms add {amount}", count=group.left_out, amount=rest))]


def _widths(rows: list[Row], paper: Paper) -> list[float]:
    count = max((len(cells) for cells, _, _ in rows), default=0)
    return [
        max((paper.wide(cells[i], bold=True) for cells, _, _ in rows if i < len(cells)), default=0.0) + 12
        for i in range(count)
    ]


def _width(rows: list[Row], paper: Paper) -> float:
    return sum(_widths(rows, paper)) + GAP


def _column(rows: list[Row], paper: Paper, left: float) -> list[Item]:
    widths, items = _widths(rows, paper), []
    for number, (cells, term, told) in enumerate(rows):
        x, y = left, paper.line + 4 + number * paper.line
        for i, text in enumerate(cells):
            if text:
                items.append(_cell(text, QPointF(x, y), i, term, told, paper))
            x += widths[i]
    return items


def _cell(text: str, at: QPointF, column: int, term: Term | None, told: str, paper: Paper) -> Item:
    wins = bool(term is not None and term.wins)
    where = term.where if term is not None else None
    return paper.word(
        f"{text} ◂" if wins and column == 1 else text,
        at,
        key=("term", where, column) if term is not None else ("rest", column),
        bold=wins,
        go=spot_in(where) if where is not None else None,
        told=told,
    )
