"""Large kernels as products of spectra, tile by tile (overlap-save: Oppenheim and Schafer, section 8.7).

A tile of outputs needs one transform of the cells that its windows see, one product for each kernel and one transform
back, whatever the size of the kernel: some hundred operations for each output, where 101x101 weights take 20,000.
Tiles lie at multiples of a size that the kernel alone decides, and none reads what another computes: so digits depend
neither on the threads nor on which tiles are asked for.

A transform mixes all cells of a tile, and its round-off is that of the largest. To keep what the package promises:

- Transforms are in double precision, whose round-off is far below that of the float32 results: for cells within a
  range of 2^28, however they are distributed, below that of any float32 sum. Sums that are only round-off of the
  transform are set to zero, as those of windows without anything are.
- Cells that are not finite, or exceed that range, are zero in the transform, and the windows that see them are summed
  again directly.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import log, prod
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.lines import Packing, pack_lines, packing_of
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.geometry import Pads, Pair
from filterlab.functional.memory import empty, scratch
from filterlab.functional.threads import check_wanted, run_bands

# Cells of a kernel, from which on transforms take less time than products, and of its shorter side.
SMALLEST_AREA, SMALLEST_SIDE = 576, 16
MOST_SPECTRA = 16  # channels times maps of a group: their spectra must fit the cache
SMALLEST_TILE, LARGEST_TILE = 256, 512  # side of a tile with what its windows see; 2 MB in double precision
RANGE = 2.0**28  # see above
LARGEST = float(np.finfo(np.float32).max)
SEGMENT = 8  # cells of a column whose largest counts: every window of SMALLEST_SIDE rows contains one
INFINITE = 0x7F800000  # the bits of float32's infinity
ROUND_OFF = 2.0**-48  # of a sum, as a part of the sum of all absolute weights times the largest cell
KEPT_BYTES = 1 << 26  # of spectra of kernels

Spectra = dict[
    Pair, Array
]  # by the size of a tile: (outputs, channels / groups, rows, columns / 2 + 1), conjugate


class _Tile(NamedTuple):
    """Outputs of one image and group, and the size of the transform."""

    image: int
    group: int
    row: int
    col: int
    rows: int
    cols: int
    size: Pair


def fits(plan: ConvPlan) -> bool:
    """Whether the kernel is large enough, and the maps hold enough of it."""
    kh, kw = plan.kernel
    height, width = plan.out
    maps = plan.outputs // plan.groups * (plan.channels // plan.groups)
    return (
        (*plan.stride, *plan.dilation) == (1, 1, 1, 1)
        and large_enough(kh, kw)
        and max(kh, kw) <= LARGEST_TILE // 2
        and maps <= MOST_SPECTRA
        # A tile that is mostly border costs as much as a full one.
        and 2 * height >= kh
        and 2 * width >= kw
    )


def large_enough(rows: int, cols: int) -> bool:
    """Whether a kernel of this size can be worth transforms."""
    return rows * cols >= SMALLEST_AREA and min(rows, cols) >= SMALLEST_SIDE


def block_sides(rows: int, cols: int) -> Pair:
    """The sides of the tiles of outputs, which lie side by side from the top left, for a kernel of this size."""
    return _tile_side(rows), _tile_side(cols)


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`, for float32 maps and kernels without stride and dilation."""
    y = empty(plan.out_shape, x.dtype)
    tiles = list(_tiles(plan))
    spectra = _kept.of(weight, {tile.size for tile in tiles})
    x, added = read_only(x), np.zeros(plan.outputs, x.dtype) if bias is None else bias
    # A tile is packed as a block of all its rows, and reads as many cells of the padded picture as there are.
    side = max((tile.rows for tile in tiles), default=1)
    packing = packing_of(plan, side, side + plan.kernel[0] - 1, x.dtype)

    def band(start: int, stop: int) -> None:
        for tile in tiles[start:stop]:
            check_wanted()
            _sum_tile(x, weight, added, plan, tile, packing, spectra[tile.size], y)

    run_bands(band, len(tiles))
    return y


def _tiles(plan: ConvPlan) -> Iterator[_Tile]:
    """All tiles; those at the lower and right border are smaller, and so are their transforms."""
    (height, width), (kh, kw) = plan.out, plan.kernel
    down, across = _tile_side(kh), _tile_side(kw)
    for image in range(plan.images):
        for group in range(plan.groups):
            for row in range(0, height, down):
                for col in range(0, width, across):
                    rows, cols = min(down, height - row), min(across, width - col)
                    size = _good_size(rows + kh - 1), _good_size(cols + kw - 1)
                    yield _Tile(image, group, row, col, rows, cols, size)


@lru_cache(maxsize=64)
def _tile_side(kernel: int) -> int:
    """Outputs along one side of a tile: those that cost least."""
    sides = range(max(2 * kernel, SMALLEST_TILE), LARGEST_TILE + 1)
    good = [side for side in sides if _good_size(side) == side] or [LARGEST_TILE]
    return min(
        (side - kernel + 1 for side in good), key=lambda out: (out + kernel - 1) * log(out + kernel) / out
    )


@lru_cache(maxsize=1024)
def _good_size(cells: int) -> int:
    """The next size that is a product of small numbers, of which transforms are fast."""
    from scipy.fft import next_fast_len

    return int(next_fast_len(cells, real=True))


