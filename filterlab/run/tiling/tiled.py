"""Running a graph in tiles from Python, and looking again at what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FilterLabError
from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, pair
from filterlab.functional.threads import Cancel
from filterlab.graph import Graph
from filterlab.run.evaluate import Progress, wanted_names
from filterlab.run.tiling.ends import ArraySink, ArraySource, PartSink, PartSource
from filterlab.run.tiling.fitting import fit_run
from filterlab.run.tiling.passes import TiledRun, execute, plan_run
from filterlab.run.tiling.plan import plan_pass
from filterlab.run.tiling.running import KnownMaps, run_tile
from filterlab.text.messages import say

# Of a map, rows, columns and their values: where (C, h, w) its file does not hold them.
Differing = Callable[[str, Span, Span, Array], NDArray[np.bool_]]

TILE = 1024  # rows and columns of a tile where nobody says
_CHECKED = 4  # tiles that are computed again


def run_tiled(
    graph: Graph,
    image: Any,
    outputs: Iterable[str] | None = None,
    *,
    tile: int | Pair | None = None,
    memory: float | None = None,
    sinks: Mapping[str, PartSink] | None = None,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> dict[str, Array]:
    """See `Pipeline.run_tiled`."""
    source: PartSource = image if hasattr(image, "read") else ArraySource(image)
    names = tuple(wanted_names(graph, outputs))
    if tile is None and memory is not None:
        run = fit_run(graph, source.shape, names, memory)
    else:
        sides = pair(TILE if tile is None else tile, "tile", "run_tiled", 1)
        run = plan_run(graph, source.shape, names, sides)
    arrays = {name: ArraySink(run.shapes[name]) for name in names if name not in (sinks or {})}
    for done in execute(run, source, {**arrays, **(sinks or {})}, cancel):
        if progress is not None:
            progress(done, run.count)
    return {name: sink.array for name, sink in arrays.items()}


def check_tiles(
    run: TiledRun, source: PartSource, known: KnownMaps, differing: Differing, seed: int = 0
) -> None:
    """Compute some tiles again, at random places and cut otherwise, and compare them with what was written.

    known: what the passes of the run have found. Raises FilterLabError naming the node and the place where a single
    value differs.
    """
    wider = tuple(side * 3 // 2 + 1 for side in run.tiles.tile)
    # A vector is no part of anything, and its file cannot be read in parts.
    rest = [name for name in run.wanted if name not in run.whole and len(run.shapes[name]) == 3]
    plan = plan_pass(run.steps, run.shapes, rest, (wider[0], wider[1]), known.maps)
    random = Random(seed)
    for _ in range(_CHECKED):
        place = random.randrange(len(plan.rows)), random.randrange(len(plan.cols))
        run_tile(plan, source, {name: _Compared(name, differing) for name in rest}, known, place)


class _Compared:
    """Takes parts of a map, and holds them against what was written."""

    def __init__(self, name: str, differing: Differing) -> None:
        self._name, self._differing = name, differing

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        differs = self._differing(self._name, rows, cols, values)
        if differs.any():
            channel, row, col = (int(i) for i in np.argwhere(differs)[0])
            place = f"{channel}, {row + rows[0]}, {col + cols[0]}"
            what = say("value ({}) is not the one that a wider tile gives", place)
            raise FilterLabError(what, "tiles", "please report this").at_node(self._name)
