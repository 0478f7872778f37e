"""Transposed convolution: the gradient of a convolution with respect to its input, used as a layer.

All arithmetic is that of `convolution.py`: the forward pass is the input gradient of the convolution with the same
weight, and the input gradient is that convolution itself (Dumoulin and Visin 2016, A guide to convolution arithmetic
for deep learning, chapter 4).
"""

from __future__ import annotations

from typing import Any

from filterlab.errors import ChannelError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_maps, like, map_gradient, shape_text, unbatch
from filterlab.functional.conv.convolution import bias_gradient, correlate, input_gradient, weight_gradient
from filterlab.functional.conv.plan import ConvPlan, check_bias, check_weight
from filterlab.functional.geometry import Pads, Pair, pair, resolve_padding, span
from filterlab.functional.remembering import remembered
from filterlab.text.messages import say

__all__ = ["conv_transpose2d", "conv_transpose2d_backward", "transposed_pads"]

_NAME = "conv_transpose2d"


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Array:
    """Transposed convolution, as torch.nn.functional.conv_transpose2d.

    Each input value adds a copy of the kernel, times that value, to the output, `stride` cells from the next; overlaps
    are summed. x: (C, H, W) or (N, C, H, W); y has its rank and dtype. weight: (C, out / groups, kh, kw).
    bias: (out,). padding: what is cut off the result, as much as the convolution with the same padding adds:

        output = (n - 1) * stride + (k - 1) * dilation + 1 + output_padding - padding before - padding after.

    "same" gives n * stride, with the odd cell cut off after; "full" cuts (k - 1) * dilation off each side.
    output_padding: extra rows and columns after, fewer than stride or dilation. Raises as `conv2d`.
    """
    maps, kernel, plan = _prepare(x, weight, stride, padding, output_padding, dilation, groups)
    addition = check_bias(bias, maps, plan.channels, _NAME)
    # A value of a layer's output does not depend on where the map around it ends; that of a gradient may.
    y = input_gradient(maps, kernel, plan, directly=True)
    if addition is not None:
        y += addition[:, None, None]
    return unbatch(y, x)


def conv_transpose2d_backward(
    dy: Any,
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients (dx, dweight, dbias) of `conv_transpose2d`, from `dy` in the shape of its result.

    dbias is None without a bias. Raises as `conv_transpose2d`, and ShapeError for another shape of dy.
    """
    maps, kernel, plan = _prepare(x, weight, stride, padding, output_padding, dilation, groups)
    shape = (plan.images, plan.channels, *plan.size)
    gradient = map_gradient(dy, x, maps, shape, f"{_NAME}_backward")
    dbias = None if bias is None else bias_gradient(gradient)
    return unbatch(correlate(gradient, kernel, None, plan), x), weight_gradient(maps, gradient, plan), dbias


def transposed_pads(padding: Any, output_padding: Pair, kernel: Pair, stride: Pair, dilation: Pair) -> Pads:
    """Return what is cut off each side of the full result, which has (n - 1) * stride + span + output_padding cells."""
    if padding != "same":
        return resolve_padding(padding, None, kernel, (1, 1), dilation, _NAME)
    cuts = [
        span(k, d) + extra - s
        for k, d, extra, s in zip(kernel, dilation, output_padding, stride, strict=True)
    ]
    # A kernel shorter than the stride gives fewer than n * stride cells: negative padding then adds some after.
    (top, bottom), (left, right) = ((cut // 2, cut - cut // 2) if cut > 0 else (0, cut) for cut in cuts)
    return Pads(top, bottom, left, right)


def transposed_size(
    size: Pair, pads: Pads, output_padding: Pair, kernel: Pair, stride: Pair, dilation: Pair
) -> Pair:
    """Return the rows and columns of the result for maps of `size`. Raises ShapeError where padding leaves none."""
    cuts = (pads.top + pads.bottom, pads.left + pads.right)
    height, width = (
        (n - 1) * s + span(k, d) + extra - cut
        for n, s, k, d, extra, cut in zip(size, stride, kernel, dilation, output_padding, cuts, strict=True)
    )
    if min(height, width) < 1:
        what = say("the padding cuts {} cell(s) down to {} by {}", shape_text(size), height, width)
        raise ShapeError(what, _NAME, "use less padding", parameter="padding")
    return height, width


def _prepare(
    x: Any, weight: Any, stride: Any, padding: Any, output_padding: Any, dilation: Any, groups: int
) -> tuple[Array, Array, ConvPlan]:
    """Maps, weight, and the plan of the convolution whose gradient this is, which leads from the result to `x`."""
    maps = as_maps(x, _NAME)
    kernel = like(weight, maps, _NAME, "weight")
    return (
        maps,
        kernel,
        _plan(maps.shape, kernel.shape, stride, padding, output_padding, dilation, groups),
    )


@remembered
def _plan(
    shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    stride: Any,
    padding: Any,
    output_padding: Any,
    dilation: Any,
    groups: int,
) -> ConvPlan:
    inputs = check_weight(weight_shape, groups, _NAME)
    if shape[1] != inputs:
        raise ChannelError(
            say(
                "x has {} channel(s) ({}), weight {} takes {}",
                shape[1],
                shape_text(shape),
                shape_text(weight_shape),
                inputs,
            ),
            _NAME,
            "weight is (input channels, output channels / groups, height, width)",
            parameter="weight",
        )
    sizes: Pair = (weight_shape[2], weight_shape[3])
    strides, dilations = pair(stride, "stride", _NAME, 1), pair(dilation, "dilation", _NAME, 1)
    extra = _output_padding(output_padding, strides, dilations)
    pads = transposed_pads(padding, extra, sizes, strides, dilations)
    counts: Pair = (shape[2], shape[3])
    size = transposed_size(counts, pads, extra, sizes, strides, dilations)
    channels = weight_shape[1] * groups
    return ConvPlan(
        shape[0], channels, inputs, groups, size, sizes, strides, dilations, pads, "zeros", 0.0, counts
    )


def _output_padding(value: Any, stride: Pair, dilation: Pair) -> Pair:
    extra = pair(value, "output_padding", _NAME, 0)
    limits = tuple(max(s, d) - 1 for s, d in zip(stride, dilation, strict=True))
    if extra[0] > limits[0] or extra[1] > limits[1]:
        what = say("output_padding is {!r} with stride {} and dilation {}", value, stride, dilation)
        hint = say("at most {}: less than the stride or the dilation", limits)
        raise ParameterError(what, _NAME, hint, parameter="output_padding")
    return extra
