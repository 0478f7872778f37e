"""Checks and conversions of arrays that all operations share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, ShapeError
from filterlab.text.messages import say

Array = NDArray[Any]


def as_float(x: Any, operation: str, name: str = "x") -> Array:
    """Return `x` as a float32 or float64 array.

    Those are returned as they are; integers, booleans and float16 become float32, longer floats float64. Raises
    ParameterError for complex numbers, text and objects.
    """
    array = np.asarray(x)
    # Numbers in the other byte order, as files may hold them, are converted below: compiled loops take the machine's
    # own.
    if array.dtype in (np.float32, np.float64) and array.dtype.isnative:
        return array
    if array.dtype.kind not in "biuf":
        hint = say("read_image makes an array of a file") if array.dtype.kind == "U" else ""
        raise ParameterError(
            say("{} holds {}, not real numbers", name, array.dtype), operation, hint, parameter=name
        )
    # float16 is exact in float32. Integers become float32 whatever their size: pictures have 8 or 16 bits.
    return array.astype(np.float64 if array.dtype.kind == "f" and array.itemsize >= 8 else np.float32)


def like(array: Any, x: Array, operation: str, name: str) -> Array:
    """Return `array` (a weight, a bias) in the dtype of `x`: the maps decide the precision."""
    found = as_float(array, operation, name)
    if found.dtype == x.dtype:
        return found
    with np.errstate(over="ignore"):  # beyond the range of float32 they are infinite, as sums of maps are
        return found.astype(x.dtype)


def as_maps(x: Any, operation: str, name: str = "x") -> Array:
    """Return `x` as (N, C, H, W) floats; (C, H, W) gets N = 1. Raises ShapeError for other ranks and empty C, H, W."""
    array = as_float(x, operation, name)
    # N may be 0: a batch without pictures gives maps without pictures.
    if array.ndim not in (3, 4) or 0 in array.shape[-3:]:
        raise ShapeError(
            say("{} has shape {}", name, shape_text(array.shape)),
            operation,
            "give (C, H, W) or (N, C, H, W), none of C, H, W zero",
            parameter=name,
        )
    return array if array.ndim == 4 else array[None]


def as_values(x: Any, operation: str) -> Array:
    """Return vectors (N, features) or maps, (C, H, W) or (N, C, H, W), as floats. Raises ShapeError as `as_maps`."""
    array = as_float(x, operation)
    if array.ndim != 2:
        as_maps(array, operation)
    return array


def read_only(array: Array) -> Array:
    """`array` as a contiguous view that cannot be written to.

    Compiled loops take only such arrays as inputs: numba compiles a version for writeable arrays and another for
    read-only ones, and this way needs one.
    """
    # [:] makes a view to set the flag on; the caller's array stays writeable.
    view = np.ascontiguousarray(array)[:]
    view.flags.writeable = False
    return view


def own(y: Array, *sources: Any) -> Array:
    """Return `y`, copied where it may share memory with an argument of the caller: results are new arrays."""
    # Only bounds are compared, which takes no time; an error costs one needless copy.
    shared = any(isinstance(x, np.ndarray) and np.may_share_memory(y, x) for x in sources)
    return y.copy() if shared else y


def unbatch(y: Array, x: Any) -> Array:
    """Return `y` (N, ...) without its first axis where the caller's `x` was (C, H, W)."""
    return y[0] if np.ndim(x) == 3 else y


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as text: (3, 224, 224) as "3x224x224", () as "scalar"."""
    return "x".join(str(n) for n in shape) or "scalar"


def check_gradient(dy: Any, shape: tuple[int, ...], operation: str, dtype: Any = None) -> Array:
    """Return `dy` as floats, of `dtype` where it is given. Raises ShapeError unless it has the output's `shape`."""
    array = as_float(dy, operation, "dy")
    if array.shape != tuple(shape):
        raise ShapeError(
            say(
                "the gradient has shape {}, the output {}", shape_text(array.shape), shape_text(tuple(shape))
            ),
            operation,
            "dy must have the shape of the output",
            parameter="dy",
        )
    return array if dtype is None else array.astype(dtype, copy=False)


def map_gradient(dy: Any, x: Any, maps: Array, shape: tuple[int, ...], operation: str) -> Array:
    """Return `dy` as (N, ...) of `shape`, in the dtype of `maps`, which are the caller's `x` as (N, C, H, W).

    Where x is (C, H, W), dy comes without the first axis of `shape`. Raises ShapeError for any other shape.
    """
    return check_gradient(dy, shape[4 - np.ndim(x) :], operation, maps.dtype).reshape(shape)
