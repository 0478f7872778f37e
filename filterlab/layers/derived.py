"""The terms of any layer, derived from its gradient and its windows: for types that do not explain themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.layers.rules import sum_of_products
from filterlab.layers.terms import Arithmetic, Cell, Part, check_count, remainder

if TYPE_CHECKING:
    from filterlab.layers.base import Layer


def explain_by_gradient(
    layer: Layer, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int
) -> Arithmetic:
    """Terms of any layer that is linear where it stands: its weights are the gradients at this point.

    Covers choices too: the winner of a maximum has weight 1, the others 0. The bias is what remains.
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
    bias = remainder(value, parts)
    return sum_of_products(layer.title, tuple(parts), bias, y[index])


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
    return Arithmetic(layer.title, tuple(parts), 0.0, float(y[index]), "other")


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
    check_count(len(channels) * len(rows) * len(cols), layer.title)
    return [Cell(number, int(c), r, s) for c in channels for r in rows for s in cols]


def _channels(dx: Array) -> Array:
    """Channels with any gradient; NaN counts. All of them where there is none anywhere."""
    moved = (dx != 0).any(axis=tuple(i for i in range(dx.ndim) if i != 1))
    return np.flatnonzero(moved) if moved.any() else np.arange(len(moved))
