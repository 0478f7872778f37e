"""Convolution without laying out columns: tiles of outputs in the registers, over lines of the input in the cache.

A block is some rows and columns of outputs, of one image or of several small ones. The padded cells that it sees are
packed once into lines (`lines.py`) that fit the second-level cache; from there every tap reads what it sees in place,
through a table of offsets. Which micro-kernel sums a block, and why, stands in `methods.py`.

The order of a sum is that of the weights, in parts of fixed length, however the outputs are cut into blocks and
tiles: a value does not depend on the size of the picture, the number of threads or the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.instructions import (
    BYTES,
    LINE,
    OUTPUTS,
    TALL_ROWS,
    TALL_VECTORS,
    TERMS,
    VECTORS,
)
from filterlab.functional.conv.lines import (
    Packing,
    line_span,
    pack_lines,
    packing_of,
    tap_offsets,
    tap_phases,
)
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, sum_maps, sum_rows, sum_tall
from filterlab.functional.conv.work import BlockWork, Grid
from filterlab.functional.memory import Workspace, empty
from filterlab.functional.prepared import Call, InPlace, Prepared
from filterlab.functional.threads import thread_count

BLOCK_BYTES = 1 << 19  # of lines: half of a second-level cache
WEIGHT_BYTES = (
    1 << 18
)  # of maps that are summed one after the other over the same cells, which stay in the first level
MOST_IN_TURN = 64  # maps
TAPS_IN_TURN = 4 * TERMS  # of which the cells fit the first level of the cache, beside some weights
LONG_SUM = 128  # products
BLOCKS_PER_THREAD = 2  # at least, where the cache does not ask for more


class _Job(NamedTuple):
    """What all blocks have in common."""

    weight: Array
    bias: Array
    packing: Packing
    offsets: Array  # see tap_offsets
    groups: int


def correlate(method: str, x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """Return the cross-correlation of a plan, (n, outputs, h, w), by one of the methods of `LOOPS`.

    All arrays have one dtype. Raises as `run_bands`.
    """
    return prepared(method, weight, bias, plan)(x)


def prepared(
    method: str, weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace] = ()
) -> Prepared:
    """Return `correlate` as a function of x alone, which works nothing out again.

    then: operations on the output, called with a part of it and the slice of channels that it is. The function is given
    the maps behind x that operations join to it, see `prepared.Joining`.
    """
    dtype, joined = weight.dtype, method == "joined"
    grid, packing, offsets = layout(plan, dtype.char, joined=joined)
    job = _Job(read_only(weight), _added(bias, weight), packing, offsets, plan.groups)
    # Of one tile of as many maps as are summed in turn.
    maps = _maps_in_turn(len(offsets), dtype.itemsize, plan.outputs // plan.groups)
    sums = maps * VECTORS * (BYTES // dtype.itemsize) if joined else 0
    shape = plan.out_shape
    work = BlockWork(LOOPS[method], job, grid, shape, dtype, sums=sums, products=len(offsets), then=then)
    return on_maps(work, shape, dtype)


def on_maps(
    work: BlockWork,
    shape: tuple[int, ...],
    dtype: Any,
    rows: tuple[int, ...] = (),
    placed: BlockWork | None = None,
) -> Prepared:
    """Return the work on an output of `shape`.

    rows: (n, c, 1, h * w) of the maps where it takes all rows as one. placed: the work where it is placed, if that is
    another.
    """

    def laid(x: Array, *ys: Array) -> tuple[Array, ...]:
        return (x.reshape(rows), *(y.reshape(*shape[:2], *rows[2:]) for y in ys)) if rows else (x, *ys)

    def call(x: Array, *others: Array) -> Array:
        y = empty(shape, dtype)
        work.run(*laid(x, y, *others))
        return y

    def place(space: Workspace, x: Array) -> tuple[Array, list[Call]]:
        y = space.empty(shape, dtype)
        return y, (placed or work).calls(space, *laid(x, y))

    return Prepared(call, place)


def _added(bias: Array | None, weight: Array) -> Array:
    return read_only(np.zeros(len(weight), weight.dtype) if bias is None else bias)


def layout(plan: ConvPlan, dtype: str, *, joined: bool) -> tuple[Grid, Packing, Array]:
    """Return the blocks of a plan, how their lines are packed, and the offsets of its taps in them."""
    return _layout(plan, dtype, joined, (thread_count(), BLOCK_BYTES))


# Remembered: for the layers of a small network it takes longer than the sums.
@lru_cache(maxsize=512)
def _layout(plan: ConvPlan, dtype: str, joined: bool, given: tuple[int, int]) -> tuple[Grid, Packing, Array]:
    """As `layout`.

    given: the threads and bytes that the grid was made for; they are looked up there, and stand here for the memory.
    """
    grid = grid_of(plan, np.dtype(dtype).itemsize, joined=joined)
    packing = packing_of(plan, grid.rows, grid.needed, np.dtype(dtype))
    return grid, packing, tap_offsets(plan, (plan.channels // plan.groups, *grid.shape))


def grid_of(plan: ConvPlan, itemsize: int, *, joined: bool) -> Grid:
    """Return blocks as large as the cache allows, and small enough to keep all threads busy to the end."""
    images, height = plan.images, plan.rows.out
    cols = block_columns(plan, itemsize)
    cells = line_span(plan, 1, cols)
    room = _phase_cells(plan, itemsize)
    rows = min(room // cells - line_span(plan, 0, 1) + 1, fair_rows(plan), height)
    rows = max(rows, 1)
    needed = line_span(plan, 0, rows)
    # Images are joined only where whole ones fit, so that all of them have as many rows.
    together = min(room // (cells * needed), -(-images // _parts(plan))) if joined and rows == height else 1
    return Grid(max(together, 1), rows, cols, _phase_counts(plan), needed, cells)


def fair_rows(plan: ConvPlan) -> int:
    """Return how many rows, of all images together, leave every thread some blocks."""
    return -(-plan.rows.out * plan.images // _parts(plan))


def _parts(plan: ConvPlan) -> int:
    return -(-thread_count() * BLOCKS_PER_THREAD // plan.groups)


def block_columns(plan: ConvPlan, itemsize: int) -> int:
    """Return the columns of outputs of one block: all, or halves of them until the lines of one row fit the cache."""
    cols, tile = plan.cols.out, VECTORS * (BYTES // itemsize)
    room, rows = _phase_cells(plan, itemsize), line_span(plan, 0, 1)
    while cols > tile and rows * line_span(plan, 1, cols) > room:
        cols = -(-cols // 2 // tile) * tile
    return cols


def _phase_cells(plan: ConvPlan, itemsize: int) -> int:
    """Cells of one phase and channel of which all lines of a block fit the cache."""
    down, across = _phase_counts(plan)
    return BLOCK_BYTES // (plan.channels // plan.groups * down * across * itemsize)


def _phase_counts(plan: ConvPlan) -> tuple[int, int]:
    return len(tap_phases(plan, 0)[0]), len(tap_phases(plan, 1)[0])


# Each of the four below sums one block. lines: packed for it. first: the first output of the group. corner: the block's
# first image, row and column of y; counts: how many of each it has. sums: room, which only `_sum_joined` needs.


@compiled(kept=False)
def _sum_maps(lines, job, grid, first, sums, y, corner, counts):  # type: ignore[no-untyped-def]
    """Several maps at a time, each row by itself."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols) = corner, counts
    place = ((image * outputs + first) * height + row) * width + col
    end = first + outputs // job.groups
    _sum_area(lines, grid.cells, job.offsets, job, first, end, y, place, rows, cols)


