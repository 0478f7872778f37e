"""Convolution without laying out columns: tiles of outputs in the registers, over lines of the input in the cache.

A block is some rows and columns of outputs. The padded cells that it sees are copied once, split by the stride, into
lines that fit the second-level cache; from there every tap reads what it sees in place, through a table of offsets.
A tile is several maps, which see the same cells; or, where few maps do (image filters, depthwise), several rows of one
map, which have the same weights. Where rows would end within a vector all rows are summed as one line, whole small
pictures after each other: the sums between their windows mean nothing, and are left out.

The order of a sum is that of the weights, in parts of fixed length, however the outputs are cut into blocks and
tiles: a value does not depend on the size of the picture, the number of threads or the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array
from filterlab.functional.conv.lines import tap_phases
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import (
    BYTES,
    OUTPUTS,
    TALL_ROWS,
    TALL_VECTORS,
    VECTORS,
    copy_cells,
    sum_maps,
    sum_rows,
    sum_tall,
)
from filterlab.functional.memory import empty, scratch
from filterlab.functional.threads import run_bands, thread_count

BLOCK_BYTES = 1 << 19  # of lines: half of a second-level cache
SUMS_BYTES = 1 << 17  # of joined rows' sums
SMALLEST = 1 << 18  # products that are worth handing to another thread
TALL = 7  # rows of a kernel, from which on it pays to read a line once for all rows that see it
BLOCKS_PER_THREAD = 2  # at least, where the cache does not ask for more
BANDS_PER_THREAD = 16  # at most: of small bands a thread takes fewer whose processor is busy elsewhere
FEW = OUTPUTS // 2  # maps of a group, below which they are summed one by one


class Grid(NamedTuple):
    """How the outputs are cut into blocks, and the shape of a block's lines.

    Line cell (channel, row phase, column phase, image, row, cell): the padded cell (row * stride + row phase, ...) of
    a channel of an image. So the windows of neighbouring outputs are neighbours, and those of the next row of
    outputs, or of the next image, lie `cells`, or `cells` times `needed`, further on.
    """

    images: int  # of one block
    rows: int  # of outputs
    cols: int
    joined: bool  # all rows are summed as one line
    phases: tuple[int, int]
    needed: int  # rows of one phase under the outputs of an image
    cells: int  # columns of one phase

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one channel's lines."""
        return *self.phases, self.images, self.needed, self.cells


