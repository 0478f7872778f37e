"""The gradient of a convolution's weight from many small pictures, without stride: columns are shifted copies.

Rows of 8 cells are too short to be copied one by one. Instead each channel of all pictures is padded once into one
long line; the column of tap (u, v) is that line, shifted by u rows and v cells. At the right and lower borders of
each picture the products mean nothing, and are left out at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import as_strided

from filterlab.forking import no_fork
from filterlab.functional.arrays import Array
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.weight_gradient import BLOCK_BYTES, SHARES, SMALLEST
from filterlab.functional.threads import run_bands, single_threaded_blas


def weight_gradient(dy: Array, x: Array, plan: ConvPlan) -> Array:
    """Gradient with respect to the weight, in its shape."""
    _, _, height, width = plan.out_shape
    parts: dict[int, Array] = {}

    def work(first: int, last: int, columns: Array) -> None:
        slopes = np.zeros((plan.outputs, last - first, *_padded(plan)), dy.dtype)
        slopes[:, :, :height, :width] = dy[first:last].transpose(1, 0, 2, 3)
        with no_fork():
            parts[first] = slopes.reshape(plan.outputs, -1) @ columns.T

    _each_block(x, plan, work)
    # In their order, whichever ended first, so that the rounding is always the same.
    total: Array = np.sum([parts[first] for first in sorted(parts)], axis=0)
    return total.reshape(plan.outputs, -1, *plan.kernel)


def _padded(plan: ConvPlan) -> tuple[int, int]:
    return len(plan.rows.index), len(plan.cols.index)


def _each_block(x: Array, plan: ConvPlan, work: Callable[[int, int, Array], None]) -> None:
    """Call `work` for groups of pictures, first to last, with their columns (channels * taps, padded cells)."""
    rows, cols = _padded(plan)
    each = plan.channels * plan.kernel[0] * plan.kernel[1] * rows * cols * x.itemsize
    size = plan.images * each
    # As many on any number of threads: the order of a sum shows in its digits.
    count = min(max(-(-size // BLOCK_BYTES), min(SHARES, size // SMALLEST), 1), plan.images)
    blocks = list(pairwise(plan.images * i // count for i in range(count + 1)))

    def band(start: int, stop: int) -> None:
        for first, last in blocks[start:stop]:
            work(first, last, _columns(x[first:last], plan))

    with single_threaded_blas():
        run_bands(band, len(blocks))


def _columns(x: Array, plan: ConvPlan) -> Array:
    rows, cols = _padded(plan)
    cells, gaps = len(x) * rows * cols, (plan.dilation[0] * cols, plan.dilation[1])
    # The last windows reach beyond the last picture, into cells that count for nothing but must be finite.
    reach = (plan.kernel[0] - 1) * gaps[0] + (plan.kernel[1] - 1) * gaps[1]
    lines = np.empty((plan.channels, cells + reach), x.dtype)
    lines[:, cells:] = 0
    _pad(lines[:, :cells].reshape(plan.channels, len(x), rows, cols), x, plan)
    size = x.itemsize
    shape = (plan.channels, *plan.kernel, cells)
    strides = (lines.strides[0], gaps[0] * size, gaps[1] * size, size)
    return as_strided(lines, shape, strides, writeable=False).reshape(-1, cells)


def _pad(target: Array, x: Array, plan: ConvPlan) -> None:
    """target (channels, n, rows, cols) = x (n, channels, h, w) with its border."""
    source, rows, cols = x.transpose(1, 0, 2, 3), plan.rows, plan.cols
    if plan.mode not in ("zeros", "constant"):
        target[:] = source[:, :, rows.index[:, None], cols.index]
        return
    target[:] = plan.fill
    down, across = (slice(*axis.inside) for axis in (rows, cols))
    if rows.inside[0] < rows.inside[1] and cols.inside[0] < cols.inside[1]:
        shown = source[:, :, rows.index[down][0] :, cols.index[across][0] :]
        part = target[:, :, down, across]
        part[:] = shown[:, :, : part.shape[2], : part.shape[3]]
