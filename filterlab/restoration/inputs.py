"""Checking what a restoration is given, and putting it into one form."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_float, like, shape_text
from filterlab.text.messages import say

WHERE = "restore"
ORDINARY = 32  # exponents of 2, up to which the squares and sums of single precision have room for values
NOTHING = 1e-6  # of the sum of a kernel's magnitudes: a sum below is zero up to round-off
STEPS = (1 / 255, 1 / 65535)  # between the values of pictures from files of 8 and 16 bits


def picture_of(image: Any) -> Array:
    """The picture as (C, H, W), float32 or float64.

    Raises ShapeError, and ParameterError for NaN and infinity.
    """
    picture = as_float(image, WHERE, "image")
    if picture.ndim not in (2, 3) or 0 in picture.shape:
        what = say("the {} has shape {}", "picture", shape_text(picture.shape))
        raise ShapeError(what, WHERE, say("give (H, W) or (C, H, W)"), parameter="image")
    if picture.shape[-2:] == (1, 1):
        raise ShapeError("the picture is a single pixel", WHERE, "give a larger one", parameter="image")
    _check_finite(picture, "picture", "image")
    return picture.reshape((1,) * (3 - picture.ndim) + picture.shape)


def without(picture: Array, bias: Any) -> Array:
    """The picture (C, H, W) less what was added to all of its channels, a number, or to each, (C,); None is nothing.

    Raises ShapeError, and ParameterError for NaN and infinity.
    """
    if bias is None:
        return picture
    added = like(bias, picture, WHERE, "bias").ravel()
    # Broadcasting would make a picture of several channels of a grey one.
    if len(added) not in (1, len(picture)):
        what = say("the bias has {} number(s), the picture {} channel(s)", len(added), len(picture))
        raise ShapeError(what, WHERE, say("give one number, or one for each channel"), parameter="bias")
    _check_finite(added, "bias", "bias")
    return picture - added[:, None, None]


def unit_of(picture: Array) -> float:
    """What a picture is divided by before it is restored: 1, or the power of 2 of values whose squares are no numbers.

    By a power of 2 no digit changes.
    """
    exponent = int(np.frexp(np.abs(picture).max())[1])
    # The power above the very largest numbers is none itself.
    exponent = min(exponent, np.finfo(picture.dtype).maxexp - 1)
    return 1.0 if abs(exponent) <= ORDINARY else float(np.ldexp(1.0, exponent))


def kernels_of(kernel: Any, picture: Array, operation: str) -> list[Array]:
    """The kernel (kh, kw) of each channel as cross-correlation applies it, in float64.

    kernel: (kh, kw) for all channels, or one for each: (C, kh, kw), or (C, 1, kh, kw) as a `Conv2d` of C groups has it.
    Where it was fitted with a gain, that belongs to it.
    Raises ShapeError and ParameterError.
    """
    weights = as_float(kernel, WHERE, "kernel").astype(np.float64)
    channels = len(picture)
    if weights.ndim == 4 and weights.shape[1] == 1:
        weights = weights[:, 0]
    if weights.ndim == 2:
        weights = weights[None]
    gain = getattr(kernel, "gain", None)
    if gain is not None:
        weights = weights * np.reshape(gain, (-1, 1, 1))
    if weights.ndim != 3 or 0 in weights.shape or len(weights) not in (1, channels):
        what = say("the {} has shape {}", "kernel", shape_text(np.shape(kernel)))
        hint = say("give (height, width), or one kernel for each of the {} channel(s)", channels)
        raise ShapeError(what, WHERE, hint, parameter="kernel")
    if any(k > n for k, n in zip(weights.shape[1:], picture.shape[1:], strict=True)):
        sizes = shape_text(weights.shape[1:]), shape_text(picture.shape[1:])
        what = say("the kernel of {} is larger than the picture of {}", *sizes)
        raise ShapeError(what, WHERE, "give a smaller kernel or a larger picture", parameter="kernel")
    _check_finite(weights, "kernel", "kernel")
    if not weights.any(axis=(1, 2)).all():
        raise ParameterError("all weights of the kernel are 0", WHERE, "nothing of the picture is left")
    turned = weights[:, ::-1, ::-1] if operation == "convolution" else weights
    return [turned[c % len(turned)] for c in range(channels)]


def _check_finite(array: Array, name: str, parameter: str) -> None:
    if not np.isfinite(array).all():
        what = say("the {} holds NaN or infinity", name)
        raise ParameterError(what, WHERE, "replace them first", parameter=parameter)


def sums_to_nothing(kernel: Array) -> bool:
    """Whether the kernel takes the mean of a picture away, as edge filters do."""
    return bool(abs(kernel.sum()) < NOTHING * np.abs(kernel).sum())


def shift_of(kernel: Array) -> tuple[float, float]:
    """By how many pixels (down, right) a cross-correlation with the kernel moves a picture.

    The window's place is its cell ((kh - 1) // 2, (kw - 1) // 2), as with "same" padding. A kernel that sums to zero
    has no centre of mass, and counts as centred.
    """
    if sums_to_nothing(kernel):
        return 0.0, 0.0
    rows, cols = (np.arange(n) - (n - 1) // 2 for n in kernel.shape)
    down, across = (kernel.sum(1) @ rows, kernel.sum(0) @ cols) / kernel.sum()
    # Round-off would be printed as a shift, and so would the sign of -0.0.
    return round(float(-down), 9) + 0.0, round(float(-across), 9) + 0.0


def rounding_of(image: Any) -> float:
    """The standard deviation of the rounding of a picture: step / sqrt(12), 0 where its values have no steps."""
    values = np.asarray(image)
    if values.dtype.kind in "bui":
        return float(1 / np.sqrt(12))
    for step in STEPS:
        # The largest numbers overflow, and are no multiples then.
        with np.errstate(over="ignore", invalid="ignore"):
            steps = np.round(values / step)
            beyond = np.abs(values / step - steps).max()
        # float32 holds multiples of either step to a hundredth of it. Values far below a step are near 0 of them: they
        # are small, not rounded.
        if steps.any() and beyond < 0.02:
            return float(step / np.sqrt(12))
    return 0.0
