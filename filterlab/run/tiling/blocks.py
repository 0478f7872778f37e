"""Maps as arrays of Dask: each block is a tile, with the halo that the windows ask for."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import FilterLabError, ParameterError
from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE
from filterlab.run.tiling.passes import TiledRun, plan_run
from filterlab.run.tiling.running import KnownMaps, run_tile
from filterlab.text.messages import say


def map_blocks(graph: Graph, array: Any, output: str | None = None) -> Any:
    """The map of a node as an array of Dask, from a picture (C, H, W) that is one; nothing is computed yet.

    output: the name of the node; by default the last. Each block of the result is computed from the part of the picture
    that it needs, by itself, and has the numbers of `Pipeline.run`. Blocks follow those of the picture, whose rows and
    columns should be cut evenly; others are cut anew. Raises ParameterError for anything but such an array, and
    FilterLabError naming the node where a layer needs its whole input, which takes more than one pass.
    """
    try:
        import dask
        import dask.array as da
    except ImportError:
        hint = "pip install 'filterlab[dask]'"
        raise FilterLabError("Dask is not installed", "map_blocks", hint) from None
    if not isinstance(array, da.Array) or array.ndim != 3:
        raise ParameterError("it needs an array of Dask (C, H, W)", "map_blocks", "see dask.array.from_array")
    if np.isnan(array.shape).any():  # what a mask leaves, say
        hint = "call compute_chunk_sizes() of the array first"
        raise ParameterError("the sizes of its blocks are not known", "map_blocks", hint)
    name = next(reversed(graph.nodes)).name if output is None else graph.node(output).name
    array = array if array.dtype.kind == "f" and array.dtype.itemsize >= 4 else array.astype(np.float32)
    run = plan_run(graph, array.shape, [name], (max(array.chunks[1]), max(array.chunks[2])), gathered=0)
    if len(run.passes) > 1 or run.whole:
        step = run.passes[0].wholes[0].step
        what, hint = say("it needs its whole input, and a block is a part"), say("use run_tiled")
        raise FilterLabError(what, type(step.layer).__name__, hint).at_node(step.name)
    shared = dask.delayed(run)
    rows, cols = run.tiles.bounds[name]
    block = dask.delayed(_block, pure=True)
    made = [
        [
            _lazily(da, block, shared, run, array, name, (i, j))
            for j in range(len(cols))
            if cols[j][0] < cols[j][1]
        ]
        for i in range(len(rows))
        if rows[i][0] < rows[i][1]
    ]
    return da.block(made)


def _lazily(
    da: Any, block: Any, shared: Any, run: TiledRun, array: Any, name: str, place: tuple[int, int]
) -> Any:
    """One block of the result, from the rows and columns of the picture that it needs."""
    spans = [run.tiles.bounds[name][axis][place[axis]] for axis in (0, 1)]
    shape = run.shapes[name][0], *(end - start for start, end in spans)
    parts = [array[:, slice(*rows), slice(*cols)] for rows, cols in _read_of(run, place)]
    return da.from_delayed(block(shared, parts, name, place), shape, array.dtype)


def _read_of(run: TiledRun, place: tuple[int, int]) -> list[tuple[Span, Span]]:
    """The rectangles of the picture that a tile reads, as rows and columns."""
    rows, cols = run.tiles.rows[place[0]].needs[IMAGE], run.tiles.cols[place[1]].needs[IMAGE]
    return [(down, across) for down in rows for across in cols]


def _block(run: TiledRun, parts: list[Array], name: str, place: tuple[int, int]) -> Array:
    taken: list[Array] = []
    source = _Given(run.shapes[IMAGE], dict(zip(_read_of(run, place), parts, strict=True)))
    run_tile(run.tiles, source, {name: _Taken(taken)}, KnownMaps({}, {}), place)
    return taken[0]


class _Given:
    """The rectangles of a picture that a tile reads."""

    def __init__(self, shape: tuple[int, ...], parts: dict[tuple[Span, Span], Array]) -> None:
        self.shape, self._parts = shape, parts

    def read(self, rows: Span, cols: Span) -> Array:
        return self._parts[rows, cols]


class _Taken:
    """Takes the one part of a map that a tile makes."""

    def __init__(self, taken: list[Array]) -> None:
        self._taken = taken

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        self._taken.append(values)
