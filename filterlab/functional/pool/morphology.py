"""Grey-scale morphology with flat rectangles: extremes of windows, one after the other.

A pass is "erode", which takes the least value of the window around each cell, or "dilate", which takes the greatest.
Beyond the border there is nothing, which never wins. The window of a dilation is that of an erosion turned by half a
turn, which matters for even sizes: only so does an opening lie nowhere above the map (Serra 1982), and so it is in
scipy.ndimage. NaN wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, as_float, as_maps
from filterlab.functional.geometry import Pair, pair
from filterlab.functional.pool.pooling import (
    max_pool2d,
    max_pool2d_backward,
    min_pool2d,
    min_pool2d_backward,
)

__all__ = [
    "closing",
    "closing_backward",
    "dilation",
    "dilation_backward",
    "erosion",
    "erosion_backward",
    "opening",
    "opening_backward",
    "top_hat",
    "top_hat_backward",
]

_FORWARD = {"erode": min_pool2d, "dilate": max_pool2d}
_BACKWARD = {"erode": min_pool2d_backward, "dilate": max_pool2d_backward}


def reach(kernel_size: Pair, step: str) -> tuple[Pair, Pair]:
    """((above, below), (left, right)): the cells that the window of a pass sees around its own."""
    # An even window has its middle after the centre in an erosion, as in scipy.ndimage.
    sides = [(size // 2, size - 1 - size // 2) for size in kernel_size]
    rows, cols = sides if step == "erode" else [side[::-1] for side in sides]
    return rows, cols


def passes(x: Any, kernel_size: Any, steps: Sequence[str], operation: str) -> list[Array]:
    """The maps after each of the passes, x (C, H, W) or (N, C, H, W). Raises ShapeError, ParameterError."""
    as_maps(x, operation)  # so that another shape is refused in the name of the operation, not of its pooling
    kernel, maps = pair(kernel_size, "kernel_size", operation, 1), []
    for step in steps:
        x = _FORWARD[step](x, kernel, stride=1, padding=reach(kernel, step))
        maps.append(x)
    return maps


def passes_backward(dy: Any, x: Any, kernel_size: Any, steps: Sequence[str], operation: str) -> Array:
    """The gradient of the last of the `passes`: dy goes to the first winner of each window in row order."""
    kernel = pair(kernel_size, "kernel_size", operation, 1)
    inputs = [x, *passes(x, kernel_size, steps[:-1], operation)]
    for step, given in zip(reversed(steps), reversed(inputs), strict=True):
        dy = _BACKWARD[step](dy, given, kernel, stride=1, padding=reach(kernel, step))
    return dy


def erosion(x: Any, kernel_size: Any) -> Array:
    """The least value of the window around each cell."""
    return passes(x, kernel_size, ("erode",), "erosion")[-1]


def erosion_backward(dy: Any, x: Any, kernel_size: Any) -> Array:
    """Gradient of `erosion`."""
    return passes_backward(dy, x, kernel_size, ("erode",), "erosion")


def dilation(x: Any, kernel_size: Any) -> Array:
    """The greatest value of the window around each cell."""
    return passes(x, kernel_size, ("dilate",), "dilation")[-1]


def dilation_backward(dy: Any, x: Any, kernel_size: Any) -> Array:
    """Gradient of `dilation`."""
    return passes_backward(dy, x, kernel_size, ("dilate",), "dilation")


def opening(x: Any, kernel_size: Any) -> Array:
    """A dilation after an erosion: what is bright and smaller than the window goes."""
    return passes(x, kernel_size, ("erode", "dilate"), "opening")[-1]


def opening_backward(dy: Any, x: Any, kernel_size: Any) -> Array:
    """Gradient of `opening`."""
    return passes_backward(dy, x, kernel_size, ("erode", "dilate"), "opening")


def closing(x: Any, kernel_size: Any) -> Array:
    """An erosion after a dilation: what is dark and smaller than the window goes."""
    return passes(x, kernel_size, ("dilate", "erode"), "closing")[-1]


def closing_backward(dy: Any, x: Any, kernel_size: Any) -> Array:
    """Gradient of `closing`."""
    return passes_backward(dy, x, kernel_size, ("dilate", "erode"), "closing")


@np.errstate(invalid="ignore")  # infinity less itself is NaN
def top_hat(x: Any, kernel_size: Any, dark: bool = False) -> Array:
    """What an opening takes away: x - opening(x); with `dark`, what a closing fills: closing(x) - x."""
    values = as_float(x, "top_hat")
    return closing(values, kernel_size) - values if dark else values - opening(values, kernel_size)


def top_hat_backward(dy: Any, x: Any, kernel_size: Any, dark: bool = False) -> Array:
    """Gradient of `top_hat`."""
    if dark:
        return closing_backward(dy, x, kernel_size) - as_float(dy, "top_hat_backward", "dy")
    return as_float(dy, "top_hat_backward", "dy") - opening_backward(dy, x, kernel_size)
