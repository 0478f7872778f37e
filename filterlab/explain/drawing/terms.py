"""A list of terms that have no window (of vectors, of merges) or too large a one; the largest first."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.explain.account import Account, Figures
from filterlab.explain.drawing.answer import Answer, Looks, spot_in
from filterlab.explain.drawing.grids import decimals_of, texts_of
from filterlab.explain.drawing.scene import Item, Paper, Sheet, bottom, sheet
from filterlab.explain.drawing.sums import LEAST, sum_items
from filterlab.explain.drawing.words import others_text, place_text, term_words
from filterlab.layers.base.terms import Term

DIGITS = 6
GAP = 18.0
SUM_WIDTH = 260.0


def list_sheet(answer: Answer, looks: Looks, paper: Paper) -> Sheet:
    """A row for each term, in as many columns as there is room for, then the rest and the sum."""
    account = answer.account
    figures = account.figures(DIGITS)
    rows = [*_rows(account, figures, looks), *_rest(account, figures, looks)]
    head = _headline(account, looks)
    items = [paper.word(head, 4, 0, faint=True, description=head)]
    widths = _widths(rows, paper)
    columns = max(int((paper.width - SUM_WIDTH) // (sum(widths) + GAP)), 1)
    tall = max(int((paper.height - paper.line - 4) // paper.line), 3)
    # At least as deep as the paper; where the columns do not hold all rows then, they grow and the sheet scrolls.
    depth = max(tall, -(-len(rows) // columns))
    left = 4.0
    for start in range(0, len(rows), depth):
        items += _column(rows[start : start + depth], widths, paper, left)
        left += sum(widths) + GAP
    corner = max(left, 4 + paper.wide(head) + GAP), paper.line + 2
    # Where the columns leave too little width, the sum stands below them.
    if corner[0] + LEAST > paper.width:
        corner = 4.0, bottom(items) + 4
    return sheet([*items, *sum_items(answer, figures, looks, paper, corner, 0)])


@dataclass(frozen=True)
class TermRow:
    """A line of the list: the place of a term, then its numbers. own: the value is made from this one above all."""

    cells: tuple[str, ...]
    term: Term | None
    description: str
    own: bool = False


def _headline(account: Account, looks: Looks) -> str:
    group = account.groups[0]
    count = len(group.terms) + group.left_out
    if group.left_out:
        text = looks.tr("the largest of {count} terms", count=f"{count:,}")
    else:
        text = looks.tr("{count} terms", count=count) if count != 1 else looks.tr("1 term")
    hows = {"w·x": looks.tr("value × weight = product"), "share": looks.tr("value → contribution")}
    how = hows.get(account.sum_of)
    return f"{text}: {how}" if how else text


def _rows(account: Account, figures: Figures | None, looks: Looks) -> list[TermRow]:
    group, vectors, names = account.groups[0], looks.vectors, _names(account, looks)
    # As many decimals as the products have, so that a reader can check a row by the numbers that it shows.
    texts = texts_of(account, group, figures.terms if figures else (), decimals_of(figures, DIGITS))
    sign = "=" if texts.weights else "→"
    rows: list[TermRow] = []
    # Bold only where there is exactly one: terms of several inputs may lie at the place of the value.
    own = [t for t in group.terms if account.sum_of == "share" and t.where[1:4] == account.where[1:4]]
    for i, term in enumerate(group.terms):
        cells = [place_text(term.where, vectors) + names.get(term.where.channel, ""), texts.values[i]]
        cells += [f"× {text}" for text in texts.weights[i : i + 1]]
        cells += [f"{sign} {text}" for text in texts.products[i : i + 1]]
        rows.append(TermRow(tuple(cells), term, term_words(account, term, vectors, looks.tr), own == [term]))
    return rows


def _names(account: Account, looks: Looks) -> dict[int, str]:
    """The names of the classes, where the layer knows them."""
    labels = getattr(looks.layer(account.where.node), "labels", None) or ()
    return {i: f" “{label}”" for i, label in enumerate(labels)}


def _rest(account: Account, figures: Figures | None, looks: Looks) -> list[TermRow]:
    group = account.groups[0]
    if not group.left_out:
        return []
    text = others_text(group.left_out, looks.tr)
    rest = figures.rest if figures is not None else ""
    sign = "" if account.sum_of == "x" else "= " if account.sum_of == "w·x" else "→ "
    # Empty cells in between, so that the rest stands in the column that it is the rest of.
    cells = (text, *[""] * {"w·x": 2, "share": 1}.get(account.sum_of, 0), f"{sign}{rest}" if rest else "")
    description = looks.tr("the other term adds {amount}", amount=rest)
    if group.left_out > 1:
        description = looks.tr("the other {count} terms add {amount}", count=group.left_out, amount=rest)
    return [TermRow(cells, None, description)]


def _widths(rows: list[TermRow], paper: Paper) -> list[float]:
    count = max((len(row.cells) for row in rows), default=0)
    texts = [[_text(row, i) for row in rows if i < len(row.cells)] for i in range(count)]
    return [max((paper.wide(text, bold=True) for text in column), default=0.0) + 12 for column in texts]


def _text(row: TermRow, column: int) -> str:
    wins = row.term is not None and row.term.wins
    return f"{row.cells[column]} ◂" if wins and column == 1 else row.cells[column]


def _column(rows: list[TermRow], widths: list[float], paper: Paper, left: float) -> list[Item]:
    """Rows of words. Numbers are aligned at the right, so that their digits stand below each other."""
    items = []
    for number, row in enumerate(rows):
        where = row.term.where if row.term is not None else None
        bold = row.own or bool(row.term is not None and row.term.wins)
        x, y = left, paper.line + 4 + number * paper.line
        for i, width in enumerate(widths[: len(row.cells)]):
            text, key = _text(row, i), ("term", where, i) if where is not None else ("rest", i)
            spare = width - 12 - paper.wide(text, bold=bold) if i else 0.0
            go = spot_in(where) if where is not None else None
            if text:
                about = row.description
                items.append(paper.word(text, x + spare, y, bold=bold, key=key, go=go, description=about))
            x += width
    return items
