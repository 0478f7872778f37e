"""The places of the values of all maps on the picture, for boxes that follow the cursor and for linked views.

Everything that depends only on the graph and the size of the picture is worked out once: a box is asked for at every
move of the mouse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import floor

from filterlab.errors import ShapeError
from filterlab.fields import cells
from filterlab.fields.cells import ReadBox
from filterlab.fields.regions import (
    COLS,
    ROWS,
    ReceptiveField,
    Region,
    joined,
    reading,
    region,
    seen,
    step_windows,
)
from filterlab.fields.spans import AxisField, AxisStep, axis_fields
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step
from filterlab.graph.shapes import known_shapes
from filterlab.layers.base.layer import Shape


@dataclass(frozen=True)
class Placement:
    """The place of a map on the picture: cell i covers the rows top + i * height to top + (i + 1) * height.

    Columns are laid out in the same way. Units are picture cells. Where a map has a receptive field, each cell is
    centred on the middle of its field; otherwise (adaptive pooling, branches of unequal stride) the map covers the
    whole picture evenly.
    """

    top: float
    left: float
    height: float
    width: float

    def cell(self, y: float, x: float) -> tuple[int, int]:
        """(row, column) of the cell under a point of the picture. Points outside the map give cells outside it."""
        return floor((y - self.top) / self.height), floor((x - self.left) / self.width)

    def point(self, row: float, col: float) -> tuple[float, float]:
        """(y, x) of the middle of a cell on the picture."""
        return self.top + (row + 0.5) * self.height, self.left + (col + 0.5) * self.width


def spread(picture: tuple[int, int], size: tuple[int, int]) -> Placement:
    """The placement of a map without a receptive field: it covers the picture evenly."""
    return Placement(0.0, 0.0, picture[0] / size[0], picture[1] / size[1])


class FieldMap:
    """Regions, fields and placements for one graph on a picture of `size` (h, w).

    channels: of the picture; needed for the regions of single channels. Nodes that do not fit, and those behind them,
    have no size, and their regions are empty.
    """

    def __init__(self, graph: Graph, size: tuple[int, int], channels: int | None = None) -> None:
        self.size = size
        self._pipeline, self._channels = graph, channels
        self.sizes: dict[str, tuple[int, int]] = {IMAGE: size}
        self._rows: list[AxisStep] = []
        self._cols: list[AxisStep] = []
        for step in graph.steps:
            self._lay(step)
        # Never stale: neither the graph nor the size of the picture can change. Only the maps that are shown get one.
        self._placements: dict[str, Placement] = {IMAGE: Placement(0.0, 0.0, 1.0, 1.0)}

    def _lay(self, step: Step) -> None:
        # A node behind one that does not fit has no size either.
        if any(name not in self.sizes for name in step.inputs):
            return
        # While somebody edits, one node may not fit; the boxes of all others must still follow the cursor.
        windows = step_windows(step, self.sizes, needed=False)
        if windows and windows[0][0].count is not None and windows[0][1].count is not None:
            self._rows.append(reading(step, windows, ROWS, self.sizes))
            self._cols.append(reading(step, windows, COLS, self.sizes))
            self.sizes[step.name] = windows[0][0].count, windows[0][1].count

    def regions(self, name: str, row: int, col: int, channel: int | None = None) -> dict[str, Region]:
        """The region that value (row, col) of node `name` sees of its own map and of every map before it, by name.

        channel: of that channel alone (of a vector, the position), where the channels of the picture are known: the
        positions of a flattened map are single cells of it, and a concatenated channel comes from one map. Regions are
        not clipped; their cells outside a map are padding. Empty where the position is outside the map.
        """
        height, width = self.sizes.get(name, (0, 0))
        if not (0 <= row < height and 0 <= col < width):
            return {}
        if channel is not None and (boxes := self.boxes(name, row, col, channel)):
            return {node: box.region for node, box in boxes.items()}
        rows, cols = seen(self._rows, name, row), seen(self._cols, name, col)
        return {node: region(cells, cols[node]) for node, cells in rows.items()}

    def boxes(self, name: str, row: int, col: int, channel: int) -> dict[str, ReadBox]:
        """What value (channel, row, col) of node `name` reads of its own map and of every map before it, by name.

        Channels that are not read are not marked. Empty where the position is outside the map, or where the channels
        of the picture are not known.
        """
        height, width = self.sizes.get(name, (0, 0))
        shape = self._shapes.get(name, ())
        if not (shape and 0 <= channel < shape[0] and 0 <= row < height and 0 <= col < width):
            return {}
        return self._read(name, (channel, row, col))

    @cached_property
    def _read(self) -> Callable[[str, cells.Place], dict[str, ReadBox]]:
        # A pinned value is asked for at every scroll, and again for every map that comes.
        return lru_cache(8)(partial(cells.boxes, self._pipeline, self._shapes))

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        """The shapes of the picture and of all maps that fit; none where the channels of the picture are not known."""
        picture = None if self._channels is None else (self._channels, *self.size)
        return known_shapes(self._pipeline, picture)

    @cached_property
    def _fields(self) -> tuple[dict[str, AxisField | ShapeError], dict[str, AxisField | ShapeError]]:
        """The fields of all maps in the picture, along both axes."""
        # One pass makes the fields of all maps, and costs hardly more than one that makes the last of them alone.
        both = zip((self._rows, self._cols), self.size, strict=True)
        rows, cols = (axis_fields(IMAGE, steps, self.sizes, cells) for steps, cells in both)
        return rows, cols

    def field(self, name: str) -> ReceptiveField:
        """The receptive field of node `name` in the picture. Raises as `Pipeline.receptive_field`."""
        rows, cols = self._fields
        if name not in rows:
            raise ShapeError("its inputs do not fit", f"node '{name}'", node=name)
        return joined(rows[name], cols[name])

    def placement(self, name: str) -> Placement | None:
        """The placement of the map of node `name`; None where the node does not fit."""
        if name not in self._placements and name in self.sizes:
            self._placements[name] = self._place(name)
        return self._placements.get(name)

    def _place(self, name: str) -> Placement:
        rows, cols = (fields[name] for fields in self._fields)
        if isinstance(rows, ShapeError) or isinstance(cols, ShapeError):
            return spread(self.size, self.sizes[name])
        return Placement(rows.origin, cols.origin, float(rows.stride), float(cols.stride))
