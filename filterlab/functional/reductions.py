"""Maps reduced to one number along some axes, which stay with size 1.

x is (C, H, W), (N, C, H, W) or vectors (N, features). Sums are taken in double precision. A NaN is the result of every
reduction that sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_values, check_gradient
from filterlab.text.messages import say

__all__ = ["REDUCED_AXES", "REDUCTIONS", "reduce", "reduce_backward"]

# Counted from the channels, so that a batch axis in front does not matter.
REDUCED_AXES: dict[str, tuple[int, ...]] = {
    "space": (1, 2),
    "channels": (0,),
    "height": (1,),
    "width": (2,),
    "all": (0, 1, 2),
}

Axes = tuple[int, ...]


def _sum(x: Array, axes: Axes) -> Array:
    return x.sum(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)


def _mean(x: Array, axes: Axes) -> Array:
    return x.mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)


def _l2(x: Array, axes: Axes) -> Array:
    squares = np.square(x, dtype=np.float64).sum(axis=axes, keepdims=True)
    return np.sqrt(squares).astype(x.dtype)


def _argmax(x: Array, axes: Axes) -> Array:
    # The first of equal values, in row order. The position is a float like every value of a map.
    kept = [i for i in range(x.ndim) if i not in axes]
    flat = x.transpose(*kept, *axes).reshape(*(x.shape[i] for i in kept), -1)
    shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    return flat.argmax(axis=-1).reshape(shape).astype(x.dtype)


def _shared(x: Array, y: Array, axes: Axes) -> Array:
    """1 for the cells that equal the extreme, divided by how many they are."""
    chosen = (x == y).astype(x.dtype)
    return chosen / np.maximum(chosen.sum(axis=axes, keepdims=True), 1)


# Name: the reduction of x along axes, and its derivative from x, y and axes.
REDUCTIONS: dict[str, tuple[Callable[[Array, Axes], Array], Callable[[Array, Array, Axes], Array]]] = {
    "mean": (_mean, lambda x, y, axes: np.full_like(x, 1 / prod(x.shape[i] for i in axes))),
    "sum": (_sum, lambda x, y, axes: np.ones_like(x)),
    "max": (lambda x, axes: x.max(axis=axes, keepdims=True), _shared),
    "min": (lambda x, axes: x.min(axis=axes, keepdims=True), _shared),
    "l1": (lambda x, axes: _sum(np.abs(x), axes), lambda x, y, axes: np.sign(x)),
    "l2": (_l2, lambda x, y, axes: np.where(y == 0, 0, x / np.where(y == 0, 1, y))),
    "sum of squares": (
        lambda x, axes: np.square(x, dtype=np.float64).sum(axis=axes, keepdims=True).astype(x.dtype),
        lambda x, y, axes: 2 * x,
    ),
    "argmax": (_argmax, lambda x, y, axes: np.zeros_like(x)),
}


@np.errstate(all="ignore")
def reduce(x: Any, operation: str = "mean", over: str = "space") -> Array:
    """Reduce x by one of `REDUCTIONS` over one of `REDUCED_AXES`, each of which stays as an axis of size 1.

    "argmax" gives the position of the largest value. Raises ShapeError for a vector that is not reduced over
    "channels", ParameterError.
    """
    # NumPy adds in the order of memory: in one order, the digits are the same however a map lies there.
    values = np.ascontiguousarray(as_values(x, "reduce"))
    return _operation(operation)[0](values, _axes(values, over))


@np.errstate(all="ignore")
def reduce_backward(dy: Any, x: Any, operation: str = "mean", over: str = "space") -> Array:
    """Gradient of `reduce`. Equal extremes share it; that of "argmax" is 0."""
    values = as_values(x, "reduce_backward")
    axes = _axes(values, over)
    forward, derivative = _operation(operation)
    y = forward(values, axes)
    upstream = check_gradient(dy, y.shape, "reduce_backward", values.dtype)
    return upstream * derivative(values, y, axes)


def _operation(name: str) -> Any:
    if name not in REDUCTIONS:
        what, hint = say("operation is {!r}", name), say("one of {}", ", ".join(REDUCTIONS))
        raise ParameterError(what, "reduce", hint, parameter="operation")
    return REDUCTIONS[name]


def _axes(values: Array, over: str) -> Axes:
    if over not in REDUCED_AXES:
        what, hint = say("over is {!r}", over), say("one of {}", ", ".join(REDUCED_AXES))
        raise ParameterError(what, "reduce", hint, parameter="over")
    if values.ndim > 2:
        return tuple(i + values.ndim - 3 for i in REDUCED_AXES[over])
    need_reducible(1, over)
    return (1,)


def need_reducible(rank: int, over: str) -> None:
    """Raise ShapeError for a vector (rank 1) that is not reduced over its features."""
    if rank == 1 and over not in ("channels", "all"):
        raise ShapeError(
            "a vector has no rows or columns", "reduce", 'reduce it over "channels"', parameter="over"
        )
