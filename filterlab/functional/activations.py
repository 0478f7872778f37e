"""Activations: functions of each value by itself, each with its gradient below it.

Each takes an array of any shape, float32 or float64, and returns a new one of the same shape and dtype. Results agree
with the function of the same name in torch.nn.functional, also for NaN and where an exponential would overflow.
`<name>_backward` takes `dy`, the gradient of the output, and raises ShapeError unless dy has the shape of x.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np

from filterlab.errors import ChannelError, ParameterError
from filterlab.functional.arrays import Array, as_float, check_gradient, like
from filterlab.functional.memory import empty
from filterlab.functional.prepared import Place, Prepared
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = [
    "abs",
    "abs_backward",
    "celu",
    "celu_backward",
    "elu",
    "elu_backward",
    "gelu",
    "gelu_backward",
    "hardshrink",
    "hardshrink_backward",
    "hardsigmoid",
    "hardsigmoid_backward",
    "hardswish",
    "hardswish_backward",
    "hardtanh",
    "hardtanh_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "logsigmoid",
    "logsigmoid_backward",
    "mish",
    "mish_backward",
    "prelu",
    "prelu_backward",
    "prelu_weight_backward",
    "relu",
    "relu6",
    "relu6_backward",
    "relu_backward",
    "selu",
    "selu_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "softplus",
    "softplus_backward",
    "softshrink",
    "softshrink_backward",
    "softsign",
    "softsign_backward",
    "tanh",
    "tanh_backward",
    "tanhshrink",
    "tanhshrink_backward",
    "threshold",
    "threshold_backward",
]

CHUNK = 1 << 15  # values worked on at a time, so that temporaries stay in the cache


def each(function: Callable[..., Array], *arrays: Array) -> Array:
    """Apply `function` to chunks of flat arrays of one shape, on our threads."""
    y = empty(arrays[0].shape, arrays[0].dtype)
    flat, out = [np.ascontiguousarray(a).reshape(-1) for a in arrays], y.reshape(-1)

    def band(start: int, stop: int) -> None:
        for low in range(start, stop, CHUNK):
            part = slice(low, min(low + CHUNK, stop))
            out[part] = function(*(a[part] for a in flat))

    run_bands(band, out.size, smallest=CHUNK)
    return y


def _forward(function: Callable[[Array], Array], x: Any, name: str) -> Array:
    return each(function, as_float(x, name))


def _backward(derivative: Callable[[Array], Array], dy: Any, x: Any, name: str) -> Array:
    """dy times the derivative at x."""
    values = as_float(x, name)
    upstream = check_gradient(dy, values.shape, f"{name}_backward", values.dtype)
    return each(lambda d, v: d * derivative(v), upstream, values)


def _over(x: Array, key: str) -> Prepared:
    """The loop of this name over the values of arrays like x."""
    # Imported when it is needed, as it loads the compiler.
    from filterlab.functional.pointwise import LOOPS, over

    return over(LOOPS[key], x.shape, x.dtype)


def limit(x: Any, low: float, high: float, name: str) -> Array:
    """x, but at least `low` and at most `high`, which decides where low > high. NaN stays NaN."""
    from filterlab.functional.pointwise import limited

    values = as_float(x, name)
    return limited(values.dtype, low, high).over(values.shape)(values)


def _in_vectors(key: str, function: Callable[[Array], Array], x: Any, name: str) -> Array:
    """The loop `key` of `pointwise` for single precision, `function` for double."""
    values = as_float(x, name)
    return _over(values, key)(values) if values.dtype == np.float32 else each(function, values)


def placed(key: str, dtype: Any) -> Place | None:
    """How the activation of this name is placed; None where NumPy computes it."""
    compiled = key == "relu" or dtype == np.float32
    return (lambda space, x: _over(x, key).place(space, x)) if compiled else None


def relu(x: Any) -> Array:
    """max(0, x)."""
    values = as_float(x, "relu")
    return _over(values, "relu")(values)


def relu_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 1 where x > 0, else 0, at 0 too."""
    # Not v > 0: where x is NaN the gradient passes, as PyTorch has it.
    return gated(dy, x, lambda v: ~(v <= 0), "relu")


def gated(dy: Any, x: Any, gate: Callable[[Array], Array], name: str) -> Array:
    """dy where the gate is open, else 0; a product would make NaN of 0 and an infinite dy."""
    values = as_float(x, name)
    upstream = check_gradient(dy, values.shape, f"{name}_backward", values.dtype)
    return each(lambda d, v: np.where(gate(v), d, 0), upstream, values)


def relu6(x: Any) -> Array:
    """min(max(0, x), 6)."""
    return limit(x, 0, 6, "relu6")


