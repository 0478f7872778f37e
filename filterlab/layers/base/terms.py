"""The sum that made one value: which input cells, times which weights, plus what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, isfinite, isnan
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, border_index
from filterlab.text.messages import say

MOST_TERMS = 1_000_000  # beyond it a list of terms takes gigabytes, and nobody reads it


class Cell(NamedTuple):
    """A cell of an input: which input (0 the first), channel, row, column.

    Rows and columns of padding lie outside the input; `source` then says which cell (row, column) the border
    mode shows there, None for a constant.
    """

    input: int
    channel: int
    row: int
    col: int
    padding: bool = False
    source: tuple[int, int] | None = None


class Part(NamedTuple):
    """One term. `weight` and `product` are None where the operation is no sum of products.

    tap: (row, column) in the window, as it lies on the input. wins: of a choice, whether the value is this one.
    share: what the term adds to `Arithmetic.total`.
    """

    cell: Cell
    value: float
    weight: float | None
    product: float | None
    tap: Pair | None = None
    wins: bool | None = None
    share: float | None = None


@dataclass(frozen=True)
class Arithmetic:
    """How one value came about: products of `parts`, plus `bias`, make `value` (where there are products).

    rule: "sum"; "mean", the weights being 1 / `divisor`; "max", "min" or "median", the winners having the weight;
    "copy" of one cell; "other", as `formula` says. total: where the value is a function of a sum (of squares, of
    exponentials), that sum; the shares of the parts add up to it. constants: other numbers of the formula, by name.
    """

    operation: str
    parts: tuple[Part, ...]
    bias: float
    value: float
    rule: str = "sum"
    divisor: float = 1.0
    formula: str = ""
    total: float | None = None
    constants: Mapping[str, float] = field(default_factory=dict)


class Partial(NamedTuple):
    """What one channel of an input adds to an output channel: its map (H, W), made by `kernel` (h, w), if any.

    The kernel is as cross-correlation lays it.
    """

    input: int
    channel: int
    kernel: Array | None
    array: Array


class Place(NamedTuple):
    """A cell that takes part in a value, and the tap of the window that lies on it, if any."""

    cell: Cell
    tap: Pair | None


def weighed(value: float, weight: float) -> float:
    """value * weight. An infinity that does not count has no part in a sum: 0 * inf is 0 here; NaN stays NaN."""
    return value * weight if weight or isnan(value) else 0.0


def remainder(value: float, parts: Sequence[Part]) -> float:
    """What the products leave of the value; 0 where that is no number."""
    products = sum_exactly(part.product or 0.0 for part in parts)
    return value - products if isfinite(products) and isfinite(value) else 0.0


def sum_exactly(numbers: Iterable[float]) -> float:
    """The sum, rounded once; infinities and NaN follow IEEE."""
    listed = list(numbers)
    try:
        return fsum(listed)
    except (OverflowError, ValueError):  # infinities of both signs, or a sum beyond all numbers
        with np.errstate(all="ignore"):
            return float(np.sum(listed))


def check_count(count: int, where: str) -> None:
    if count > MOST_TERMS:
        raise FilterLabError(
            say("the value is made of {:,} terms; at most {:,} are listed", count, MOST_TERMS),
            where,
            "ask about a smaller picture, or a layer with smaller windows",
        )


@dataclass(frozen=True)
class Taps:
    """Where the taps of a sliding kernel fall, and what they read there: cells, or padding."""

    pads: Pads
    stride: Pair
    dilation: Pair
    mode: str
    fill: float

    @classmethod
    def of(cls, layer: Any, pads: Pads) -> Taps:
        """Those of a layer with stride, dilation, padding_mode and value."""
        fill = layer.value if layer.padding_mode == "constant" else 0.0
        return cls(pads, layer.stride, layer.dilation, layer.padding_mode, fill)

    def parts(self, x: Array, kernels: Mapping[int, Array], row: int, col: int) -> tuple[Part, ...]:
        """The terms of output (row, col): every tap of every kernel, also those on padding.

        x: (1, C, H, W); kernels: input channel -> 2-D kernel as cross-correlation lays it.
        """
        check_count(sum(kernel.size for kernel in kernels.values()), "the layer")
        shape = next(iter(kernels.values())).shape
        lines = (
            self._line(x.shape[2], (self.pads.top, self.pads.bottom), 0, row, shape[0]),
            self._line(x.shape[3], (self.pads.left, self.pads.right), 1, col, shape[1]),
        )
        return tuple(
            self._part(x, channel, lines[0][u], lines[1][v], float(weight), (u, v))
            for channel, kernel in kernels.items()
            for (u, v), weight in np.ndenumerate(kernel)
        )

    def _line(
        self, n: int, sides: tuple[int, int], axis: int, position: int, taps: int
    ) -> list[tuple[int, int]]:
        """(position, cell that is read there) of each tap along an axis; cell -1 for a constant."""
        cells = border_index(n, *sides, self.mode)
        first = position * self.stride[axis]
        places = [first + tap * self.dilation[axis] for tap in range(taps)]
        return [(place - sides[0], int(cells[place])) for place in places]

    def _part(self, x: Array, channel: int, row: Pair, col: Pair, weight: float, tap: Pair) -> Part:
        constant = row[1] < 0 or col[1] < 0
        outside = constant or row[0] != row[1] or col[0] != col[1]
        source = (row[1], col[1]) if outside and not constant else None
        cell = Cell(0, channel, row[0], col[0], outside, source)
        seen = self.fill if constant else float(x[0, channel, row[1], col[1]])
        return Part(cell, seen, weight, seen * weight, tap)