class _KeptSpectra:
    """Spectra of kernels, remembered by content: the same picture is filtered again while one looks at it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spectra: OrderedDict[tuple[Any, ...], Spectra] = OrderedDict()

    def of(self, weight: Array, sizes: set[Pair]) -> Spectra:
        """Return the spectra of a weight for tiles of these sizes."""
        key = (weight.shape, weight.tobytes())
        with self._lock:
            known = self._spectra.pop(key, {})
        spectra = {size: known[size] if size in known else _spectrum(weight, size) for size in sizes}
        with self._lock:
            self._spectra[key] = known | spectra
            while (
                sum(array.nbytes for each in self._spectra.values() for array in each.values()) > KEPT_BYTES
            ):
                self._spectra.popitem(last=False)
        return spectra


_kept = _KeptSpectra()


def _spectrum(weight: Array, size: Pair) -> Array:
    from scipy.fft import rfft2

    return np.conj(rfft2(weight.astype(np.float64), s=size))


def _sum_tile(
    x: Array,
    weight: Array,
    bias: Array,
    plan: ConvPlan,
    tile: _Tile,
    packing: Packing,
    spectra: Array,
    y: Array,
) -> None:
    from scipy.fft import irfft2, rfft2

    outputs, channels = plan.outputs // plan.groups, plan.channels // plan.groups
    reach = tile.rows + plan.kernel[0] - 1, tile.cols + plan.kernel[1] - 1
    # Room that is used again: fresh pages for each tile would take half as long as its transforms.
    room, count = scratch(channels * 2 * prod(tile.size), np.float64), channels * prod(tile.size)
    cells = room[:count].reshape(channels, *tile.size)
    lines = room[count:].view(x.dtype)[: channels * prod(reach)].reshape(channels, 1, 1, 1, *reach)
    corner = (tile.image, tile.group * channels, tile.row, tile.col)
    largest, allowed = _fill(lines, x, corner, packing, cells)
    beyond = None if largest <= allowed else ~(np.abs(lines[:, 0, 0, 0]) <= allowed)
    if beyond is not None:
        cells[:, : reach[0], : reach[1]][beyond] = 0
        largest = np.abs(cells).max()
    seen = rfft2(cells)
    for o in range(tile.group * outputs, (tile.group + 1) * outputs):
        last = o + 1 == (tile.group + 1) * outputs
        product = np.multiply(seen[0], spectra[o, 0], out=seen[0] if last else None)
        for c in range(1, channels):
            product += seen[c] * spectra[o, c]
        sums = irfft2(product, s=tile.size, overwrite_x=True)
        _store(
            sums, bias[o], ROUND_OFF * float(np.abs(weight[o]).sum()) * largest, y[tile.image, o], tile[2:6]
        )
    if beyond is not None:
        _sum_directly(lines[:, 0, 0, 0], weight, bias, plan, tile, beyond, y)


@compiled
def _fill(lines, x, corner, packing, cells):  # type: ignore[no-untyped-def]
    """Pack the cells that a tile sees, and copy them to `cells`, zero beyond; return the largest and the allowed one.

    Magnitudes are compared as whole numbers, as which the bits of positive floats have the same order: infinities and
    NaN are larger than all other numbers there, and compilers make vectors of it.
    """
    pack_lines(lines, x, corner, 1, packing)
    channels, _, _, _, rows, cols = lines.shape
    bits = lines.view(np.int32)
    largest, smallest = np.int32(0), np.int32(INFINITE)
    peaks = np.empty(cols, np.int32)
    for c in range(channels):
        cells[c, rows:] = 0
        for start in range(0, rows, SEGMENT):
            peaks[:] = 0
            for i in range(start, min(start + SEGMENT, rows)):
                cells[c, i, cols:] = 0
                for j in range(cols):
                    cells[c, i, j] = lines[c, 0, 0, 0, i, j]
                for j in range(cols):
                    peaks[j] = max(peaks[j], bits[c, 0, 0, 0, i, j] & np.int32(0x7FFFFFFF))
            for j in range(cols):
                largest = max(largest, peaks[j])
                smallest = min(smallest, peaks[j] if peaks[j] > 0 else np.int32(INFINITE))
    ends = np.array([largest, smallest], np.int32).view(np.float32)
    return np.float64(ends[0]), min(np.float64(ends[1]) * RANGE, LARGEST)


@compiled
def _store(sums, bias, least, y, place):  # type: ignore[no-untyped-def]
    """Round the outputs of a tile to float32, with what is less than round-off as zero."""
    row, col, rows, cols = place
    for i in range(rows):
        for j in range(cols):
            total = sums[i, j]
            y[row + i, col + j] = bias + (0.0 if abs(total) < least else total)


def _sum_directly(
    cells: Array, weight: Array, bias: Array, plan: ConvPlan, tile: _Tile, beyond: Array, y: Array
) -> None:
    """Sum the windows around the cells `beyond` without a transform."""
    (kh, kw), outputs = plan.kernel, plan.outputs // plan.groups
    rows, cols = (np.flatnonzero(beyond.any(axis=axes)) for axes in ((0, 2), (0, 1)))
    top, bottom = max(rows[0] - kh + 1, 0), min(rows[-1] + 1, tile.rows)
    left, right = max(cols[0] - kw + 1, 0), min(cols[-1] + 1, tile.cols)
    part = cells[None, :, top : bottom + kh - 1, left : right + kw - 1]
    maps = slice(tile.group * outputs, (tile.group + 1) * outputs)
    of_part = replace(
        plan,
        images=1,
        channels=len(cells),
        outputs=outputs,
        groups=1,
        size=(part.shape[2], part.shape[3]),
        pads=Pads(0, 0, 0, 0),
        mode="zeros",
        fill=0.0,
        counts=None,
    )
    sums = blocks.correlate("tall", part.copy(), weight[maps], bias[maps], of_part)
    y[tile.image, maps, tile.row + top : tile.row + bottom, tile.col + left : tile.col + right] = sums[0]
