"""Statistics of a map that comes in parts: what layers that need the whole map find out in a pass of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array

Spans = list[tuple[int, int]]  # half-open


class Streaming(ABC):
    """Takes the parts of an input, which cover it without overlapping, and gives what follows from all of them.

    Sums are taken in double precision, in the order in which the parts come. exact: what follows has the digits of the
    whole, which that order does not change.
    """

    exact = False

    @abstractmethod
    def add(self, x: Array, top: int, left: int) -> None:
        """Take a part (1, C, h, w) that begins at (top, left)."""

    @abstractmethod
    def result(self) -> Any:
        """The whole output (1, C, h, w) as an array; or a layer that stands for this one, cell by cell."""


class Folded(Streaming):
    """Numbers folded along axes, or in windows: sums or extremes.

    channels: of the output. rows, cols: of each output row or column, the cells that it takes together.
    fold: np.add, np.maximum or np.minimum. taken: what is done to the cells before. finish: makes the output of the
    folded numbers.
    """

    def __init__(
        self,
        channels: int,
        rows: Spans,
        cols: Spans,
        fold: np.ufunc,
        taken: Callable[[Array], Array],
        finish: Callable[[Array], Array],
    ) -> None:
        neutral = {"add": 0.0, "maximum": -np.inf, "minimum": np.inf}[fold.__name__]
        self._folded = np.full((1, channels, len(rows), len(cols)), neutral)
        self._rows, self._cols = rows, cols
        self._each_column = len(cols) > 1 and all(end - start == 1 for start, end in cols)
        self._fold, self._taken, self._finish = fold, taken, finish
        self.exact = fold is not np.add  # an extreme is one of the cells
        self._dtype: Any = np.float32

    def add(self, x: Array, top: int, left: int) -> None:
        self._dtype = x.dtype
        with np.errstate(all="ignore"):
            cells = self._taken(x.astype(np.float64))
            for i, a, b in _met(self._rows, top, x.shape[2]):
                down = self._fold.reduce(cells[:, :, a:b], axis=2)
                if self._each_column:  # there is nothing to fold along rows
                    some = self._folded[:, :, i, left : left + x.shape[3]]
                    self._fold(some, down, out=some)
                    continue
                for j, c, d in _met(self._cols, left, x.shape[3]):
                    place = self._folded[:, :, i, j]
                    self._folded[:, :, i, j] = self._fold(place, self._fold.reduce(down[:, :, c:d], axis=2))

    def result(self) -> Array:
        with np.errstate(all="ignore"):
            return self._finish(self._folded).astype(self._dtype)


def _met(spans: Spans, first: int, count: int) -> list[tuple[int, int, int]]:
    """The spans that some cells from `first` on lie in: number, and begin and end among these cells."""
    found = []
    for i, (start, end) in enumerate(spans):
        a, b = max(start - first, 0), min(end - first, count)
        if a < b:
            found.append((i, a, b))
    return found


def streamed_means(rows: Spans, cols: Spans, channels: int) -> Folded:
    """The means of windows, in rows and columns of them."""
    sizes = np.outer([end - start for start, end in rows], [end - start for start, end in cols])
    return Folded(channels, rows, cols, np.add, lambda x: x, lambda sums: sums / sizes)


class LargestPlaces(Streaming):
    """Where along `axes` of a map (C, H, W) the largest value is: its place in row order, the first of equal ones."""

    exact = True

    def __init__(self, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
        self._shape, self._axes = shape, axes
        kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
        self._largest = np.full(kept, -np.inf)
        self._places = np.full(kept, prod(shape))  # beyond the last: any cell comes before it
        self._dtype: Any = np.float32

    def add(self, x: Array, top: int, left: int) -> None:
        self._dtype, part, first, axes = x.dtype, x[0], (0, top, left), self._axes
        kept = [i for i in range(3) if i not in axes]
        lines = part.transpose(*kept, *axes).reshape(*(part.shape[i] for i in kept), -1)
        found = lines.argmax(axis=-1)
        values = np.take_along_axis(lines, found[..., None], -1)
        inside = np.unravel_index(found, [part.shape[i] for i in axes])
        places = np.ravel_multi_index(
            [cells + first[i] for cells, i in zip(inside, axes, strict=True)], [self._shape[i] for i in axes]
        )
        ends = [slice(None) if i in axes else slice(first[i], first[i] + part.shape[i]) for i in range(3)]
        self._take(tuple(ends), values, places)

    def _take(self, ends: tuple[slice, ...], values: Array, places: Array) -> None:
        largest, earlier = self._largest[ends], self._places[ends]
        values, places = values.reshape(largest.shape), places.reshape(largest.shape)
        # Parts come tile by tile, so that an equal value of a later one may stand further ahead. A NaN, as in NumPy, is
        # above all numbers.
        new, old = np.isnan(values), np.isnan(largest)
        equal = (values == largest) | (new & old)
        wins = (values > largest) | (new & ~old) | (equal & (places < earlier))
        np.copyto(largest, values, where=wins)
        np.copyto(earlier, places, where=wins)

    def result(self) -> Array:
        return self._places[None].astype(self._dtype)


class ExponentialSums(Streaming):
    """The largest value m along an axis of a map (C, H, W), and the sum of exp(x - m) along it.

    stand_in: makes the layer from both, float64, whose axis has size 1. Whenever the largest value grows, what was
    added up before is scaled to it (Milakov and Gimelshein 2018).
    """

    def __init__(self, shape: tuple[int, ...], axis: int, stand_in: Callable[[Array, Array], Any]) -> None:
        kept = tuple(1 if i == axis else n for i, n in enumerate(shape))
        self._axis, self._stand_in = axis, stand_in
        self._largest, self._sums = np.full(kept, -np.inf), np.zeros(kept)

    def add(self, x: Array, top: int, left: int) -> None:
        part = x[0].astype(np.float64)
        first = (0, top, left)
        ends = tuple(
            slice(None) if i == self._axis else slice(first[i], first[i] + n)
            for i, n in enumerate(part.shape)
        )
        largest, sums = self._largest[ends], self._sums[ends]
        with np.errstate(all="ignore"):  # infinity minus infinity is NaN, as in the whole
            most = np.maximum(largest, part.max(axis=self._axis, keepdims=True))
            # Where all has been minus infinity so far, it has added nothing, and must not be NaN for good.
            taken = np.where(most == -np.inf, 0, most)
            sums *= np.exp(largest - taken)
            sums += np.exp(part - taken).sum(axis=self._axis, keepdims=True)
        largest[...] = most

    def result(self) -> Any:
        return self._stand_in(self._largest, self._sums)


class Moments(Streaming):
    """Mean and variance of groups of channels, put together part by part (Chan, Golub and LeVeque 1983).

    stand_in: makes the layer from (mean, variance) of each channel, float64.
    """

    def __init__(self, channels: int, groups: int, stand_in: Callable[[Array, Array], Any]) -> None:
        self._groups, self._each = groups, channels // groups
        self._count = 0
        self._mean, self._squares = np.zeros(groups), np.zeros(groups)
        self._stand_in = stand_in

    def add(self, x: Array, top: int, left: int) -> None:
        with np.errstate(all="ignore"):
            cells = x.reshape(self._groups, -1).astype(np.float64)
            count = self._count + cells.shape[1]
            mean = cells.mean(axis=1)
            apart = mean - self._mean
            squares = np.square(cells - mean[:, None]).sum(axis=1)
            self._squares += squares + np.square(apart) * (self._count * cells.shape[1] / count)
            self._mean += apart * (cells.shape[1] / count)
            self._count = count

    def result(self) -> Any:
        variance = self._squares / max(self._count, 1)
        return self._stand_in(self._mean.repeat(self._each), variance.repeat(self._each))
