"""The gradient of a convolution's weight: gradients of the output times patches, in tiles or as columns by BLAS.

    dweight[o, (c, u, v)] = sum over n, i, j of dy[n, o, i, j] * column (c, u, v)[n, i, j],

where the column of tap (c, u, v) holds what that tap sees of every window (im2col: Chellapilla et al. 2006). A block
of positions is packed into lines as for the forward sum, and from there each tap's column is copied: row by row, or,
where the rows of many small pictures are too short for that, all at once. In such joined columns the cells between
the windows of two rows, or of two pictures, meet gradients of zero; so an infinity or NaN of x, times zero, would make
NaN of the gradients of all taps of its channel. Row by row it reaches only the taps that see it, so gradients that are
not finite are summed again that way.

Where outputs fill vectors, no columns are laid out: for each tap and vector of outputs, the micro-kernel `sum_depth`
sums over the positions, whose gradients are turned to lie side by side, and reads in the lines what the tap sees.

A block is as many output rows (or small pictures) as keep its columns in the second-level cache. Blocks run side by
side on our threads, each with one BLAS thread: while one lays out columns another multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from itertools import pairwise
from math import prod
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.instructions import BYTES, DEPTH_WINDOWS, VECTORS
from filterlab.functional.conv.lines import (
    Packing,
    line_span,
    pack_lines,
    packing_of,
    tap_offsets,
    tap_phases,
)
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, sum_depth, turn_cells
from filterlab.functional.memory import scratch
from filterlab.functional.threads import check_wanted, run_bands, single_threaded_blas

BLOCK_BYTES = 1 << 20  # of columns
SMALLEST = 1 << 16  # bytes of columns that are worth a call of BLAS
POSITIONS = 128  # of which a tile's gradients fit the first level of the cache, beside some lines
TILED_BYTES = 1 << 19  # of sums
SHARES = 8  # sums that are added up at the end
FEWEST_SHARES = 4
SUMS_BYTES = 1 << 24  # of all shares


class _Block(NamedTuple):
    """Images i to j (half-open), one group, output rows start to stop."""

    first: int
    last: int
    group: int
    start: int
    stop: int


class _ColumnPacking(NamedTuple):
    """How blocks are packed: the shape of the largest one's lines, see `pack_lines`."""

    shape: tuple[int, ...]
    packing: Packing
    offsets: Array  # see tap_offsets


