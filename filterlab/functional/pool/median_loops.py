"""The loop of median filters: square windows of a few sizes that move by one, over planes (planes, h, w).

Windows that are complete and hold no NaN go through selection networks, a vector of them at a time; those that are cut
off at the border, and rows with a NaN, are sorted one by one.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.pool.median_tiles import TILES


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
    ordered = np.partition(values, count // 2)
    b = ordered[count // 2]
    # Halved first, as the sum of two large values could overflow.
    return b if count % 2 else ordered[: count // 2].max() / 2 + b / 2


@compiled
def any_medians(x, rows, cols, start, end, y):
    """Medians of windows that lie anyhow: rows, cols: (2, out), first and stop of each; x: (planes, h, w).

    start, end: of the outputs, counted through all planes.
    """
    flat, w = x.reshape(-1), x.shape[2]
    height, width = y.shape[1:]
    for position in range(start, end):
        line, j = position // width, position % width
        plane, i = line // height, line % height
        base = plane * x.shape[1] * w
        y[plane, i, j] = _median(flat, base, w, rows[0, i], rows[1, i], cols[0, j], cols[1, j])


@cache
def median_rows(kernel: int) -> Callable[..., None]:
    """Return the loop for windows of kernel x kernel cells: each has a network of its own compiled into it."""
    tile = TILES[kernel]

    @compiled
    def loop(x, rows, cols, size, regular, start, end, y):
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
                tile(x, at, w, flat, out + low, high - low)
            for j in range(left):
                flat[out + j] = _median(x, base, w, first, stop, cols[0, j], cols[1, j])
            for j in range(right, width):
                flat[out + j] = _median(x, base, w, first, stop, cols[0, j], cols[1, j])

    return loop
