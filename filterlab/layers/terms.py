"""The sum that made one value: which input cells, times which weights, plus what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, border_index

if TYPE_CHECKING:
    from filterlab.layers.base import Layer

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
    """One term. `weight` and `product` are None where the operation is no sum of products."""

    cell: Cell
    value: float
    weight: float | None
    product: float | None


@dataclass(frozen=True)
class Arithmetic:
    """How one value came about: products of `parts`, plus `bias`, make `value` (where there are products)."""

    operation: str
    parts: tuple[Part, ...]
    bias: float
    value: float


def explain_by_gradient(
    layer: Layer,
    xs: tuple[Array, ...],
    y: Array,
    channel: int,
    row: int,
    col: int,
    bias: float | None = None,
) -> Arithmetic:
    """Terms of a layer that is linear where it stands: its weights are the gradients at this point.

    Covers choices too: the winner of a maximum has weight 1, the others 0. The bias is what remains, where the
    layer does not know it.
    """
    index = _index(y, channel, row, col)
    one = np.zeros_like(y)
    one[index] = 1
    parts: list[Part] = []
    for number, (x, dx) in enumerate(zip(xs, layer.backward(one, xs, y).inputs, strict=True)):
        for cell in _cells(layer, number, xs, dx, (channel, row, col)):
            value, weight = float(x[_at(x, cell)]), float(dx[_at(x, cell)])
            # An infinite value that lost has no part in the sum; 0 * inf would say NaN.
            parts.append(Part(cell, value, weight, value * weight if weight else 0.0))
    value = float(y[index])
    if bias is None:
        products = fsum(part.product or 0.0 for part in parts)
        bias = value - products if isfinite(products) and isfinite(value) else 0.0
    return Arithmetic(layer.title, tuple(parts), bias, value)


def explain_by_window(
    layer: Layer, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int
) -> Arithmetic:
    """Terms of any other layer: the input cells that the value depends on, without weights."""
    one = np.zeros_like(y)
    index = _index(y, channel, row, col)
    one[index] = 1
    parts = []
    for number, (x, dx) in enumerate(zip(xs, layer.backward(one, xs, y).inputs, strict=True)):
        cells = _cells(layer, number, xs, dx, (channel, row, col))
        parts += [Part(cell, float(x[_at(x, cell)]), None, None) for cell in cells]
    return Arithmetic(layer.title, tuple(parts), 0.0, float(y[index]))


def _index(y: Array, channel: int, row: int, col: int) -> tuple[int, ...]:
    return (0, channel, row, col) if y.ndim == 4 else (0, channel)


def _at(x: Array, cell: Cell) -> tuple[int, ...]:
    return (0, cell.channel, cell.row, cell.col) if x.ndim == 4 else (0, cell.channel)


def _cells(
    layer: Layer, number: int, xs: tuple[Array, ...], dx: Array, position: tuple[int, int, int]
) -> list[Cell]:
    """The real cells of the declared window, in the channels that take part in this value."""
    x = xs[number]
    channel, row, col = position
    if x.ndim == 2 and layer.per_channel:
        return [Cell(number, channel, 0, 0)]
    if x.ndim == 2:
        return [Cell(number, int(c), 0, 0) for c in _channels(dx)]
    sizes = [(a.shape[2], a.shape[3]) if a.ndim == 4 else (1, 1) for a in xs]
    rows, cols = (
        range(max(int(axis.first(np.array(i))), 0), min(int(axis.stop(np.array(i))), n))
        for axis, i, n in zip(layer.windows(*sizes)[number], (row, col), x.shape[2:], strict=True)
    )
    if layer.per_channel:
        channels = np.array([min(channel, x.shape[1] - 1)])  # a single channel serves all
    else:
        channels = _channels(dx[:, :, rows.start : rows.stop, cols.start : cols.stop])
    _check_count(len(channels) * len(rows) * len(cols), layer.title)
    return [Cell(number, int(c), r, s) for c in channels for r in rows for s in cols]


def _check_count(count: int, where: str) -> None:
    if count > MOST_TERMS:
        raise FilterLabError(
            f"the value is made of {count:,} terms; at most {MOST_TERMS:,} are listed",
            where,
            "ask about a smaller picture, or a layer with smaller windows",
        )


def _channels(dx: Array) -> Array:
    """Channels with any gradient; NaN counts. All of them where there is none anywhere."""
    moved = (dx != 0).any(axis=tuple(i for i in range(dx.ndim) if i != 1))
    return np.flatnonzero(moved) if moved.any() else np.arange(len(moved))


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
        _check_count(sum(kernel.size for kernel in kernels.values()), "the layer")
        shape = next(iter(kernels.values())).shape
        lines = (
            self._line(x.shape[2], (self.pads.top, self.pads.bottom), 0, row, shape[0]),
            self._line(x.shape[3], (self.pads.left, self.pads.right), 1, col, shape[1]),
        )
        return tuple(
            self._part(x, channel, lines[0][u], lines[1][v], float(weight))
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

    def _part(
        self, x: Array, channel: int, row: tuple[int, int], col: tuple[int, int], weight: float
    ) -> Part:
        constant = row[1] < 0 or col[1] < 0
        outside = constant or row[0] != row[1] or col[0] != col[1]
        cell = Cell(0, channel, row[0], col[0], outside, None if constant else (row[1], col[1]))
        seen = self.fill if constant else float(x[0, channel, row[1], col[1]])
        return Part(cell, seen, weight, seen * weight)
