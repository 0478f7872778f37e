"""The loops of rank filters: a value of given rank from each window, over planes (planes, h, w).

Where windows move by one, selection networks take them, in tiles of a few rows and vectors of columns. Windows of other
kinds are put in order one by one.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.conv.tiles import copy_cells
from filterlab.functional.pool.median_tiles import kernel_of

SLACK = 64  # numbers behind a line, which whole vectors read and write
ROOM = 1 << 19  # bytes of a tile's lines, which should leave room in the second-level cache
LONGEST = 1024  # outputs of a line


@compiled(kept=False)
def _between(a, b, part):
    """The value that lies at `part` of the way from a to b."""
    # Each by itself, as the difference of two large values could overflow; equal ones, if infinite, have none.
    return a if a == b else a * (1 - part) + b * part


@compiled(kept=False)
def _ranked(x, base, w, top, bottom, left, right, share):
    """The value at `share` of the way through the cells of one window, in increasing order; 0 without cells."""
    count = max(bottom - top, 0) * max(right - left, 0)
    if count == 0:
        return x.dtype.type(0)
    values = np.empty(count, x.dtype)
    k = 0
    for row in range(top, bottom):
        for col in range(left, right):
            value = x[base + row * w + col]
            if value != value:
                return value
            values[k] = value
            k += 1
    place = share * (count - 1)
    low = min(int(place), count - 1)
    ordered = np.partition(values, low)
    a, part = ordered[low], x.dtype.type(place - low)
    # +0 for the zeros, as the networks have it.
    return (_between(a, ordered[low + 1 :].min(), part) if part > 0 else a) + x.dtype.type(0)


@compiled
def any_ranked(x, rows, cols, share, start, end, y):
    """Values from windows that lie anyhow: rows, cols: (2, out), first and stop of each; x: (planes, h, w).

    share: how far through the cells in increasing order, from 0 to 1; between two cells it is interpolated. A window
    with a NaN gives NaN, one without cells 0. start, end: of the outputs, counted through all planes.
    """
    flat, w = x.reshape(-1), x.shape[2]
    height, width = y.shape[1:]
    for position in range(start, end):
        line, j = position // width, position % width
        plane, i = line // height, line % height
        base = plane * x.shape[1] * w
        y[plane, i, j] = _ranked(flat, base, w, rows[0, i], rows[1, i], cols[0, j], cols[1, j], share)


@compiled(kept=False)
def _holds_nan(x, offset, count):
    # A slice, because the compiler makes vectors only of indices that it knows not to be negative.
    cells, bad = x[offset : offset + count], np.int32(0)
    for j in range(count):
        bad |= np.int32(cells[j] != cells[j])
    return bad != 0


@compiled(kept=False)
def _copy_block(room, at, line, x, base, w, inside, corner, rows, width, parity):
    """Copy cells into `rows` lines of the room, from row and column `corner` on; beyond the picture are infinities.

    They alternate in sign, as on a chess board: a window that is cut off at the border has as many above its own cells
    as below, or one more (by parity) of one sign.
    """
    top, bottom, left, right = inside
    low, high = min(max(left - corner[1], 0), width), min(max(right - corner[1], 0), width)
    infinity = room.dtype.type(np.inf)
    for k in range(rows):
        row, to = corner[0] + k, at + k * line
        real = top <= row < bottom
        if real:
            copy_cells(room, to + low, x, base + row * w + corner[1] + low, 1, high - low)
        for j in range(low if real else width):
            room[to + j] = infinity if (row + corner[1] + j + parity) % 2 else -infinity
        for j in range(high if real else width, width):
            room[to + j] = infinity if (row + corner[1] + j + parity) % 2 else -infinity


@compiled(kept=False)
def _spread_nan(x, base, w, row, inside, first, taps, y, out, count):
    """NaN for all outputs whose windows see one in this row; the first output's window begins at column `first`."""
    for col in range(inside[2], inside[3]):
        value = x[base + row * w + col]
        if value != value:
            for j in range(max(col - first - taps + 1, 0), min(col - first + 1, count)):
                y[out + j] = value