def relu6_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 1 where 0 < x < 6, else 0."""
    return gated(dy, x, lambda v: (v > 0) & (v < 6), "relu6")


def leaky_relu(x: Any, negative_slope: float = 0.01) -> Array:
    """x where x > 0, else negative_slope * x."""
    # The slope in the dtype of x: a NumPy float64 would make float64 of a float32 map. NaN is not above 0, and stays
    # NaN in the product.
    return _forward(lambda v: np.where(v > 0, v, v * v.dtype.type(negative_slope)), x, "leaky_relu")


def leaky_relu_backward(dy: Any, x: Any, negative_slope: float = 0.01) -> Array:
    """dy times the derivative: 1 where x > 0, else negative_slope."""
    return _backward(
        lambda v: np.where(v > 0, v.dtype.type(1), v.dtype.type(negative_slope)), dy, x, "leaky_relu"
    )


def prelu(x: Any, weight: Any) -> Array:
    """x where x > 0, else weight * x; He et al. 2015.

    weight: one number, or one for each channel, which is axis -3, or the last of vectors. Raises ChannelError for
    another number of weights.
    """
    values = as_float(x, "prelu")
    with np.errstate(all="ignore"):
        return np.where(values > 0, values, values * _slopes(values, weight))


def prelu_backward(dy: Any, x: Any, weight: Any) -> Array:
    """The gradient of `prelu` with respect to x: dy where x > 0, else weight * dy."""
    values = as_float(x, "prelu")
    upstream = check_gradient(dy, values.shape, "prelu_backward", values.dtype)
    with np.errstate(all="ignore"):
        return np.where(values > 0, upstream, upstream * _slopes(values, weight))


def prelu_weight_backward(dy: Any, x: Any, weight: Any) -> Array:
    """The gradient of `prelu` with respect to the weight, in its shape: the sum of dy * x where x <= 0."""
    values = as_float(x, "prelu")
    upstream = check_gradient(dy, values.shape, "prelu_weight_backward", values.dtype)
    with np.errstate(all="ignore"):
        parts = np.where(values > 0, 0, upstream * values)
    axes = tuple(range(values.ndim)) if np.size(weight) == 1 else _other_axes(values)
    # One number is summed from all cells of a picture: in float32, millions of terms would lose digits.
    return parts.sum(axis=axes, dtype=np.float64).astype(values.dtype).reshape(np.shape(weight))


def _slopes(values: Array, weight: Any) -> Array:
    slopes = like(weight, values, "prelu", "weight")
    axis = _channel_axis(values)
    if slopes.size != 1 and slopes.shape != (values.shape[axis],):
        what = say("weight has {} number(s) for {} channel(s)", slopes.size, values.shape[axis])
        raise ChannelError(what, "prelu", "give one number, or one for each channel", parameter="weight")
    return slopes.reshape(-1, 1, 1) if values.ndim >= 3 else slopes.reshape(-1)


def _channel_axis(values: Array) -> int:
    return values.ndim - 3 if values.ndim >= 3 else values.ndim - 1


def _other_axes(values: Array) -> tuple[int, ...]:
    return tuple(i for i in range(values.ndim) if i != _channel_axis(values))


def elu(x: Any, alpha: float = 1.0) -> Array:
    """x where x > 0, else alpha * (exp(x) - 1); Clevert et al. 2016."""
    # expm1 keeps the digits near 0, where exp(x) - 1 cancels. Where x is large it overflows, but is not chosen.
    return _forward(lambda v: np.where(v > 0, v, v.dtype.type(alpha) * np.expm1(v)), x, "elu")


def elu_backward(dy: Any, x: Any, alpha: float = 1.0) -> Array:
    """dy times the derivative: 1 where x > 0, else alpha * exp(x)."""
    return _backward(lambda v: np.where(v > 0, 1, v.dtype.type(alpha) * np.exp(v)), dy, x, "elu")


def celu(x: Any, alpha: float = 1.0) -> Array:
    """x where x > 0, else alpha * (exp(x / alpha) - 1); Barron 2017."""
    return _forward(
        lambda v: np.where(v > 0, v, v.dtype.type(alpha) * np.expm1(v / v.dtype.type(alpha))), x, "celu"
    )


def celu_backward(dy: Any, x: Any, alpha: float = 1.0) -> Array:
    """dy times the derivative: 1 where x > 0, else exp(x / alpha)."""
    # PyTorch rounds the inverse of alpha to single precision here; so do we, for the same numbers.
    inverse = 1 / float(np.float32(alpha))
    return _backward(lambda v: np.where(v > 0, 1, np.exp(v * inverse) * (inverse * alpha)), dy, x, "celu")


SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def selu(x: Any) -> Array:
    """scale * elu(x, alpha) with the two constants of Klambauer et al. 2017."""
    a, s = SELU_ALPHA * SELU_SCALE, SELU_SCALE
    return _forward(lambda v: np.where(v > 0, v * v.dtype.type(s), v.dtype.type(a) * np.expm1(v)), x, "selu")


def selu_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: scale where x > 0, else scale * alpha * exp(x)."""
    a, s = SELU_ALPHA * SELU_SCALE, SELU_SCALE
    return _backward(lambda v: np.where(v > 0, v.dtype.type(s), v.dtype.type(a) * np.exp(v)), dy, x, "selu")