@compiled(kept=False)
def _sum_area(lines, step, offsets, job, first, end, y, place, rows, cols):  # type: ignore[no-untyped-def]
    """The maps from `first` to `end`, tile by tile, of rows of cells `step` apart."""
    height, width = y.shape[2:]
    flat, weight, bias, lanes = y.reshape(-1), job.weight.reshape(-1), job.bias, BYTES // y.itemsize
    many = _maps_in_turn(len(offsets), y.itemsize, end - first)
    for start in range(first, end, many):
        for i in range(rows):
            j, stop = 0, min(start + many, end)
            while j < cols:
                size = min(_tile(cols - j, lanes), cols - j)
                out = place + ((start - first) * height + i) * width + j
                _sum_tiles(
                    lines, i * step + j, offsets, weight, bias, start, stop, flat, out, height * width, size
                )
                j += size


# Inlined, as passing so many arrays takes longer than a tile of short sums.
@compiled(kept=False, inline="always")
def _sum_tiles(lines, at, offsets, weight, bias, start, stop, y, place, stride, size):  # type: ignore[no-untyped-def]
    """The tiles of some maps over the same cells, which some taps at a time keep in the first level of the cache."""
    taps, line = len(offsets), LINE // y.itemsize
    # A division takes as long as ten products of a tile: so only where there are several tiles, and `while`, as `range`
    # with a step divides.
    first, each = 0, stop - start if stop - start <= OUTPUTS else _even(stop - start)
    while first < taps:
        last = min(first + TAPS_IN_TURN, taps)
        o, ahead = start, size
        while o < stop:
            out, maps, tap = place + (o - start) * stride, min(each, stop - o), o * taps
            sum_maps(
                lines, at, offsets, first, last, weight, tap, y, out, stride, maps, size, bias, o, ahead
            )  # fmt: skip
            ahead = ahead + line if ahead < size + (VECTORS - 1) * line else size
            o += each
        first = last


