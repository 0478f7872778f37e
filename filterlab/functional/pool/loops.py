"""The loops of pooling, over planes (the channels of all images): x (planes, h, w), y (planes, oh, ow).

Windows lie anywhere here; for those that lie evenly, as most do, `strips.py` is faster. Extremes and sums first go down
the rows of a window, over complete rows at a time, and then across. Output rows `start` to `end` are counted through
all planes. Comparisons are written as b > a or b != b, so that NaN, which is unequal to itself, wins.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from filterlab.compiling import compiled

PIECE = 1024  # cells that are added up before the sum goes on in double precision
LARGEST_PART = float(np.finfo(np.float32).max)


@compiled
def max_rows(x, rows, cols, gaps, start, end, y):
    """Maxima over windows; NaN wins, and a window without cells gives minus infinity.

    rows, cols: (2, out), first and stop of each window; gaps: between taps, (down, across).
    """
    height = y.shape[1]
    down = np.empty(x.shape[2], x.dtype)
    for position in range(start, end):
        plane, i = position // height, position % height
        down[:] = -np.inf
        for row in range(rows[0, i], rows[1, i], gaps[0]):
            for j in range(down.shape[0]):
                a, b = down[j], x[plane, row, j]
                down[j] = b if (b > a or b != b) else a
        for j in range(y.shape[2]):
            best = -np.inf
            for col in range(cols[0, j], cols[1, j], gaps[1]):
                if down[col] > best or down[col] != down[col]:
                    best = down[col]
            y[plane, i, j] = best


@compiled
def plane_maxima(x, start, end, y):
    """y[plane] = the greatest number of each plane, as bits; NaN is above all, and +0 above -0.

    x: (planes, cells), the bits of the numbers as signed integers; y: as x.
    """
    # The extremes of integers, unlike those of floats, are found in several vectors at once. Bits grow with positive
    # numbers and fall with negative ones, so the greatest number has the most or, where all are negative, the least.
    # With the sign turned, those of negative numbers lie above all others, and of these NaN lies above infinity.
    kind, digits = x.dtype.type, 23 if x.itemsize == 4 else 52
    sign = kind(-1 << (8 * x.itemsize - 1))
    infinite = kind(((1 << (8 * x.itemsize - 1 - digits)) - 1) << digits)
    for plane in range(start, end):
        cells = x[plane]
        most, turned = cells[0], kind(cells[0] ^ sign)
        for k in range(cells.shape[0]):
            cell = cells[k]
            most, turned = max(most, cell), max(turned, kind(cell ^ sign))
        if turned > infinite:
            most = kind(turned ^ sign)
        elif most < 0:
            # Seldom, so that the cells are read again.
            for k in range(cells.shape[0]):
                most = min(most, cells[k])
        y[plane] = most


# Only so is the sum one of several vectors; their number is fixed when this is compiled, and with it the order.
@compiled(fastmath={"reassoc"})
def block_sums(x, size, start, end, y):
    """y[plane, b] = the sum of block b of x (planes, cells), float64; blocks have `size` cells.

    A block is added up in pieces of PIECE cells, of the dtype of x, as reading float32 is faster than making it
    float64. A vector of at least 4 numbers has 4 partial sums at a time, of at most PIECE / 16 cells each, so that the
    error of a piece is below (PIECE / 16 + 4) * u times the sum of the magnitudes, u = 2^-24 for float32. PyTorch adds
    up all cells so, in parts whose error has a larger bound. start, end: of the blocks, counted through all planes.
    """
    for position in range(start, end):
        plane, block = position // y.shape[1], position % y.shape[1]
        # A slice, because the compiler makes vectors only of indices that it knows not to be negative.
        cells = x[plane, block * size : min((block + 1) * size, x.shape[1])]
        total = 0.0
        for first in range(0, cells.shape[0], PIECE):
            piece = cells[first : first + PIECE]
            part = x.dtype.type(0)
            for k in range(piece.shape[0]):
                part += piece[k]
            if abs(part) <= LARGEST_PART:
                total += part
            else:
                # It may have become infinite only as float32. A sum of its own is not rounded as coarsely as the total.
                exact = 0.0
                for k in range(piece.shape[0]):
                    exact += piece[k]
                total += exact
        y[plane, block] = total


@compiled
def plane_means(sums, count, y):
    """y[plane] = the sum of sums[plane], of `count` numbers, over that count."""
    for plane in range(y.shape[0]):
        total = 0.0
        for block in range(sums.shape[1]):
            total += sums[plane, block]
        y[plane] = total / count


@compiled
def max_indices(x, rows, cols, gaps, start, end, y, index):
    """Maxima, and row * width + column of the first cell that has each; -1 for a window without cells.

    rows, cols: (2, out), first and stop of each window; gaps: between taps, (down, across). start, end: of the outputs,
    counted through all planes, as a row of large windows takes too long to be one piece of work.
    """
    height, width = y.shape[1:]
    for line in range(start // width, (end - 1) // width + 1):
        plane, i = line // height, line % height
        for j in range(max(start - line * width, 0), min(end - line * width, width)):
            best, where = -np.inf, -1
            for row in range(rows[0, i], rows[1, i], gaps[0]):
                for col in range(cols[0, j], cols[1, j], gaps[1]):
                    value = x[plane, row, col]
                    # The first cell is taken whatever it holds, as minus infinity is not above itself. The first NaN
                    # wins and stays.
                    if where < 0 or value > best or (value != value and best == best):
                        best, where = value, row * x.shape[2] + col
            y[plane, i, j] = best
            index[plane, i, j] = where


@compiled
def scatter(dy, index, start, end, dx):
    """Add dy (planes, outputs) to the cells of dx (planes, cells) that `index` names; -1 names none."""
    for plane in range(start, end):
        for k in range(dy.shape[1]):
            if index[plane, k] >= 0:
                dx[plane, index[plane, k]] += dy[plane, k]


@compiled
def sum_rows(x, rows, cols, gaps, start, end, y):
    """Sums over windows; a window without cells gives 0. Otherwise as `max_rows`.

    A window is summed down its columns, then across: each sum has few terms, so that round-off stays small.
    """
    height = y.shape[1]
    down = np.empty(x.shape[2], x.dtype)
    for position in range(start, end):
        plane, i = position // height, position % height
        down[:] = 0
        for row in range(rows[0, i], rows[1, i], gaps[0]):
            for j in range(down.shape[0]):
                down[j] += x[plane, row, j]
        for j in range(y.shape[2]):
            # 0.0 is float64 to the compiler, and the sum would be rounded otherwise than the one down.
            total = y.dtype.type(0)
            for col in range(cols[0, j], cols[1, j], gaps[1]):
                total += down[col]
            y[plane, i, j] = total


@compiled
def spread(dy, rows, cols, plane, start, end, dx):
    """Add the gradient of sums over windows without gaps to dx: each cell of a window gets dy of that window.

    start, end: of the plane's outputs, in whose order a cell gathers, however they are divided.
    """
    width = dy.shape[2]
    for i in range(start // width, (end - 1) // width + 1):
        for row in range(rows[0, i], rows[1, i]):
            line = dx[plane, row]
            for j in range(max(start - i * width, 0), min(end - i * width, width)):
                value = dy[plane, i, j]
                for col in range(cols[0, j], cols[1, j]):
                    line[col] += value


@compiled
def ranks(x, rows, cols, share, start, end, part, low, high):
    """The two cells (row * width + column) between which the value at `share` of the way through a window's cells lies.

    They are the same one where that is a cell, and part, which says where between them, is 0. A NaN points at itself.
    A window without cells gives -1. start, end: as for `max_indices`.
    """
    height, width = part.shape[1:]
    for line in range(start // width, (end - 1) // width + 1):
        plane, i = line // height, line % height
        for j in range(max(start - line * width, 0), min(end - line * width, width)):
            count = max(rows[1, i] - rows[0, i], 0) * max(cols[1, j] - cols[0, j], 0)
            part[plane, i, j], low[plane, i, j], high[plane, i, j] = 0, -1, -1
            if count == 0:
                continue
            values, places = np.empty(count, x.dtype), np.empty(count, np.int64)
            # NaN has no place in an order: sorting would put it last, and the value would be that of the other cells.
            k, nan = 0, -1
            for row in range(rows[0, i], rows[1, i]):
                for col in range(cols[0, j], cols[1, j]):
                    values[k], places[k] = x[plane, row, col], row * x.shape[2] + col
                    if values[k] != values[k] and nan < 0:
                        nan = k
                    k += 1
            if nan >= 0:
                low[plane, i, j] = high[plane, i, j] = places[nan]
                continue
            order = np.argsort(values, kind="mergesort")  # stable: of equal values, the first in row order
            place = share * (count - 1)
            first = min(int(place), count - 1)
            part[plane, i, j] = place - first
            low[plane, i, j] = places[order[first]]
            high[plane, i, j] = places[order[min(first + 1, count - 1) if place > first else first]]
