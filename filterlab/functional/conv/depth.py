"""Convolution in vectors of maps: for long sums, and for maps so narrow that vectors of columns are not full.

As in `blocks.py`, the cells under a block are packed into lines and summed in tiles; but a tile is some windows by
vectors of maps. The weights are laid out for that once: those of a tap side by side, map after map. The sums of a
window lie side by side as well, and are turned into maps at the end. A sum has the same order, and so the same digits,
as in the other direction.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.instructions import BYTES, DEPTH_WINDOWS, LINE, TERMS, VECTORS
from filterlab.functional.conv.lines import Packing, line_span
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, sum_depth, turn_cells
from filterlab.functional.conv.work import SMALLEST, BlockWork
from filterlab.functional.prepared import InPlace, Loop, Prepared

# Of which all sums stay in the first level of the cache, beside their cells and the weights of TERMS taps: so what a
# sum has so far is neither fetched from farther away nor sent there after each part.
STRIP = 48  # windows, of which all tiles hold whole numbers of
FEWEST_WINDOWS = 96  # of fewer, laying out the weights takes longer than is won in one call
FEWEST_KEPT = (
    2  # where the weights stay laid out; for one window, they would be twice in memory and read once a call
)
LONG_SUM = 1024  # products, from which on this is faster even where vectors of columns are full
LEAST_GAIN = 1.1  # times as many numbers of a vector that count, where sums are shorter
TURNED = 16  # maps and taps of the square of weights that is turned at a time


class _DepthJob(NamedTuple):
    """What all blocks have in common, as `blocks._DepthJob`; `laid` and `biases` begin anew with each group."""

    weight: Array
    packing: Packing
    offsets: Array
    groups: int
    laid: Array  # (groups, taps * maps), tile after tile, see `lay_out`
    biases: Array  # (groups, maps), filled up with zeros to whole vectors


def fits(plan: ConvPlan, itemsize: int, *, kept: bool = False) -> bool:
    """Whether sums are many and long enough, and more of each vector counts than in vectors of columns.

    kept: whether the weights are laid out once for many calls.
    """
    lanes, width, maps = BYTES // itemsize, plan.cols.out, plan.outputs // plan.groups
    taps = plan.channels // plan.groups * plan.kernel[0] * plan.kernel[1]
    windows, fewest = plan.images * plan.rows.out * width, FEWEST_KEPT if kept else FEWEST_WINDOWS
    if maps < lanes or taps < 2 * TERMS or windows < fewest:
        return False
    # The cells that are summed for each that counts: row by row, or with the cells between the rows.
    columns = min(-(-width // lanes) * lanes, line_span(plan, 1, width)) / width
    return columns * maps / (-(-maps // lanes) * lanes) >= (1 if kept or taps >= LONG_SUM else LEAST_GAIN)


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`."""
    return prepared(weight, bias, plan)(x)


def prepared(weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace] = ()) -> Prepared:
    """As `blocks.prepared`; the weights are laid out here."""
    dtype, shape = weight.dtype, plan.out_shape
    grid, packing, offsets = blocks.layout(plan, dtype.char, joined=False)
    laid = _laid_out(weight, bias, plan.groups)
    job = _DepthJob(read_only(weight), packing, offsets, plan.groups, *laid)
    sums = _room(dtype)
    work = BlockWork(_LOOP, job, grid, shape, dtype, sums=sums, products=len(offsets), then=then)
    return blocks.on_maps(work, shape, dtype)


