"""Losses: one number that says how far a result is from its target, and its gradient.

reduction: "mean" over all elements (of `cross_entropy`: over all samples), or "sum". Sums are made in double precision.
Empty arrays raise ShapeError, as they have no mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_float, like, shape_text
from filterlab.functional.memory import empty
from filterlab.functional.softmax import log_softmax, softmax
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "l1_loss",
    "l1_loss_backward",
    "mse_loss",
    "mse_loss_backward",
]

# Values worked on at a time, so that temporaries stay in the cache. Also the terms of one partial sum, so changing it
# changes digits.
CHUNK = 1 << 15


def mse_loss(x: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of (x - target)^2, in the dtype of x. Raises ShapeError unless the shapes agree."""
    values, wanted, count = _alike(x, target, reduction, "mse_loss")
    # Squared in double precision: float32 overflows from 1.8e19 on, where the difference itself is still finite.
    return _total(lambda d: np.square(d, dtype=np.float64).sum(), values, wanted, count)


def mse_loss_backward(x: Any, target: Any, reduction: str = "mean") -> Array:
    """2 * (x - target), divided by the number of elements for "mean"."""
    values, wanted, count = _alike(x, target, reduction, "mse_loss")
    return _gradient(lambda d: d * d.dtype.type(2 / count), values, wanted)


def l1_loss(x: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of |x - target|, in the dtype of x. Raises ShapeError unless the shapes agree."""
    values, wanted, count = _alike(x, target, reduction, "l1_loss")
    # Summed in double precision: the terms are as many as the picture has values.
    return _total(lambda d: np.abs(d).sum(dtype=np.float64), values, wanted, count)


def l1_loss_backward(x: Any, target: Any, reduction: str = "mean") -> Array:
    """The sign of x - target (0 where they are equal), divided by the number of elements for "mean"."""
    values, wanted, count = _alike(x, target, reduction, "l1_loss")
    return _gradient(lambda d: np.sign(d) * d.dtype.type(1 / count), values, wanted)


def cross_entropy(logits: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of -log softmax(logits)[target].

    logits: (classes,) or (N, classes); target: a class number, or N of them. Raises ShapeError, ParameterError.
    """
    values, classes, count = _classes(logits, target, reduction)
    chosen = log_softmax(values, 1)[np.arange(len(values)), classes]
    # From log_softmax, not log(softmax): a hopeless class has the probability 0, and an infinite loss teaches nothing.
    return values.dtype.type(-chosen.sum(dtype=np.float64) / count)


def cross_entropy_backward(logits: Any, target: Any, reduction: str = "mean") -> Array:
    """softmax(logits), less one at the target, divided by N for "mean"; in the shape of the logits."""
    values, classes, count = _classes(logits, target, reduction)
    gradient = softmax(values, 1)
    gradient[np.arange(len(values)), classes] -= 1
    return (gradient * values.dtype.type(1 / count)).reshape(np.shape(logits))


def _total(term: Callable[[Array], Any], x: Array, target: Array, count: int) -> Any:
    """The sum of `term` over chunks of x - target, divided by `count`; the same on any number of threads."""
    sums = np.zeros(-(-x.size // CHUNK))

    def add(number: int, difference: Array, part: slice) -> None:
        sums[number] = term(difference)

    _each_chunk(add, x, target)
    return x.dtype.type(sums.sum() / count)


def _gradient(derivative: Callable[[Array], Array], x: Array, target: Array) -> Array:
    """`derivative` of x - target, chunk by chunk."""
    found = empty(x.shape, x.dtype)
    flat = found.reshape(-1)

    def put(number: int, difference: Array, part: slice) -> None:
        flat[part] = derivative(difference)

    _each_chunk(put, x, target)
    return found


def _each_chunk(work: Callable[[int, Array, slice], None], x: Array, target: Array) -> None:
    """Call `work` with the number of each chunk, x - target there, and where that is in the flat arrays."""
    values, wanted = (np.ascontiguousarray(a).reshape(-1) for a in (x, target))

    def band(start: int, stop: int) -> None:
        for number in range(start, stop):
            part = slice(number * CHUNK, (number + 1) * CHUNK)
            work(number, values[part] - wanted[part], part)

    run_bands(band, -(-x.size // CHUNK))


def _count(size: int, reduction: str, operation: str) -> int:
    """The number that the sum is divided by. Raises ParameterError, and ShapeError for nothing to compare."""
    if reduction not in ("mean", "sum"):
        what = say("reduction is {!r}", reduction)
        raise ParameterError(what, operation, 'it must be "mean" or "sum"', parameter="reduction")
    if size == 0:
        raise ShapeError("there is nothing to compare", operation, "give arrays that are not empty")
    return size if reduction == "mean" else 1


def _alike(x: Any, target: Any, reduction: str, operation: str) -> tuple[Array, Array, int]:
    """Both in the dtype of x, and the number that the sum is divided by. Raises ShapeError unless the shapes agree."""
    values = as_float(x, operation)
    wanted = like(target, values, operation, "target")
    if values.shape != wanted.shape:
        what = say("x has shape {}, the target {}", shape_text(values.shape), shape_text(wanted.shape))
        raise ShapeError(what, operation, "they must agree", parameter="target")
    return values, wanted, _count(values.size, reduction, operation)


def _classes(logits: Any, target: Any, reduction: str) -> tuple[Array, Array, int]:
    """Logits as (N, classes), class numbers as (N,), and the number that the sum is divided by."""
    values = np.atleast_2d(as_float(logits, "cross_entropy", "logits"))
    classes = np.atleast_1d(np.asarray(target))
    if values.ndim != 2 or classes.shape != values.shape[:1]:
        what = say(
            "logits have shape {}, the target {}", shape_text(np.shape(logits)), shape_text(np.shape(target))
        )
        hint = say("give (N, classes) and N class numbers")
        raise ShapeError(what, "cross_entropy", hint, parameter="target")
    # Before min and max below, which raise their own error for empty arrays.
    count = _count(len(values), reduction, "cross_entropy")
    if classes.dtype.kind not in "iu" or classes.min() < 0 or classes.max() >= values.shape[1]:
        what = say("the target holds {} from {} to {}", classes.dtype, classes.min(), classes.max())
        hint = say("class numbers are whole, from 0 to {}", values.shape[1] - 1)
        raise ParameterError(what, "cross_entropy", hint, parameter="target")
    return values, classes, count
