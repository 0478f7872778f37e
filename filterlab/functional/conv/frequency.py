"""Large kernels as products of spectra, tile by tile (overlap-save: Oppenheim and Schafer, section 8.7).

A tile of outputs needs one transform of the cells that its windows see, one product for each kernel and one transform
back, whatever the size of the kernel: some hundred operations for each output, where 101x101 weights take 20,000.
Tiles lie at multiples of a size that the kernel alone decides, and none reads what another computes: so digits depend
neither on the threads nor on which tiles are asked for.

A transform mixes all cells of a tile, and its round-off is that of the largest. To keep what the package promises:

- Transforms are in double precision, whose round-off is less than 2^-48 of the largest cell times the sum of all
  absolute weights. For cells within a range of 2^28, however they are distributed, that is below what a float32 sum
  loses, except where a window sees nothing but zeros under all weights that are not tiny beside the others. Sums that
  are only round-off of the transform are set to zero, as those of windows without anything are.
- Cells that are not finite, or exceed that range, are zero in the transform, and the windows that see them are summed
  again directly.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import log2
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.fourier import (
    LANES,
    join_lanes,
    lane_turns,
    load_columns,
    mix_columns,
    multiply_rows,
    part_lanes,
    roots,
    steps_of,
    store_columns,
    transform,
    transform_back,
    unmix_columns,
)
from filterlab.functional.conv.instructions import LINE
from filterlab.functional.conv.lines import Packing, pack_lines, packing_of
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.geometry import Pads, Pair
from filterlab.functional.memory import empty, scratch
from filterlab.functional.threads import check_wanted, run_bands

# Cells of a kernel, from which on transforms take less time than products, and of its shorter side.
SMALLEST_AREA, SMALLEST_SIDE = 400, 16
MOST_SPECTRA = 16  # channels times maps of a group: their spectra must fit the cache
# Rows and columns of a tile with what its windows see, 2 MB in double precision at most: of columns, as many as the
# square of the numbers of the longest vector, or a multiple.
SIDES = (32, 48, 64, 96, 128, 192, 256, 384, 512), (64, 128, 192, 256, 384, 512)
RANGE = 2.0**28  # see above
LARGEST = float(np.finfo(np.float32).max)
SEGMENT = 8  # cells of a column whose largest counts: every window of SMALLEST_SIDE rows contains one
INFINITE = 0x7F800000  # the bits of float32's infinity
ROUND_OFF = 2.0**-48  # of a sum, as a part of the sum of all absolute weights times the largest cell
KEPT_BYTES = 1 << 26  # of spectra of kernels

Spectra = dict[Pair, Array]  # by the size of a tile, see `_spectrum`


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
        and max(kh, kw) <= SIDES[0][-1] // 2
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
    return _tile_side(rows, 0), _tile_side(cols, 1)


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`, for float32 maps and kernels without stride and dilation."""
    if not np.isfinite(weight).all():  # its spectrum would make all outputs NaN, also those that are infinite
        return blocks.correlate("tall", x, weight, bias, plan)
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
    down, across = block_sides(kh, kw)
    for image in range(plan.images):
        for group in range(plan.groups):
            for row in range(0, height, down):
                for col in range(0, width, across):
                    rows, cols = min(down, height - row), min(across, width - col)
                    size = _good_size(rows + kh - 1, 0), _good_size(cols + kw - 1, 1)
                    yield _Tile(image, group, row, col, rows, cols, size)


@lru_cache(maxsize=64)
def _tile_side(kernel: int, axis: int) -> int:
    """Outputs along one side of a tile: those that cost least."""
    sides = (side - kernel + 1 for side in SIDES[axis] if side >= 2 * kernel)
    # For each cell, the steps of its transforms, and reading, multiplying and storing it, as measured.
    return min(sides, key=lambda out: (out + kernel - 1) * (log2(out + kernel - 1) + 8) / out)


