"""Arithmetic of maps with constants, and elementary functions.

x is (C, H, W), (N, C, H, W) or vectors (N, features). Infinities and NaN are values here, as in NumPy: the square root
of a negative number is NaN, one divided by 0 is infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.activations import each, gated, limit
from filterlab.functional.arrays import Array, as_values, check_gradient, like, shape_text
from filterlab.text.messages import say

__all__ = [
    "FUNCTIONS",
    "OPERATIONS",
    "arithmetic",
    "arithmetic_backward",
    "arithmetic_operand_backward",
    "clamp",
    "clamp_backward",
    "function",
    "function_backward",
    "scale_shift",
    "scale_shift_affine_backward",
    "scale_shift_backward",
]

Binary = Callable[[Array, Array], Array]

# Name: f(x, c), its derivative by x, its derivative by c.
OPERATIONS: dict[str, tuple[Binary, Binary, Binary]] = {
    "add": (lambda x, c: x + c, lambda x, c: _ones(x, c), lambda x, c: _ones(x, c)),
    "subtract": (lambda x, c: x - c, lambda x, c: _ones(x, c), lambda x, c: -_ones(x, c)),
    "subtract from": (lambda x, c: c - x, lambda x, c: -_ones(x, c), lambda x, c: _ones(x, c)),
    "multiply": (lambda x, c: x * c, lambda x, c: c * _ones(x, c), lambda x, c: x * _ones(x, c)),
    "divide": (lambda x, c: x / c, lambda x, c: _ones(x, c) / c, lambda x, c: -x / (c * c)),
    "divide into": (lambda x, c: c / x, lambda x, c: -c / (x * x), lambda x, c: _ones(x, c) / x),
    "maximum": (np.maximum, lambda x, c: (x > c) * _ones(x, c), lambda x, c: (x <= c) * _ones(x, c)),
    "minimum": (np.minimum, lambda x, c: (x < c) * _ones(x, c), lambda x, c: (x >= c) * _ones(x, c)),
    "power": (
        lambda x, c: _power(x, c),
        # Where the exponent is 0 the value is 1 everywhere, also at x = 0, where x^(c - 1) would be infinite.
        lambda x, c: np.where(c == 0, 0, c * np.power(x, c - 1)),
        lambda x, c: np.power(x, c) * np.log(x),
    ),
}

Unary = Callable[[Array], Array]

# Name: f(x), its derivative from x and y = f(x).
FUNCTIONS: dict[str, tuple[Unary, Binary]] = {
    "sqrt": (np.sqrt, lambda x, y: 0.5 / y),
    "exp": (np.exp, lambda x, y: y),
    "log": (np.log, lambda x, y: 1 / x),
    "negative": (np.negative, lambda x, y: -np.ones_like(x)),
    "reciprocal": (lambda x: 1 / x, lambda x, y: -y * y),
    "square": (np.square, lambda x, y: 2 * x),
    "sign": (np.sign, lambda x, y: np.zeros_like(x)),
    "floor": (np.floor, lambda x, y: np.zeros_like(x)),
    "ceil": (np.ceil, lambda x, y: np.zeros_like(x)),
    # To the even neighbour halfway between two, as ONNX and PyTorch round.
    "round": (np.rint, lambda x, y: np.zeros_like(x)),
    "erf": (lambda x: _erf(x), lambda x, y: np.exp(-x * x) * x.dtype.type(2 / np.sqrt(np.pi))),
    "sin": (np.sin, lambda x, y: np.cos(x)),
    "cos": (np.cos, lambda x, y: -np.sin(x)),
}


def _ones(x: Array, c: Array) -> Array:
    return np.ones(np.broadcast_shapes(x.shape, c.shape), x.dtype)


def _power(x: Array, c: Array) -> Array:
    # A square by multiplication is exact to the last digit and many times faster than the general power.
    return x * x if c.size == 1 and c.item() == 2 else np.power(x, c)


def _erf(x: Array) -> Array:
    # Imported here, as scipy.special takes a while to load.
    from scipy.special import erf

    return np.asarray(erf(x))


@np.errstate(all="ignore")
def arithmetic(x: Any, operation: str, operand: Any) -> Array:
    """x and a constant, joined by one of `OPERATIONS`: "add" is x + operand, "subtract from" is operand - x.

    operand: (C, H, W), where each axis may be 1 and then stands for all. Raises ShapeError, ParameterError.
    """
    values = as_values(x, "arithmetic")
    return _operation(operation)[0](values, _operand(operand, values))


@np.errstate(all="ignore")
def arithmetic_backward(dy: Any, x: Any, operation: str, operand: Any) -> Array:
    """Gradient of `arithmetic` with respect to x."""
    values = as_values(x, "arithmetic_backward")
    constant = _operand(operand, values)
    upstream = _upstream(dy, values, constant)
    return _summed(upstream * _operation(operation)[1](values, constant), values.shape)


@np.errstate(all="ignore")
def arithmetic_operand_backward(dy: Any, x: Any, operation: str, operand: Any) -> Array:
    """Gradient of `arithmetic` with respect to the operand, summed over all cells that share one of its numbers."""
    values = as_values(x, "arithmetic_operand_backward")
    constant = _operand(operand, values)
    slopes = _upstream(dy, values, constant) * _operation(operation)[2](values, constant)
    return _summed(slopes, constant.shape).reshape(np.shape(operand))


def _operation(name: str) -> tuple[Binary, Binary, Binary]:
    if name not in OPERATIONS:
        what, hint = say("operation is {!r}", name), say("one of {}", ", ".join(OPERATIONS))
        raise ParameterError(what, "arithmetic", hint, parameter="operation")
    return OPERATIONS[name]


def _operand(operand: Any, values: Array) -> Array:
    """The constant in the rank of the values: a vector of features has neither height nor width."""
    constant = like(operand, values, "arithmetic", "operand")
    if values.ndim == 2 and constant.shape[1:] == (1, 1):
        constant = constant.reshape(-1)
    shape = operated_shape(values.shape[-3:] if values.ndim > 2 else values.shape[1:], np.shape(operand))
    assert len(shape) == max(constant.ndim, 1), "checked by operated_shape"
    return constant


def operated_shape(shape: tuple[int, ...], operand: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of `arithmetic` for one picture. Raises ShapeError where the operand does not fit."""
    wanted = operand if len(shape) == 3 else operand[:1]
    fits = all(c in (n, 1) or (n == 1 and i == 0) for i, (n, c) in enumerate(zip(shape, wanted, strict=True)))
    if not fits or (len(shape) == 1 and operand[1:] != (1, 1)):
        what = say("an operand of {} does not fit {}", shape_text(operand), shape_text(shape))
        hint = say("each of its axes must have 1 number, or as many as the input")
        raise ShapeError(what, "arithmetic", hint, parameter="operand")
    return (max(shape[0], wanted[0]), *shape[1:])


