"""The loops of pooling, over planes (the channels of all images): x (planes, h, w), y (planes, oh, ow).

Extremes and sums first go down the rows of a window, over complete rows at a time, and then across: both steps run
over neighbouring cells, which is what the processor's vectors want. Output rows `start` to `end` are counted through
all planes. Comparisons are written as b > a or b != b, so that NaN, which is unequal to itself, wins.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from filterlab.compiling import compiled


@compiled
def max_rows(x, first, stop, gap, across, regular, steps, start, end, y):
    """Maxima over windows; NaN wins, and a window without cells gives minus infinity.

    first, stop, gap: the rows of each window; across: (2, ow), first and stop column of each; regular: the complete
    windows, half-open; steps: (stride, gap, taps) across. See `windows.PoolAxis`.
    """
    height = y.shape[1]
    down = np.empty(x.shape[2], x.dtype)
    # Complete 2 x 2 windows with a stride of 2, the commonest pooling of all: both rows and columns in one pass.
    square = steps == (2, 1, 2) and regular == (0, y.shape[2])
    for position in range(start, end):
        plane, i = position // height, position % height
        out = y[plane, i]
        low, high = regular
        if first[i] >= stop[i]:
            out[:] = -np.inf
            continue
        second = first[i] + gap
        if square and second < stop[i] <= second + gap:
            _max_square(out, x[plane, first[i], across[0, 0] :], x[plane, second, across[0, 0] :])
            continue
        if second < stop[i]:
            _max_two(down, x[plane, first[i]], x[plane, second])
        else:
            down[:] = x[plane, first[i]]
        for row in range(second + gap, stop[i], gap):
            _raise(down, x[plane, row])
        if low < high:
            _max_across(out[low:high], down[across[0, low] :], steps)
        # Windows that are cut off at a side, one by one.
        for j in range(out.shape[0]):
            if low <= j < high:
                continue
            best = -np.inf
            for col in range(across[0, j], across[1, j], steps[1]):
                if down[col] > best or down[col] != down[col]:
                    best = down[col]
            out[j] = best


@compiled
def _max_square(out, upper, lower):
    """out[j] = the maximum of columns 2 * j and 2 * j + 1 of both rows."""
    for j in range(out.shape[0]):
        best = upper[2 * j]
        b = upper[2 * j + 1]
        best = b if (b > best or b != b) else best
        b = lower[2 * j]
        best = b if (b > best or b != b) else best
        b = lower[2 * j + 1]
        out[j] = b if (b > best or b != b) else best


@compiled
def _max_two(best, upper, lower):
    """best = the maxima of two rows."""
    for j in range(best.shape[0]):
        a, b = upper[j], lower[j]
        best[j] = b if (b > a or b != b) else a


@compiled
def _raise(best, other):
    """best = the maxima of itself and another row."""
    for j in range(best.shape[0]):
        a, b = best[j], other[j]
        best[j] = b if (b > a or b != b) else a


@compiled
def _max_across(out, line, steps):
    """out[j] = the maximum of line[j * stride + v * gap] over v < taps."""
    stride, gap, taps = steps
    if stride == 2:
        # A fixed stride lets the compiler read pairs of cells at once.
        for j in range(out.shape[0]):
            out[j] = line[2 * j]
        for v in range(1, taps):
            part = line[v * gap :]
            for j in range(out.shape[0]):
                a, b = out[j], part[2 * j]
                out[j] = b if (b > a or b != b) else a
        return
    for j in range(out.shape[0]):
        out[j] = line[j * stride]
    for v in range(1, taps):
        part = line[v * gap :]
        if stride == 1:
            _raise(out, part[: out.shape[0]])
        else:
            for j in range(out.shape[0]):
                a, b = out[j], part[j * stride]
                out[j] = b if (b > a or b != b) else a


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
def sum_rows(x, rows, gap, cols, regular, steps, start, end, y):
    """Sums over windows; a window without cells gives 0. rows, cols: (2, out), first and stop; else as `max_rows`.

    A window is summed down its columns, then across: each sum has few terms, so that round-off stays small.
    """
    height = y.shape[1]
    down = np.empty(x.shape[2], x.dtype)
    square = steps == (2, 1, 2) and regular == (0, y.shape[2])
    for position in range(start, end):
        plane, i = position // height, position % height
        out = y[plane, i]
        if rows[0, i] >= rows[1, i]:
            out[:] = 0
            continue
        low, high = regular
        second = rows[0, i] + gap
        if square and second < rows[1, i] <= second + gap:
            _sum_square(out, x[plane, rows[0, i], cols[0, 0] :], x[plane, second, cols[0, 0] :])
            continue
        if second < rows[1, i]:
            _sum_two(down, x[plane, rows[0, i]], x[plane, second])
        else:
            down[:] = x[plane, rows[0, i]]
        for row in range(second + gap, rows[1, i], gap):
            _add(down, x[plane, row])
        if low < high:
            _sum_across(out[low:high], down[cols[0, low] :], steps)
        for j in range(out.shape[0]):
            if low <= j < high:
                continue
            # 0.0 is float64 to the compiler, and such a sum would be rounded otherwise than those of complete windows.
            total = out.dtype.type(0)
            for col in range(cols[0, j], cols[1, j], steps[1]):
                total += down[col]
            out[j] = total


@compiled
def _sum_square(out, upper, lower):
    for j in range(out.shape[0]):
        # In the order of the general path, down and then across, so that both give the same digits.
        out[j] = (upper[2 * j] + lower[2 * j]) + (upper[2 * j + 1] + lower[2 * j + 1])


@compiled
def _sum_two(total, upper, lower):
    for j in range(total.shape[0]):
        total[j] = upper[j] + lower[j]


@compiled
def _add(total, other):
    for j in range(total.shape[0]):
        total[j] += other[j]


@compiled
def _sum_across(out, line, steps):
    """out[j] = the sum of line[j * stride + v * gap] over v < taps."""
    stride, gap, taps = steps
    for j in range(out.shape[0]):
        out[j] = line[j * stride]
    for v in range(1, taps):
        part = line[v * gap :]
        if stride == 1:
            _add(out, part[: out.shape[0]])
        elif stride == 2:
            for j in range(out.shape[0]):
                out[j] += part[2 * j]
        else:
            for j in range(out.shape[0]):
                out[j] += part[j * stride]


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
def medians(x, rows, cols, start, end, y, low, high):
    """Medians, and the cells (row * width + column) of the two middle values, the same one of an odd number.

    NaN makes the median NaN, and points at itself. A window without cells gives 0 and -1. start, end: as for
    `max_indices`.
    """
    height, width = y.shape[1:]
    for line in range(start // width, (end - 1) // width + 1):
        plane, i = line // height, line % height
        for j in range(max(start - line * width, 0), min(end - line * width, width)):
            count = max(rows[1, i] - rows[0, i], 0) * max(cols[1, j] - cols[0, j], 0)
            y[plane, i, j], low[plane, i, j], high[plane, i, j] = 0, -1, -1
            if count == 0:
                continue
            values, places = np.empty(count, x.dtype), np.empty(count, np.int64)
            # NaN has no place in an order: sorting would put it last, and the median would be that of the other cells.
            k, nan = 0, -1
            for row in range(rows[0, i], rows[1, i]):
                for col in range(cols[0, j], cols[1, j]):
                    values[k], places[k] = x[plane, row, col], row * x.shape[2] + col
                    if values[k] != values[k] and nan < 0:
                        nan = k
                    k += 1
            if nan >= 0:
                y[plane, i, j] = values[nan]
                low[plane, i, j] = high[plane, i, j] = places[nan]
                continue
            order = np.argsort(values, kind="mergesort")  # stable: of equal values, the first in row order
            a, b = order[(count - 1) // 2], order[count // 2]
            # Halved first, as the sum of two large values could overflow.
            y[plane, i, j] = values[a] if a == b else values[a] / 2 + values[b] / 2
            low[plane, i, j], high[plane, i, j] = places[a], places[b]
