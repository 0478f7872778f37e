"""Adaptive and global pooling: the size of the output is given, and the windows follow from it.

Window i of an axis of n cells and m outputs goes from floor(i * n / m) to ceil((i + 1) * n / m), as in PyTorch.
Windows may differ in length by a cell and may overlap, and there may be more windows than cells.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from filterlab.functional.arrays import Array, as_maps, map_gradient, read_only, unbatch
from filterlab.functional.geometry import Pair
from filterlab.functional.pool.pooling import (
    sum_gradient,
    window_extreme,
    window_mean,
    window_winners,
    winners_gradient,
)
from filterlab.functional.pool.uneven import divisors
from filterlab.functional.pool.windows import Windows, adaptive_windows, windows_part
from filterlab.functional.threads import run_bands

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "adaptive_max_pool2d_indices",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
]


class AdaptivePart(NamedTuple):
    """The windows of a map of `size` that are wanted, as rows and columns, and the first cell that is given."""

    size: Pair
    outputs: tuple[Pair, Pair]
    first: Pair


# Cells that are added up at once; fixed, so that sums do not depend on the threads.
BLOCK = 1 << 16
SMALLEST_BAND = 1 << 19  # cells that are worth handing to another thread, which takes as long as reading them


def adaptive_avg_pool2d(x: Any, output_size: Any, *, part: AdaptivePart | None = None) -> Array:
    """The mean of each adaptive window, as torch.nn.functional.adaptive_avg_pool2d.

    x: (C, H, W) or (N, C, H, W); output_size: int or (h, w), None keeps a size. part: compute a part of the output on
    the part of the map that x is. Raises ShapeError, ParameterError.
    """
    maps = as_maps(x, "adaptive_avg_pool2d")
    windows = _windows(maps, output_size, "adaptive_avg_pool2d", part)
    # One window over the whole map is global pooling, and is summed as that is.
    if part is None and windows[0].out == windows[1].out == 1:
        return unbatch(_mean(maps), x)
    return unbatch(window_mean(maps, windows, True), x)


def _windows(maps: Array, output_size: Any, operation: str, part: AdaptivePart | None) -> Windows:
    if part is None:
        return adaptive_windows(maps.shape[2:], output_size, operation)
    rows, cols = adaptive_windows(part.size, output_size, operation)
    rows, cols = (
        windows_part(axis, outputs, first)
        for axis, outputs, first in zip((rows, cols), part.outputs, part.first, strict=True)
    )
    return rows, cols


def adaptive_avg_pool2d_backward(dy: Any, x: Any, output_size: Any) -> Array:
    """Gradient of `adaptive_avg_pool2d`: each cell of a window gets dy over the number of its cells."""
    maps = as_maps(x, "adaptive_avg_pool2d_backward")
    windows = adaptive_windows(maps.shape[2:], output_size, "adaptive_avg_pool2d")
    shape = (*maps.shape[:2], windows[0].out, windows[1].out)
    upstream = map_gradient(dy, x, maps, shape, "adaptive_avg_pool2d_backward")
    return unbatch(sum_gradient(upstream / divisors(windows, True, maps.dtype), maps, windows), x)


def adaptive_max_pool2d(x: Any, output_size: Any, *, part: AdaptivePart | None = None) -> Array:
    """The greatest value of each adaptive window; NaN wins. Arguments and errors as `adaptive_avg_pool2d`."""
    maps = as_maps(x, "adaptive_max_pool2d")
    windows = _windows(maps, output_size, "adaptive_max_pool2d", part)
    if windows[0].out == windows[1].out == 1:
        return unbatch(_max(maps), x)
    return unbatch(window_extreme(maps, windows), x)


def _max(maps: Array) -> Array:
    """The greatest value of each map."""
    from filterlab.functional.pool import loops

    bits: Any = np.int32 if maps.itemsize == 4 else np.int64
    planes = read_only(maps).reshape(-1, maps.shape[2] * maps.shape[3]).view(bits)
    y = np.empty((*maps.shape[:2], 1, 1), maps.dtype)
    found = y.reshape(-1).view(bits)

    def band(start: int, end: int) -> None:
        loops.plane_maxima(planes, start, end, found)

    run_bands(band, len(planes), smallest=max(SMALLEST_BAND // planes.shape[1], 1))
    return y


def adaptive_max_pool2d_indices(x: Any, output_size: Any) -> tuple[Array, Array]:
    """(maxima, winners), winners int64: row * W + column in the input, the first in row order."""
    maps = as_maps(x, "adaptive_max_pool2d")
    y, index = window_winners(maps, adaptive_windows(maps.shape[2:], output_size, "adaptive_max_pool2d"))
    return unbatch(y, x), unbatch(index, x)


def adaptive_max_pool2d_backward(dy: Any, x: Any, output_size: Any) -> Array:
    """Gradient of `adaptive_max_pool2d`: all of dy goes to the first winner."""
    maps = as_maps(x, "adaptive_max_pool2d_backward")
    windows = adaptive_windows(maps.shape[2:], output_size, "adaptive_max_pool2d")
    return unbatch(winners_gradient(dy, x, maps, windows, "adaptive_max_pool2d_backward"), x)


def global_avg_pool2d(x: Any) -> Array:
    """The mean of each map: (C, 1, 1) or (N, C, 1, 1)."""
    return unbatch(_mean(as_maps(x, "global_avg_pool2d")), x)


def _mean(maps: Array) -> Array:
    """The mean of each map, summed mostly in double precision: in single, millions of cells would lose digits."""
    from filterlab.functional.pool import loops

    n, channels, height, width = maps.shape
    planes = read_only(maps).reshape(n * channels, height * width)
    sums = np.empty((len(planes), -(-height * width // BLOCK)))

    def band(start: int, end: int) -> None:
        loops.block_sums(planes, BLOCK, start, end, sums)

    run_bands(band, sums.size, smallest=max(SMALLEST_BAND // min(height * width, BLOCK), 1))
    y = np.empty((n, channels, 1, 1), maps.dtype)
    loops.plane_means(sums, height * width, y.reshape(-1))
    return y


def global_avg_pool2d_backward(dy: Any, x: Any) -> Array:
    """Gradient of `global_avg_pool2d`: dy over the number of cells, everywhere."""
    maps = as_maps(x, "global_avg_pool2d_backward")
    upstream = map_gradient(dy, x, maps, (*maps.shape[:2], 1, 1), "global_avg_pool2d_backward")
    # Copied: in a broadcast array one number stands in all cells, and the caller could not write into it.
    return unbatch(np.broadcast_to(upstream / (maps.shape[2] * maps.shape[3]), maps.shape).copy(), x)
