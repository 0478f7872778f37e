"""The loop of median filters: windows of 3 x 3, 5 x 5 or 7 x 7 cells that move by one, over planes (planes, h, w).

Windows that are complete and hold no NaN go through selection networks, a vector of them at a time; those that are cut
off at the border, and rows with a NaN, are sorted one by one.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.pool.median_tiles import medians_3, medians_5, medians_7


@compiled
def median_rows(x, rows, cols, size, regular, start, end, y):
    """Medians over windows; of an even number of cells the mean of the middle two, NaN where there is one, else 0.

    x: flat, with its shape (h, w) in `size[1:]`; size: (kernel, h, w). rows, cols: (2, out), first and stop of each
    window; regular: the columns whose windows are complete, half-open. y: (planes, oh, ow). start, end: rows of all
    outputs, counted through all planes.
    """
    kernel, h, w = size
    height, width = y.shape[1:]
    flat = y.reshape(-1)
    sound = np.zeros(h, np.int8)  # 1: the row of this plane has no NaN, -1: it has, 0: nobody has looked
    known = -1
    low, high = regular
    for position in range(start, end):
        plane, i = position // height, position % height
        base, out = plane * h * w, position * width
        if plane != known:
            sound[:] = 0
            known = plane
        first, stop = rows[0, i], rows[1, i]
        fast = stop - first == kernel and low < high
        if fast:
            for row in range(first, stop):
                if sound[row] == 0:
                    sound[row] = -1 if _holds_nan(x, base + row * w, w) else 1
                fast = fast and sound[row] == 1
        left, right = (low, high) if fast else (width, width)
        if fast:
            at = base + first * w + cols[0, low]
            if kernel == 3:
                medians_3(x, at, w, flat, out + low, high - low)
            elif kernel == 5:
                medians_5(x, at, w, flat, out + low, high - low)
            else:
                medians_7(x, at, w, flat, out + low, high - low)
        for j in range(left):
            flat[out + j] = _median(x, base, w, first, stop, cols[0, j], cols[1, j])
        for j in range(right, width):
            flat[out + j] = _median(x, base, w, first, stop, cols[0, j], cols[1, j])


@compiled
def _holds_nan(x, offset, count):
    bad = 0
    for j in range(offset, offset + count):
        bad += x[j] != x[j]
    return bad > 0


@compiled
def _median(x, base, w, top, bottom, left, right):
    """The median of the cells of one window."""
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
    values.sort()
    a, b = values[(count - 1) // 2], values[count // 2]
    # Halved first, as the sum of two large values could overflow.
    return a if count % 2 else a / 2 + b / 2
