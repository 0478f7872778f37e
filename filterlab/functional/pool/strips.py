"""Sums and extremes over windows that lie evenly, in strips of columns that stay in the cache.

Down a strip, row by row: the cells of a row are copied into room of our own, with neutral ones where the padding is;
then every level of the tree (see `trees.py`) gets the row that the new cells complete; and where windows end, what has
come together down is put together across, in one row, and written to the output. The rows of a level lie in a ring,
which has as many as later levels still read.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array
from filterlab.functional.conv.tiles import copy_cells
from filterlab.functional.geometry import span
from filterlab.functional.memory import LARGEST_SCRATCH
from filterlab.functional.pool.combining import (
    combine,
    divide,
    extreme_across,
    from_keys,
    mean_across,
    to_keys,
)
from filterlab.functional.pool.direct import add_down, highest_down
from filterlab.functional.pool.trees import Tree, extreme_tree, sum_tree
from filterlab.functional.pool.windows import PoolAxis, Shape, Windows
from filterlab.functional.prepared import Loop, Prepared

SMALLEST_BAND = 1 << 14  # input cells that are worth handing to another thread
STRIP = 512  # columns of outputs, at least: less, and too much of a strip is seen by its neighbours as well
# Bytes of the rings of a strip, about a second-level cache: strips that fit the first one take a third longer, as rows
# are better read and written in long pieces.
ROOM = 1 << 20


class Evenly(NamedTuple):
    """Windows along one axis for compiled loops: window i holds `taps` cells `gap` apart from start + i * stride on.

    Cells below `low` and from `high` on do not count.
    """

    start: int
    stride: int
    gap: int
    span: int
    low: int
    high: int
    tree: Tree


class Room(NamedTuple):
    """Where a strip keeps its rows in scratch memory: offsets of the levels' rings, then of the lines across."""

    rings: Array
    across: Array
    row: int  # numbers from one row to the next
    outputs: int  # columns of outputs in a strip
    size: int  # numbers in all


def fit(windows: Windows, itemsize: int) -> bool:
    """Whether windows lie evenly, and are not so large that one alone takes more room than a thread has.

    The answer depends on the window alone, never on the map, so that a map cut in parts has the same numbers.
    """
    if any(axis.start is None for axis in windows):
        return False
    rows, cols = (span(axis.taps, axis.gap) for axis in windows)
    return 4 * rows * cols * itemsize <= LARGEST_SCRATCH


def extremes(shape: Shape, dtype: Any, windows: Windows, least: bool) -> Prepared:
    """The maxima of (N, C, H, W) over windows that `fit`, or the minima."""
    bits: type[np.int32 | np.int64] = np.int32 if np.dtype(dtype).itemsize == 4 else np.int64
    lowest = bits(np.iinfo(bits).min)
    counts = tuple(axis.counts for axis in windows)
    return _prepared(extreme_rows, shape, dtype, windows, bits, extreme_tree, counts, int(least), lowest)


def means(shape: Shape, dtype: Any, windows: Windows, count_padding: bool) -> Prepared:
    """The means of (N, C, H, W) over windows that `fit`."""
    counts = tuple(axis.counts if count_padding else axis.real for axis in windows)
    return _prepared(mean_rows, shape, dtype, windows, dtype, sum_tree, counts, 0, np.dtype(dtype).type(0))


