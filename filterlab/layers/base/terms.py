"""The sum that made one value: which input cells, times which weights, plus what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf, isfinite, isnan
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, border_cells
from filterlab.text.messages import say

N = TypeVar("N")  # what a map is called by: the number of an input, or the name of a node

MOST_TERMS = 1_000_000  # a longer list of terms would take gigabytes, and nobody reads it


class Where(NamedTuple, Generic[N]):
    """A cell of a map: whose map it is, channel, row and column.

    node: the name of the node; a layer knows no names, and gives the number of the input instead (0 is the first).
    Rows and columns of padding lie outside the map; `source` is then the (row, column) that the padding mode shows
    there, None for a constant.
    """

    node: N
    channel: int
    row: int
    col: int
    padding: bool = False
    source: tuple[int, int] | None = None

    @property
    def inside(self) -> Where[N] | None:
        """The cell of the map itself whose value stands here; None where that is a constant."""
        if not self.padding:
            return self
        return None if self.source is None else Where(self.node, self.channel, *self.source)


class Term(NamedTuple, Generic[N]):
    """One term: value * weight = product. Weight and product are None where the operation is not a sum of products.

    tap: (row, column) in the window as it lies on the input. wins: whether a choice fell on this term, None where
    nothing is chosen. share: what the term adds to `Arithmetic.total`. explanation: the `Explanation` of the value
    itself, where a tree was asked for; untyped, because explanations stand above layers.
    """

    value: float
    weight: float | None
    product: float | None
    where: Where[N]
    tap: Pair | None = None
    wins: bool | None = None
    share: float | None = None
    explanation: Any = None

    @property
    def size(self) -> float:
        """How much the term matters: winners and NaN the most, others by the magnitude of what they add."""
        if self.wins is not None:
            return inf if self.wins else 0.0
        return size_of(next(n for n in (self.product, self.share, self.value) if n is not None))

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """The term for JSON, without fields that do not apply. top: see `Explanation.to_dict`."""
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
class Arithmetic:
    """How one value was computed. Where the terms have products, these and the `bias` add up to `value`.

    They do so up to the round-off of the maps' dtype; sums beyond its range are infinite in the map and finite here.

    operation: in words; formula: in symbols, then with the numbers. rule: how the terms make the value:
    "sum" (of products, and the bias), "mean" (the weights are 1 / `divisor`), "max", "min", "median" (a choice:
    the winner's term has `wins`), "copy" (one term), "other" (as `formula` says), "pixel" (of the picture: no terms).
    total: where the value is a function of a sum that is not one of products (of exponentials in softmax, of powers in
    Lp pooling, of values in a mean), that sum; the terms' `share`s add up to it where they have them.
    constants: other numbers of the formula, by name (mean and var of a normalisation, slopes, limits).
    """

    operation: str
    terms: tuple[Term[Any], ...]
    bias: float
    value: float
    rule: str = "sum"
    divisor: float = 1.0
    formula: str = ""
    total: float | None = None
    constants: Mapping[str, float] = field(default_factory=dict)


class PartialMap(NamedTuple, Generic[N]):
    """The map (H, W) that one channel of an input makes alone, and the kernel (h, w) that makes it, if any.

    node: as of `Where`. The kernel is oriented as cross-correlation applies it.
    """

    node: N
    channel: int
    kernel: Array | None
    array: Array


class Place(NamedTuple):
    """A cell that takes part in a value, and the tap of the window that lies on it, if any."""

    where: Where[int]
    tap: Pair | None


def weighed(value: float, weight: float) -> float:
    """value * weight, except that 0 * inf is 0: an infinity that was not chosen adds nothing. NaN stays NaN."""
    return value * weight if weight or isnan(value) else 0.0


def remainder(value: float, terms: Sequence[Term[int]]) -> float:
    """The value less the products: the bias; 0 where either is not finite."""
    # Infinity less infinity is NaN, which would look as if the layer itself added it; then no bias is claimed.
    products = sum_exactly(term.product or 0.0 for term in terms)
    return value - products if isfinite(products) and isfinite(value) else 0.0


def sum_exactly(numbers: Iterable[float]) -> float:
    """The exact sum, rounded once; infinities and NaN follow IEEE 754."""
    # Not np.sum: its round-off would turn up in the bias, which is found by subtracting such a sum.
    listed = list(numbers)
    try:
        return fsum(listed)
    except (OverflowError, ValueError):  # infinities of both signs, or an overflow
        with np.errstate(all="ignore"):
            return float(np.sum(listed))


def size_of(amount: float | None) -> float:
    """The magnitude of an amount, by which terms are sorted; infinite for NaN, which is to be seen first."""
    if amount is None:
        return 0.0
    return inf if isnan(amount) else abs(amount)


def check_count(count: int, where: str) -> None:
    """Raise FilterLabError where a value has too many terms to be listed."""
    if count > MOST_TERMS:
        raise FilterLabError(
            say("the value is made of {:,} term(s); at most {:,} are listed", count, MOST_TERMS),
            where,
            "ask about a smaller picture, or a layer with smaller windows",
        )


@dataclass(frozen=True)
class Taps:
    """Where the taps of a sliding kernel fall, and whether they read cells or padding there."""

    pads: Pads
    stride: Pair
    dilation: Pair
    mode: str
    fill: float

    @classmethod
    def of(cls, layer: Any, pads: Pads) -> Taps:
        """The taps of a layer with stride, dilation, padding_mode and value."""
        # In the other modes a layer may hold a `value` that nothing uses.
        fill = layer.value if layer.padding_mode == "constant" else 0.0
        return cls(pads, layer.stride, layer.dilation, layer.padding_mode, fill)

    def terms(self, x: Array, kernels: Mapping[int, Array], row: int, col: int) -> tuple[Term[int], ...]:
        """The terms of output (row, col): one for every tap of every kernel, in the padding too.

        x: (1, C, H, W); kernels: input channel -> 2-D kernel as cross-correlation lays it.
        """
        check_count(sum(kernel.size for kernel in kernels.values()), "the layer")
        shape = next(iter(kernels.values())).shape
        lines = (
            self._line(x.shape[2], (self.pads.top, self.pads.bottom), 0, row, shape[0]),
            self._line(x.shape[3], (self.pads.left, self.pads.right), 1, col, shape[1]),
        )
        return tuple(
            self._term(x, channel, lines[0][u], lines[1][v], float(weight), (u, v))
            for channel, kernel in kernels.items()
            for (u, v), weight in np.ndenumerate(kernel)
        )

    def _line(
        self, n: int, sides: tuple[int, int], axis: int, position: int, taps: int
    ) -> list[tuple[int, int]]:
        """(position, cell that is read there) of each tap along an axis; the cell is -1 for a constant."""
        first = position * self.stride[axis] - sides[0]
        places = first + np.arange(taps) * self.dilation[axis]
        return list(zip(places.tolist(), border_cells(places, n, *sides, self.mode).tolist(), strict=True))

    def _term(self, x: Array, channel: int, row: Pair, col: Pair, weight: float, tap: Pair) -> Term[int]:
        constant = row[1] < 0 or col[1] < 0
        # Cells of the map are read at their own position; where another one is read, the padding mode shows it.
        outside = constant or row[0] != row[1] or col[0] != col[1]
        source = (row[1], col[1]) if outside and not constant else None
        where = Where(0, channel, row[0], col[0], outside, source)
        seen = self.fill if constant else float(x[0, channel, row[1], col[1]])
        return Term(seen, weight, seen * weight, where, tap)
