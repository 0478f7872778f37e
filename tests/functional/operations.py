"""Every public operation, as a function of maps (N, C, H, W) or (C, H, W) alone, for tests of what all promise."""

from __future__ import annotations

from math import prod

import numpy as np

import filterlab.functional as F

# Of maps alone, with a gradient in the shape of the map.
ALONE = [
    "abs",
    "celu",
    "clamp",
    "elu",
    "gelu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "instance_norm",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "softshrink",
    "softsign",
    "spectrum_mask",
    "tanh",
    "tanhshrink",
]


def _square(x):
    """A weight that leaves the channels of x as many as they are."""
    return np.ones((x.shape[-3], x.shape[-3], 1, 1), x.dtype)


def _vector(x):
    return np.ones(x.shape[-3], x.dtype)


def _labels(x):
    return np.zeros(len(x), int)


def _rows(x):
    return x.reshape(len(x), prod(x.shape[1:]))


_STILL = np.eye(2, 3)  # an affine map that moves nothing
# Of maps and the size of a window.
WINDOWED = ["bilateral", "closing", "dilation", "erosion", "guided", "local_deviation", "opening", "top_hat"]
COLOURS = ["grayscale", "hsv_to_rgb", "lab_to_rgb", "rgb_to_hsv", "rgb_to_lab"]


# With the arguments that change least: there a result is most likely to be the input itself.
FORWARD = {
    "adaptive_avg_pool2d": lambda x: F.adaptive_avg_pool2d(x, x.shape[-2:]),
    "adaptive_max_pool2d": lambda x: F.adaptive_max_pool2d(x, x.shape[-2:]),
    "adaptive_max_pool2d_indices": lambda x: F.adaptive_max_pool2d_indices(x, x.shape[-2:]),
    "add": lambda x: F.add([x]),
    "avg_pool2d": lambda x: F.avg_pool2d(x, 1),
    "batch_norm": lambda x: F.batch_norm(x, 0 * _vector(x), _vector(x)),
    "concat": lambda x: F.concat([x]),
    "conv2d": lambda x: F.conv2d(x, _square(x)),
    "conv_transpose2d": lambda x: F.conv_transpose2d(x, _square(x)),
    "divide": lambda x: F.divide([x]),
    "group_norm": lambda x: F.group_norm(x, 1),
    "linear": lambda x: F.linear(x, np.eye(x.shape[-1], dtype=x.dtype)),
    "local_response_norm": lambda x: F.local_response_norm(x, 1),
    "log_softmax": lambda x: F.log_softmax(x, -3),
    "lp_pool2d": lambda x: F.lp_pool2d(x, 2, 1),
    "magnitude": lambda x: F.magnitude([x]),
    "max_pool2d": lambda x: F.max_pool2d(x, 1),
    "max_pool2d_indices": lambda x: F.max_pool2d_indices(x, 1),
    "maximum": lambda x: F.maximum([x]),
    "mean": lambda x: F.mean([x]),
    "median_pool2d": lambda x: F.median_pool2d(x, 1),
    "min_pool2d": lambda x: F.min_pool2d(x, 1),
    "minimum": lambda x: F.minimum([x]),
    "multiply": lambda x: F.multiply([x]),
    "normalize": lambda x: F.normalize(x, 0 * _vector(x), _vector(x)),
    "pad": lambda x: F.pad(x, 0),
    "pixel_shuffle": lambda x: F.pixel_shuffle(x, 1),
    "pixel_unshuffle": lambda x: F.pixel_unshuffle(x, 1),
    "prelu": lambda x: F.prelu(x, _vector(x)),
    "resize": lambda x: F.resize(x, x.shape[-2:]),
    "softmax": lambda x: F.softmax(x, -3),
    "subtract": lambda x: F.subtract([x]),
    "arithmetic": lambda x: F.arithmetic(x, "add", _vector(x)[:, None, None]),
    "channel_shuffle": lambda x: F.channel_shuffle(x, 1),
    "channel_slice": lambda x: F.channel_slice(x),
    "function": lambda x: F.function(x, "negative"),
    "layer_norm2d": lambda x: F.layer_norm2d(x),
    "reduce": lambda x: F.reduce(x, "sum"),
    "scale_shift": lambda x: F.scale_shift(x),
    "slice2d": lambda x: F.slice2d(x),
    "threshold": lambda x: F.threshold(x, -100, 0),
    "upsample": lambda x: F.upsample(x, 1),
    "binarize": lambda x: F.binarize(x, 0),
    "canny": lambda x: F.canny(x, sigma=0),
    "clahe": lambda x: F.clahe(x, 1),
    "equalize": lambda x: F.equalize(x, 2),
    "otsu": lambda x: F.otsu(x, 2),
    "thin_edges": lambda x: F.thin_edges(x, x),
    "unfold": lambda x: F.unfold(x, 1),
    "warp": lambda x: F.warp(x, _STILL, x.shape[-2:]),
    "adaptive_threshold": lambda x: F.adaptive_threshold(x, 1),
} | {name: getattr(F, name) for name in (*ALONE, *COLOURS, "flatten", "global_avg_pool2d")}
for _name in WINDOWED:
    FORWARD[_name] = lambda x, name=_name: getattr(F, name)(x, 1)

