"""The explanation of one value: the terms that make it, by node, channel, row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from filterlab.layers.base.terms import Arithmetic, Term, Where, sum_exactly
from filterlab.text.html import html_table
from filterlab.text.numbers import exact

T = TypeVar("T")

_MOST_ROWS = 24  # terms in the table of a notebook


@dataclass(frozen=True)
class PartialSum:
    """The terms of one channel of one input, and the sum of their products; None where there are no products."""

    node: str
    channel: int
    terms: tuple[Term[str], ...]
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Explanation(Arithmetic):
    """The arithmetic of the value at `where`, whose terms name nodes.

    layer: the key of the layer's type. dtype: of the map; it says how many digits the numbers have.
    """

    terms: tuple[Term[str], ...]
    where: Where[str]
    layer: str
    dtype: np.dtype[Any] = field(default=np.dtype(np.float32), compare=False)

    # Never stale, since neither the explanation nor its terms can change.
    @cached_property
    def parts(self) -> tuple[PartialSum, ...]:
        """The sum of the products of each input channel, in the order of the terms."""
        groups: dict[tuple[str, int], list[Term[str]]] = {}
        for term in self.terms:
            groups.setdefault((term.where.node, term.where.channel), []).append(term)
        return tuple(PartialSum(*key, tuple(terms), _products(terms)) for key, terms in groups.items())

    @property
    def products(self) -> float | None:
        """The sum of all products; None where the operation is not a sum of products."""
        return _products(self.terms)

    @property
    def winners(self) -> tuple[Term[str], ...]:
        """The terms that were chosen, by a maximum, a minimum or a median."""
        return tuple(term for term in self.terms if term.wins)

    def exact(self, number: float) -> str:
        """A number in all the digits of the map's dtype."""
        # Sums are kept as Python floats, and one beyond float32 is infinite in the map's own digits.
        with np.errstate(over="ignore"):
            return exact(self.dtype.type(number))

    def walk(self) -> Iterator[Explanation]:
        """This explanation and those of its terms, depth first."""
        yield self
        for term in self.terms:
            if term.explanation is not None:
                yield from term.explanation.walk()

    def _repr_html_(self) -> str:
        """The sum as a table, for notebooks: the terms that matter most, the others together, and the value."""
        shown, others = most(self.terms, _MOST_ROWS, lambda term: term.size)
        rows: list[tuple[object, ...]] = [(_place(t.where), t.value, *_amounts(t)) for t in shown]
        if others:
            products = _products(others)
            rows.append((f"{len(others)} others", "", "", "" if products is None else products))
        if self.bias:
            rows.append(("bias", "", "", self.bias))
        rows.append(("value", "", "", self.value))
        return html_table(
            f"{_place(self.where)}: {self.operation}", ("cell", "value", "weight", "product"), rows
        )

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """The explanation as dictionaries and lists, for JSON.

        top: list only this many terms, those that matter most; "others" then gives the number of those left out and
        the sum of their products.
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


def _place(where: Where[str]) -> str:
    return f"{where.node}[{where.channel}, {where.row}, {where.col}]"


def _amounts(term: Term[str]) -> tuple[object, object]:
    """Weight and product; empty where the operation is not a sum of products, with a mark on what was chosen."""
    if term.weight is None or term.product is None:
        return "", "chosen" if term.wins else ""
    return term.weight, term.product


def _products(terms: Sequence[Term[str]]) -> float | None:
    products = [term.product for term in terms]
    known = [product for product in products if product is not None]
    return sum_exactly(known) if len(known) == len(products) else None


def window_of(terms: Sequence[Term[str]]) -> tuple[int, int, int, int]:
    """The box around the cells of some terms, as (top, left, bottom, right), half-open; padding lies outside a map."""
    rows, cols = [term.where.row for term in terms], [term.where.col for term in terms]
    return min(rows), min(cols), max(rows) + 1, max(cols) + 1


def most(items: Sequence[T], count: int, size: Callable[[T], float]) -> tuple[list[T], list[T]]:
    """The `count` items of largest size and the others, both in their original order."""
    order = sorted(range(len(items)), key=lambda i: size(items[i]), reverse=True)
    # Size decides who is shown; the original order decides where, so that windows can still be recognised.
    kept = set(order[:count])
    return [items[i] for i in sorted(kept)], [items[i] for i in sorted(order[count:])]
