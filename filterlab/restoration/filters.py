"""A restoration as a filter: the kernel that a layer needs to restore pictures with the same blur and noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.restoration.inputs import WHERE, kernels_of, picture_of, unit_of
from filterlab.text.messages import say

LEAST = 15  # cells of a side
MOST = 35 * 35  # cells together: more gain little, and their equations take long
# Of the largest weight. One below it counts for nothing, as those of a learned kernel around its blur.
FAINT = 0.01
QUIETEST = 1e-6  # least variance of the noise, relative to that of the picture: the weights are float32


def restoring_recipe(
    image: Any, kernel: Any, *, noise: float, operation: str = "cross-correlation"
) -> dict[str, Any]:
    """The recipe of a kernel (h, w) that restores a picture as a `Filter2d` of cross-correlation: see `wiener_inverse`.

    image, kernel, operation: as of `restore`, with one kernel for all channels; noise: that of its result, rounding
    included. Its height and width are 4 times as far as the blur reaches, odd, at least 15, and 1225 cells at most.
    Away from the border the filter is what Wiener's restoration is, as far as so many weights can; the border is not
    estimated. Raises ShapeError, ParameterError.
    """
    picture = picture_of(image)
    blurs = kernels_of(kernel, picture, operation)
    if any(not np.array_equal(blur, blurs[0]) for blur in blurs):
        what = say("the channels have different kernels")
        raise ParameterError(what, WHERE, "restore them one by one", parameter="kernel")
    unit = unit_of(picture)
    variance = float((picture / unit).var(axis=(1, 2), dtype=np.float64).mean())
    ratio = (noise / unit) ** 2 / variance if variance else 1.0
    return {"wiener": blurs[0].tolist(), "size": _size(blurs[0]), "noise": max(ratio, QUIETEST)}


def _size(blur: Array) -> list[int]:
    """The height and width of the inverse of a blur.

    A motion along the rows needs a wide one, and in a square one most of the weights would be wasted.
    """
    strong = np.abs(blur) > FAINT * np.abs(blur).max()
    sides = [max(4 * _reach(strong.any(axis)), LEAST) for axis in (1, 0)]
    long = int(np.argmax(sides))
    if sides[0] * sides[1] > MOST:
        sides[1 - long] = min(sides[1 - long], round(MOST**0.5))
        sides[long] = min(sides[long], MOST // sides[1 - long])
    return [side - 1 + side % 2 for side in sides]


def _reach(strong: Array) -> int:
    """Over how many cells the weights reach, those on both sides of the middle counted as those on the longer one."""
    middle = (len(strong) - 1) // 2
    return int(2 * np.abs(np.flatnonzero(strong) - middle).max(initial=0)) + 1
