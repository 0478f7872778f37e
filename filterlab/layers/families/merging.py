"""The bases of the layers that merge several maps, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.merging import merged_shape
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, PartialMap, Shape
from filterlab.layers.base.rules import at, joined, read, sum_of_products
from filterlab.layers.base.terms import Place, Term, Where
from filterlab.layers.base.window import Size, Window, same_window, whole_window


class Merge(Layer):
    """Base of the merging layers. One channel may stand for all, and a map of 1x1 for all rows and columns.

    Where a size is not known the map is taken to be larger than 1x1, as maps of real pictures are.
    """

    group: ClassVar[str] = "merge"
    arity: ClassVar[tuple[int, int | None]] = (2, None)

    def forward(self, *xs: Array) -> Array:
        y: Array = getattr(F, self.key)(xs)
        return y

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(getattr(F, f"{self.key}_backward")(dy, xs), {})

    def output_shape(self, *shapes: Shape) -> Shape:
        return merged_shape(shapes, type(self).__name__)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        known = [size for size in sizes if size is not None]
        # Which of the maps is the 1x1 one can only be told by comparing all sizes.
        if len(known) < len(sizes):
            return tuple(same_window(None) for _ in sizes)
        height, width = (max(ns) for ns in zip(*known, strict=True))
        return tuple(_spread((height, width)) if size == (1, 1) else same_window(size) for size in known)

    def places(self, xs: tuple[Array, ...], channel: int, row: int, col: int) -> list[Place]:
        """The cell of each input that takes part in a value."""
        return [Place(_cell(i, x, channel, row, col), None) for i, x in enumerate(xs)]


class WeightedSum(Merge):
    """Base of the merging layers that are weighted sums of their inputs."""

    locally_linear: ClassVar[bool] = True
    sign: ClassVar[str] = " + "

    def weights(self, count: int) -> tuple[float, ...]:
        """The weight of each of `count` inputs."""
        return (1.0,) * count

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        terms = []
        places = self.places(xs, channel, row, col)
        for x, (cell, _), weight in zip(xs, places, self.weights(len(xs)), strict=True):
            value = read(x, cell)
            terms.append(Term(value, weight, value * weight, cell))
        result = y[at(y, channel, row, col)]
        formula = joined(self.sign, [term.value for term in terms], result)
        return replace(sum_of_products(self.title, terms, 0.0, result), formula=formula)

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        shape = y.shape[2:] or (1, 1)
        found = []
        for i, (x, weight) in enumerate(zip(xs, self.weights(len(xs)), strict=True)):
            own = _cell(i, x, channel, 0, 0).channel
            # A view, in which a 1x1 map takes no more room than its one number; these maps are only looked at.
            array = np.broadcast_to(x[0, own] * y.dtype.type(weight), shape)
            found.append(PartialMap(i, own, None, array))
        return tuple(found)


def _cell(number: int, x: Array, channel: int, row: int, col: int) -> Where[int]:
    """The cell of an input at a position; a single channel, or the cell of a 1x1 map, stands for all."""
    own = channel if x.shape[1] > 1 else 0
    return Where(number, own, 0, 0) if x.shape[2:] in ((1, 1), ()) else Where(number, own, row, col)


def _spread(size: tuple[int, int]) -> Window:
    """The window by which every output sees the one cell of a 1x1 map."""
    if size == (1, 1):
        return same_window(size)
    return whole_window(1, size[0]), whole_window(1, size[1])
