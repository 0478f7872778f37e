"""Where the values of all maps lie on the picture: for boxes that follow the cursor and for linked views.

Everything that depends on the pipeline and the size of the picture alone is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.layers.window import Size, Window
from filterlab.pipeline.geometry import Interval, Region, ends, step_windows, through, union

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline, Step


@dataclass(frozen=True)
class Placement:
    """How a map lies on the picture: cell i covers the rows from top + i * height on, half-open, columns alike.

    Units are picture cells. Where a map has a receptive field, cell i is centred on the middle of its field;
    otherwise (adaptive pooling, branches of unequal stride) the map covers the whole picture evenly.
    """

    top: float
    left: float
    height: float
    width: float

    def cell(self, y: float, x: float) -> tuple[int, int]:
        """(row, column) of the cell under a point of the picture; outside the map where the point is."""
        return floor((y - self.top) / self.height), floor((x - self.left) / self.width)

    def point(self, row: float, col: float) -> tuple[float, float]:
        """(y, x) on the picture of the middle of a cell."""
        return self.top + (row + 0.5) * self.height, self.left + (col + 0.5) * self.width


PHASES = 12  # cells whose fields are averaged: a multiple of the usual factors of upsampling


class FieldMap:
    """Regions and placements for one pipeline on a picture of size (h, w).

    Nodes that do not fit, and those behind them, have neither: `regions` is empty for them.
    """

    def __init__(self, pipeline: Pipeline, size: tuple[int, int]) -> None:
        self.size = size
        self._pipeline = pipeline
        self._steps = {step.name: step for step in pipeline.steps}
        self._windows: dict[str, tuple[Window, ...]] = {}
        self.sizes: dict[str, tuple[int, int]] = {"image": size}
        for step in pipeline.steps:
            self._lay(step)
        self._placements: dict[str, Placement] = {"image": Placement(0.0, 0.0, 1.0, 1.0)}

    def _lay(self, step: Step) -> None:
        if any(name not in self.sizes for name in step.inputs):
            return
        sizes: dict[str, Size] = dict(self.sizes)
        windows = step_windows(step, sizes, needed=False)
        if windows and windows[0][0].count is not None and windows[0][1].count is not None:
            self._windows[step.name] = windows
            self.sizes[step.name] = windows[0][0].count, windows[0][1].count

    def regions(self, name: str, row: int, col: int) -> dict[str, Region]:
        """What value (row, col) of node `name` sees of itself and every map before it, "image" included.

        Unclipped: what lies outside a map is padding. Empty where the position is outside the map.
        """
        height, width = self.sizes.get(name, (0, 0))
        if not (0 <= row < height and 0 <= col < width):
            return {}
        rows, cols = self._seen(name, 0, row), self._seen(name, 1, col)
        found = {}
        for node in rows:
            (top, bottom), (left, right) = ends(rows[node]), ends(cols[node])
            found[node] = Region(top, left, bottom, right)
        return found

    def _seen(self, name: str, axis: int, position: int) -> dict[str, Interval]:
        """The interval of each map that one position sees, from the node back to the picture."""
        return self._seen_all(name, axis, np.array([position]))

    def _seen_all(self, name: str, axis: int, positions: Array) -> dict[str, Interval]:
        """The intervals of each map that some positions see."""
        seen = {name: Interval(positions, positions + 1)}
        for step in reversed(self._pipeline.steps):
            if step.name not in seen:
                continue
            for source, window in zip(step.inputs, self._windows[step.name], strict=True):
                back = through(window[axis], seen[step.name])
                seen[source] = back if source not in seen else union(seen[source], back)
        return seen

    def placement(self, name: str) -> Placement | None:
        """How the map of `name` lies on the picture; None where it does not fit."""
        if name not in self._placements and name in self.sizes:
            self._placements[name] = self._place(name)
        return self._placements.get(name)

    def _place(self, name: str) -> Placement:
        height, width = self.sizes[name]
        try:
            field = self._pipeline.receptive_field(name, size=self.size)
        except FilterLabError:
            return Placement(0.0, 0.0, self.size[0] / height, self.size[1] / width)
        top, left = (self._start(name, axis, float(field.stride[axis])) for axis in (0, 1))
        return Placement(top, left, float(field.stride[0]), float(field.stride[1]))

    def _start(self, name: str, axis: int, stride: float) -> float:
        """Where cell 0 begins, told from some cells about the middle: resampling cuts the fields at the edges."""
        count = self.sizes[name][axis]
        first = max((count - PHASES) // 2, 0)
        positions = np.arange(first, min(first + PHASES, count))
        seen = self._seen_all(name, axis, positions)["image"]
        good = seen.start < seen.stop
        if not good.any():
            return 0.0
        middles = (seen.start[good] + seen.stop[good]) / 2 - (positions[good] + 0.5) * stride
        return float(middles.mean())