# The gradients: of dy in the shape of the result, which with these arguments is that of x unless it is given here.
BACKWARD = {
    "adaptive_avg_pool2d_backward": lambda x: F.adaptive_avg_pool2d_backward(x, x, x.shape[-2:]),
    "adaptive_max_pool2d_backward": lambda x: F.adaptive_max_pool2d_backward(x, x, x.shape[-2:]),
    "avg_pool2d_backward": lambda x: F.avg_pool2d_backward(x, x, 1),
    "batch_norm_affine_backward": lambda x: F.batch_norm_affine_backward(x, x, 0 * _vector(x), _vector(x)),
    "batch_norm_backward": lambda x: F.batch_norm_backward(x, x, 0 * _vector(x), _vector(x)),
    "conv2d_backward": lambda x: F.conv2d_backward(x, x, _square(x), _vector(x)),
    "conv2d_input_backward": lambda x: F.conv2d_input_backward(x, x, _square(x)),
    "conv2d_weight_backward": lambda x: F.conv2d_weight_backward(x, x, _square(x), _vector(x)),
    "conv_transpose2d_backward": lambda x: F.conv_transpose2d_backward(x, x, _square(x), _vector(x)),
    "cross_entropy": lambda x: F.cross_entropy(_rows(x), _labels(x)),
    "cross_entropy_backward": lambda x: F.cross_entropy_backward(_rows(x), _labels(x)),
    "flatten_backward": lambda x: F.flatten_backward(_rows(x), x),
    "global_avg_pool2d_backward": lambda x: F.global_avg_pool2d_backward(F.global_avg_pool2d(x), x),
    "group_norm_affine_backward": lambda x: F.group_norm_affine_backward(x, x, 1),
    "group_norm_backward": lambda x: F.group_norm_backward(x, x, 1),
    "instance_norm_affine_backward": lambda x: F.instance_norm_affine_backward(x, x),
    "l1_loss": lambda x: F.l1_loss(x, x),
    "l1_loss_backward": lambda x: F.l1_loss_backward(x, x),
    "linear_backward": lambda x: F.linear_backward(
        x, x, np.eye(x.shape[-1], dtype=x.dtype), np.ones(x.shape[-1])
    ),
    "local_response_norm_backward": lambda x: F.local_response_norm_backward(x, x, 1),
    "log_softmax_backward": lambda x: F.log_softmax_backward(x, x, -3),
    "lp_pool2d_backward": lambda x: F.lp_pool2d_backward(x, x, 2, 1),
    "max_pool2d_backward": lambda x: F.max_pool2d_backward(x, x, 1),
    "median_pool2d_backward": lambda x: F.median_pool2d_backward(x, x, 1),
    "min_pool2d_backward": lambda x: F.min_pool2d_backward(x, x, 1),
    "mse_loss": lambda x: F.mse_loss(x, x),
    "mse_loss_backward": lambda x: F.mse_loss_backward(x, x),
    "normalize_backward": lambda x: F.normalize_backward(x, x, 0 * _vector(x), _vector(x)),
    "pad_backward": lambda x: F.pad_backward(x, x, 0),
    "pixel_shuffle_backward": lambda x: F.pixel_shuffle_backward(x, x, 1),
    "pixel_unshuffle_backward": lambda x: F.pixel_unshuffle_backward(x, x, 1),
    "prelu_backward": lambda x: F.prelu_backward(x, x, _vector(x)),
    "prelu_weight_backward": lambda x: F.prelu_weight_backward(x, x, _vector(x)),
    "resize_backward": lambda x: F.resize_backward(x, x, x.shape[-2:]),
    "softmax_backward": lambda x: F.softmax_backward(x, x, -3),
    "arithmetic_backward": lambda x: F.arithmetic_backward(x, x, "add", _vector(x)[:, None, None]),
    "arithmetic_operand_backward": lambda x: F.arithmetic_operand_backward(
        x, x, "add", _vector(x)[:, None, None]
    ),
    "channel_shuffle_backward": lambda x: F.channel_shuffle_backward(x, x, 1),
    "channel_slice_backward": lambda x: F.channel_slice_backward(x, x),
    "function_backward": lambda x: F.function_backward(x, x, "negative"),
    "layer_norm2d_affine_backward": lambda x: F.layer_norm2d_affine_backward(x, x),
    "layer_norm2d_backward": lambda x: F.layer_norm2d_backward(x, x),
    "reduce_backward": lambda x: F.reduce_backward(F.reduce(x, "sum"), x, "sum"),
    "scale_shift_affine_backward": lambda x: F.scale_shift_affine_backward(x, x),
    "scale_shift_backward": lambda x: F.scale_shift_backward(x, x),
    "slice2d_backward": lambda x: F.slice2d_backward(x, x),
    "threshold_backward": lambda x: F.threshold_backward(x, x, -100, 0),
    "upsample_backward": lambda x: F.upsample_backward(x, x, 1),
    "grayscale_backward": lambda x: F.grayscale_backward(x[..., :1, :, :], x),
    "thin_edges_backward": lambda x: F.thin_edges_backward(x, x, x),
    "unfold_backward": lambda x: F.unfold_backward(x, x, 1),
    "warp_backward": lambda x: F.warp_backward(x, x, _STILL, x.shape[-2:]),
}
for _name in ["add", "divide", "magnitude", "maximum", "mean", "minimum", "multiply", "subtract"]:
    BACKWARD[f"{_name}_backward"] = lambda x, name=_name: getattr(F, f"{name}_backward")(x, [x, x])
BACKWARD["concat_backward"] = lambda x: F.concat_backward(x, [x])
for _name in WINDOWED:
    BACKWARD[f"{_name}_backward"] = lambda x, name=_name: getattr(F, f"{name}_backward")(x, x, 1)
for _name in (*ALONE, *COLOURS[1:]):
    BACKWARD[f"{_name}_backward"] = lambda x, name=_name: getattr(F, f"{name}_backward")(x, x)

OPERATIONS = FORWARD | BACKWARD
# Of shapes and numbers, not of maps.
OTHERS = {
    "axis_weights",
    "placed_weights",
    "sliced",
    "concatenated_shape",
    "conv2d_method",
    "merged_shape",
    "pool2d_method",
    "resampled",
}