def _good_size(cells: int, axis: int) -> int:
    """The next side of a transform."""
    return next(side for side in SIDES[axis] if side >= cells)


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
    """The spectra (outputs, channels, numbers) of kernels, divided by what the transforms of a tile multiply by."""
    tables, (kh, kw) = _tables(size), weight.shape[2:]
    cells = np.zeros((kh, size[1]), np.float32)
    spectra = np.zeros((*weight.shape[:2], tables.plane))
    for place in np.ndindex(weight.shape[:2]):
        cells[:, :kw] = weight[place]
        _transform_plane(cells.ravel(), 0, kh, tables, spectra[place], 0, np.empty(tables.columns))
    parts = spectra.reshape(*weight.shape[:2], -1, tables.stride)
    parts[..., size[1] :] *= -1
    spectra /= 4 * size[0] * size[1]
    return read_only(spectra)


class _Tables(NamedTuple):
    """Numbers and arrays of the transforms of a tile, see `fourier.py`."""

    half: int  # pairs of rows
    width: int
    stride: int  # from row to row of a spectrum: real parts, imaginary parts, and a line for the sake of the cache
    plane: int  # numbers of a spectrum
    columns: int  # numbers of a vector of columns
    down: Array
    down_factors: Array
    down_places: Array
    turns: Array
    across: Array
    across_factors: Array
    lane_turns: Array


