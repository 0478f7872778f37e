"""An explanation laid out for people: windows cell by cell, long sums by their largest terms, digits that add up.

The panel of the window draws what is worked out here, without Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation, PartialSum
from filterlab.functional.geometry import Pair
from filterlab.layers.base.terms import Term, Where, size_of, sum_exactly
from filterlab.text.tally import Tally, tally

MOST_CELLS = 441  # of a window that is shown cell by cell: 21 x 21
MOST_LISTED = 12  # terms of a long sum that are shown one by one; the others are added up
IN_ORDER = 4  # sums of so few terms keep the order of their inputs; others are listed by size


@dataclass(frozen=True)
class Group:
    """The terms of one channel of one input.

    terms: all of them, or the largest. places: the (row, column) of each in a grid of `shape` (rows, columns).
    amounts: the contribution of each term to the sum; empty where nothing is added up. left_out, rest: the number of
    terms that are not shown, and the sum of their contributions. amount: the contribution of the whole group.
    """

    node: str
    channel: int
    terms: tuple[Term, ...]
    places: tuple[Pair, ...]
    shape: Pair
    amounts: tuple[float, ...]
    left_out: int
    rest: float
    amount: float

    @property
    def at(self) -> tuple[str, int]:
        """The node and the channel."""
        return self.node, self.channel

    @property
    def gridded(self) -> bool:
        """True if all cells of the window are shown."""
        return not self.left_out


@dataclass(frozen=True)
class Account:
    """An explanation with all that is shown of it.

    kind: "grid" (a group for each channel's window) or "list" (one group of single terms, whose node is ""). total: the
    sum of the amounts and the bias; None where nothing is added up. sum_of: the amounts are the values ("x"), the
    products ("w·x") or the shares ("share") of the terms; "" where nothing is added up. value: in all its digits.
    """

    explanation: Explanation
    kind: str
    groups: tuple[Group, ...]
    bias: float
    total: float | None
    sum_of: str
    value: str

    @property
    def where(self) -> Where:
        """The cell whose value is explained."""
        return self.explanation.where

    def exact(self, number: float) -> str:
        """A number in all the digits of the map's dtype."""
        return self.explanation.exact(number)

    def order(self, chosen: int, most: int = MOST_LISTED) -> tuple[list[int], list[int]]:
        """The positions of the groups that are shown by themselves, `chosen` among them, and of the others."""
        places = list(range(len(self.groups)))
        if len(places) <= most:
            return places, []
        # One line is kept free for the sum of the others.
        largest = sorted(places, key=lambda i: -size_of(self.groups[i].amount))[: most - 1]
        # However small, the chosen group is among them: its terms must add up to a line that is on view.
        shown = sorted({*largest, chosen})
        return shown, [i for i in places if i not in set(shown)]

    def figures(self, digits: int, chosen: int = 0, most: int = MOST_LISTED) -> Figures | None:
        """The numbers of the sum as texts, and those of the terms of one group; None where nothing is added up.

        digits: significant digits of the largest number. most: groups that are shown by themselves; the others, which
        contribute less, are added up.
        """
        if self.total is None or not self.groups:
            return None
        shown, others = self.order(chosen, most)
        group = self.groups[chosen]
        rest = sum_exactly(self.groups[i].amount for i in others)
        amounts = [*(self.groups[i].amount for i in shown), *([rest] if others else []), self.bias]
        # The rest is a detail like the terms shown: only with it do the texts add up to the group's amount.
        details = [*group.amounts, *([group.rest] if group.left_out else [])]
        found = tally(amounts, self.total, digits, details, shown.index(chosen))
        return Figures(found, tuple(shown), len(others), len(group.terms))


@dataclass(frozen=True)
class Figures:
    """The texts of a sum, which add up.

    shown: the positions of the groups that `tally.amounts` begins with. The sum of the `others` groups follows, if
    there are any, and then the bias. count: the number of terms of the chosen group that are shown.
    """

    tally: Tally
    shown: tuple[int, ...]
    others: int
    count: int

    @property
    def terms(self) -> tuple[str, ...]:
        """The texts of the chosen group's terms."""
        return self.tally.details[: self.count]

    @property
    def rest(self) -> str:
        """The text of the sum of its terms that are not shown; "" where there are none."""
        return self.tally.details[self.count] if len(self.tally.details) > self.count else ""

    @property
    def amounts(self) -> tuple[str, ...]:
        """The texts of the groups that are shown."""
        return self.tally.amounts[: len(self.shown)]

    @property
    def others_text(self) -> str:
        """The text of the sum of the other groups; "" where there are none."""
        return self.tally.amounts[len(self.shown)] if self.others else ""

    @property
    def bias(self) -> str:
        """The text of the bias."""
        return self.tally.amounts[-1]

    @property
    def total(self) -> str:
        """The text of the total."""
        return self.tally.total


@dataclass(frozen=True)
class Span:
    """A block of cells of a node's map: first and last channel, row and column, including padding."""

    node: str
    channels: Pair
    rows: Pair
    cols: Pair


@dataclass(frozen=True)
class Crumb:
    """A step of the path of winners.

    how: the rule by which the value is made, as `Arithmetic.rule`. count: of its terms. symbols: its formula without
    numbers. spans: the cells that it reads, a span for each input. heaviest: the cell of the term that matters most.
    """

    where: Where
    value: str
    how: str
    count: int
    symbols: str
    spans: tuple[Span, ...]
    heaviest: Where | None


def account(explainer: Explainer, node: str, channel: int, row: int = 0, col: int = 0) -> Account:
    """Explain a value and lay the explanation out. Raises as `Explainer.explain`."""
    return account_of(explainer.explain(node, channel, row, col))


def account_of(found: Explanation, cells: int = MOST_CELLS, listed: int = MOST_LISTED) -> Account:
    """Lay an explanation out.

    cells: the most of a window that are shown cell by cell. listed: of a long sum, the terms that are shown.
    """
    amounts, bias, total, sum_of = _sum(found)
    # One term in each channel, as in additions and fully connected layers: windows of one cell say nothing.
    single = len(found.parts) > 1 and len(found.parts) == len(found.terms)
    parts = [PartialSum("", 0, found.terms, None)] if single else found.parts
    # By identity, which is far quicker than hashing whole terms; the parts hold the very same objects.
    ordered = {id(term): amount for term, amount in zip(found.terms, amounts, strict=False)}
    groups = []
    for part in parts:
        own = tuple(ordered[id(term)] for term in part.terms) if amounts else ()
        whole = bool(part.node) and len(part.terms) <= cells
        groups.append(_group(part, own, None if whole else listed))
    kind = "list" if single else "grid"
    return Account(found, kind, tuple(groups), bias, total, sum_of, found.exact(found.value))


def shares(found: Explanation) -> dict[tuple[str, int], float]:
    """The part of a value that each channel of each input gives, by (node, channel); empty for a pixel.

    It is the magnitude of what the channel contributes, divided by the sum of these magnitudes; the bias is left out.
    A channel that is chosen, as by a maximum, gives all, and NaN counts as infinite. Where nothing is added up, all
    channels give the same. Together the parts are 1, or 0 where every channel contributes 0.
    """
    amounts = _sum(found)[0]
    ordered = {id(term): amount for term, amount in zip(found.terms, amounts, strict=False)}
    sizes = {(part.node, part.channel): _part_size(part, ordered) for part in found.parts}
    if inf in sizes.values():
        sizes = {at: float(size == inf) for at, size in sizes.items()}
    whole = sum(sizes.values())
    return {at: size / whole if whole else 0.0 for at, size in sizes.items()}


def _part_size(part: PartialSum, amounts: Mapping[int, float]) -> float:
    if amounts:
        return size_of(sum_exactly(amounts[id(term)] for term in part.terms))
    chosen = [term.size for term in part.terms if term.wins is not None]
    return max(chosen, default=1.0)


def path(explainer: Explainer, where: Where) -> list[Crumb]:
    """The steps of the path of winners, from a value downwards."""
    # A border cell that shows no cell of the map is the end of a path, but has no value to explain.
    cells = [cell.inside for cell in explainer.trail(*where[:4])]
    return [_crumb(explainer, cell) for cell in cells if cell is not None]


def _crumb(explainer: Explainer, cell: Where) -> Crumb:
    found = explainer.explain(*cell[:4])
    sides = found.formula.split(" = ")
    symbols = sides[1] if len(sides) > 1 else ""
    nodes = dict.fromkeys(term.where.node for term in found.terms)
    spans = tuple(_span(node, [t.where for t in found.terms if t.where.node == node]) for node in nodes)
    return Crumb(
        cell, found.exact(found.value), found.rule, len(found.terms), symbols, spans, _heaviest(found)
    )


def _span(node: str, cells: Sequence[Where]) -> Span:
    ends = [(min(values), max(values)) for values in zip(*(cell[1:4] for cell in cells), strict=True)]
    return Span(node, *ends)


def _heaviest(found: Explanation) -> Where | None:
    """The cell of the term that matters most, among those that read a cell of a map."""
    inner = [term for term in found.terms if term.where.inside is not None]
    if not inner:
        return None
    return max(inner, key=lambda term: term.size).where.inside


def _sum(found: Explanation) -> tuple[tuple[float, ...], float, float | None, str]:
    """(amounts of the terms, bias, total, sum_of), as of `Account`."""
    shares = tuple(term.share for term in found.terms if term.share is not None)
    products = tuple(term.product for term in found.terms if term.product is not None)
    # A mean is shown as a sum that is divided at the end: products with 1 / n would all be rounded.
    if found.rule == "mean" and found.total is not None:
        return tuple(term.value for term in found.terms), 0.0, found.total, "x"
    if found.total is not None and found.terms and len(shares) == len(found.terms):
        return shares, 0.0, found.total, "share"
    if found.rule == "sum" and len(products) == len(found.terms):
        return products, found.bias, found.value, "w·x"
    return (), 0.0, None, ""


def _group(part: PartialSum, amounts: tuple[float, ...], most: int | None) -> Group:
    """The group of a part. most: the terms that are shown; None for all of them, in a grid."""
    terms, total = part.terms, sum_exactly(amounts)
    if most is None:
        places, shape = _grid(terms)
        return Group(part.node, part.channel, terms, places, shape, amounts, 0, 0.0, total)
    kept = _largest(terms, amounts, most)
    shown = tuple(terms[i] for i in kept)
    own = tuple(amounts[i] for i in kept) if amounts else ()
    taken = set(kept)
    # Added exactly, so that shown terms and rest make the same total whichever terms are shown.
    rest = sum_exactly(amount for i, amount in enumerate(amounts) if i not in taken)
    places = tuple((i, 0) for i in range(len(shown)))
    left = len(terms) - len(shown)
    return Group(part.node, part.channel, shown, places, (len(shown), 1), own, left, rest, total)


def _largest(terms: Sequence[Term], amounts: Sequence[float], most: int) -> list[int]:
    """The positions of the terms to show: winners and NaN first, then those that add most."""
    if len(terms) <= IN_ORDER:
        return list(range(len(terms)))
    size = [size_of(n) for n in amounts or [term.value for term in terms]]
    # `sorted` is stable, so that terms of equal size stay in the order of the window.
    order = sorted(range(len(terms)), key=lambda i: (not terms[i].wins, -size[i]))
    return order[:most]


def _grid(terms: Sequence[Term]) -> tuple[tuple[Pair, ...], Pair]:
    """The place of each term in a grid, and the shape of the grid.

    Rows and columns that no term reads, as with transposed convolutions and dilation, leave no gap.
    """
    # Terms without a place in a window stand in one row.
    if any(term.tap is None for term in terms):
        return tuple((0, i) for i in range(len(terms))), (1, max(len(terms), 1))
    rows = _ranks(term.where.row for term in terms)
    cols = _ranks(term.where.col for term in terms)
    places = tuple((rows[term.where.row], cols[term.where.col]) for term in terms)
    return places, (len(rows), len(cols))


def _ranks(values: Any) -> dict[int, int]:
    return {value: rank for rank, value in enumerate(sorted(set(values)))}
