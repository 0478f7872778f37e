"""Kernels of 3x3 over many channels with fewer products: F(2x2, 3x3) (Winograd; Lavin and Gray 2016, section 4.1).

Two outputs of three weights g over four cells d in a row take four products instead of six,

    y = A (G g * B d),   A = 1  1  1  0    B = 1  0 -1  0    G =  1    0    0
                             0  1 -1 -1        0  1  1  0       1/2  1/2  1/2
                                               0 -1  1  0       1/2 -1/2  1/2
                                               0  1  0 -1        0    0    1

and down and across together, 2x2 outputs of 4x4 cells take 16 instead of 36. The sum over the channels is taken of the
products, so that B is applied once for all maps and A once for all channels: what is between them are 16 products of
matrices. Tiles of 4x4 outputs would save more, but lose three times the digits; those of 2x2 lose about as many as
PyTorch's direct sums.

Tiles of outputs lie at even rows and columns, and each is computed from its own cells alone. So digits depend neither
on the threads nor on how blocks are cut, and a part of a map that consists of whole tiles has those of the whole.

A tile mixes all of its 16 cells, of which an output sees 9. To keep what the package promises, the outputs of a tile
are summed again directly where one of its windows sees little of what the others see: only zeros beside a cell of
another size, or anything that is not finite. What counts of a cell is the sum over the channels of its absolute values,
times the largest weight of each channel. Kernels of little more than one or two weights are summed directly as well.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks, depth
from filterlab.functional.conv.instructions import BYTES, LINE, OUTPUTS, VECTORS
from filterlab.functional.conv.lines import Packing, packing_of
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, sum_maps
from filterlab.functional.conv.transforms import SIDE, STEP, store_outputs, transform_cells
from filterlab.functional.conv.work import BlockWork, Grid
from filterlab.functional.prepared import InPlace, Prepared
from filterlab.functional.threads import thread_count

KERNEL = 3  # rows and columns
NUMBERS = SIDE * SIDE  # of a transformed tile
FEWEST_CHANNELS = 32  # and maps; with fewer, the transforms take more of the time than the products save
# Rows and columns of outputs, at least: fewer tiles do not fill vectors. What the evaluator cuts consists of blocks of
# so many, so that a part takes the method of the whole; a multiple of STEP.
SMALLEST = 14
# Tiles of a block, and of a strip of it, whose transforms stay in the second level of the cache while all maps are
# summed. Each strip reads all weights: where these are large, longer strips cost less though they lie further away.
BLOCK_TILES, STRIP_TILES, LARGE_WEIGHTS = 224, 112, 1 << 21
# Of fewer channels, sums are added up in parts of PART instead of TERMS products, see `tiles.sum_maps`: where most
# cells are zero, direct sums lose so little that others must be careful.
MANY_CHANNELS, PART = 128, 32
LAID = 64  # channels whose weights are transformed at a time
MAPS = 64  # that are summed before the sums are turned into outputs
# Times as much that a tile may contain as one of its windows sees; 16 / 9 where all cells are alike.
RANGE = 6.0
# A cell counts with no weight below LEAST, and no tile above LARGEST is transformed: neither the differences nor the
# sums of products can overflow then.
LEAST, LARGEST, LARGEST_WEIGHT = 2.0**-24, 2.0**76, 2.0**100
# Times as much as their largest weights that the kernels of each map must hold; random ones hold about four times. Of
# one or two weights, a direct sum rounds few products, or none that matter, but a tile still mixes all of its cells.
PEAKED = 1.6


class _WinogradJob(NamedTuple):
    """What all blocks have in common, as `blocks._Job`."""

    weight: Array
    bias: Array
    packing: Packing
    groups: int
    laid: Array  # (16, outputs, channels), transformed
    nothing: Array  # the bias of sums of products
    scales: Array  # of each channel, the largest weight
    offsets: Array  # of each channel in the transforms of a strip
    taps: Array  # of each tap in the copied windows of some tiles
    strip: int


def fits(plan: ConvPlan, itemsize: int) -> bool:
    """Whether a plan is of such kernels, over enough channels and cells."""
    return (
        itemsize == 4
        and plan.groups == 1
        and plan.kernel == (KERNEL, KERNEL)
        and (*plan.stride, *plan.dilation) == (1, 1, 1, 1)
        and min(plan.channels, plan.outputs) >= FEWEST_CHANNELS
        and min(plan.out) >= SMALLEST
    )


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`."""
    return prepared(weight, bias, plan)(x)


