"""A restoration as a filter: the kernel that a layer needs to restore pictures with the same blur and noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.restoration.inputs import WHERE, kernels_of, picture_of
from filterlab.text.messages import say

LEAST, MOST = 15, 35  # cells of a side: more gain little, and their equations take long
QUIETEST = 1e-6  # least variance of the noise, relative to that of the picture: the weights are float32


def restoring_recipe(
    image: Any, kernel: Any, *, noise: float, operation: str = "cross-correlation"
) -> dict[str, Any]:
    """The recipe of a kernel (n, n) that restores a picture as a `Filter2d` of cross-correlation: see `wiener_inverse`.

    image, kernel, operation: as of `restore`, with one kernel for all channels; noise: that of its result, rounding
    included. n is 4 times the longer side of the kernel, odd, from 15 to 35. Away from the border the filter is what
    Wiener's restoration is, as far as so many weights can; the border is not estimated. Raises ShapeError,
    ParameterError.
    """
    picture = picture_of(image)
    blurs = kernels_of(kernel, picture, operation)
    if any(not np.array_equal(blur, blurs[0]) for blur in blurs):
        what = say("the channels have different kernels")
        raise ParameterError(what, WHERE, "restore them one by one", parameter="kernel")
    side = min(max(4 * max(blurs[0].shape), LEAST), MOST)
    variance = float(picture.var(axis=(1, 2), dtype=np.float64).mean())
    ratio = noise**2 / variance if variance else 1.0
    return {"wiener": blurs[0].tolist(), "size": side - 1 + side % 2, "noise": max(ratio, QUIETEST)}
