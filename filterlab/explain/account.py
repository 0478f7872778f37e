"""An explanation as people read it: windows cell by cell, long sums by their largest terms, digits that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation
from filterlab.functional.geometry import Pair
from filterlab.layers.base.terms import Term, Where, size_of, sum_exactly
from filterlab.text.tally import Tally, tally

MOST_CELLS = 441  # of a window that is shown cell by cell: 21 x 21
MOST_LISTED = 12  # terms of a long sum that are shown one by one; the others are added up
IN_ORDER = 4  # so few stay in the order of their inputs


@dataclass(frozen=True)
class Group:
    """The terms of one channel of one input.

    terms: as they lie in the window, or the largest ones. places: (row, column) of each in the grid of (rows, cols)
    `shape`. amounts: what each adds to the sum; empty where nothing is added up. left_out, rest: how many terms are
    not shown, and what they add. amount: what the group adds.
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
    def gridded(self) -> bool:
        """Whether every cell of the window is there."""
        return not self.left_out


@dataclass(frozen=True)
class Account:
    """What there is to show of an explanation.

    kind: "grid" (windows of channels), "list" (single terms). groups: of a list there is one, whose node is "".
    total: what the amounts and the bias add up to; None where nothing is added up. sum_of: of what, as "x", "w·x".
    value: the value in all its digits.
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
        """The value that is explained."""
        return self.explanation.where

    def exact(self, number: float) -> str:
        """A number in all digits that the maps have."""
        return self.explanation.exact(number)

    def order(self, chosen: int, most: int = MOST_LISTED) -> tuple[list[int], list[int]]:
        """The groups of the sum that are shown by themselves, with `chosen`, and those that are added up."""
        places = list(range(len(self.groups)))
        if len(places) <= most:
            return places, []
        largest = sorted(places, key=lambda i: -size_of(self.groups[i].amount))[: most - 1]
        shown = sorted({*largest, chosen})
        return shown, [i for i in places if i not in set(shown)]

    def figures(self, digits: int, chosen: int = 0, most: int = MOST_LISTED) -> Figures | None:
        """The numbers of the sum as text, and those of the terms of one group; None where nothing is added up.

        most: groups that are shown by themselves; the smaller ones beyond are added up.
        """
        if self.total is None or not self.groups:
            return None
        shown, others = self.order(chosen, most)
        group = self.groups[chosen]
        rest = sum_exactly(self.groups[i].amount for i in others)
        amounts = [*(self.groups[i].amount for i in shown), *([rest] if others else []), self.bias]
        details = [*group.amounts, *([group.rest] if group.left_out else [])]
        found = tally(amounts, self.total, digits, details, shown.index(chosen))
        return Figures(found, tuple(shown), len(others), len(group.terms))


@dataclass(frozen=True)
class Figures:
    """Texts that add up.

    shown: the groups that `tally.amounts` begins with; the sum of `others` groups follows, if any, and the bias.
    """

    tally: Tally
    shown: tuple[int, ...]
    others: int
    count: int

    @property
    def terms(self) -> tuple[str, ...]:
        """Of the chosen group's terms."""
        return self.tally.details[: self.count]

    @property
    def rest(self) -> str:
        """Of the terms that are not shown; "" where there are none."""
        return self.tally.details[self.count] if len(self.tally.details) > self.count else ""

    @property
    def amounts(self) -> tuple[str, ...]:
        """Of the groups that are shown."""
        return self.tally.amounts[: len(self.shown)]

    @property
    def others_text(self) -> str:
        """Of the groups that are not shown; "" where there are none."""
        return self.tally.amounts[len(self.shown)] if self.others else ""

    @property
    def bias(self) -> str:
        """Of the bias."""
        return self.tally.amounts[-1]

    @property
    def total(self) -> str:
        """What all add up to."""
        return self.tally.total


@dataclass(frozen=True)
class Span:
    """Cells of a node's map: first and last channel, row and column. Padding counts."""

    node: str
    channels: Pair
    rows: Pair
    cols: Pair


