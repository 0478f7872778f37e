"""Any region of the maps of a graph, computed by itself: the tiles of a picture that somebody looks at, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from filterlab.errors import FilterLabError, shown
from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel, cancellable
from filterlab.graph import Graph
from filterlab.graph.editing import leading_to
from filterlab.graph.shapes import all_shapes
from filterlab.layers.base.layer import Shape
from filterlab.run.ledger import bytes_text
from filterlab.run.tiling.cuts import map_size, spans_axis
from filterlab.run.tiling.ends import PartSource
from filterlab.run.tiling.plan import TilePlan, plan_pass
from filterlab.run.tiling.running import KnownMaps, run_tile
from filterlab.text.messages import say

SIDES = (256, 128, 64)  # rows and columns of the picture that a tile stands for, the best first
Place = tuple[int, int]


class MadeTile(NamedTuple):
    """The part of a map that a tile makes: half-open rows and columns, and their values (C, h, w)."""

    rows: Span
    cols: Span
    values: Array


class RegionRun:
    """The maps `wanted` of a graph, of which any tile can be made. The picture may be one of them, under its name.

    sides: rows and columns of the picture that a tile stands for, the first where there is memory for it. known: whole
    maps (C, H, W) that need not be made again.
    Its values are those of `Pipeline.run`, bit for bit. Raises FilterLabError where a tile takes more than `memory`
    bytes, and as `plan_pass` where a layer does not fit.
    """

    def __init__(
        self,
        graph: Graph,
        source: PartSource,
        wanted: Sequence[str],
        memory: int,
        sides: Sequence[int] = SIDES,
        known: Mapping[str, Array] | None = None,
    ) -> None:
        self._source = source
        graph = leading_to(graph, wanted)  # others may not fit
        shapes = all_shapes(graph, source.shape)
        found = {name: array[None] for name, array in (known or {}).items() if name in shapes}
        self._known = KnownMaps(found, {})
        for side in sides:
            self._plan: TilePlan = plan_pass(graph.steps, shapes, wanted, (side, side), self._known.maps)
            if self._plan.peak <= memory:
                return
        what = say(
            "a part of it needs {}, and {} are left for maps", *map(bytes_text, (self._plan.peak, memory))
        )
        where = shown(wanted[0]) if len(wanted) == 1 else "tiles"
        raise FilterLabError(what, where, "use fewer channels, or hide other layers")

    def places(self, name: str, rows: Span, cols: Span) -> list[Place]:
        """The tiles that a region of a map lies in, those in its middle first."""
        down, across = (
            [i for i, (start, stop) in enumerate(bounds) if start < span[1] and span[0] < stop]
            for bounds, span in zip(self._plan.bounds[name], (rows, cols), strict=True)
        )
        middle = [(line[0] + line[-1]) / 2 if line else 0.0 for line in (down, across)]
        found = [(i, j) for i in down for j in across]
        return sorted(found, key=lambda at: (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2)

    def make(self, place: Place, cancel: Cancel | None = None) -> dict[str, MadeTile]:
        """The parts of the maps that a tile stands for. Raises FilterLabError naming the node, and Cancelled."""
        made: dict[str, MadeTile] = {}
        sinks = {name: _Keeper(name, made) for name in self._plan.bounds}
        with cancellable(cancel):
            run_tile(self._plan, self._source, sinks, self._known, place)
        return made

    def region(self, name: str, rows: Span, cols: Span, cancel: Cancel | None = None) -> Array:
        """The values (C, h, w) of half-open rows and columns of a map, put together from tiles. Raises as `make`."""
        return self.regions({name: (rows, cols)}, cancel)[name]

    def regions(
        self, wanted: Mapping[str, tuple[Span, Span]], cancel: Cancel | None = None
    ) -> dict[str, Array]:
        """Regions of several maps, as `region`; a tile that lies in more than one is made once."""
        found: dict[str, Array] = {}
        lying = {name: self.places(name, *spans) for name, spans in wanted.items()}
        for place in dict.fromkeys(chain.from_iterable(lying.values())):
            made = self.make(place, cancel)
            for name, (rows, cols) in wanted.items():
                if place in lying[name]:
                    tile = made[name]
                    size = len(tile.values), rows[1] - rows[0], cols[1] - cols[0]
                    region = found.setdefault(name, np.empty(size, tile.values.dtype))
                    # What the tile and the region have in common, in the cells of either.
                    down, across = _common(rows, tile.rows), _common(cols, tile.cols)
                    region[:, down[0], across[0]] = tile.values[:, down[1], across[1]]
        return found


def _common(one: Span, other: Span) -> tuple[slice, slice]:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return slice(first - one[0], last - one[0]), slice(first - other[0], last - other[0])


class _Keeper:
    def __init__(self, name: str, made: dict[str, MadeTile]) -> None:
        self._name, self._made = name, made

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        # A copy: what a layer makes at once is larger by its halo, and would stay in memory with it.
        self._made[self._name] = MadeTile(rows, cols, np.array(values, order="C"))


def needing_whole(graph: Graph, shapes: Mapping[str, Shape]) -> dict[str, str]:
    """The nodes whose values tiles cannot give, each with the node that needs its whole input: itself or one before.

    shapes: of the picture and of the maps; nodes without one are left out.
    """
    found: dict[str, str] = {}
    sizes = {name: map_size(shape) for name, shape in shapes.items()}
    for step in graph.steps:
        if step.name not in shapes:
            continue
        causes = [found[name] for name in step.inputs if name in found]
        own = tuple(sizes[name] for name in step.inputs)
        if causes:
            found[step.name] = causes[0]
        elif len(shapes[step.name]) != 3 or any(
            spans_axis(step.layer, own, axis, sizes[step.name][axis]) for axis in (0, 1)
        ):
            found[step.name] = step.name
    return found