def prepared_vectors(count: int, weight: Array, bias: Array | None) -> Prepared:
    """Return x @ weight.T + bias as a function of x (count, inputs), for a weight (outputs, inputs)."""
    (outputs, inputs), dtype = weight.shape, weight.dtype
    laid, biases = (part.reshape(-1) for part in _laid_out(weight, bias, 1))
    offsets = read_only(np.arange(inputs))
    return Loop(
        sum_vectors,
        lambda room: (laid, biases, offsets, outputs, room),
        (count, outputs),
        dtype,
        count=count,
        smallest=max(SMALLEST // weight.size, 1),
        room=_room(dtype),
    ).prepared()


def _laid_out(weight: Array, bias: Array | None, groups: int) -> tuple[Array, Array]:
    """The weights (outputs, ...) and biases of all groups as `_DepthJob` has them."""
    dtype, each, taps = weight.dtype, len(weight) // groups, weight[0].size
    lanes = BYTES // dtype.itemsize
    room = -(-each // lanes) * lanes
    laid, biases = np.zeros((groups, taps * room), dtype), np.zeros((groups, room), dtype)
    lay_out(read_only(weight).reshape(groups, each, taps), lanes, laid)
    if bias is not None:
        biases[:, :each] = bias.reshape(groups, each)
    return read_only(laid), read_only(biases)


def _room(dtype: Any) -> int:
    """Numbers for the sums of a strip, with what `turn_cells` reads beyond."""
    lanes = BYTES // dtype.itemsize
    return (STRIP + lanes) * VECTORS * lanes


@compiled
def lay_out(weight, lanes, laid):
    """Write the weights (groups, maps, taps) as the tiles read them: of each tile tap after tap, its maps side by side.

    So they lie in the cache without a gap; with a row of all maps for each tap, they would compete for a few places.
    """
    groups, maps, taps = weight.shape
    for g in range(groups):
        start = 0
        while start < maps:
            wide = _width(maps - start, lanes)
            stop = min(start + wide, maps)
            tile = laid[g, start * taps : (start + wide) * taps].reshape(taps, wide)
            for first in range(0, taps, TURNED):
                for part in range(start, stop, TURNED):
                    # Written in order, a square is turned three times as fast as when it is read in order.
                    for k in range(first, min(first + TURNED, taps)):
                        for o in range(part, min(part + TURNED, stop)):
                            tile[k, o - start] = weight[g, o, k]
            start += wide


@compiled(kept=False)
def _width(maps, lanes):
    """Maps of the next tile: as few tiles as there can be, of nearly equal size, in vectors that are full."""
    vectors = -(-maps // lanes)
    return -(-vectors // -(-vectors // VECTORS)) * lanes


@compiled(kept=False)
def _sum_depth(lines, job, grid, first, sums, y, corner, counts):
    """Some windows at a time, of some vectors of maps."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols) = corner, counts
    each, taps, lanes, windows = outputs // job.groups, len(job.offsets), BYTES // y.itemsize, rows * cols
    group, room = first // each, job.biases.shape[1]
    flat, laid, biases = y.reshape(-1), job.laid.reshape(-1), job.biases.reshape(-1)
    places = np.empty(windows, np.int64)
    for i in range(rows):
        for j in range(cols):
            places[i * cols + j] = i * grid.cells + j
    start = 0
    while start < each:
        wide = _width(each - start, lanes)
        bias, weights = group * room + start, (group * room + start) * taps
        place = ((image * outputs + first + start) * height + row) * width + col
        for at in range(0, windows, STRIP):
            stop = min(at + STRIP, windows)
            # Before the last strip, the first weights come next again.
            after = taps * wide if stop == windows else 0
            _sum_strip(lines, places[at:stop], job.offsets, laid, weights, wide, after, sums, biases, bias)
            maps = min(wide, each - start)
            _keep(sums, wide, maps, flat, place, width, height * width, at, stop, cols)
        start += wide


@compiled(kept=False)
def _sum_strip(lines, places, offsets, laid, weights, wide, after, sums, biases, bias):
    """The sums of the windows at `places`, of `wide` maps; after: where the weights begin that are needed next."""
    taps, windows, tile = len(offsets), len(places), DEPTH_WINDOWS[wide * laid.itemsize // BYTES - 1]
    line, first = LINE // laid.itemsize, 0
    while first < taps:
        last, window = min(first + TERMS, taps), 0
        ahead = last * wide if last < taps else after
        end = ahead + min(TERMS, taps) * wide  # of the weights of the next part
        while window < windows:
            # Each tile asks for TERMS lines of them, so that the first ones ask for all.
            asked = min(ahead, end) - first * line
            many, out = min(tile, windows - window), window * wide
            sum_depth(
                lines, 0, places, window, offsets, first, last, laid, weights, wide, sums, out, wide, many, wide,
                biases, bias, asked,
            )  # fmt: skip
            window += tile
            ahead += TERMS * line
        first = last


@compiled
def sum_vectors(x, laid, biases, offsets, outputs, room, start, end, y):
    """Rows `start` to `end` of y (n, outputs), flat: the rows of x times the weights that are laid out, and biases."""
    taps, lanes = len(offsets), BYTES // y.itemsize
    places = np.empty(STRIP, np.int64)
    for row in range(start, end, STRIP):
        many, first = min(STRIP, end - row), 0
        for i in range(many):
            places[i] = (row + i) * taps
        while first < outputs:
            wide = _width(outputs - first, lanes)
            _sum_strip(x, places[:many], offsets, laid, first * taps, wide, taps * wide, room, biases, first)
            for i in range(many):
                copy_cells(y, (row + i) * outputs + first, room, i * wide, 1, min(wide, outputs - first))
            first += wide


@compiled(kept=False)
def _keep(sums, wide, maps, y, place, width, plane, start, stop, cols):
    """Write the sums of windows `start` to `stop`, of a block whose first output is y[place], to where they belong."""
    window = start
    while window < stop:
        i, j = window // cols, window % cols
        many = min(cols - j, stop - window)
        turn_cells(y, place + i * width + j, plane, sums, (window - start) * wide, wide, maps, many)
        window += many


_LOOP: Any = blocks.loop_over(_sum_depth)
