"""Where one value comes from: the terms that make it, by node, channel, row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isnan
from typing import Any, NamedTuple, TypeVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.layers.base.terms import sum_exactly
from filterlab.text.numbers import exact

T = TypeVar("T")


class Where(NamedTuple):
    """A cell of a node's map. Padding lies outside the map and shows `source` (row, col), or a constant."""

    node: str
    channel: int
    row: int
    col: int
    padding: bool = False
    source: tuple[int, int] | None = None

    @property
    def inside(self) -> Where | None:
        """The cell of the map itself whose value stands here; None where that is a constant."""
        if not self.padding:
            return self
        return None if self.source is None else Where(self.node, self.channel, *self.source)


@dataclass(frozen=True)
class Term:
    """One term: value * weight = product. Both are None where the operation is no sum of products.

    tap: (row, column) in the window as it lies on the input. wins: whether a choice fell on it, None where there
    is no choice. share: what it adds to `Explanation.total`. explanation: of the value itself, where asked for.
    """

    value: float
    weight: float | None
    product: float | None
    where: Where
    tap: Pair | None = None
    wins: bool | None = None
    share: float | None = None
    explanation: Explanation | None = field(default=None, repr=False)

    @property
    def size(self) -> float:
        """How much it matters: a winner and what is no number most, all else by what it adds, whatever its sign."""
        if self.wins is not None:
            return inf if self.wins else 0.0
        return size_of(next(n for n in (self.product, self.share, self.value) if n is not None))

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """The same in lists and dictionaries; what does not apply is left out. top: as of `Explanation.to_dict`."""
        found: dict[str, Any] = {
            "value": self.value,
            "weight": self.weight,
            "product": self.product,
            "where": self.where._asdict(),
        }
        more = {"tap": self.tap, "wins": self.wins, "share": self.share}
        found.update((name, value) for name, value in more.items() if value is not None)
        if self.explanation is not None:
            found["explanation"] = self.explanation.to_dict(top)
        return found


@dataclass(frozen=True)
class PartialSum:
    """The products of one channel of one input, added up; value None where there are no products."""

    node: str
    channel: int
    terms: tuple[Term, ...]
    value: float | None


@dataclass(frozen=True)
class PartialMap:
    """The map (H, W) that one channel of an input makes alone, by `kernel` (h, w) as cross-correlation lays it."""

    node: str
    channel: int
    kernel: Array | None
    array: Array


@dataclass(frozen=True)
class Explanation:
    """How the value at `where` came about. Wherever terms have products, these and the `bias` add up to `value`.

    To the round-off of the maps' dtype, that is; sums beyond its range are infinite in the map and finite here.

    operation: in words; formula: in symbols, then with the numbers. rule: how the terms make the value:
    "sum" (of products, and the bias), "mean" (the weights are 1 / `divisor`), "max", "min", "median" (a choice:
    the winner's term has `wins`), "copy" (one term), "other" (as `formula` says), "pixel" (of the picture: no terms).
    total: where the value is a function of a sum that is none of products (of exponentials in softmax, of powers in
    Lp pooling, of values in a mean), that sum; the terms' `share`s add up to it where they have them.
    constants: other numbers of the formula, by name (mean and var of a normalisation, slopes, limits). dtype: of the
    map, which says how many digits its numbers have.
    """

    where: Where
    layer: str
    operation: str
    terms: tuple[Term, ...]
    bias: float
    value: float
    rule: str = "sum"
    divisor: float = 1.0
    formula: str = ""
    total: float | None = None
    constants: Mapping[str, float] = field(default_factory=dict)
    dtype: np.dtype[Any] = field(default=np.dtype(np.float32), compare=False)

    @cached_property
    def parts(self) -> tuple[PartialSum, ...]:
        """The products of each input channel added up, in the order of the terms."""
        groups: dict[tuple[str, int], list[Term]] = {}
        for term in self.terms:
            groups.setdefault((term.where.node, term.where.channel), []).append(term)
        return tuple(PartialSum(*key, tuple(terms), _products(terms)) for key, terms in groups.items())

    @property
    def products(self) -> float | None:
        """The sum of all products; None where the operation is no sum of products."""
        return _products(self.terms)

    @property
    def winners(self) -> tuple[Term, ...]:
        """The terms that a choice fell on."""
        return tuple(term for term in self.terms if term.wins)

    def exact(self, number: float) -> str:
        """A number in all digits that the map has."""
        with np.errstate(over="ignore"):
            return exact(self.dtype.type(number))

    def walk(self) -> Iterator[Explanation]:
        """This explanation and those of its terms, as deep as they go."""
        yield self
        for term in self.terms:
            if term.explanation is not None:
                yield from term.explanation.walk()

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """The same in lists and dictionaries, for JSON.

        top: only so many terms, those that matter most; "others" then says how many are left out, and their sum.
        """
        shown, others = most(self.terms, len(self.terms) if top is None else top, lambda term: term.size)
        found: dict[str, Any] = {
            "where": self.where._asdict(),
            "layer": self.layer,
            "operation": self.operation,
            "terms": [term.to_dict(top) for term in shown],
            "bias": self.bias,
            "value": self.value,
            "rule": self.rule,
            "divisor": self.divisor,
            "formula": self.formula,
        }
        if others:
            found["others"] = {"count": len(others), "products": _products(others)}
        if self.total is not None:
            found["total"] = self.total
        if self.constants:
            found["constants"] = dict(self.constants)
        return found


def _products(terms: Sequence[Term]) -> float | None:
    products = [term.product for term in terms]
    known = [product for product in products if product is not None]
    return sum_exactly(known) if len(known) == len(products) else None


def size_of(amount: float | None) -> float:
    """How much an amount matters in a sum, whatever its sign; what is no number matters most."""
    if amount is None:
        return 0.0
    return inf if isnan(amount) else abs(amount)


def most(items: Sequence[T], count: int, size: Callable[[T], float]) -> tuple[list[T], list[T]]:
    """The items of greatest size, in their own order, and the others."""
    order = sorted(range(len(items)), key=lambda i: size(items[i]), reverse=True)
    kept = set(order[:count])
    return [items[i] for i in sorted(kept)], [items[i] for i in sorted(order[count:])]