def _prepared(
    loop: Callable[..., None],
    shape: Shape,
    dtype: Any,
    windows: Windows,
    seen: Any,
    tree: Callable[[int], Tree],
    *options: Any,
) -> Prepared:
    rows, cols = (evenly(axis, tree) for axis in windows)
    oh, ow = (axis.out for axis in windows)
    places, shapes = room_of(rows, cols, ow, np.dtype(dtype).itemsize), (*shape[2:], oh, ow)
    cells = shape[2] * shape[3] // oh  # under a row of outputs
    return Loop(
        loop,
        lambda room: (shapes, rows, cols, *options, room, places),
        (*shape[:2], oh, ow),
        dtype,
        count=shape[0] * shape[1] * oh,
        # Bands share the rows that the windows at their ends see both, so they are several windows long.
        smallest=max(SMALLEST_BAND // max(cells, 1), 2 * rows.span // rows.stride, 1),
        seen=seen,
        room=places.size,
    ).prepared()


def evenly(axis: PoolAxis, tree: Callable[[int], Tree]) -> Evenly:
    """The axis for compiled loops."""
    low, high = axis.inside
    start = int(axis.start or 0)
    return Evenly(start, axis.stride, axis.gap, span(axis.taps, axis.gap), low, high, tree(axis.taps))


def room_of(rows: Evenly, cols: Evenly, outputs: int, itemsize: int) -> Room:
    """The room for strips over so many columns of outputs."""
    depths = rows.tree.depths * rows.gap
    lines = int(depths.sum()) + len(cols.tree.counts)
    rest = max(ROOM // (itemsize * lines) - cols.span, 0) // cols.stride + 1
    width = min(max(rest, STRIP // cols.stride, cols.span // cols.stride), outputs)
    # Strips of nearly the same width; a narrow last one would cost almost as much as a wide one.
    width = -(-outputs // -(-outputs // width))
    line = (width - 1) * cols.stride + cols.span
    line += -line % 16 + 16  # rows begin a cache line apart from what the row before them ends with
    rings = np.concatenate(([0], np.cumsum(depths))) * line
    across = rings[-1] + np.arange(len(cols.tree.counts) + 2) * line
    return Room(rings, across, line, width, int(across[-1]) + line)


@compiled(kept=False)
def _load_cells(room, at, x, first, count, flip):
    copy_cells(room, at, x, first, 1, count)


@compiled(kept=False)
def _load_keys(room, at, x, first, count, flip):
    to_keys(room, at, x, first, count, flip)


@compiled(kept=False)
def _store_means(y, at, room, line, count, flip, divisors):
    divide(y, at, room, line, divisors, count)


@compiled(kept=False)
def _store_keys(y, at, room, line, count, flip, divisors):
    from_keys(y, at, room, line, count, flip)


@compiled(kept=False)
def _finish_means(y, at, room, offsets, terms, step, count, flip, divisors):
    mean_across(y, at, room, offsets, terms, step, count, divisors, 0)


@compiled(kept=False)
def _finish_keys(y, at, room, offsets, terms, step, count, flip, divisors):
    extreme_across(y, at, room, offsets, terms, step, count, flip)


@compiled(kept=False)
def _parts_of(tree):
    """For each level of a tree, whether a window that stands alone is put together from that which begins at a cell."""
    last = len(tree.widths) - 1
    parts = np.zeros((last + 1, tree.widths[last]), np.bool_)
    parts[last, 0] = True
    for level in range(last, 0, -1):
        for first in range(tree.widths[last]):
            if parts[level, first]:
                for t in range(tree.counts[level]):
                    parts[tree.sources[level, t], first + tree.shifts[level, t]] = True
    return parts


@compiled(kept=False)
def _cells_are_read_once(tree):
    """Whether only the shortest windows of a tree are put together from cells."""
    for level in range(2, len(tree.widths)):
        for t in range(tree.counts[level]):
            if tree.sources[level, t] == 0:
                return False
    return len(tree.widths) > 1


def _loop(
    load: Callable[..., None],
    down: Callable[..., None],
    store: Callable[..., None],
    finish: Callable[..., None],
) -> Callable[..., None]:
    """The loop over the rows of outputs `start` to `end`, counted through all planes."""

    @compiled
    def strip_rows(x, shapes, rows, cols, counts, flip, neutral, room, places, start, end, y):
        """shapes: (h, w, oh, ow); counts: cells of each window, (oh,) and (ow,), by which sums are divided; neutral:
        what the padding shows.

        x, y and room are flat. places: see `Room`.
        """
        h, w, oh, ow = shapes
        offsets = np.empty(8, np.int64)
        divisors = np.empty(places.outputs, room.dtype)
        # Windows that do not overlap down are taken one by one: rows between them are not read, and of shorter windows
        # only the parts are put together.
        apart = rows.stride >= rows.span
        parts = _parts_of(rows.tree)
        last, across = len(rows.tree.counts) - 1, len(cols.tree.counts) - 1
        once = apart and _cells_are_read_once(rows.tree)
        position = start
        while position < end:
            plane, first = position // oh, position % oh
            stop = min(first + 1 if apart else oh, first + end - position)
            position += stop - first
            top, bottom = rows.start + first * rows.stride, rows.start + (stop - 1) * rows.stride + rows.span
            for j in range(0, ow, places.outputs):
                count = min(places.outputs, ow - j)
                left = cols.start + j * cols.stride
                width = (count - 1) * cols.stride + cols.span
                low, high = min(max(cols.low - left, 0), width), min(max(cols.high - left, 0), width)
                divided = -1
                # Then the shortest windows are put together where the cells lie, which nothing else reads.
                straight = once and low < high and rows.low <= top and bottom <= rows.high
                for r in range(top, bottom):
                    if apart and (r - top) % rows.gap:
                        continue
                    done = r - rows.span + 1  # the first row of the windows that end here
                    ends = done >= top and (done - rows.start) % rows.stride == 0
                    ring = rows.tree.depths[0] * rows.gap
                    cells = places.rings[0] + (r - top) % ring * places.row
                    if straight:
                        pass
                    elif rows.low <= r < rows.high and low < high:
                        room[cells : cells + low] = neutral
                        load(room, cells + low, x, (plane * h + r) * w + left + low, high - low, flip)
                        room[cells + high : cells + width] = neutral
                    else:
                        room[cells : cells + width] = neutral
                    line = cells
                    for level in range(1, last + 1):
                        begin = r - (rows.tree.widths[level] - 1) * rows.gap
                        if begin < top or (level == last and not ends):
                            continue
                        if apart and not parts[level, (begin - top) // rows.gap]:
                            continue
                        ring = rows.tree.depths[level] * rows.gap
                        line = places.rings[level] + (begin - top) % ring * places.row
                        terms = rows.tree.counts[level]
                        if straight and level == 1:
                            for t in range(terms):
                                seen = begin + rows.tree.shifts[1, t] * rows.gap
                                offsets[t] = (plane * h + seen) * w + left + low
                            room[line : line + low] = neutral
                            down(room, line + low, x, offsets, terms, high - low, flip)
                            room[line + high : line + width] = neutral
                            continue
                        for t in range(terms):
                            source = rows.tree.sources[level, t]
                            seen = begin - top + rows.tree.shifts[level, t] * rows.gap
                            seen %= rows.tree.depths[source] * rows.gap
                            offsets[t] = places.rings[source] + seen * places.row
                        combine(room, line, room, offsets, terms, width)
                    if not ends:
                        continue
                    i = (done - rows.start) // rows.stride
                    if counts[0][i] != divided:
                        divided = counts[0][i]
                        for c in range(count):
                            divisors[c] = max(divided * counts[1][j + c], 1)
                    at = (plane * oh + i) * ow + j
                    for level in range(1, across + 1):
                        terms = cols.tree.counts[level]
                        for t in range(terms):
                            source = cols.tree.sources[level, t]
                            begin = line if source == 0 else places.across[source]
                            offsets[t] = begin + cols.tree.shifts[level, t] * cols.gap
                        if level == across and cols.stride <= 2:
                            finish(y, at, room, offsets, terms, cols.stride, count, flip, divisors)
                        else:
                            seen = width - (cols.tree.widths[level] - 1) * cols.gap
                            combine(room, places.across[level], room, offsets, terms, seen)
                    if across > 0 and cols.stride <= 2:
                        continue
                    if across > 0:
                        line = places.across[across]
                    if cols.stride > 1:
                        copy_cells(room, places.across[-1], room, line, cols.stride, count)
                        line = places.across[-1]
                    store(y, at, room, line, count, flip, divisors)

    return strip_rows


mean_rows = _loop(_load_cells, add_down, _store_means, _finish_means)
extreme_rows = _loop(_load_keys, highest_down, _store_keys, _finish_keys)
