"""Losses: one number that says how far a result is from its target, and its gradient.

reduction: "mean" over all elements (classes: over all samples), or "sum". Sums are in double precision.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_float, like, shape_text
from filterlab.functional.softmax import log_softmax, softmax

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "l1_loss",
    "l1_loss_backward",
    "mse_loss",
    "mse_loss_backward",
]


def mse_loss(x: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of (x - target)^2. Raises ShapeError unless the shapes agree."""
    difference, _ = _difference(x, target, reduction, "mse_loss")
    return _reduce(np.square(difference, dtype=np.float64), reduction, difference.dtype)


def mse_loss_backward(x: Any, target: Any, reduction: str = "mean") -> Array:
    """2 * (x - target), over the number of elements for "mean"."""
    difference, share = _difference(x, target, reduction, "mse_loss")
    return difference * difference.dtype.type(2 * share)


def l1_loss(x: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of |x - target|."""
    difference, _ = _difference(x, target, reduction, "l1_loss")
    return _reduce(np.abs(difference), reduction, difference.dtype)


def l1_loss_backward(x: Any, target: Any, reduction: str = "mean") -> Array:
    """The sign of x - target, over the number of elements for "mean"."""
    difference, share = _difference(x, target, reduction, "l1_loss")
    return np.sign(difference) * difference.dtype.type(share)


def cross_entropy(logits: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean (or sum) of -log softmax(logits)[target].

    logits: (classes,) or (N, classes); target: a class number, or N of them. Raises ShapeError, ParameterError.
    """
    values, classes, _ = _classes(logits, target, reduction)
    chosen = log_softmax(values, 1)[np.arange(len(values)), classes]
    return _reduce(-chosen.astype(np.float64), reduction, values.dtype)


def cross_entropy_backward(logits: Any, target: Any, reduction: str = "mean") -> Array:
    """softmax(logits), less one at the target, over N for "mean"; in the shape of the logits."""
    values, classes, share = _classes(logits, target, reduction)
    gradient = softmax(values, 1)
    gradient[np.arange(len(values)), classes] -= 1
    return (gradient * values.dtype.type(share)).reshape(np.shape(logits))


def _reduce(values: Array, reduction: str, dtype: Any) -> Any:
    total = values.sum(dtype=np.float64)
    return dtype.type(total / values.size if reduction == "mean" else total)


def _share(count: int, reduction: str, operation: str) -> float:
    if reduction not in ("mean", "sum"):
        what = f"reduction is {reduction!r}"
        raise ParameterError(what, operation, 'it must be "mean" or "sum"', parameter="reduction")
    return 1 / count if reduction == "mean" else 1.0


def _difference(x: Any, target: Any, reduction: str, operation: str) -> tuple[Array, float]:
    values = as_float(x, operation)
    wanted = like(target, values, operation, "target")
    if values.shape != wanted.shape:
        what = f"x has shape {shape_text(values.shape)}, the target {shape_text(wanted.shape)}"
        raise ShapeError(what, operation, "they must agree", parameter="target")
    return values - wanted, _share(values.size, reduction, operation)


def _classes(logits: Any, target: Any, reduction: str) -> tuple[Array, Array, float]:
    values = np.atleast_2d(as_float(logits, "cross_entropy", "logits"))
    classes = np.atleast_1d(np.asarray(target))
    if values.ndim != 2 or classes.shape != values.shape[:1]:
        what = f"logits have shape {shape_text(np.shape(logits))}, the target {shape_text(np.shape(target))}"
        hint = "give (N, classes) and N class numbers"
        raise ShapeError(what, "cross_entropy", hint, parameter="target")
    if classes.dtype.kind not in "iu" or classes.min() < 0 or classes.max() >= values.shape[1]:
        what = f"the target holds {classes.dtype} from {classes.min()} to {classes.max()}"
        hint = f"class numbers are whole, from 0 to {values.shape[1] - 1}"
        raise ParameterError(what, "cross_entropy", hint, parameter="target")
    return values, classes, _share(len(values), reduction, "cross_entropy")
