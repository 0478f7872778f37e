"""Running a pass: tile after tile is read, computed as far as it is wanted, and handed to the sinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from filterlab.errors import Cancelled
from filterlab.fields.patches import Patch, Span
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.threads import Cancel, cancellable
from filterlab.graph.nodes import IMAGE, Step
from filterlab.layers.base.layer import Layer
from filterlab.run.tiling.cuts import AxisCut, forward, inside, map_size
from filterlab.run.tiling.ends import PartSink, PartSource
from filterlab.run.tiling.plan import TilePlan


class KnownMaps(NamedTuple):
    """What earlier passes have found: maps as a whole (1, C, H, W), and layers that stand for others."""

    maps: dict[str, Array]
    layers: dict[str, Layer]


class Pieces(NamedTuple):
    """What a tile has of a map of `size` (h, w): a rectangle of it, or several."""

    patches: tuple[Patch, ...]
    size: Pair

    def cut(self, rows: Span, cols: Span) -> Array:
        """The values (1, C, h, w) of a rectangle, whose cells outside the map are those of the opposite end."""
        downs, acrosses = inside(rows, self.size[0]), inside(cols, self.size[1])
        if len(downs) == len(acrosses) == 1:
            return self._around(downs[0], acrosses[0]).cut(downs[0], acrosses[0])
        one = self.patches[0].array
        made = np.empty((*one.shape[:2], rows[1] - rows[0], cols[1] - cols[0]), one.dtype)
        top = 0
        for down in downs:
            left = 0
            for across in acrosses:
                part = self._around(down, across).cut(down, across)
                made[:, :, top : top + part.shape[2], left : left + part.shape[3]] = part
                left += part.shape[3]
            top += down[1] - down[0]
        return made

    def _around(self, rows: Span, cols: Span) -> Patch:
        if len(self.patches) == 1:
            return self.patches[0]
        own = ((patch, patch.region) for patch in self.patches)
        return next(
            patch
            for patch, region in own
            if region.top <= rows[0]
            and rows[1] <= region.bottom
            and region.left <= cols[0]
            and cols[1] <= region.right
        )


def run_pass(
    plan: TilePlan,
    source: PartSource,
    sinks: Mapping[str, PartSink],
    known: KnownMaps,
    cancel: Cancel | None = None,
) -> Iterator[None]:
    """Compute the wanted maps of a plan. Yields after each tile.

    Raises FilterLabError naming the node, Cancelled, and what source and sinks raise.
    """
    places = [(i, j) for i in range(len(plan.rows)) for j in range(len(plan.cols))]
    # The next part of the picture is read, and decoded, while a tile is computed.
    with ThreadPoolExecutor(1, "reader") as reader:
        ahead = [reader.submit(_read, plan, source, place) for place in places[:1]]
        for number, place in enumerate(places, 1):
            if cancel is not None and cancel():
                raise Cancelled("stopped before all tiles were made", "tiles")
            picture = ahead.pop().result()
            ahead += [
                reader.submit(_read, plan, source, next_one) for next_one in places[number : number + 1]
            ]
            with cancellable(cancel):
                _make(plan, picture, sinks, known, place)
            del picture
            yield


def run_tile(
    plan: TilePlan,
    source: PartSource,
    sinks: Mapping[str, PartSink],
    known: KnownMaps,
    place: tuple[int, int],
) -> None:
    """Compute the tile at a place (row, column) of the grid, and hand on its part of each wanted map."""
    _make(plan, _read(plan, source, place), sinks, known, place)


def _read(plan: TilePlan, source: PartSource, place: tuple[int, int]) -> Pieces | None:
    """The part of the picture that a tile needs; None where it needs none."""
    rows, cols = plan.rows[place[0]], plan.cols[place[1]]
    if IMAGE not in rows.needs or IMAGE not in cols.needs:
        return None
    patches = (
        Patch(source.read(down, across)[None], down[0], across[0])
        for down in rows.needs[IMAGE]
        for across in cols.needs[IMAGE]
    )
    return Pieces(tuple(patches), map_size(plan.shapes[IMAGE]))


def _make(
    plan: TilePlan,
    picture: Pieces | None,
    sinks: Mapping[str, PartSink],
    known: KnownMaps,
    place: tuple[int, int],
) -> None:
    rows, cols = plan.rows[place[0]], plan.cols[place[1]]
    maps = {name: Pieces((Patch(array),), map_size(plan.shapes[name])) for name, array in known.maps.items()}
    if picture is not None:
        maps[IMAGE] = picture
        del picture
        if IMAGE in plan.bounds:
            _hand_on(plan, sinks, IMAGE, maps[IMAGE], place)
    for step, read_last in plan.stops:
        # A tile in which a small map has no row of its own has no cut for the steps that lead to it alone.
        if step.name in rows.cuts and step.name in cols.cuts:
            patches = (
                _patch(plan, step, known, maps, down, across)
                for down in rows.cuts[step.name]
                for across in cols.cuts[step.name]
            )
            maps[step.name] = Pieces(tuple(patches), map_size(plan.shapes[step.name]))
            if step.name in plan.bounds:
                _hand_on(plan, sinks, step.name, maps[step.name], place)
        for name in read_last:
            maps.pop(name, None)


def _patch(
    plan: TilePlan, step: Step, known: KnownMaps, maps: Mapping[str, Pieces], down: AxisCut, across: AxisCut
) -> Patch:
    """The outputs of a step that its cuts name."""
    pairs = zip(step.inputs, down.inputs, across.inputs, strict=True)
    xs = tuple(maps[name].cut(rows, cols) for name, rows, cols in pairs)
    sizes = tuple(map_size(plan.shapes[name]) for name in step.inputs)
    layer = known.layers.get(step.name, step.layer)
    y = forward(Step(step.name, layer, step.inputs), sizes, xs, down, across)
    return Patch(y, down.outputs[0], across.outputs[0])


def _hand_on(
    plan: TilePlan, sinks: Mapping[str, PartSink], name: str, pieces: Pieces, place: tuple[int, int]
) -> None:
    rows, cols = (plan.bounds[name][axis][place[axis]] for axis in (0, 1))
    if name in sinks and rows[0] < rows[1] and cols[0] < cols[1]:
        sinks[name].write(rows, cols, pieces.cut(rows, cols)[0])