def _logistic(v: Array) -> Array:
    # Only negative numbers go into exp, so that nothing overflows.
    e = np.exp(-np.abs(v))
    return np.where(v >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid(x: Any) -> Array:
    """1 / (1 + exp(-x))."""
    return _in_vectors("sigmoid", _logistic, x, "sigmoid")


def sigmoid_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: s * (1 - s), s = sigmoid(x)."""
    # 1 - s has no digits left where s is almost 1; sigmoid(-x), which is equal to it, has all.
    return _backward(lambda v: _logistic(v) * _logistic(-v), dy, x, "sigmoid")


def logsigmoid(x: Any) -> Array:
    """log(1 / (1 + exp(-x)))."""
    # The logarithm of `sigmoid` would be minus infinity where that underflows, below about -104 in float32.
    return _forward(lambda v: np.minimum(v, 0) - np.log1p(np.exp(-np.abs(v))), x, "logsigmoid")


def logsigmoid_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: sigmoid(-x)."""
    return _backward(lambda v: _logistic(-v), dy, x, "logsigmoid")


def silu(x: Any) -> Array:
    """x * sigmoid(x), also called swish."""
    return _in_vectors("silu", lambda v: v * _logistic(v), x, "silu")


def silu_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: s * (1 + x * (1 - s)), s = sigmoid(x)."""
    return _backward(lambda v: _logistic(v) * (1 + v * _logistic(-v)), dy, x, "silu")


def _softplus(v: Array) -> Array:
    # log(1 + exp(v)) with the larger power taken out, so that nothing overflows.
    return np.maximum(v, 0) + np.log1p(np.exp(-np.abs(v)))


def mish(x: Any) -> Array:
    """x * tanh(log(1 + exp(x))); Misra 2019."""
    return _forward(lambda v: v * np.tanh(_softplus(v)), x, "mish")


def mish_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: t + x * sigmoid(x) * (1 - t^2), t = tanh(softplus(x))."""

    def derivative(v: Array) -> Array:
        t = np.tanh(_softplus(v))
        return t + v * _logistic(v) * (1 - t * t)

    return _backward(derivative, dy, x, "mish")


def hardswish(x: Any) -> Array:
    """x * min(max(x + 3, 0), 6) / 6; Howard et al. 2019."""
    return _forward(lambda v: v * np.minimum(np.maximum(v + 3, 0), 6) / 6, x, "hardswish")


def hardswish_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 0 below -3, 1 above 3, (2 x + 3) / 6 between."""
    return _backward(
        lambda v: np.where(v <= -3, 0, np.where(v >= 3, 1, v / 3 + v.dtype.type(0.5))), dy, x, "hardswish"
    )


def hardsigmoid(x: Any) -> Array:
    """min(max(x + 3, 0), 6) / 6."""
    return _forward(lambda v: np.minimum(np.maximum(v + 3, 0), 6) / 6, x, "hardsigmoid")


def hardsigmoid_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 1/6 (in single precision, as PyTorch has it) where -3 < x < 3, else 0."""
    return _backward(
        lambda v: np.where((v > -3) & (v < 3), np.float32(1 / 6).astype(v.dtype), 0), dy, x, "hardsigmoid"
    )


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """min(max(x, min_val), max_val)."""
    return limit(x, min_val, max_val, "hardtanh")


def hardtanh_backward(dy: Any, x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """dy times the derivative: 1 where min_val < x < max_val, else 0."""
    return gated(dy, x, lambda v: (v > min_val) & (v < max_val), "hardtanh")


def tanh(x: Any) -> Array:
    """Hyperbolic tangent."""
    return _in_vectors("tanh", np.tanh, x, "tanh")


def tanh_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 1 - tanh(x)^2."""
    return _backward(lambda v: 1 - np.tanh(v) ** 2, dy, x, "tanh")


def tanhshrink(x: Any) -> Array:
    """x - tanh(x)."""
    return _forward(lambda v: v - np.tanh(v), x, "tanhshrink")


def tanhshrink_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: tanh(x)^2."""
    return _backward(lambda v: np.tanh(v) ** 2, dy, x, "tanhshrink")


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Array:
    """log(1 + exp(beta * x)) / beta; x itself where beta * x > threshold."""
    return _forward(
        # PyTorch's shortcut, for equal numbers: past 20 the logarithm adds less than 3e-9, nothing in single precision.
        lambda v: np.where(v * beta > threshold, v, _softplus(v * v.dtype.type(beta)) / v.dtype.type(beta)),
        x,
        "softplus",
    )


def softplus_backward(dy: Any, x: Any, beta: float = 1.0, threshold: float = 20.0) -> Array:
    """dy times the derivative: sigmoid(beta * x); 1 above the threshold."""
    return _backward(
        lambda v: np.where(v * beta > threshold, 1, _logistic(v * v.dtype.type(beta))), dy, x, "softplus"
    )


def softsign(x: Any) -> Array:
    """x / (1 + |x|)."""
    return _forward(lambda v: v / (1 + np.abs(v)), x, "softsign")


def softsign_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: 1 / (1 + |x|)^2."""
    return _backward(lambda v: 1 / (1 + np.abs(v)) ** 2, dy, x, "softsign")


def hardshrink(x: Any, lambd: float = 0.5) -> Array:
    """x outside -lambd..lambd, else 0."""
    return _forward(lambda v: np.where((v >= -lambd) & (v <= lambd), 0, v), x, "hardshrink")


def hardshrink_backward(dy: Any, x: Any, lambd: float = 0.5) -> Array:
    """dy times the derivative: 1 outside -lambd..lambd, else 0."""
    return gated(dy, x, lambda v: (v < -lambd) | (v > lambd), "hardshrink")


def softshrink(x: Any, lambd: float = 0.5) -> Array:
    """x moved towards 0 by lambd; 0 where that would cross 0."""
    # v * 0 is 0, and NaN where x is NaN.
    return _forward(
        lambda v: np.where(
            v > lambd, v - v.dtype.type(lambd), np.where(v < -lambd, v + v.dtype.type(lambd), v * 0)
        ),
        x,
        "softshrink",
    )


def softshrink_backward(dy: Any, x: Any, lambd: float = 0.5) -> Array:
    """dy times the derivative: 1 outside -lambd..lambd, else 0."""
    return gated(dy, x, lambda v: (v < -lambd) | (v > lambd), "softshrink")


def threshold(x: Any, threshold: float, value: float) -> Array:
    """x where x > threshold, else value."""
    return _forward(lambda v: np.where(v <= threshold, v.dtype.type(value), v), x, "threshold")


def threshold_backward(dy: Any, x: Any, threshold: float, value: float) -> Array:
    """dy times the derivative: 1 where x > threshold, else 0."""
    return gated(dy, x, lambda v: ~(v <= threshold), "threshold")


def abs(x: Any) -> Array:
    """|x|."""
    return _forward(np.abs, x, "abs")


def abs_backward(dy: Any, x: Any) -> Array:
    """dy times the derivative: the sign of x, 0 at 0."""
    return _backward(np.sign, dy, x, "abs")


def gelu(x: Any, approximate: str = "none") -> Array:
    """x * Phi(x), Phi the standard normal distribution function; Hendrycks and Gimpel 2016.

    approximate: "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))). Raises ParameterError.
    """
    _check_approximate(approximate)
    if approximate == "tanh":
        return _in_vectors("gelu_tanh", lambda v: v * 0.5 * (1 + np.tanh(_gelu_inner(v))), x, "gelu")
    return _in_vectors("gelu", lambda v: v * _normal(v), x, "gelu")


def gelu_backward(dy: Any, x: Any, approximate: str = "none") -> Array:
    """dy times the derivative: Phi(x) + x * phi(x), phi the normal density; or the derivative of the approximation."""
    _check_approximate(approximate)
    if approximate == "tanh":
        return _backward(_gelu_tanh_derivative, dy, x, "gelu")
    density = 1 / sqrt(2 * pi)
    return _backward(
        lambda v: _normal(v) + v * np.exp(v * v * v.dtype.type(-0.5)) * v.dtype.type(density), dy, x, "gelu"
    )


def _normal(v: Array) -> Array:
    # Imported here: scipy.special takes a while to load, and no other function needs it.
    from scipy.special import erfc

    # erfc keeps its digits where erf is close to -1.
    return v.dtype.type(0.5) * erfc(v * v.dtype.type(-sqrt(0.5)))


def _gelu_inner(v: Array) -> Array:
    # Multiplied out: v ** 3 would call pow() for each value.
    return v.dtype.type(sqrt(2 / pi)) * (v + v.dtype.type(0.044715) * v * v * v)


def _gelu_tanh_derivative(v: Array) -> Array:
    t = np.tanh(_gelu_inner(v))
    inner = v.dtype.type(sqrt(2 / pi)) * (1 + v.dtype.type(3 * 0.044715) * v * v)
    half = v.dtype.type(0.5)
    return half * (1 + t) + half * v * (1 - t * t) * inner


def _check_approximate(value: str) -> None:
    if value not in ("none", "tanh"):
        what = say("approximate is {!r}", value)
        raise ParameterError(what, "gelu", 'it must be "none" or "tanh"', parameter="approximate")
