"""Which cells of each map can matter to a value, and which values a cell can reach: exact sets, axis by axis.

Unlike the intervals of `geometry`, these know where the border is, what its mode shows there, and the gaps of dilated
kernels. Rows and columns are sets of their own: every layer's window is a rectangle of taps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, border_index
from filterlab.layers.window import AxisWindow
from filterlab.pipeline.geometry import Region, at_node

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline, Step

Mask = Array  # bool, one for each row (or column) of a map
Masks = tuple[Mask, Mask]  # rows and columns


@dataclass(frozen=True)
class Reader:
    """How a layer reads one axis of an input of `n` cells.

    shown: which cell each place of the padded axis shows, -1 for none, its first place being -before. gap: cells from
    one tap to the next.
    """

    window: AxisWindow
    n: int
    shown: Array
    before: int
    gap: int

    def read(self, outputs: Mask) -> Mask:
        """The cells that some outputs read."""
        index = np.flatnonzero(outputs)
        places = self._places(self.window.first(index), self.window.stop(index)) + self.before
        cells = self.shown[places[(places >= 0) & (places < len(self.shown))]]
        found = np.zeros(self.n, bool)
        found[cells[cells >= 0]] = True
        return found

    def _places(self, first: Array, stop: Array) -> Array:
        if not len(first):
            return first
        if self.gap > 1:
            taps = range(0, int((stop - first).max()), self.gap)
            return np.unique(np.concatenate([first + tap for tap in taps]))
        low, high = int(first.min()), int(stop.max())
        edges = np.zeros(max(high - low, 0) + 1, int)
        real = first < stop
        np.add.at(edges, first[real] - low, 1)
        np.add.at(edges, stop[real] - low, -1)
        return np.flatnonzero(np.cumsum(edges)) + low

    def reached(self, cells: Mask) -> Mask:
        """The outputs that read some of the cells."""
        assert self.window.count is not None, "the size is known"
        index = np.arange(self.window.count)
        lit = np.where(self.shown >= 0, cells[np.maximum(self.shown, 0)], False)
        first, stop = (
            np.clip(edge + self.before, 0, len(lit))
            for edge in (self.window.first(index), self.window.stop(index))
        )
        if self.gap == 1:
            total = np.concatenate([[0], np.cumsum(lit)])
            return total[np.maximum(stop, first)] > total[first]
        # Taps of a window that begins before the padding are counted from its own first cell.
        own = self.window.first(index) + self.before
        found = np.zeros(len(index), bool)
        for tap in range(0, int((self.window.stop(index) - self.window.first(index)).max()), self.gap):
            place = own + tap
            inside = (place >= 0) & (place < len(lit))
            found |= np.where(inside, lit[np.clip(place, 0, len(lit) - 1)], False)
        return found


def readers(step: Step, sizes: Mapping[str, Pair]) -> list[tuple[Reader, Reader]]:
    """For each input of a step, how its rows and its columns are read."""
    found = []
    with at_node(step.name):
        windows = step.layer.windows(*[sizes[name] for name in step.inputs])
        for name, window in zip(step.inputs, windows, strict=True):
            border = step.layer.border(sizes[name])
            lines = []
            for axis, n in enumerate(sizes[name]):
                if border is None:
                    lines.append(Reader(window[axis], n, np.arange(n), 0, 1))
                    continue
                before, after = border.pads[2 * axis : 2 * axis + 2]
                shown = border_index(n, before, after, border.mode)
                lines.append(Reader(window[axis], n, shown, before, border.dilation[axis]))
            found.append((lines[0], lines[1]))
    return found


def map_sizes(pipeline: Pipeline, shape: tuple[int, ...]) -> dict[str, Pair]:
    """(height, width) of every map for a picture of `shape` (C, H, W); a vector counts as 1x1. Raises ShapeError."""
    shapes = {"image": tuple(shape), **pipeline.output_shapes((shape[0], shape[1], shape[2]))}
    return {name: (s[1], s[2]) if len(s) == 3 else (1, 1) for name, s in shapes.items()}


def sources(pipeline: Pipeline, sizes: Mapping[str, Pair], name: str, row: int, col: int) -> dict[str, Masks]:
    """The rows and columns of each map, from node `name` back to the picture, that can matter to one value."""
    found = {name: _single(sizes[name], row, col)}
    for step in reversed(pipeline.steps):
        if step.name in found:
            for source, axes in zip(step.inputs, readers(step, sizes), strict=True):
                rows, cols = (axis.read(mask) for axis, mask in zip(axes, found[step.name], strict=True))
                _join(found, source, (rows, cols))
    return found


def targets(pipeline: Pipeline, sizes: Mapping[str, Pair], name: str, row: int, col: int) -> dict[str, Masks]:
    """The rows and columns of each map, from node `name` on, that one of its cells can reach."""
    found = {name: _single(sizes[name], row, col)}
    for step in pipeline.steps:
        if step.name == name or found.keys().isdisjoint(step.inputs):
            continue
        for source, axes in zip(step.inputs, readers(step, sizes), strict=True):
            if source in found:
                rows, cols = (axis.reached(mask) for axis, mask in zip(axes, found[source], strict=True))
                _join(found, step.name, (rows, cols))
    return found


def _single(size: Pair, row: int, col: int) -> Masks:
    return np.arange(size[0]) == row, np.arange(size[1]) == col


def _join(found: dict[str, Masks], name: str, masks: Masks) -> None:
    """Add a rectangle of cells; one without rows or without columns is none."""
    if not (masks[0].any() and masks[1].any()):
        masks = np.zeros_like(masks[0]), np.zeros_like(masks[1])
    if name in found:
        masks = found[name][0] | masks[0], found[name][1] | masks[1]
    found[name] = masks


def hull(masks: Masks) -> Region:
    """The smallest region around; (0, 0, 0, 0) where there is nothing."""
    rows, cols = (np.flatnonzero(mask) for mask in masks)
    if not len(rows) or not len(cols):
        return Region(0, 0, 0, 0)
    return Region(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)