@compiled
def _maps_in_turn(taps, itemsize, maps):  # type: ignore[no-untyped-def]
    """How many of the maps, in whole tiles, have weights that fit the cache together.

    Where sums are short, storing them takes the time, and rows of one map after the other are stored faster.
    """
    if taps < LONG_SUM:
        return _even(maps)
    return max(min(WEIGHT_BYTES // (taps * itemsize), MOST_IN_TURN) // OUTPUTS, 1) * OUTPUTS


@compiled
def _even(maps):  # type: ignore[no-untyped-def]
    """Maps of a tile: as few tiles as there can be, of nearly equal size."""
    tiles = -(-maps // OUTPUTS)
    return -(-maps // tiles)


@compiled(kept=False)
def _sum_joined(lines, job, grid, first, sums, y, corner, counts):  # type: ignore[no-untyped-def]
    """As `_sum_maps`, for several images: all rows as one line, of which the outputs are kept.

    The sums between the last window of a row and the first of the next mix both rows, or cells that were never
    written; no output is made of them. Reading ends where the last window does, as without joining.
    """
    lanes, end = BYTES // y.itemsize, first + y.shape[1] // job.groups
    weight, bias = job.weight.reshape(-1), job.bias
    many, stride = _maps_in_turn(len(job.offsets), y.itemsize, end - first), VECTORS * lanes
    count = _joined_cells(grid, counts[0], counts[1], y.shape[3])
    for start in range(first, end, many):
        j, stop = 0, min(start + many, end)
        while j < count:
            size = min(_tile(count - j, lanes), count - j)
            _sum_tiles(lines, j, job.offsets, weight, bias, start, stop, sums, 0, stride, size)
            _keep_outputs(sums, stride, y, grid, start, stop - start, corner, counts, j, size)
            j += size


@compiled(kept=False)
def _keep_outputs(sums, stride, y, grid, first, maps, corner, counts, start, size):  # type: ignore[no-untyped-def]
    """Copy what are outputs of cells `start` to `start + size` of the one line of all rows, for some maps."""
    _, outputs, height, width = y.shape
    flat, j = y.reshape(-1), start
    while j < start + size:
        line, col = j // grid.cells, j % grid.cells
        image, row = line // grid.needed, line % grid.needed
        if row < counts[1] and col < width:
            many = min(width - col, start + size - j)
            place = (((corner[0] + image) * outputs + first) * height + corner[1] + row) * width + col
            for m in range(maps):
                copy_cells(flat, place + m * height * width, sums, m * stride + j - start, 1, many)
        j += grid.cells - col


@compiled(kept=False)
def _sum_rows(lines, job, grid, first, sums, y, corner, counts):  # type: ignore[no-untyped-def]
    """One map after the other, several rows at a time."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols) = corner, counts
    offsets, step, lanes = job.offsets, grid.cells, BYTES // y.itemsize
    flat, weight = y.reshape(-1), job.weight.reshape(-1)
    for o in range(first, first + outputs // job.groups):
        bias, tap = job.bias[o:], o * len(offsets)
        for i in range(0, rows, OUTPUTS):
            many = min(OUTPUTS, rows - i)
            place = ((image * outputs + o) * height + row + i) * width + col
            j = 0
            while j < cols:
                size, at = min(_tile(cols - j, lanes), cols - j), i * step + j
                sum_rows(lines, at, step, offsets, weight, tap, flat, place + j, width, many, size, bias)
                j += size


@compiled(kept=False)
def _sum_tall(lines, job, grid, first, sums, y, corner, counts):  # type: ignore[no-untyped-def]
    """As `_sum_rows`, where rows share the lines that they see."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols) = corner, counts
    offsets, step, wide = job.offsets, grid.cells, TALL_VECTORS * (BYTES // y.itemsize)
    (kh, kw), flat, weight = job.weight.shape[2:], y.reshape(-1), job.weight.reshape(-1)
    for o in range(first, first + outputs // job.groups):
        bias, tap = job.bias[o:], o * len(offsets)
        for i in range(0, rows, TALL_ROWS):
            # Lines i to i + kh + many - 2 are read: less than `needed`, which is grid.rows + kh - 1 without stride.
            many = min(TALL_ROWS, rows - i)
            place = ((image * outputs + o) * height + row + i) * width + col
            j = 0
            while j < cols:
                # A wide tile of which less than half counts takes longer than two narrow ones.
                size, at = min(wide if cols - j > wide // 2 else wide // 3, cols - j), i * step + j
                out = place + j
                sum_tall(lines, at, step, offsets, kh, kw, weight, tap, flat, out, width, many, size, bias)
                j += size


@compiled
def _joined_cells(grid, images, rows, cols):  # type: ignore[no-untyped-def]
    """Cells of the one line of all rows, from the first window to the last."""
    return ((images - 1) * grid.needed + rows - 1) * grid.cells + cols


@compiled(kept=False)
def _tile(cells, lanes):  # type: ignore[no-untyped-def]
    """Cells of the next tile: as few tiles as there can be, of nearly equal size, in vectors that are full."""
    vectors = -(-cells // lanes)
    tiles = -(-vectors // VECTORS)
    return -(-vectors // tiles) * lanes


def loop_over(sum_block: Callable[..., None]) -> Any:
    """The compiled loop over blocks that sums each with `sum_block`, which is compiled into it."""

    @compiled
    def blocks_loop(x, job, grid, start, stop, buffer, sums, y):  # type: ignore[no-untyped-def]
        """Blocks `start` to `stop`, counted through the columns, rows, groups and images of y (n, outputs, h, w)."""
        images, outputs, height, width = y.shape
        channels, each = job.weight.shape[1], outputs // job.groups
        shape = (channels, *grid.phases, grid.images, grid.needed, grid.cells)
        size = channels * grid.phases[0] * grid.phases[1] * grid.images * grid.needed * grid.cells
        lines = buffer[:size].reshape(shape)
        across, down = -(-width // grid.cols), -(-height // grid.rows)
        for number in range(start, stop):
            col, row = number % across * grid.cols, number // across % down * grid.rows
            group = number // (across * down) % job.groups
            image = number // (across * down * job.groups) * grid.images
            counts = (
                min(grid.images, images - image),
                min(grid.rows, height - row),
                min(grid.cols, width - col),
            )
            pack_lines(lines, x, (image, group * channels, row, col), counts[0], job.packing)
            sum_block(buffer, job, grid, group * each, sums, y, (image, row, col), counts)

    return blocks_loop


LOOPS = {
    "maps": loop_over(_sum_maps),
    "joined": loop_over(_sum_joined),
    "rows": loop_over(_sum_rows),
    "tall": loop_over(_sum_tall),
}
