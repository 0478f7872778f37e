"""Softmax and its logarithm along one axis. The largest value is taken off first, so that nothing overflows."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_float, check_gradient, shape_text
from filterlab.text.messages import say

__all__ = ["log_softmax", "log_softmax_backward", "softmax", "softmax_backward"]


@np.errstate(all="ignore")  # infinity minus infinity is NaN, as PyTorch has it
def softmax(x: Any, axis: int) -> Array:
    """exp(x) divided by its sum along `axis`; x has any shape. Raises ParameterError for an axis out of range."""
    values = _checked(x, axis, "softmax")
    powers = np.exp(_shifted(values, axis))
    return powers / powers.sum(axis=axis, keepdims=True)


@np.errstate(all="ignore")
def softmax_backward(dy: Any, x: Any, axis: int) -> Array:
    """y * (dy - sum of dy * y), with y = softmax(x)."""
    y = softmax(x, axis)
    upstream = check_gradient(dy, y.shape, "softmax_backward", y.dtype)
    return y * (upstream - (upstream * y).sum(axis=axis, keepdims=True))


@np.errstate(all="ignore")
def log_softmax(x: Any, axis: int) -> Array:
    """x minus the logarithm of the sum of exp(x) along `axis`."""
    shifted = _shifted(_checked(x, axis, "log_softmax"), axis)
    # Not the logarithm of `softmax`, which underflows to 0, and its logarithm to minus infinity, for unlikely classes.
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@np.errstate(all="ignore")
def log_softmax_backward(dy: Any, x: Any, axis: int) -> Array:
    """dy - softmax(x) * sum of dy."""
    y = softmax(x, axis)
    upstream = check_gradient(dy, y.shape, "log_softmax_backward", y.dtype)
    return upstream - y * upstream.sum(axis=axis, keepdims=True)


def _checked(x: Any, axis: int, operation: str) -> Array:
    values = as_float(x, operation)
    if not -values.ndim <= axis < values.ndim:
        what = say("there is no axis {} in {}", axis, shape_text(values.shape))
        hint = say("allowed: {} to {}", -values.ndim, values.ndim - 1)
        raise ParameterError(what, operation, hint, parameter="axis")
    return values


def _shifted(values: Array, axis: int) -> Array:
    # `initial` is for axes of length 0, which have no largest value; the result is empty as well.
    return values - values.max(axis=axis, keepdims=True, initial=-np.inf)
