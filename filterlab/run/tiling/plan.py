"""A pass over a picture in tiles, worked out before anything is computed: pure values."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import NamedTuple

from filterlab.errors import FilterLabError
from filterlab.fields.patches import Span
from filterlab.functional.geometry import Pair
from filterlab.graph.nodes import IMAGE, Step
from filterlab.layers.base.layer import Shape
from filterlab.run.tiling.cuts import AxisTile, axis_tiles, cells_in, map_size
from filterlab.text.messages import say

FILE_TILE = 256  # cells along a side of a tile of a file: maps are cut at multiples of it, so that files get whole ones
NUMBER = 4  # bytes; float32
MOST_TILES = (
    1 << 15
)  # along a side of a picture: each takes about a kilobyte for every node until the run ends

Spans = tuple[Span, ...]


class TileStop(NamedTuple):
    """A step of a pass, and the maps that no step reads after it."""

    step: Step
    read_last: tuple[str, ...]


@dataclass(frozen=True)
class TilePlan:
    """One pass over a picture that makes the maps `wanted`.

    shapes: of the picture and all maps. tile: rows and columns of the picture that a tile stands for. bounds: of each
    wanted map, where the rows, and the columns, of its tiles begin and end. rows, cols: the cuts of each row and
    column of tiles.
    """

    stops: tuple[TileStop, ...]
    shapes: Mapping[str, Shape]
    tile: Pair
    bounds: Mapping[str, tuple[tuple[Span, ...], tuple[Span, ...]]]
    rows: tuple[AxisTile, ...]
    cols: tuple[AxisTile, ...]

    @property
    def grid(self) -> Pair:
        """How many tiles there are, down and across."""
        return len(self.rows), len(self.cols)

    @cached_property
    def halo(self) -> Pair:
        """Rows and columns of the picture that a tile reads beyond those that it stands for: the most of all tiles."""
        down, across = (
            max((cells_in(tile.needs.get(IMAGE, ())) for tile in tiles), default=side) - side
            for tiles, side in zip((self.rows, self.cols), self._sides, strict=True)
        )
        return max(down, 0), max(across, 0)

    @property
    def _sides(self) -> Pair:
        height, width = map_size(self.shapes[IMAGE])
        return min(self.tile[0], height), min(self.tile[1], width)

    @cached_property
    def peak(self) -> int:
        """The most bytes that the maps of one tile take at once, with one copy of what a layer works on."""
        return max(
            self._tile_bytes(rows, cols) for rows in _samples(self.rows) for cols in _samples(self.cols)
        )

    def _tile_bytes(self, rows: AxisTile, cols: AxisTile) -> int:
        picture = self._bytes(IMAGE, rows.needs, cols.needs)
        held = {IMAGE: picture}
        most = picture
        for step, read_last in self.stops:
            if step.name not in rows.cuts or step.name not in cols.cuts:
                continue
            down, across = (
                {step.name: tuple(cut.outputs for cut in tiles.cuts[step.name])} for tiles in (rows, cols)
            )
            made = self._bytes(step.name, down, across)
            read = max(held.get(name, 0) for name in step.inputs)
            most = max(most, sum(held.values()) + made + max(read, made))
            held[step.name] = made
            for name in read_last:
                held.pop(name, None)
        # The picture stays until its tile is done, and that of the next one is read meanwhile.
        return most + (picture if IMAGE in held else 2 * picture)

    def _bytes(self, name: str, rows: Mapping[str, Spans], cols: Mapping[str, Spans]) -> int:
        if name not in rows or name not in cols:
            return 0
        shape = self.shapes[name]
        cells = cells_in(rows[name]) * cells_in(cols[name]) if len(shape) == 3 else 1
        return NUMBER * shape[0] * cells

    @cached_property
    def work(self) -> tuple[float, float]:
        """The work of this pass, and what it would be if tiles did not overlap."""
        done, needed = 0.0, 0.0
        for step, _ in self.stops:
            shape, size = self.shapes[step.name], map_size(self.shapes[step.name])
            # Beside its multiply-adds, each value takes a step to read and one to write.
            work = step.layer.macs(tuple(self.shapes[name] for name in step.inputs), shape) + 2 * prod(shape)
            down, across = (_made(tiles, step.name) for tiles in (self.rows, self.cols))
            done += work * down / size[0] * across / size[1]
            needed += work
        return done, needed


def _made(tiles: Sequence[AxisTile], name: str) -> int:
    return cells_in(cut.outputs for tile in tiles for cut in tile.cuts.get(name, ()))


def _samples(tiles: Sequence[AxisTile]) -> list[AxisTile]:
    """The tiles at both ends, and two in the middle: between them others are alike."""
    middle = len(tiles) // 2
    return [tiles[i] for i in sorted({0, 1 % len(tiles), middle, max(len(tiles) - 2, 0), len(tiles) - 1})]


def plan_pass(
    steps: Sequence[Step],
    shapes: Mapping[str, Shape],
    wanted: Sequence[str],
    tile: Pair,
    known: Container[str] = (),
) -> TilePlan:
    """The plan of a pass that makes the maps `wanted`. known: maps that are in memory as a whole by then.

    Raises FilterLabError for a picture that has more than MOST_TILES tiles along a side.
    """
    stops = _stops(steps, wanted, known)
    sizes = {name: map_size(shape) for name, shape in shapes.items()}
    picture = sizes[IMAGE]
    counts = [-(-n // side) for n, side in zip(picture, tile, strict=True)]
    # A file of a few kilobytes may claim any number of rows: the plan itself would take all memory.
    if max(counts) > MOST_TILES:
        what = say("it would be cut into {:,} tile(s) along a side, more than {:,}", max(counts), MOST_TILES)
        raise FilterLabError(what, "tiles", "choose larger tiles")
    ends = {
        name: tuple(_bounds(sizes[name][axis], picture[axis], tile[axis], counts[axis]) for axis in (0, 1))
        for name in wanted
    }
    tiles = []
    for axis in (0, 1):
        each = ({name: ends[name][axis][i] for name in wanted} for i in range(counts[axis]))
        asked = ({name: span for name, span in spans.items() if span[0] < span[1]} for spans in each)
        tiles.append(
            tuple(axis_tiles([stop.step for stop in stops], sizes, axis, spans, known) for spans in asked)
        )
    bounds = {name: (pair[0], pair[1]) for name, pair in ends.items()}
    return TilePlan(stops, shapes, tile, bounds, tiles[0], tiles[1])


def _bounds(n: int, picture: int, side: int, count: int) -> tuple[Span, ...]:
    """The spans of a map of n cells that belong to each tile of the picture, at multiples of a file's tiles."""
    unit = FILE_TILE if side % FILE_TILE == 0 and side * n >= FILE_TILE * picture else 1
    inner = [i * side * n // picture // unit * unit for i in range(1, count)]
    return tuple(pairwise([0, *inner, n]))


def _stops(steps: Sequence[Step], wanted: Sequence[str], known: Container[str]) -> tuple[TileStop, ...]:
    """The steps that the wanted maps need, in order."""
    needed = set(wanted)
    stops: list[TileStop] = []
    # Backwards: whatever is met for the first time is read for the last.
    for step in reversed(steps):
        if step.name in needed and step.name not in known:
            last = tuple(name for name in dict.fromkeys(step.inputs) if name not in needed)
            needed.update(step.inputs)
            stops.append(TileStop(step, last))
    return tuple(reversed(stops))