class BlockJob(NamedTuple):
    """What all blocks have in common."""

    weight: Array
    bias: Array
    rows: Array  # see conv_plan.AxisPlan
    cols: Array
    inside: tuple[int, int]
    stride: tuple[int, int]
    row_phases: Array
    col_phases: Array
    offsets: Array  # of the cell that a tap sees, from that of the window; in the order of the weights
    groups: int


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """The cross-correlation of `plan`; all arrays in the same dtype, `x` and `weight` contiguous."""
    y = empty(plan.out_shape, x.dtype)
    (row_phases, row_places), (col_phases, col_places) = tap_phases(plan, 0), tap_phases(plan, 1)
    grid = grid_of(plan, x.itemsize)
    job = BlockJob(
        _read_only(weight),
        _read_only(np.zeros(plan.outputs, x.dtype) if bias is None else bias),
        plan.rows.index,
        plan.cols.index,
        plan.cols.inside,
        plan.stride,
        row_phases,
        col_phases,
        _offsets(plan, grid, row_places, col_places),
        plan.groups,
    )
    x, fill = _read_only(x), x.dtype.type(plan.fill)
    loop = _LOOPS[kind_of(plan, grid)]
    # Vectors read beyond the last line, by less than a tile of `sum_tall` less the half that its outputs fill.
    lines = plan.channels // plan.groups * prod(grid.shape) + BYTES
    sums = OUTPUTS * joined_cells(grid, grid.images, grid.rows, grid.cols) if grid.joined else 0

    def band(start: int, stop: int) -> None:
        room = scratch(sums + lines, x.dtype)
        loop(x, job, grid, fill, start, stop, room[sums:], room[:sums], y)

    images, _, height, width = plan.out_shape
    count = plan.groups * -(-images // grid.images) * -(-height // grid.rows) * -(-width // grid.cols)
    worth = max(SMALLEST * count // max(y.size * len(job.offsets), 1), 1)
    run_bands(band, count, smallest=worth, per_thread=BANDS_PER_THREAD)
    return y


def _read_only(array: Array) -> Array:
    # Loops are compiled once for read-only arrays, which writeable ones are as well.
    view = np.ascontiguousarray(array)[:]
    view.flags.writeable = False
    return view


def grid_of(plan: ConvPlan, itemsize: int) -> Grid:
    """Blocks as large as the cache allows, and small enough to keep all threads busy to the end."""
    images, _, height, width = plan.out_shape
    lanes = BYTES // itemsize
    phases = len(tap_phases(plan, 0)[0]), len(tap_phases(plan, 1)[0])
    room = BLOCK_BYTES // (
        plan.channels // plan.groups * phases[0] * phases[1] * itemsize
    )  # cells of one phase
    cols, tile = width, VECTORS * lanes
    while cols > tile and _span(plan, 0, 1) * _span(plan, 1, cols) > room:
        cols = -(-cols // 2 // tile) * tile
    cells = _span(plan, 1, cols)
    # Rows that end within a vector waste the rest of it; joined rows waste the cells between their windows.
    joined = not _few_maps(plan) and cols == width and cells <= -(-width // lanes) * lanes
    if joined:
        room = min(room, SUMS_BYTES // (OUTPUTS * itemsize))
    parts = -(-thread_count() * BLOCKS_PER_THREAD // plan.groups)
    rows = min(room // cells - _span(plan, 0, 1) + 1, -(-height * images // parts), height)
    rows = max(rows, 1)
    needed = _span(plan, 0, rows)
    together = min(room // (cells * needed), -(-images // parts)) if joined and rows == height else 1
    return Grid(max(together, 1), rows, cols, joined, phases, needed, cells)


def kind_of(plan: ConvPlan, grid: Grid) -> str:
    """What is summed together, "maps", "joined", "rows" or "tall": see `_sum_maps` and those after it."""
    if _few_maps(plan):
        dense = (*plan.stride, *plan.dilation) == (1, 1, 1, 1)
        return "tall" if dense and plan.kernel[0] >= TALL else "rows"
    return "joined" if grid.joined else "maps"


def _few_maps(plan: ConvPlan) -> bool:
    """Whether too few maps see the same cells to be summed together."""
    return plan.outputs // plan.groups < FEW


def _span(plan: ConvPlan, axis: int, outputs: int) -> int:
    """Cells of one phase of an axis under so many neighbouring outputs."""
    return outputs + (plan.kernel[axis] - 1) * plan.dilation[axis] // plan.stride[axis]


def _offsets(plan: ConvPlan, grid: Grid, rows: Array, cols: Array) -> Array:
    """For each channel and tap: the index in the lines of what it sees of the first window."""
    plane = grid.images * grid.needed * grid.cells
    channels = np.arange(plan.channels // plan.groups) * prod(grid.shape)
    down = rows[:, 0] * (grid.phases[1] * plane) + rows[:, 1] * grid.cells
    across = cols[:, 0] * plane + cols[:, 1]
    return (channels[:, None, None] + down[:, None] + across).ravel()


def _loop(kind: str) -> Callable[..., None]:
    """The compiled loop over blocks that sums them in one way: "maps", "joined", "rows" or "tall".

    What it calls is compiled into it and not kept by itself.
    """

    @compiled
    def blocks_loop(x, job, grid, fill, start, stop, buffer, sums, y):  # type: ignore[no-untyped-def]
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
            lay_lines(lines, x, (image, group * channels, row, col), counts, job, fill)
            # Known when this is compiled: the others are left out, and compiled when they are needed.
            if kind == "tall":
                _sum_tall(buffer, job, grid, group * each, y, image, row, col, counts)
            elif kind == "rows":
                _sum_rows(buffer, job, grid, group * each, y, image, row, col, counts)
            elif kind == "joined":
                _sum_joined(buffer, job, grid, group * each, sums, y, image, row, counts)
            else:
                _sum_maps(buffer, job, grid, group * each, y, image, row, col, counts)

    return blocks_loop


@compiled(kept=False)
def lay_lines(lines, x, corner, counts, job, fill):  # type: ignore[no-untyped-def]
    """The padded cells under a block of outputs, split into phases.

    corner: its first image, input channel, output row and column; counts: how many images, rows and columns of it.
    """
    channels, down, across, images, needed, cells = lines.shape
    image, channel, row, col = corner
    height, width = x.shape[2:]
    flat, source, rows, cols = lines.reshape(-1), x.reshape(-1), job.rows, job.cols
    stride, gap = job.stride
    phases = job.row_phases
    runs = _runs(job, col, cells)
    for c in range(channels):
        for a in range(down):
            top = row * stride + phases[a]
            for n in range(counts[0]):
                start = ((image + n) * x.shape[1] + channel + c) * height
                for r in range(min(needed, (len(rows) - 1 - top) // stride + 1)):
                    shown = rows[top + r * stride]
                    begin = (start + shown) * width
                    for b in range(across):
                        place = ((((c * down + a) * across + b) * images + n) * needed + r) * cells
                        # Written out: calls count the references of their arrays, for short rows longer than this.
                        left, count = runs[b, 0], runs[b, 1]
                        low, high = (runs[b, 2], runs[b, 3]) if shown >= 0 else (count, count)
                        for t in range(low):
                            seen = cols[left + t * gap]
                            flat[place + t] = source[begin + seen] if seen >= 0 and shown >= 0 else fill
                        for t in range(high, count):
                            seen = cols[left + t * gap]
                            flat[place + t] = source[begin + seen] if seen >= 0 else fill
                        if low < high:
                            copy_cells(
                                flat, place + low, source, begin + cols[left + low * gap], gap, high - low
                            )


@compiled(kept=False)
def _runs(job, col, cells):  # type: ignore[no-untyped-def]
    """For each phase: its first padded cell, their number, and which, low to high, are neighbours in the input."""
    stride = job.stride[1]
    runs = np.empty((len(job.col_phases), 4), np.int64)
    for b in range(len(job.col_phases)):
        left = col * stride + job.col_phases[b]
        count = min(cells, (len(job.cols) - 1 - left) // stride + 1)
        low = min(max((job.inside[0] - left + stride - 1) // stride, 0), count)
        high = max(min((job.inside[1] - 1 - left) // stride + 1, count), low)
        runs[b, 0], runs[b, 1], runs[b, 2], runs[b, 3] = left, count, low, high
    return runs


@compiled(kept=False)
def _sum_maps(lines, job, grid, first, y, image, row, col, counts):  # type: ignore[no-untyped-def]
    """One group of outputs, which begins with output `first`: several maps at a time, each row by itself."""
    _, outputs, height, width = y.shape
    _, rows, cols = counts
    end, flat = first + outputs // job.groups, y.reshape(-1)
    for o in range(first, end, OUTPUTS):
        maps = min(OUTPUTS, end - o)
        place = ((image * outputs + o) * height + row) * width + col
        _sum_area(lines, grid.cells, job, o, flat, place, width, height * width, maps, rows, cols)


@compiled(kept=False)
def _sum_joined(lines, job, grid, first, sums, y, image, row, counts):  # type: ignore[no-untyped-def]
    """As `_sum_maps`, for several images: all rows as one line, of which the outputs are kept."""
    _, outputs, height, width = y.shape
    images, rows, _ = counts
    count = joined_cells(grid, images, rows, width)
    end, flat = first + outputs // job.groups, y.reshape(-1)
    for o in range(first, end, OUTPUTS):
        maps = min(OUTPUTS, end - o)
        _sum_area(lines, 0, job, o, sums, 0, 0, count, maps, 1, count)
        for n in range(images):
            for m in range(maps):
                place = (((image + n) * outputs + o + m) * height + row) * width
                begin = m * count + n * grid.needed * grid.cells
                for i in range(rows):
                    copy_cells(flat, place + i * width, sums, begin + i * grid.cells, 1, width)


@compiled(kept=False)
def _sum_area(lines, step, job, o, y, place, width, leap, maps, rows, cols):  # type: ignore[no-untyped-def]
    """Tiles of rows of `cols` outputs of the maps from o on: lines `step` apart to rows of y `width` apart."""
    offsets, weight, bias = job.offsets, job.weight.reshape(-1), job.bias[o:]
    lanes, tap = BYTES // y.itemsize, o * len(offsets)
    for i in range(rows):
        j = 0
        while j < cols:
            size, at = min(_tile(cols - j, lanes), cols - j), i * step + j
            sum_maps(lines, at, offsets, weight, tap, y, place + i * width + j, leap, maps, size, bias)
            j += size


@compiled(kept=False)
def _sum_rows(lines, job, grid, first, y, image, row, col, counts):  # type: ignore[no-untyped-def]
    """As `_sum_maps`, one map after the other: several rows at a time."""
    _, outputs, height, width = y.shape
    _, rows, cols = counts
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
def _sum_tall(lines, job, grid, first, y, image, row, col, counts):  # type: ignore[no-untyped-def]
    """As `_sum_rows`, where rows share the lines that they see."""
    _, outputs, height, width = y.shape
    _, rows, cols = counts
    offsets, step, wide = job.offsets, grid.cells, TALL_VECTORS * (BYTES // y.itemsize)
    (kh, kw), flat, weight = job.weight.shape[2:], y.reshape(-1), job.weight.reshape(-1)
    for o in range(first, first + outputs // job.groups):
        bias, tap = job.bias[o:], o * len(offsets)
        for i in range(0, rows, TALL_ROWS):
            many = min(TALL_ROWS, rows - i)
            place = ((image * outputs + o) * height + row + i) * width + col
            j = 0
            while j < cols:
                size, at = min(wide if cols - j > wide // 2 else wide // 3, cols - j), i * step + j
                sum_tall(
                    lines, at, step, offsets, kh, kw, weight, tap, flat, place + j, width, many, size, bias
                )
                j += size


@compiled
def joined_cells(grid, images, rows, cols):  # type: ignore[no-untyped-def]
    """Cells of the one line of all rows, from the first window to the last."""
    return ((images - 1) * grid.needed + rows - 1) * grid.cells + cols


@compiled(kept=False)
def _tile(cells, lanes):  # type: ignore[no-untyped-def]
    """Cells of the next tile: as few tiles as there can be, of nearly equal size, whole vectors each."""
    vectors = -(-cells // lanes)
    tiles = -(-vectors // VECTORS)
    return -(-vectors // tiles) * lanes


_LOOPS = {kind: _loop(kind) for kind in ("maps", "joined", "rows", "tall")}
