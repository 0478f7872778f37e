"""Normalisations as networks use them for inference. Means and variances are computed in double precision.

x is (C, H, W) or (N, C, H, W); weight, bias and statistics have one number for each channel, (C,). Raises ChannelError
for another number of them.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from filterlab.errors import ChannelError, ParameterError
from filterlab.functional.arrays import Array, as_maps, like, map_gradient, shape_text, unbatch
from filterlab.functional.geometry import is_int
from filterlab.functional.threads import by_rows
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.pointwise import Scaled

__all__ = [
    "batch_norm",
    "batch_norm_affine_backward",
    "batch_norm_backward",
    "group_norm",
    "group_norm_affine_backward",
    "group_norm_backward",
    "instance_norm",
    "instance_norm_affine_backward",
    "instance_norm_backward",
    "layer_norm2d",
    "layer_norm2d_affine_backward",
    "layer_norm2d_backward",
    "local_response_norm",
    "local_response_norm_backward",
    "normalize",
    "normalize_backward",
]


def batch_norm(x: Any, mean: Any, var: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """weight * (x - mean) / sqrt(var + eps) + bias, as torch.nn.BatchNorm2d in evaluation; Ioffe and Szegedy 2015."""
    maps = as_maps(x, "batch_norm")
    from filterlab.functional.pointwise import normalizing  # which loads the compiler

    return unbatch(normalizing(_statistics(maps, mean, var, weight, bias), eps).over(maps.shape)(maps), x)


def batch_norm_change(
    dtype: Any, mean: Array, var: Array, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Scaled:
    """Return `batch_norm` as an operation in place on maps of `dtype`."""
    from filterlab.functional.pointwise import normalizing  # which loads the compiler

    return normalizing(_statistics(np.empty((1, len(mean), 1, 1), dtype), mean, var, weight, bias), eps)


def _statistics(maps: Array, mean: Any, var: Any, weight: Any, bias: Any) -> Array:
    """Mean, variance, weight and bias as the rows of one array, (4, C)."""
    rows = [_channels(mean, maps, "batch_norm", "mean"), _channels(var, maps, "batch_norm", "var")]
    # Minus zero leaves every number as it is; zero would change the sign of its negative.
    for name, values, none in (("weight", weight, 1.0), ("bias", bias, -0.0)):
        rows.append(
            np.full_like(rows[0], none) if values is None else _channels(values, maps, "batch_norm", name)
        )
    return np.array(rows)


@np.errstate(all="ignore")
def batch_norm_backward(
    dy: Any, x: Any, mean: Any, var: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Array:
    """Gradient of `batch_norm` with respect to x, with mean and var as constants: dy * weight / sqrt(var + eps)."""
    maps = as_maps(x, "batch_norm_backward")
    upstream = _upstream(dy, x, maps, "batch_norm_backward")
    return unbatch(upstream * _batch_scale(maps, mean, var, weight, eps)[1], x)


@np.errstate(all="ignore")
def batch_norm_affine_backward(
    dy: Any, x: Any, mean: Any, var: Any, eps: float = 1e-5
) -> tuple[Array, Array]:
    """Gradients (dweight, dbias) of `batch_norm`: sums of dy * (x - mean) / sqrt(var + eps) and of dy, each (C,)."""
    maps = as_maps(x, "batch_norm_affine_backward")
    upstream = _upstream(dy, x, maps, "batch_norm_affine_backward")
    center, _, plain = _batch_scale(maps, mean, var, None, eps)
    return _channel_sum(upstream * (maps - center) * plain), _channel_sum(upstream)


def _batch_scale(maps: Array, mean: Any, var: Any, weight: Any, eps: float) -> tuple[Array, Array, Array]:
    """Mean, scale, and scale without the weight, each (C, 1, 1)."""
    center = _per_channel(mean, maps, "batch_norm", "mean")
    spread = np.sqrt(_per_channel(var, maps, "batch_norm", "var").astype(np.float64) + eps)
    plain = (1 / spread).astype(maps.dtype)
    if weight is None:
        return center, plain, plain
    # Divided in double precision and rounded once; weight * plain would be rounded twice.
    scaled = _per_channel(weight, maps, "batch_norm", "weight") / spread
    return center, scaled.astype(maps.dtype), plain


def _per_channel(values: Any, maps: Array, operation: str, name: str) -> Array:
    return _channels(values, maps, operation, name)[:, None, None]


def _channels(values: Any, maps: Array, operation: str, name: str) -> Array:
    array = like(values, maps, operation, name)
    if array.shape != (maps.shape[1],):
        what = say("{} has shape {}, x has {} channel(s)", name, shape_text(array.shape), maps.shape[1])
        raise ChannelError(what, operation, "give one number for each channel", parameter=name)
    return array


def _channel_sum(values: Array) -> Array:
    return values.sum(axis=(0, 2, 3), dtype=np.float64).astype(values.dtype)


def _upstream(dy: Any, x: Any, maps: Array, operation: str) -> Array:
    return map_gradient(dy, x, maps, maps.shape, operation)


def instance_norm(x: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """weight * (x - mean) / sqrt(var + eps) + bias, with mean and variance of each map itself; Ulyanov et al. 2016."""
    maps = as_maps(x, "instance_norm")
    return unbatch(_grouped(maps, maps.shape[1], weight, bias, eps, "instance_norm"), x)


def instance_norm_backward(dy: Any, x: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """Gradient of `instance_norm` with respect to x."""
    maps = as_maps(x, "instance_norm_backward")
    return _grouped_backward(dy, x, maps, maps.shape[1], weight, eps, "instance_norm")


def instance_norm_affine_backward(dy: Any, x: Any, eps: float = 1e-5) -> tuple[Array, Array]:
    """Gradients (dweight, dbias) of `instance_norm`, each (C,)."""
    maps = as_maps(x, "instance_norm_affine_backward")
    return _affine_gradients(dy, x, maps, maps.shape[1], eps)


def group_norm(x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """As `instance_norm`, with mean and variance of each group of channels; Wu and He 2018.

    Raises ChannelError where `num_groups` does not divide the number of channels.
    """
    maps = as_maps(x, "group_norm")
    return unbatch(_grouped(maps, _groups(num_groups, maps), weight, bias, eps, "group_norm"), x)


def group_norm_backward(
    dy: Any, x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Array:
    """Gradient of `group_norm` with respect to x."""
    maps = as_maps(x, "group_norm_backward")
    return _grouped_backward(dy, x, maps, _groups(num_groups, maps), weight, eps, "group_norm")


def group_norm_affine_backward(dy: Any, x: Any, num_groups: int, eps: float = 1e-5) -> tuple[Array, Array]:
    """Gradients (dweight, dbias) of `group_norm`, each (C,)."""
    maps = as_maps(x, "group_norm_affine_backward")
    return _affine_gradients(dy, x, maps, _groups(num_groups, maps), eps)


def _groups(num_groups: Any, maps: Array) -> int:
    if not is_int(num_groups) or num_groups < 1 or maps.shape[1] % num_groups:
        what = say("num_groups is {!r}, which does not divide {} channel(s)", num_groups, maps.shape[1])
        raise ChannelError(what, "group_norm", "choose a divisor", parameter="num_groups")
    return int(num_groups)


def _standardised(maps: Array, groups: int, eps: float) -> tuple[Array, Array]:
    """(x - mean) / deviation, (N, groups, cells), and 1 / deviation, (N, groups, 1); deviation = sqrt(var + eps)."""
    # NumPy adds in the order of memory: in one order, the digits are the same however a map lies there.
    cells = np.ascontiguousarray(maps).reshape(len(maps), groups, prod(maps.shape[1:]) // groups)
    mean = cells.mean(axis=2, keepdims=True, dtype=np.float64)
    # Two passes: in the mean of squares minus the square of the mean, all digits of a bright, flat picture cancel.
    centered = cells - mean
    # Over n, not n - 1: PyTorch normalises with the biased variance.
    scale = 1 / np.sqrt(np.mean(np.square(centered), axis=2, keepdims=True) + eps)
    return (centered * scale).astype(maps.dtype), scale.astype(maps.dtype)


@np.errstate(all="ignore")
def _grouped(maps: Array, groups: int, weight: Any, bias: Any, eps: float, operation: str) -> Array:
    y = _standardised(maps, groups, eps)[0].reshape(maps.shape)
    if weight is not None:
        y = y * _per_channel(weight, maps, operation, "weight")
    if bias is not None:
        y = y + _per_channel(bias, maps, operation, "bias")
    return y


@np.errstate(all="ignore")
def _grouped_backward(
    dy: Any, x: Any, maps: Array, groups: int, weight: Any, eps: float, operation: str
) -> Array:
    # With z = (x - mean) / s, s depends on every x: dx = (g - mean(g) - z * mean(g * z)) / s, where g = dy * weight
    # (Ioffe and Szegedy 2015, section 3).
    upstream = _upstream(dy, x, maps, f"{operation}_backward")
    standard, scale = _standardised(maps, groups, eps)
    inner = upstream if weight is None else upstream * _per_channel(weight, maps, operation, "weight")
    inner = inner.reshape(standard.shape)
    mean = inner.mean(axis=2, keepdims=True)
    along = (inner * standard).mean(axis=2, keepdims=True)
    return unbatch(((inner - mean - standard * along) * scale).reshape(maps.shape), x)


@np.errstate(all="ignore")
def _affine_gradients(dy: Any, x: Any, maps: Array, groups: int, eps: float) -> tuple[Array, Array]:
    upstream = _upstream(dy, x, maps, "affine_backward")
    standard = _standardised(maps, groups, eps)[0].reshape(maps.shape)
    return _channel_sum(upstream * standard), _channel_sum(upstream)


def layer_norm2d(x: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """As `instance_norm`, with mean and variance of all channels at each position; Ba et al. 2016.

    This is torch.nn.LayerNorm over the channels of maps in the order (N, H, W, C), as ConvNeXt uses it.
    """
    maps = as_maps(x, "layer_norm2d")
    return unbatch(_as_maps_again(group_norm(_positions(maps), 1, weight, bias, eps), maps.shape), x)


def layer_norm2d_backward(dy: Any, x: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """Gradient of `layer_norm2d` with respect to x."""
    maps = as_maps(x, "layer_norm2d_backward")
    upstream = _positions(_upstream(dy, x, maps, "layer_norm2d_backward"))
    dx = group_norm_backward(upstream, _positions(maps), 1, weight, bias, eps)
    return unbatch(_as_maps_again(dx, maps.shape), x)


def layer_norm2d_affine_backward(dy: Any, x: Any, eps: float = 1e-5) -> tuple[Array, Array]:
    """Gradients (dweight, dbias) of `layer_norm2d`, each (C,)."""
    maps = as_maps(x, "layer_norm2d_affine_backward")
    upstream = _positions(_upstream(dy, x, maps, "layer_norm2d_affine_backward"))
    return group_norm_affine_backward(upstream, _positions(maps), 1, eps)


def _positions(maps: Array) -> Array:
    """Each position as a picture of its own, (N * H * W, C, 1, 1): its channels are then one group."""
    return np.ascontiguousarray(maps.transpose(0, 2, 3, 1)).reshape(-1, maps.shape[1], 1, 1)


def _as_maps_again(positions: Array, shape: tuple[int, ...]) -> Array:
    n, channels, height, width = shape
    return np.ascontiguousarray(positions.reshape(n, height, width, channels).transpose(0, 3, 1, 2))


@np.errstate(all="ignore")
def local_response_norm(x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Array:
    """x / (k + alpha / size * sum of x^2 over `size` neighbouring channels)^beta; Krizhevsky et al. 2012.

    The neighbours go from size // 2 channels before to (size - 1) // 2 after, as in PyTorch; those that do not exist
    count as 0. Raises ParameterError for a size below 1.
    """
    maps = as_maps(x, "local_response_norm")
    return unbatch(by_rows(lambda rows: rows * _response(rows, size, alpha, k) ** -beta, maps), x)


@np.errstate(all="ignore")
def local_response_norm_backward(
    dy: Any, x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Array:
    """Gradient of `local_response_norm` with respect to x."""
    maps = as_maps(x, "local_response_norm_backward")
    upstream = _upstream(dy, x, maps, "local_response_norm_backward")
    base = _response(maps, size, alpha, k)
    # Each x is also in the sums of the channels around it; those are the same window, mirrored.
    shared = _channel_window(upstream * maps * base ** (-beta - 1), (size - 1) // 2, size // 2)
    return unbatch(upstream * base**-beta - maps * shared * maps.dtype.type(2 * alpha * beta / size), x)


def _response(maps: Array, size: int, alpha: float, k: float) -> Array:
    if not is_int(size) or size < 1:
        what = say("size is {!r}", size)
        raise ParameterError(
            what, "local_response_norm", "give a number of channels, 1 or more", parameter="size"
        )
    squares = _channel_window(maps * maps, size // 2, (size - 1) // 2)
    return squares * maps.dtype.type(alpha / size) + maps.dtype.type(k)


def _channel_window(values: Array, before: int, after: int) -> Array:
    """For each channel c, the sum over the channels c - before to c + after, as far as they exist."""
    channels = values.shape[1]
    sums = np.zeros(values.shape, np.float64)
    # Term by term: a running sum would carry an infinity, or the round-off of a large channel, into all that follow.
    for shift in range(-min(before, channels - 1), min(after, channels - 1) + 1):
        low, high = max(-shift, 0), channels - max(shift, 0)
        sums[:, low:high] += values[:, low + shift : high + shift]
    return sums.astype(values.dtype)


def normalize(x: Any, mean: Any, std: Any) -> Array:
    """(x - mean) / std, one number of each for each channel. Raises ChannelError; ParameterError for a std of 0."""
    maps = as_maps(x, "normalize")
    return unbatch((maps - _per_channel(mean, maps, "normalize", "mean")) / _deviation(std, maps), x)


def normalize_backward(dy: Any, x: Any, mean: Any, std: Any) -> Array:
    """Gradient of `normalize`: dy / std."""
    maps = as_maps(x, "normalize_backward")
    return unbatch(_upstream(dy, x, maps, "normalize_backward") / _deviation(std, maps), x)


def _deviation(std: Any, maps: Array) -> Array:
    deviation = _per_channel(std, maps, "normalize", "std")
    # `all` takes NaN for true: NaN passes as a value, like everywhere; only 0 is certainly a mistake.
    if not deviation.all():
        raise ParameterError("std holds 0", "normalize", "give numbers other than 0", parameter="std")
    return deviation
