"""The terms of any layer, derived from its gradient and its windows: the default of `Layer.explain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, border_cells
from filterlab.layers.base.border import Border
from filterlab.layers.base.rules import Windowed, at, read, sum_of_products
from filterlab.layers.base.terms import Arithmetic, Term, Where, check_count, remainder, weighed
from filterlab.layers.base.window import AxisWindow


class Differentiable(Windowed, Protocol):
    """The methods of a layer from which its terms are derived."""

    title: ClassVar[str]
    per_channel: ClassVar[bool]
    differentiable: ClassVar[bool]

    def border(self, size: Pair) -> Border | None:
        """The cells that are added around an input of `size`."""

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Any:
        """The gradients of a scalar; `inputs` holds those of the inputs."""


def explain_by_gradient(
    layer: Differentiable, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int
) -> Arithmetic:
    """The terms of a layer that is linear around its inputs: the weights are the gradients at this point.

    This covers choices as well: the winner of a maximum has weight 1, the others 0. The bias is the rest of the value.
    """
    terms: list[Term[int]] = []
    for x, dx, cell in _read_cells(layer, xs, y, (channel, row, col)):
        value, weight = read(x, cell), read(dx, cell)
        terms.append(Term(value, weight, weighed(value, weight), cell))
    result = y[at(y, channel, row, col)]
    # Not asked of the layer: whatever it adds (a subtracted mean, the offset of a tangent) is what the products leave.
    bias = remainder(float(result), terms)
    return sum_of_products(layer.title, terms, bias, result)


def explain_by_window(
    layer: Differentiable, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int
) -> Arithmetic:
    """The terms of any other layer: the input cells that the value depends on, without weights."""
    cells = _read_cells(layer, xs, y, (channel, row, col))
    terms = tuple(Term(read(x, cell), None, None, cell) for x, _, cell in cells)
    return Arithmetic(layer.title, terms, 0.0, float(y[at(y, channel, row, col)]), "other")


def _read_cells(
    layer: Differentiable, xs: tuple[Array, ...], y: Array, position: tuple[int, int, int]
) -> Iterator[tuple[Array, Array, Where[int]]]:
    """The cells of the inputs that a value reads, each with its input and the gradient of the value there."""
    # The gradient of a single 1 is one row of the Jacobian: how this value, and no other, depends on each input cell.
    one = np.zeros_like(y)
    one[at(y, *position)] = 1
    # Without a gradient, every channel may have been read.
    slopes = layer.backward(one, xs, y).inputs if layer.differentiable else tuple(map(np.zeros_like, xs))
    for number, (x, dx) in enumerate(zip(xs, slopes, strict=True)):
        for cell in _cells(layer, number, xs, dx, position):
            yield x, dx, cell


def _cells(
    layer: Differentiable, number: int, xs: tuple[Array, ...], dx: Array, position: tuple[int, int, int]
) -> list[Where[int]]:
    """The cells inside the map that the declared window shows, in the channels that take part in this value."""
    x = xs[number]
    channel, row, col = position
    if x.ndim == 2 and layer.per_channel:
        return [Where(number, channel, 0, 0)]
    if x.ndim == 2:
        return [Where(number, int(c), 0, 0) for c in _channels(dx)]
    sizes = [(a.shape[2], a.shape[3]) if a.ndim == 4 else (1, 1) for a in xs]
    border = layer.border(sizes[number])
    rows, cols = (
        _line(layer.windows(*sizes)[number][axis], i, sizes[number][axis], border, axis)
        for axis, i in enumerate((row, col))
    )
    single = np.array([min(channel, x.shape[1] - 1)])  # a single channel serves all
    # The gradient chooses channels only. Cells of the window stay listed where it is 0: they have been read as well.
    channels = single if layer.per_channel else _channels(dx[:, :, rows][..., cols])
    # Before the list is made, which would take gigabytes for a window as large as a photograph.
    check_count(len(channels) * len(rows) * len(cols), layer.title)
    return [Where(number, int(c), r, s) for c in channels for r in rows for s in cols]


def _line(window: AxisWindow, i: int, n: int, border: Border | None, axis: int) -> list[int]:
    """The cells of an axis of `n` that output `i` sees, directly or repeated in the border."""
    before, after = border.pads[2 * axis : 2 * axis + 2] if border else (0, 0)
    places = np.arange(window.first(i), window.stop(i), window.gap)
    # With ceil_mode the last window may stick out beyond the padding too, where nothing is read.
    places = places[(places >= -before) & (places < n + after)]
    cells = border_cells(places, n, before, after, border.mode) if border else places
    # -1 is the fill, not a cell. A set, because a border may show the same cell that the window also sees directly.
    return sorted(set(cells.tolist()) - {-1})


def _channels(dx: Array) -> Array:
    """The channels with a gradient, NaN included; all of them where every gradient is zero."""
    moved = (dx != 0).any(axis=tuple(i for i in range(dx.ndim) if i != 1))
    return np.flatnonzero(moved) if moved.any() else np.arange(len(moved))
