"""Mean and deviation of the window around each cell, of the cells inside the map alone, and what is decided by them.

x is (C, H, W) or (N, C, H, W), and so is the result. Means are those of `avg_pool2d` without the padding, in double
precision, in which the squares of float32 are exact. Raises ShapeError, ParameterError.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, as_maps, map_gradient, unbatch
from filterlab.functional.geometry import Pair, pair
from filterlab.functional.pool.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, min_pool2d

__all__ = ["adaptive_threshold", "local_deviation", "local_deviation_backward"]


def around(kernel_size: Pair) -> tuple[Pair, Pair]:
    """((above, below), (left, right)): the cells of the window around its own; an even one has more before it."""
    rows, cols = ((size // 2, size - 1 - size // 2) for size in kernel_size)
    return rows, cols


def local_mean(maps: Array, kernel_size: Any, operation: str) -> Array:
    """The mean of the window around each cell, in double precision."""
    return avg_pool2d(maps.astype(np.float64), **_options(kernel_size, operation))


def _windows(kernel_size: Any, operation: str) -> dict[str, Any]:
    kernel = pair(kernel_size, "kernel_size", operation, 1)
    return {"kernel_size": kernel, "stride": 1, "padding": around(kernel)}


def _options(kernel_size: Any, operation: str) -> dict[str, Any]:
    return {**_windows(kernel_size, operation), "count_include_pad": False}


def adaptive_threshold(x: Any, kernel_size: Any, offset: float = 0.0) -> Array:
    """1 where a value is above the mean of its window minus `offset`, else 0; NaN where the window holds one.

    A mean is no smaller than all of its window, and no larger, whatever is rounded: where all values are alike, none is
    above it.
    """
    maps = as_maps(x, "adaptive_threshold")
    mean = local_mean(maps, kernel_size, "adaptive_threshold")
    if (
        maps.dtype == np.float64
    ):  # of which sums are rounded; those of float32 are not where all values are alike
        windows = _windows(kernel_size, "adaptive_threshold")
        mean = np.clip(mean, min_pool2d(maps, **windows), max_pool2d(maps, **windows))
    limit = mean - offset
    y = np.where(np.isnan(limit), limit, maps > limit).astype(maps.dtype)
    return unbatch(y, x)


def _moments(maps: Array, kernel_size: Any, operation: str) -> tuple[Array, Array]:
    """(mean, standard deviation), in double precision."""
    values = maps.astype(np.float64)
    mean = local_mean(values, kernel_size, operation)
    # Round-off of both may leave less than 0 where all cells are alike.
    return mean, np.sqrt(np.maximum(local_mean(values * values, kernel_size, operation) - mean * mean, 0))


@np.errstate(all="ignore")
def local_deviation(x: Any, kernel_size: Any) -> Array:
    """The standard deviation of the window around each cell: the root of the mean square less the squared mean.

    In double precision: off by at most about 1e-8 times the largest magnitude in the window where all is alike.
    """
    maps = as_maps(x, "local_deviation")
    return unbatch(_moments(maps, kernel_size, "local_deviation")[1].astype(maps.dtype), x)


@np.errstate(all="ignore")
def local_deviation_backward(dy: Any, x: Any, kernel_size: Any) -> Array:
    """Gradient of `local_deviation`: (x - mean) / (n deviation) for each of the n cells; 0 where all are alike."""
    maps = as_maps(x, "local_deviation_backward")
    upstream = map_gradient(dy, x, maps, maps.shape, "local_deviation_backward").astype(np.float64)
    mean, deviation = _moments(maps, kernel_size, "local_deviation_backward")
    each = np.where(deviation > 0, upstream / deviation, 0)
    options = _options(kernel_size, "local_deviation_backward")
    dx = maps * avg_pool2d_backward(each, maps.astype(np.float64), **options)
    dx -= avg_pool2d_backward(each * mean, maps.astype(np.float64), **options)
    return unbatch(dx.astype(maps.dtype), x)