def _upstream(dy: Any, values: Array, constant: Array) -> Array:
    shape = np.broadcast_shapes(values.shape, constant.shape)
    return check_gradient(dy, shape, "arithmetic_backward", values.dtype)


def _summed(gradient: Array, shape: tuple[int, ...]) -> Array:
    """A gradient summed over the axes along which one number stood for many."""
    extra = gradient.ndim - len(shape)
    axes = tuple(i for i in range(gradient.ndim) if i < extra or shape[i - extra] < gradient.shape[i])
    total = gradient.sum(axis=axes, keepdims=True, dtype=np.float64) if axes else gradient
    return total.reshape(shape).astype(gradient.dtype)


def function(x: Any, function: str) -> Array:
    """One of `FUNCTIONS` of every value. Raises ParameterError for another name."""
    return each(_named(function)[0], as_values(x, "function"))


@np.errstate(all="ignore")
def function_backward(dy: Any, x: Any, function: str) -> Array:
    """dy times the derivative; 0 for the functions that are constant but for their steps."""
    values = as_values(x, "function_backward")
    upstream = check_gradient(dy, values.shape, "function_backward", values.dtype)
    forward, derivative = _named(function)
    return upstream * derivative(values, forward(values))


def _named(name: str) -> tuple[Unary, Binary]:
    if name not in FUNCTIONS:
        what, hint = say("function is {!r}", name), say("one of {}", ", ".join(FUNCTIONS))
        raise ParameterError(what, "function", hint, parameter="function")
    return FUNCTIONS[name]


@np.errstate(all="ignore")
def scale_shift(x: Any, weight: Any = None, bias: Any = None) -> Array:
    """x * weight + bias, with one number of each for each channel; 1 and 0 where they are left out."""
    values = as_values(x, "scale_shift")
    y = values if weight is None else values * _column(weight, values)
    y = y if bias is None else y + _column(bias, values)
    return y.copy() if y is values else y


@np.errstate(all="ignore")
def scale_shift_backward(dy: Any, x: Any, weight: Any = None, bias: Any = None) -> Array:
    """Gradient of `scale_shift` with respect to x: dy * weight."""
    values = as_values(x, "scale_shift_backward")
    upstream = check_gradient(dy, values.shape, "scale_shift_backward", values.dtype)
    return upstream.copy() if weight is None else upstream * _column(weight, values)


@np.errstate(all="ignore")
def scale_shift_affine_backward(dy: Any, x: Any) -> tuple[Array, Array]:
    """Gradients (dweight, dbias) of `scale_shift`: sums of dy * x and of dy, each (C,)."""
    values = as_values(x, "scale_shift_affine_backward")
    upstream = check_gradient(dy, values.shape, "scale_shift_affine_backward", values.dtype)
    channels = (values.shape[-3],) if values.ndim > 2 else values.shape[1:]
    column = (*channels, 1, 1) if values.ndim > 2 else channels
    return tuple(_summed(g, column).reshape(channels) for g in (upstream * values, upstream))  # type: ignore[return-value]


def _column(numbers: Any, values: Array) -> Array:
    array = like(numbers, values, "scale_shift", "weight")
    return array[:, None, None] if values.ndim > 2 else array


def clamp(x: Any, min: float | None = None, max: float | None = None) -> Array:
    """x, but at least `min` and at most `max`; `max` where min > max, as in torch.clamp. NaN stays NaN."""
    return limit(x, -np.inf if min is None else min, np.inf if max is None else max, "clamp")


def clamp_backward(dy: Any, x: Any, min: float | None = None, max: float | None = None) -> Array:
    """dy times the derivative: 1 where min <= x <= max, both included, else 0."""
    low, high = -np.inf if min is None else min, np.inf if max is None else max
    return gated(dy, x, lambda v: (v >= low) & (v <= high), "clamp")