@cache
def ranked_rows(rows: int, cols: int, together: int, ranks: tuple[int, ...]) -> Callable[..., None]:
    """Return the loop for windows of rows x cols cells: each has a network of its own compiled into it."""
    kernel = kernel_of(rows, cols, together, ranks)
    tile, lines, two = kernel.run, kernel.lines, len(ranks) == 2
    taps, blocks = (rows, cols), rows + together - 1

    @compiled
    def loop(x, shape, start_at, inside, part, room, line, start, end, y):
        """y (flat) for windows that move by one; rows of outputs `start` to `end`, counted through all planes.

        x: flat, of planes (h, w); shape: (h, w, oh, ow); start_at: row and column where the first window begins;
        inside: top, bottom, left and right end of the cells that count, at least as many as a window has. Windows that
        are cut off give the median of what is left, which all others must give as well. part: where between two ranks
        the value lies. room: flat, of lines of `line` numbers.
        """
        h, w, oh, ow = shape
        longest = line - taps[1] - SLACK
        sound = np.zeros(h, np.int8)  # 1: the row of this plane has no NaN, -1: it has, 0: nobody has looked
        known = -1
        # Columns of outputs whose windows are cut off on the left end here, and those of complete ones there.
        cut = min(max(inside[2] - start_at[1], 0), ow)
        uncut = min(max(inside[3] - start_at[1] - taps[1] + 1, cut), ow)
        position = start
        while position < end:
            plane, i = position // oh, position % oh
            height = min(together, oh - i, end - position)
            base, top = plane * h * w, start_at[0] + i
            if plane != known:
                sound[:] = 0
                known = plane
            for row in range(max(top, inside[0]), min(top + taps[0] + height - 1, inside[1])):
                if sound[row] == 0:
                    sound[row] = -1 if _holds_nan(x, base + row * w, w) else 1
            j = 0
            while j < ow:
                # Windows that are cut off are done twice, so they are by themselves.
                end_of = cut if j < cut else uncut if j < uncut else ow
                count, left = min(longest, end_of - j), start_at[1] + j
                whole = top >= inside[0] and top + taps[0] + height - 1 <= inside[1]
                whole = whole and left >= inside[2] and left + count + taps[1] - 1 <= inside[3]
                for parity in range(1 if whole else 2):
                    copied, offset, apart = 0, base + top * w + left, w
                    # Near the end, vectors would read beyond it.
                    if not whole or offset + blocks * w + SLACK > len(x):
                        copied, offset, apart = 1, lines * line, line
                        width = count + taps[1] - 1
                        _copy_block(
                            room, offset, line, x, base, w, inside, (top, left), blocks, width, parity
                        )
                    tile(x, room, copied, offset, apart, line, count)
                    for k in range(height):
                        at = (position + k) * ow + j
                        source = k * line * (2 if two else 1)
                        if two:
                            for c in range(count):
                                y[at + c] = _between(room[source + c], room[source + line + c], part)
                        elif parity == 0:
                            copy_cells(y, at, room, source, 1, count)
                        else:
                            for c in range(count):
                                a, b = y[at + c], room[source + c]
                                y[at + c] = a if a == b else a / 2 + b / 2
                for k in range(height):
                    at = (position + k) * ow + j
                    if not whole:
                        _clear_empty(y, at, count, top + k, left, inside, taps)
                    for row in range(max(top + k, inside[0]), min(top + k + taps[0], inside[1])):
                        if sound[row] < 0:
                            _spread_nan(x, base, w, row, inside, left, taps[1], y, at, count)
                j += count
            position += height

    return loop


@compiled(kept=False)
def _clear_empty(y, at, count, top, left, inside, taps):
    """0 for windows that see no cell."""
    nothing = top + taps[0] <= inside[0] or top >= inside[1]
    for c in range(count):
        if nothing or left + c + taps[1] <= inside[2] or left + c >= inside[3]:
            y[at + c] = 0