@lru_cache(maxsize=64)
def _tables(size: Pair) -> _Tables:
    half, width, stride = size[0] // 2, size[1], 2 * size[1] + LINE // 8
    down, across = steps_of(half), steps_of(width // LANES)
    return _Tables(
        half,
        width,
        stride,
        (half + 1) * stride,
        2 * half * LANES,
        *down,
        read_only(roots(size[0]).view(np.float64)),
        *across[:2],
        lane_turns(width // LANES),
    )


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
    outputs, channels = plan.outputs // plan.groups, plan.channels // plan.groups
    first, tables = tile.group * outputs, _tables(tile.size)
    reach = tile.rows + plan.kernel[0] - 1, tile.cols + plan.kernel[1] - 1
    # Room that is used again: fresh pages for each tile would take half as long as its transforms.
    count = (channels + outputs - 1) * tables.plane + tables.columns
    room = scratch(count + channels * reach[0] * tile.size[1] // 2 + 1, np.float64)
    lines = room[count:].view(x.dtype)[: channels * reach[0] * tile.size[1]]
    lines = lines.reshape(channels, 1, 1, 1, reach[0], tile.size[1])
    corner = (tile.image, tile.group * channels, tile.row, tile.col)
    largest, allowed = _fill(lines, x, corner, packing, reach[1])
    cells, beyond = lines[:, 0, 0, 0], None
    if not largest <= allowed:
        beyond = ~(np.abs(cells) <= allowed)
        cells = np.where(beyond, np.float32(0), cells)
        largest = np.abs(cells).max()
    sizes = np.abs(weight[first : first + outputs]).sum(axis=(1, 2, 3), dtype=np.float64)
    limits = np.stack([bias[first : first + outputs], ROUND_OFF * sizes * largest], axis=1)
    place = tile.image * plan.outputs + first, *tile[2:6]
    _sum_products(
        cells.reshape(-1), reach[0], tables, spectra[first : first + outputs], room, limits, y, place
    )
    if beyond is not None:
        _sum_directly(lines[:, 0, 0, 0, :, : reach[1]], weight, bias, plan, tile, beyond[:, :, : reach[1]], y)


@compiled
def _fill(lines, x, corner, packing, width):  # type: ignore[no-untyped-def]
    """Pack the cells that a tile sees, `width` of each line and zeros beyond; return the largest and the allowed one.

    Magnitudes are compared as whole numbers, as which the bits of positive floats have the same order: infinities and
    NaN are larger than all other numbers there, and compilers make vectors of it.
    """
    pack_lines(lines, x, corner, 1, packing)
    channels, _, _, _, rows, cols = lines.shape
    bits, infinite = lines.view(np.int32), np.int32(INFINITE)
    largest, smallest = np.int32(0), infinite
    peaks, least, above, least_above = np.empty((4, cols), np.int32)
    for c in range(channels):
        above[:] = least_above[:] = infinite
        for start in range(0, rows, SEGMENT):
            peaks[:], least[:] = 0, infinite
            for i in range(start, min(start + SEGMENT, rows)):
                lines[c, 0, 0, 0, i, width:] = 0
                for j in range(cols):
                    size = bits[c, 0, 0, 0, i, j] & np.int32(0x7FFFFFFF)
                    peaks[j] = max(peaks[j], size)
                    least[j] = min(least[j], size if size > 0 else infinite)
            for j in range(cols):
                largest = max(largest, peaks[j])
                # A window may see a few cells of a segment and, of the next ones, nothing but zeros.
                smallest = min(smallest, least[j] if above[j] == 0 or peaks[j] == 0 else peaks[j])
                smallest = min(smallest, least_above[j] if peaks[j] == 0 else infinite)
            above[:], least_above[:] = peaks, least
    ends = np.array([largest, smallest], np.int32).view(np.float32)
    return np.float64(ends[0]), min(np.float64(ends[1]) * RANGE, LARGEST)


@compiled(kept=False)
def _transform_columns(cells, first, rows, tables, plane, at, columns):  # type: ignore[no-untyped-def]
    """Transform float32 cells down their columns, to the rows of a plane from `at` on."""
    apart = tables.half * LANES
    for left in range(0, tables.width, LANES):
        load_columns(columns, apart, cells, first + left, tables.width, rows, tables.half)
        transform(columns, 0, apart, tables.down, tables.down_factors, len(tables.down))
        unmix_columns(
            columns,
            apart,
            tables.down_places,
            tables.turns,
            tables.half,
            plane,
            at + left,
            tables.stride,
            tables.width,
        )


@compiled(kept=False)
def _transform_row(tables, plane, at):  # type: ignore[no-untyped-def]
    transform(plane, at, tables.width, tables.across, tables.across_factors, len(tables.across))
    join_lanes(plane, at, tables.width, tables.lane_turns, tables.width // LANES)


@compiled
def _transform_plane(cells, first, rows, tables, plane, at, columns):  # type: ignore[no-untyped-def]
    """Twice the spectrum of float32 cells, `rows` of them, from `at` on."""
    _transform_columns(cells, first, rows, tables, plane, at, columns)
    for row in range(tables.half + 1):
        _transform_row(tables, plane, at + row * tables.stride)


@compiled
def _sum_products(cells, rows, tables, spectra, room, limits, y, place):  # type: ignore[no-untyped-def]
    """The outputs of a tile, from the cells that it sees: `rows` of as many cells as its transforms, of each channel.

    limits: the bias and the round-off of each output; place: number of the first map, row, column, rows and columns.
    """
    outputs, channels, _ = spectra.shape
    width, stride, size = tables.width, tables.stride, tables.plane
    flat, target = spectra.reshape(-1), y.reshape(-1)
    columns = room[(channels + outputs - 1) * size :][: tables.columns]
    for c in range(channels):
        _transform_columns(cells, c * rows * width, rows, tables, room, c * size, columns)
    for row in range(tables.half + 1):
        for c in range(channels):
            _transform_row(tables, room, c * size + row * stride)
        for o in range(outputs):
            # The last output takes the place of the first channel, which nothing needs after it.
            at = (channels + o) * size if o + 1 < outputs else 0
            at += row * stride
            for c in range(channels):
                spectrum = (o * channels + c) * size + row * stride
                multiply_rows(room, at, room, c * size + row * stride, flat, spectrum, width, width, c > 0)
            part_lanes(room, at, width, tables.lane_turns, width // LANES)
            transform_back(room, at, width, tables.across, tables.across_factors, len(tables.across))
    first, top, left, down, across = place
    apart = tables.half * LANES
    for o in range(outputs):
        at = (channels + o) * size if o + 1 < outputs else 0
        for j in range(0, across, LANES):
            mix_columns(
                columns,
                apart,
                tables.down_places,
                tables.turns,
                tables.half,
                room,
                at + j,
                stride,
                width,
            )
            transform_back(columns, 0, apart, tables.down, tables.down_factors, len(tables.down))
            begin = ((first + o) * y.shape[2] + top) * y.shape[3] + left + j
            store_columns(target, begin, y.shape[3], columns, apart, down, across - j, limits[o])


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
