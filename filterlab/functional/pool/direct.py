"""Sums and extremes over small windows, read straight from the picture.

The rows of a window are put together down its columns, cell by cell, into one line that stays in the nearest cache;
this line is put together across, and written to the output. Each value comes about in the same order as in `strips.py`,
so that it has the same bits there; but nothing is copied, and no row of the picture is held for later windows.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.conv.tiles import copy_cells
from filterlab.functional.geometry import span
from filterlab.functional.pool.combining import (
    combine,
    extreme_across,
    extreme_pairs,
    highest,
    mean_across,
    mean_pairs,
)
from filterlab.functional.pool.windows import PoolAxis, Shape, Windows
from filterlab.functional.prepared import Loop, Prepared

SMALLEST_BAND = 1 << 16  # input cells that are worth handing to another thread
# Rows of a window: those of larger ones are better read once and held for the next windows.
MOST_ROWS, MOST_COLUMNS = 3, 7
PIECE = 2048  # outputs of a row at a time, whose line fits the nearest cache
# A line that is read while its last stores are still on their way makes the processor wait for them.
LINES = 8  # of short rows that are put together before the first is read again
SLACK = 32  # numbers between lines: vectors may read a cell beyond


def fit(windows: Windows) -> bool:
    """Whether windows are small, lie evenly, and move by one or two columns.

    The answer depends on the window alone, never on the map, so that a map cut in parts has the same numbers.
    """
    rows, cols = windows
    if rows.start is None or cols.start is None:
        return False
    return rows.taps <= MOST_ROWS and cols.taps <= MOST_COLUMNS and cols.stride <= 2


def extremes(shape: Shape, dtype: Any, windows: Windows, least: bool) -> Prepared:
    """The maxima of (N, C, H, W) over windows that `fit`, or the minima."""
    bits: type[np.int32 | np.int64] = np.int32 if np.dtype(dtype).itemsize == 4 else np.int64
    never = np.dtype(dtype).type(np.inf if least else -np.inf).view(bits)
    counts = tuple(axis.counts for axis in windows)
    lowest = bits(np.iinfo(bits).min)
    return _prepared(extreme_rows, shape, dtype, windows, bits, *counts, int(least), (never, lowest))


def means(shape: Shape, dtype: Any, windows: Windows, count_padding: bool) -> Prepared:
    """The means of (N, C, H, W) over windows that `fit`."""
    counts = tuple(axis.counts if count_padding else axis.real for axis in windows)
    nothing = np.dtype(dtype).type(0)
    return _prepared(mean_rows, shape, dtype, windows, dtype, *counts, 0, (nothing, nothing))


def _prepared(
    loop: Callable[..., None], shape: Shape, dtype: Any, windows: Windows, seen: Any, *options: Any
) -> Prepared:
    rows, cols = (_numbers(axis) for axis in windows)
    oh, ow = (axis.out for axis in windows)
    row = (min(ow, PIECE) - 1) * windows[1].stride + span(windows[1].taps, windows[1].gap) + SLACK
    shapes = (*shape[2:], oh, ow)
    cells = shape[2] * shape[3] // oh  # under a row of outputs
    return Loop(
        loop,
        lambda room: (shapes, rows, cols, *options, room, row),
        (*shape[:2], oh, ow),
        dtype,
        count=shape[0] * shape[1] * oh,
        smallest=max(SMALLEST_BAND // max(cells, 1), 1),
        seen=seen,
        room=row * (LINES + windows[0].taps),
    ).prepared()


def _numbers(axis: PoolAxis) -> tuple[int, ...]:
    """Start, stride, gap and span of the windows, the first cell that counts and the end of these, and the taps."""
    start = int(axis.start or 0)
    return start, axis.stride, axis.gap, span(axis.taps, axis.gap), *axis.inside, axis.taps


@compiled(kept=False)
def add_down(room, at, x, offsets, terms, count, flip):
    combine(room, at, x, offsets, terms, count)


@compiled(kept=False)
def highest_down(room, at, x, offsets, terms, count, flip):
    highest(room, at, x, offsets, terms, count, flip)


@compiled(kept=False)
def _extreme_across(y, at, room, offsets, terms, step, count, flip, divisors, first):
    extreme_across(y, at, room, offsets, terms, step, count, flip)


@compiled(kept=False)
def _mean_across(y, at, room, offsets, terms, step, count, flip, divisors, first):
    mean_across(y, at, room, offsets, terms, step, count, divisors, first)


@compiled(kept=False)
def _extreme_pairs(y, at, x, offsets, terms, count, flip, divisors, first):
    extreme_pairs(y, at, x, offsets, terms, count, flip)


@compiled(kept=False)
def _mean_pairs(y, at, x, offsets, terms, count, flip, divisors, first):
    mean_pairs(y, at, x, offsets, terms, count, divisors, first)


def _loop(
    down: Callable[..., None], across: Callable[..., None], pairs: Callable[..., None]
) -> Callable[..., None]:
    """The loop over the rows of outputs `start` to `end`, counted through all planes."""

    @compiled
    def direct_rows(x, shapes, rows, cols, high_counts, wide_counts, flip, neutral, room, row, start, end, y):
        """shapes: (h, w, oh, ow); rows, cols: see `_numbers`; the counts of each window's cells, (oh,) and (ow,), are
        what sums are divided by; neutral: what the padding shows, as a cell of the picture and in a line.

        x, y and room are flat; room has LINES lines of `row` numbers, and one for each row of a window.
        """
        h, w, oh, ow = shapes
        # Numbers of their own: what a loop looks up in a tuple of arrays, it counts references for each time.
        row_start, row_step, row_gap, row_span, row_low, row_high, row_taps = rows
        col_start, step, gap, span, col_low, col_high, taps = cols
        offsets, shifts = np.zeros(8, np.int64), np.zeros(8, np.int64)
        divisors, divided = np.empty(ow, room.dtype), -1
        piece = min(ow, PIECE)
        lines = min(PIECE // piece, LINES)
        beside = taps == 2 and step == 2 and gap == 1
        top_plane, top_row = start // oh, start % oh
        for position in range(start, end, lines):
            together = min(lines, end - position)
            if position > start:
                top_row += lines
                while top_row >= oh:
                    top_plane, top_row = top_plane + 1, top_row - oh
            for first in range(0, ow, piece):
                count = min(piece, ow - first)
                left = col_start + first * step
                width = (count - 1) * step + span
                low, high = min(max(col_low - left, 0), width), min(max(col_high - left, 0), width)
                paired = beside and low == 0 and high == width
                for k in range(2 * together):
                    across_now, k = k >= together, k % together
                    # Counted, as a division takes as long as a short row.
                    plane, i = top_plane, top_row + k
                    while i >= oh:
                        plane, i = plane + 1, i - oh
                    top, line = row_start + i * row_step, k * row
                    whole = row_low <= top and top + row_span <= row_high
                    if (whole and paired) != across_now and high_counts[i] != divided:
                        divided = high_counts[i]
                        for j in range(ow):
                            divisors[j] = max(divided * wide_counts[j], 1)
                    at = (position + k) * ow + first
                    if across_now:
                        if whole and paired:
                            continue
                        for j in range(low):
                            room[line + j] = neutral[1]
                        for j in range(high, width):
                            room[line + j] = neutral[1]
                        for t in range(taps):
                            shifts[t] = line + t * gap
                        across(y, at, room, shifts, taps, step, count, flip, divisors, first)
                        continue
                    begin = (plane * h + top) * w + left + low
                    for t in range(row_taps):
                        offsets[t] = begin + t * row_gap * w
                    if whole and paired:
                        pairs(y, at, x, offsets, row_taps, count, flip, divisors, first)
                    elif whole:
                        down(room, line + low, x, offsets, row_taps, high - low, flip)
                    else:
                        # Rows of padding are put in as well, not left out, which would change the order of a sum.
                        for t in range(row_taps):
                            place = (LINES + t) * row
                            if row_low <= top + t * row_gap < row_high:
                                copy_cells(room, place, x, offsets[t], 1, high - low)
                            else:
                                for j in range(place, place + high - low):
                                    room[j] = neutral[0]
                            offsets[t] = place
                        down(room, line + low, room, offsets, row_taps, high - low, flip)

    return direct_rows


mean_rows = _loop(add_down, _mean_across, _mean_pairs)
extreme_rows = _loop(highest_down, _extreme_across, _extreme_pairs)
