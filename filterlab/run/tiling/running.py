"""Running a pass: tile after tile is read, computed as far as it is wanted, and handed to the sinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from filterlab.errors import Cancelled
from filterlab.fields.patches import Patch, Span
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel, cancellable
from filterlab.graph.nodes import IMAGE
from filterlab.run.tiling.cuts import AxisTile, forward, map_size
from filterlab.run.tiling.ends import PartSink, PartSource
from filterlab.run.tiling.plan import TilePlan


class TileProgress(NamedTuple):
    """Tiles that are done, and how many there are in all passes together."""

    done: int
    total: int


def run_pass(
    plan: TilePlan, source: PartSource, sinks: Mapping[str, PartSink], cancel: Cancel | None = None
) -> Iterator[int]:
    """Compute the wanted maps of a plan. Yields the number of tiles done after each.

    Raises FilterLabError naming the node, Cancelled, and what source and sinks raise.
    """
    across = plan.grid[1]
    for i, rows in enumerate(plan.rows):
        for j, cols in enumerate(plan.cols):
            if cancel is not None and cancel():
                raise Cancelled("stopped before all tiles were made")
            with cancellable(cancel):
                _run_tile(plan, source, sinks, rows, cols, (i, j))
            yield i * across + j + 1


def _run_tile(
    plan: TilePlan,
    source: PartSource,
    sinks: Mapping[str, PartSink],
    rows: AxisTile,
    cols: AxisTile,
    place: tuple[int, int],
) -> None:
    maps: dict[str, Patch] = {name: Patch(array) for name, array in plan.known.items()}
    if IMAGE in rows.needs and IMAGE in cols.needs:
        spans = rows.needs[IMAGE], cols.needs[IMAGE]
        maps[IMAGE] = Patch(source.read(*spans)[None], spans[0][0], spans[1][0])
    for step, read_last in plan.stops:
        # A tile in which a small map has no row of its own has no cut for the steps that lead to it alone.
        if step.name in rows.cuts and step.name in cols.cuts:
            down, across = rows.cuts[step.name], cols.cuts[step.name]
            pairs = zip(step.inputs, down.inputs, across.inputs, strict=True)
            xs = tuple(maps[name].cut(*spans) for name, *spans in pairs)
            sizes = tuple(map_size(plan.shapes[name]) for name in step.inputs)
            maps[step.name] = Patch(
                forward(step, sizes, xs, down, across), down.outputs[0], across.outputs[0]
            )
            del xs
            if step.name in plan.bounds:
                _hand_on(
                    sinks, step.name, maps[step.name], *(plan.bounds[step.name][k][place[k]] for k in (0, 1))
                )
        for name in read_last:
            maps.pop(name, None)


def _hand_on(sinks: Mapping[str, PartSink], name: str, patch: Patch, rows: Span, cols: Span) -> None:
    if name in sinks and rows[0] < rows[1] and cols[0] < cols[1]:
        values: Array = patch.cut(rows, cols)[0]
        sinks[name].write(rows, cols, values)