@dataclass(frozen=True)
class Crumb:
    """A step of the path of winners.

    how: what the step from here down is, as Explanation.rule. count: of its terms. symbols: its formula without
    numbers. spans: the cells that it reads, a span for each input. heaviest: the cell of the term that adds most.
    """

    where: Where
    value: str
    how: str
    count: int
    symbols: str
    spans: tuple[Span, ...]
    heaviest: Where | None


def account(explainer: Explainer, node: str, channel: int, row: int = 0, col: int = 0) -> Account:
    """Explain a value and lay it out. Raises as `Explainer.explain`."""
    found = explainer.explain(node, channel, row, col)
    amounts, bias, total, sum_of = _sum(found)
    listed = len(found.parts) > 1 and len(found.parts) == len(found.terms)
    groups = [_group("", 0, found.terms, amounts)] if listed else _groups(found, amounts)
    kind = "list" if listed else "grid"
    return Account(found, kind, tuple(groups), bias, total, sum_of, found.exact(found.value))


def path(explainer: Explainer, where: Where) -> list[Crumb]:
    """The path of winners from a value down, each step with what it is."""
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
    """The cell of the term that adds most, of those that lie in a map."""
    inner = [term for term in found.terms if term.where.inside is not None]
    if not inner:
        return None
    return max(inner, key=lambda term: term.size).where.inside


def _sum(found: Explanation) -> tuple[tuple[float, ...], float, float | None, str]:
    """(what each term adds, the bias, what all add up to, of what the sum is)."""
    shares = tuple(term.share for term in found.terms if term.share is not None)
    products = tuple(term.product for term in found.terms if term.product is not None)
    if found.rule == "mean" and found.total is not None:
        return tuple(term.value for term in found.terms), 0.0, found.total, "x"
    if found.total is not None and found.terms and len(shares) == len(found.terms):
        return shares, 0.0, found.total, "share"
    if found.rule == "sum" and len(products) == len(found.terms):
        return products, found.bias, found.value, "w·x"
    return (), 0.0, None, ""


def _groups(found: Explanation, amounts: tuple[float, ...]) -> list[Group]:
    groups = []
    ordered = {id(term): amount for term, amount in zip(found.terms, amounts, strict=False)}
    for part in found.parts:
        own = tuple(ordered[id(term)] for term in part.terms) if amounts else ()
        groups.append(_group(part.node, part.channel, part.terms, own))
    return groups


def _group(node: str, channel: int, terms: tuple[Term, ...], amounts: tuple[float, ...]) -> Group:
    total = sum_exactly(amounts)
    if node and len(terms) <= MOST_CELLS:
        places, shape = _grid(terms)
        return Group(node, channel, terms, places, shape, amounts, 0, 0.0, total)
    kept = _largest(terms, amounts)
    shown = tuple(terms[i] for i in kept)
    own = tuple(amounts[i] for i in kept) if amounts else ()
    taken = set(kept)
    rest = sum_exactly(amount for i, amount in enumerate(amounts) if i not in taken)
    places = tuple((i, 0) for i in range(len(shown)))
    return Group(node, channel, shown, places, (len(shown), 1), own, len(terms) - len(shown), rest, total)


def _largest(terms: Sequence[Term], amounts: Sequence[float]) -> list[int]:
    """The places of the winner, of what is no number, and of the terms that add most."""
    if len(terms) <= IN_ORDER:
        return list(range(len(terms)))
    size = [size_of(n) for n in amounts or [term.value for term in terms]]
    order = sorted(range(len(terms)), key=lambda i: (not terms[i].wins, -size[i]))
    return order[:MOST_LISTED]


def _grid(terms: Sequence[Term]) -> tuple[tuple[Pair, ...], Pair]:
    """Where each term lies in the window, and its size; taps that read nothing (transposed) leave no gap."""
    if any(term.tap is None for term in terms):
        return tuple((0, i) for i in range(len(terms))), (1, max(len(terms), 1))
    rows = _ranks(term.where.row for term in terms)
    cols = _ranks(term.where.col for term in terms)
    places = tuple((rows[term.where.row], cols[term.where.col]) for term in terms)
    return places, (len(rows), len(cols))


def _ranks(values: Any) -> dict[int, int]:
    return {value: rank for rank, value in enumerate(sorted(set(values)))}