def weight_gradient(
    dy: Array, x: Array, plan: ConvPlan, *, joined: bool = False, tiled: bool = False
) -> Array:
    """Return the gradient with respect to the weight, in its shape.

    joined: all rows of a block's columns as one; tiled: without columns.
    """
    x, dy, taps = read_only(x), read_only(dy), _taps(plan)
    shares = _joined_shares(plan, x.itemsize) if joined else _shares(plan, x.itemsize, tiled)
    sums: list[dict[int, Array]] = [{} for _ in shares]  # of each share, by group
    column_packing = _column_packing(x, plan, [block for share in shares for block in share], joined)

    def band(start: int, stop: int) -> None:
        for number in range(start, stop):
            for block in shares[number]:
                check_wanted()
                if tiled:
                    part = _tile_sums(dy, x, plan, block, column_packing)
                else:
                    upstream = _upstream(dy, plan, block, joined)
                    columns = _columns(x, plan, block, column_packing, joined)
                    with no_fork():
                        part = _product(columns, upstream)
                if block.group in sums[number]:
                    sums[number][block.group] += part
                else:
                    sums[number][block.group] = part

    # Holding BLAS takes as long as a tenth of a large layer.
    with nullcontext() if tiled else single_threaded_blas():
        run_bands(band, len(shares))
    total = np.zeros((plan.groups, taps, plan.outputs // plan.groups), x.dtype)
    # In the order of the shares, whichever ended first, so that the rounding is always the same.
    for share in sums:
        for group, part in share.items():
            total[group] += part
    # The result is looked at instead of x, which is larger: an infinity or NaN of x always shows in it.
    if joined and not np.isfinite(total).all():
        return weight_gradient(dy, x, plan)
    return total.swapaxes(1, 2).reshape(plan.outputs, -1, *plan.kernel)


def _product(columns: Array, upstream: Array) -> Array:
    """Sums over all positions, (taps, outputs); `columns` is (taps, positions) and `upstream` (outputs, positions)."""
    # BLAS is up to a fifth faster where the first factor has more rows; the numbers are the same.
    if len(columns) < len(upstream):
        return (upstream @ columns.T).T
    return columns @ upstream.T


def fills_tiles(plan: ConvPlan, itemsize: int) -> bool:
    """Whether outputs fill a vector and taps a tile, and all sums the half of a second-level cache."""
    outputs, taps = plan.outputs // plan.groups, _taps(plan)
    return (
        outputs >= BYTES // itemsize and taps >= DEPTH_WINDOWS[0] and outputs * taps * itemsize <= TILED_BYTES
    )


def _tile_sums(dy: Array, x: Array, plan: ConvPlan, block: _Block, column_packing: _ColumnPacking) -> Array:
    """Sums over the positions of a block, (taps, outputs)."""
    shape, packing, offsets = column_packing
    each, lanes = plan.outputs // plan.groups, BYTES // x.itemsize
    padded = -(-each // lanes) * lanes
    counts = block.last - block.first, block.stop - block.start, each
    positions, sizes = prod(counts[:2]) * plan.cols.out, (prod(shape), len(offsets) * padded)
    room = scratch(positions * padded + sum(sizes), x.dtype)
    lines, sums, turned = room[: sizes[0]], room[sizes[0] : sum(sizes)], room[sum(sizes) :]
    sum_tiles(
        dy,
        x,
        packing,
        offsets,
        (block.first, block.group * shape[0], block.start, 0),
        block.group * each,
        counts,
        plan.pointwise and counts[0] == 1,
        lines.reshape(shape),
        turned,
        sums.reshape(-1, padded),
    )
    # A copy, as the room is used again.
    return sums.reshape(-1, padded)[:, :each].copy()


def _taps(plan: ConvPlan) -> int:
    """Products in one sum: rows of the columns."""
    return plan.channels // plan.groups * prod(plan.kernel)


def _shares(plan: ConvPlan, itemsize: int, tiled: bool) -> list[list[_Block]]:
    """All blocks, in runs of which each has a sum of its own: as many for any number of threads.

    The order of a sum shows in its digits, so the threads must not decide it. Large weights are summed in few.
    """
    taps = _taps(plan)
    most = min(SHARES, max(SUMS_BYTES // (plan.outputs * taps * itemsize), FEWEST_SHARES))
    # Tiles read the lines and gradients of a block, without columns.
    numbers = (plan.channels + plan.outputs) // plan.groups if tiled else taps
    blocks = list(_blocks(plan, numbers * itemsize, most))
    count = min(most, len(blocks))
    return [blocks[len(blocks) * i // count : len(blocks) * (i + 1) // count] for i in range(count)]


def _blocks(plan: ConvPlan, position_bytes: int, shares: int) -> Iterator[_Block]:
    """Blocks of as many rows as the cache allows, small enough to give each share some."""
    _, _, height, width = plan.out_shape
    row_bytes = width * position_bytes
    even = -(-height * plan.images * plan.groups // shares)
    rows = max(min(BLOCK_BYTES // row_bytes, max(even, SMALLEST // row_bytes)), 1)
    together = max(rows // height, 1)
    for group in range(plan.groups):
        for first in range(0, plan.images, together):
            last = min(first + together, plan.images)
            for start in range(0, height, rows):
                yield _Block(first, last, group, start, min(start + rows, height))


def _joined_shares(plan: ConvPlan, itemsize: int) -> list[list[_Block]]:
    """As `_shares`, for joined columns, of whole pictures: one block a share."""
    size = plan.images * _taps(plan) * len(plan.rows.index) * len(plan.cols.index) * itemsize
    count = min(max(-(-size // BLOCK_BYTES), min(SHARES, size // SMALLEST), 1), plan.images)
    edges = pairwise(plan.images * i // count for i in range(count + 1))
    return [[_Block(first, last, 0, 0, plan.rows.out)] for first, last in edges]


def _upstream(dy: Array, plan: ConvPlan, block: _Block, joined: bool) -> Array:
    """The block's gradients of the output, (outputs, positions); joined, with zeros between the windows."""
    count = plan.outputs // plan.groups
    outputs = slice(block.group * count, (block.group + 1) * count)
    part = dy[block.first : block.last, outputs, block.start : block.stop].swapaxes(0, 1)
    if joined:
        padded = np.zeros((*part.shape[:2], len(plan.rows.index), len(plan.cols.index)), dy.dtype)
        padded[:, :, : part.shape[2], : part.shape[3]] = part
        part = padded
    return part.reshape(count, -1)


def _column_packing(x: Array, plan: ConvPlan, blocks: list[_Block], joined: bool) -> _ColumnPacking:
    """How these blocks are packed."""
    images = max((block.last - block.first for block in blocks), default=0)
    height = max((block.stop - block.start for block in blocks), default=0)
    if joined:
        # Taps are shifted by less than a padded picture, so the last picture's columns end in an empty one behind it.
        # All rows are packed: between windows there must be numbers, as 0 * NaN is not 0.
        images, rows, cells = images + 1, len(plan.rows.index), len(plan.cols.index)
        packing = packing_of(plan, rows, rows, x.dtype)
    else:
        rows, cells = line_span(plan, 0, height), line_span(plan, 1, plan.cols.out)
        packing = packing_of(plan, height, rows, x.dtype)
    down, across = (len(tap_phases(plan, axis)[0]) for axis in (0, 1))
    shape = (plan.channels // plan.groups, down, across, images, rows, cells)
    return _ColumnPacking(shape, packing, tap_offsets(plan, shape))


def _columns(x: Array, plan: ConvPlan, block: _Block, column_packing: _ColumnPacking, joined: bool) -> Array:
    """The block's columns, (taps, positions); they last until this thread asks for others."""
    images, height = block.last - block.first, block.stop - block.start
    shape, packing, offsets = column_packing
    corner = (block.first, block.group * shape[0], block.start, 0)
    if plan.pointwise and images == 1:
        return x[block.first, corner[1] : corner[1] + shape[0], block.start : block.stop].reshape(
            shape[0], -1
        )
    positions = (1, 1, images * prod(shape[4:])) if joined else (images, height, plan.cols.out)
    size = len(offsets) * prod(positions)
    room = scratch(size + prod(shape), x.dtype)
    columns, lines = room[:size].reshape(-1, *positions), room[size:].reshape(shape)
    if joined:
        lines[:, :, :, images] = 0
    pack_columns(x, packing, offsets, corner, images, lines, columns)
    return columns.reshape(len(columns), -1)


@compiled
def pack_columns(x, packing, offsets, corner, count, lines, columns):  # type: ignore[no-untyped-def]
    """columns[k, n, i, j] = lines[offsets[k] + (n * needed + i) * cells + j], after packing the lines.

    corner, count, lines: see `pack_lines`; offsets: see `tap_offsets`.
    """
    pack_lines(lines, x, corner, count, packing)
    taps, images, height, width = columns.shape
    needed, cells = lines.shape[4:]
    source, target = lines.reshape(-1), columns.reshape(-1)
    for k in range(taps):
        for n in range(images):
            for i in range(height):
                begin = offsets[k] + (n * needed + i) * cells
                copy_cells(target, ((k * images + n) * height + i) * width, source, begin, 1, width)


@compiled
def sum_tiles(dy, x, packing, offsets, corner, output, counts, in_place, lines, turned, sums):  # type: ignore[no-untyped-def]
    """sums[k, o] = the sum over positions p of dy[output + o, p] times what tap k sees there, for all taps and outputs.

    corner, lines: see `pack_lines`; offsets: see `tap_offsets`. counts: of the block's images, output rows and
    outputs. in_place: whether the taps are those of 1x1 kernels, which see the cells of x, of one image. turned: room
    for the gradients, position by position.
    """
    height, width = dy.shape[2:]
    images, rows, each = counts
    places, cells = np.empty(len(offsets), np.int64), np.empty(images * rows * width, np.int64)
    # Lines of 1x1 kernels in place are the rows of x.
    across, needed = (width, rows) if in_place else (lines.shape[5], lines.shape[4])
    for n in range(images):
        for i in range(rows):
            for j in range(width):
                cells[(n * rows + i) * width + j] = (n * needed + i) * across + j
    _turn_gradients(dy, corner[0], output, corner[2], counts, turned)
    if in_place:
        for k in range(len(places)):
            places[k] = ((corner[0] * x.shape[1] + corner[1] + k) * height + corner[2]) * width
        _sum_tiles(x.reshape(-1), places, cells, turned, each, sums)
    else:
        pack_lines(lines, x, corner, images, packing)
        places[:] = offsets
        _sum_tiles(lines.reshape(-1), places, cells, turned, each, sums)


@compiled(kept=False)
def _turn_gradients(dy, image, output, row, counts, turned):  # type: ignore[no-untyped-def]
    """The gradients of some vectors of outputs after the other, those of a position side by side; zeros at the end."""
    (images, rows, each), lanes = counts, BYTES // dy.itemsize
    outputs, plane, width = dy.shape[1], dy.shape[2] * dy.shape[3], dy.shape[3]
    source, start, count = dy.reshape(-1), 0, rows * width
    squares = count // lanes * lanes
    while start < each:
        wide = _wide(each - start, lanes)
        whole = min(wide, each - start) // lanes * lanes
        for n in range(images):
            at = ((image + n) * outputs + output + start) * plane + row * width
            place = start * images * count + n * count * wide
            # Whole squares alone: beyond the last gradient may lie the end of memory.
            turn_cells(turned, place, wide, source, at, plane, squares, whole)
            for o in range(wide):
                for p in range(squares if o < whole else 0, count):
                    turned[place + p * wide + o] = source[at + o * plane + p] if start + o < each else 0
        start += wide


@compiled(kept=False)
def _sum_tiles(source, places, cells, turned, each, sums):  # type: ignore[no-untyped-def]
    """As `sum_tiles`, of what lies `cells` behind `places` in the source."""
    lanes, room, flat = BYTES // sums.itemsize, sums.shape[1], sums.reshape(-1)
    nothing, first = np.zeros(VECTORS * lanes, sums.dtype), 0
    while first < len(cells):
        last, start = min(first + POSITIONS, len(cells)), 0
        while start < each:
            wide = _wide(each - start, lanes)
            tile, k = DEPTH_WINDOWS[wide // lanes - 1], 0
            while k < len(places):
                many, out = min(tile, len(places) - k), k * room + start
                sum_depth(
                    source, 0, places, k, cells, first, last, turned, start * len(cells), wide, flat, out, room,
                    many, wide, nothing, 0, 0,
                )  # fmt: skip
                k += tile
            start += wide
        first = last


@compiled(kept=False)
def _wide(outputs, lanes):  # type: ignore[no-untyped-def]
    """Outputs of the next tiles: as few tiles as there can be, of nearly equal size, in vectors that are full."""
    vectors = -(-outputs // lanes)
    return -(-vectors // -(-vectors // VECTORS)) * lanes