def prepared(weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace] = ()) -> Prepared:
    """As `blocks.prepared`; the weights are transformed here."""
    scales = np.zeros(weight.shape[1], weight.dtype)
    if not _weigh(read_only(weight), scales):
        return depth.prepared(weight, bias, plan, then)
    dtype, shape, (outputs, channels) = weight.dtype, plan.out_shape, weight.shape[:2]
    grid, strip = _layout(plan, weight.size * NUMBERS // KERNEL**2 * dtype.itemsize, BYTES // dtype.itemsize)
    laid = np.empty((NUMBERS, outputs, channels), dtype)
    _lay_out(read_only(weight), laid)
    job = _WinogradJob(
        read_only(weight),
        read_only(np.zeros(outputs, dtype) if bias is None else bias),
        packing_of(plan, grid.rows, grid.needed, dtype),
        1,
        read_only(laid),
        read_only(np.zeros(NUMBERS * outputs, dtype)),
        read_only(np.maximum(scales, dtype.type(LEAST))),
        read_only(np.arange(channels) * strip),
        read_only(np.arange(channels * KERNEL**2) * (VECTORS * BYTES // dtype.itemsize)),
        strip,
    )
    sums = NUMBERS * ((channels + MAPS) * strip + 2 * BYTES) + grid.needed * grid.cells
    work = BlockWork(_LOOP, job, grid, shape, dtype, sums=sums, products=channels * SIDE, then=then)
    return blocks.on_maps(work, shape, dtype)


def _layout(plan: ConvPlan, weights: int, lanes: int) -> tuple[Grid, int]:
    """Return the blocks of a plan whose transformed weights have so many bytes, and the tiles of a strip."""
    down, across = (-(-n // STEP) for n in plan.out)
    cols = -(-across // -(-across // BLOCK_TILES))
    # As many rows as a thread gets at least; of them, blocks of nearly equal size.
    rows = max(min(BLOCK_TILES // cols, -(-down * plan.images // thread_count()), down), 1)
    rows = -(-down // -(-down // rows))
    longest = STRIP_TILES if weights <= LARGE_WEIGHTS else BLOCK_TILES
    strip = -(-rows * cols // -(-rows * cols // longest))
    strip = max(-(-strip // lanes), VECTORS) * lanes
    beyond = SIDE - STEP
    return Grid(1, STEP * rows, STEP * cols, (1, 1), STEP * rows + beyond, STEP * cols + beyond), strip


@compiled
def _weigh(weight, scales):
    """Write the largest weight of each channel; return whether transforms of these kernels keep the digits."""
    outputs, channels = weight.shape[:2]
    for o in range(outputs):
        total = peaks = 0.0
        for c in range(channels):
            peak = scales.dtype.type(0)
            for u in range(KERNEL):
                for v in range(KERNEL):
                    size = abs(weight[o, c, u, v])
                    # An infinite one would give a NaN for each cell that is zero alone, as sums of windows do not.
                    if not size <= LARGEST_WEIGHT:
                        return False
                    total, peak = total + size, max(peak, size)
            peaks, scales[c] = peaks + peak, max(scales[c], peak)
        if total < PEAKED * peaks:
            return False
    return True


@compiled
def _lay_out(weight, laid):
    """Write G g G' of the kernels g, in double precision until they are stored."""
    outputs, channels = weight.shape[:2]
    # Some channels at a time: the 16 numbers of a kernel lie so far apart that they compete for a place of the cache.
    some, down = np.empty((NUMBERS, LAID), laid.dtype), np.empty((SIDE, KERNEL), np.float64)
    for o in range(outputs):
        for first in range(0, channels, LAID):
            count = min(LAID, channels - first)
            for c in range(count):
                for v in range(KERNEL):
                    top, middle, low = (
                        np.float64(weight[o, first + c, 0, v]),
                        np.float64(weight[o, first + c, 1, v]),
                        np.float64(weight[o, first + c, 2, v]),
                    )
                    down[0, v], down[3, v] = top, low
                    down[1, v], down[2, v] = (top + middle + low) / 2, (top - middle + low) / 2
                for i in range(SIDE):
                    left, middle, right = down[i, 0], down[i, 1], down[i, 2]
                    some[SIDE * i, c], some[SIDE * i + 3, c] = left, right
                    some[SIDE * i + 1, c] = (left + middle + right) / 2
                    some[SIDE * i + 2, c] = (left - middle + right) / 2
            for number in range(NUMBERS):
                for c in range(count):
                    laid[number, o, first + c] = some[number, c]


@compiled(kept=False)
def _sum_transformed(lines, job, grid, first, sums, y, corner, counts):
    """Strip by strip, and at last the tiles whose windows see too different cells."""
    rows, cols = counts[1], counts[2]
    down, across = -(-rows // STEP), -(-cols // STEP)
    _clear_beyond(lines, grid, job.weight.shape[1], rows, cols)
    # At the end, as the vectors of the rest begin where lines of the cache do.
    end = len(sums) - grid.needed * grid.cells
    mixed = _mixed_tiles(lines, grid, job.scales, down, across, sums[end:])
    room, tiles = sums[:end], down * across
    if len(mixed) < tiles:
        for begin in range(0, tiles, job.strip):
            last = min(begin + job.strip, tiles)
            _sum_strip(lines, job, grid, across, begin, last, room, y, corner, counts)
    if len(mixed):
        _sum_directly(lines, job, grid, across, mixed, room, y, corner, counts)


@compiled(kept=False)
def _clear_beyond(lines, grid, channels, rows, cols):
    """Zero for the row and the column that only the last tiles see, and no window of an output."""
    beyond = SIDE - STEP
    wide = -(-cols // STEP) * STEP + beyond
    for c in range(channels):
        plane = c * grid.needed * grid.cells
        if rows % STEP:
            last = plane + (rows + beyond) * grid.cells
            lines[last : last + wide] = 0
        if cols % STEP:
            for i in range(rows + beyond):
                lines[plane + i * grid.cells + wide - 1] = 0


@compiled(kept=False)
def _mixed_tiles(lines, grid, scales, down, across, weighed):
    """The numbers of the tiles that are to be summed directly; weighed: room for a channel's lines."""
    cells, step = (STEP * down + SIDE - STEP) * grid.cells, grid.needed * grid.cells
    weighed[:cells] = 0
    for c in range(len(scales)):
        scale, line = scales[c], lines[c * step : c * step + cells]
        for k in range(cells):
            weighed[k] += scale * abs(line[k])
    found, count = np.empty(down * across, np.int64), 0
    for i in range(down):
        for j in range(across):
            if not _alike(weighed, (STEP * i) * grid.cells + STEP * j, grid.cells):
                found[count] = i * across + j
                count += 1
    return found[:count]


@compiled(kept=False)
def _alike(weighed, at, stride):
    """Whether each window of the tile whose first cell is weighed[at] sees enough of what the tile contains.

    Without the largest cell: where it is nearly all that a window sees, outputs whose weight there is small see little.
    """
    top_left = top_right = low_left = low_right = total = largest = np.float32(0)
    for i in range(SIDE):
        row = at + i * stride
        a, b, c, d = weighed[row], weighed[row + 1], weighed[row + 2], weighed[row + 3]
        largest = max(largest, max(max(a, b), max(c, d)))
        left, right, total = a + b + c, b + c + d, total + (a + b + c + d)
        if i < KERNEL:
            top_left, top_right = top_left + left, top_right + right
        if i >= SIDE - KERNEL:
            low_left, low_right = low_left + left, low_right + right
    least = min(min(top_left, top_right), min(low_left, low_right))
    # A NaN fails both comparisons.
    return total <= LARGEST and total <= RANGE * (least - largest)


@compiled(kept=False)
def _sum_strip(lines, job, grid, across, begin, end, room, y, corner, counts):
    """The tiles from `begin` to `end` of a block that has `across` in a row."""
    outputs, channels, strip, lanes = y.shape[1], job.weight.shape[1], job.strip, BYTES // y.itemsize
    # With a line of the cache more, or rows a multiple of pages apart would compete for few places of it.
    apart, sums_apart = channels * strip + lanes, MAPS * strip + lanes
    seen, products = room[: NUMBERS * apart], room[NUMBERS * apart :]
    _transform(lines, grid, channels, across, begin, end, seen, strip, apart)
    for start in range(0, outputs, MAPS):
        stop = min(start + MAPS, outputs)
        for number in range(NUMBERS):
            j = 0
            while j < end - begin:
                size = min(blocks._tile(end - begin - j, lanes), end - begin - j)
                at, out = number * apart + j, number * sums_apart + j
                _sum_products(seen, at, job, number * outputs + start, stop - start, products, out, size)
                j += size
        _store(products, strip, sums_apart, job.bias, start, stop, across, begin, end, y, corner, counts)


# Inlined, as `blocks._sum_tiles` is.
@compiled(kept=False, inline="always")
def _sum_products(seen, at, job, first, maps, products, place, size):
    """One of the 16 products of some maps, of which number `first` of `laid` is the first, and `size` tiles.

    As `blocks._sum_tiles`, but in shorter parts: a tile mixes what windows see, and has no digits to lose.
    """
    laid, channels, line = job.laid.reshape(-1), job.laid.shape[2], LINE // job.laid.itemsize
    begin, part = 0, blocks.TAPS_IN_TURN if channels >= MANY_CHANNELS else PART
    while begin < channels:
        end, o, ahead = min(begin + part, channels), 0, size
        while o < maps:
            many, out = min(OUTPUTS, maps - o), place + o * job.strip
            sum_maps(
                seen, at, job.offsets, begin, end, laid, (first + o) * channels, products, out, job.strip, many,
                size, job.nothing, first + o, ahead,
            )  # fmt: skip
            ahead = ahead + line if ahead < size + (VECTORS - 1) * line else size
            o += OUTPUTS
        begin = end


@compiled(kept=False)
def _transform(lines, grid, channels, across, begin, end, seen, strip, apart):
    for c in range(channels):
        tile = begin
        while tile < end:
            i, j = tile // across, tile % across
            many = min(across - j, end - tile)
            place = (c * grid.needed + STEP * i) * grid.cells + STEP * j
            transform_cells(seen, c * strip + tile - begin, apart, lines, place, grid.cells, many)
            tile += many


@compiled(kept=False)
def _store(products, strip, apart, bias, start, stop, across, begin, end, y, corner, counts):
    """The outputs of the maps from `start` to `stop` of some tiles."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols), flat, tile = corner, counts, y.reshape(-1), begin
    while tile < end:
        i, j = tile // across, tile % across
        many = min(across - j, end - tile)
        place = ((image * outputs + start) * height + row + STEP * i) * width + col + STEP * j
        high, wide = min(STEP, rows - STEP * i), min(STEP * many, cols - STEP * j)
        # Inside, as a call of this function counts the references of its arrays: too much for each map.
        for o in range(start, stop):
            out, at = place + (o - start) * height * width, (o - start) * strip + tile - begin
            store_outputs(flat, out, width, products, at, apart, bias, o, high, wide)
        tile += many


@compiled(kept=False)
def _sum_directly(lines, job, grid, across, mixed, room, y, corner, counts):
    """The outputs of some tiles, as `blocks` sums them: what their windows see is copied side by side."""
    outputs, taps, wide = y.shape[1], len(job.taps), VECTORS * (BYTES // y.itemsize)
    weight, copied, sums = job.weight.reshape(-1), room[: taps * wide + BYTES], room[taps * wide + BYTES :]
    each = wide // STEP**2
    for begin in range(0, len(mixed), each):
        some = mixed[begin : begin + each]
        starts, lengths = _runs(some, across, grid.cells)
        _copy_windows(lines, grid, starts, lengths, copied, wide)
        for start in range(0, outputs, MAPS):
            stop, size = min(start + MAPS, outputs), len(some) * STEP**2
            blocks._sum_tiles(copied, 0, job.taps, weight, job.bias, start, stop, sums, 0, wide, size)
            _keep(sums, wide, start, stop, starts, lengths, grid.cells, y, corner, counts)


@compiled(kept=False)
def _runs(tiles, across, cells):
    """Where the first output of each run of neighbours lies in the lines of a channel, and the columns of the run."""
    starts, lengths, count = np.empty(len(tiles), np.int64), np.empty(len(tiles), np.int64), 0
    for k in range(len(tiles)):
        if k and tiles[k] == tiles[k - 1] + 1 and tiles[k] % across:
            lengths[count - 1] += STEP
        else:
            starts[count], lengths[count] = STEP * (tiles[k] // across * cells + tiles[k] % across), STEP
            count += 1
    return starts[:count], lengths[:count]


@compiled(kept=False)
def _copy_windows(lines, grid, starts, lengths, copied, wide):
    """What each tap sees of some runs of tiles: of the upper rows of all runs, then of the lower ones."""
    place, channels = 0, (len(copied) - BYTES) // (KERNEL**2 * wide)
    for c in range(channels):
        for u in range(KERNEL):
            for v in range(KERNEL):
                to = place
                for i in range(STEP):
                    first = (c * grid.needed + u + i) * grid.cells + v
                    for k in range(len(starts)):
                        copy_cells(copied, to, lines, first + starts[k], 1, lengths[k])
                        to += lengths[k]
                place += wide


@compiled(kept=False)
def _keep(sums, wide, start, stop, starts, lengths, cells, y, corner, counts):
    """Write the sums of the maps from `start` to `stop`, which lie as `_copy_windows` copies."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols), flat = corner, counts, y.reshape(-1)
    for o in range(start, stop):
        at, plane = (o - start) * wide, (image * outputs + o) * height
        for down in range(STEP):
            for k in range(len(starts)):
                i, j = starts[k] // cells + down, starts[k] % cells
                if i < rows:
                    place = (plane + row + i) * width + col + j
                    copy_cells(flat, place, sums, at, 1, min(lengths[k], cols - j))
                at += lengths[k]


_LOOP: Any = blocks.loop_over(_sum_transformed)
