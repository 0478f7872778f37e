"""Convolutions, transposed convolutions, and products with matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import span
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.values import Carried
from filterlab.layers import layer_type
from filterlab.text.messages import say

Sides = tuple[tuple[int, int], tuple[int, int]]


def axis_values(op: Operator, name: str, default: int, rank: int) -> tuple[int, int]:
    """An attribute of one number for each axis; a row of values is a map of height 1."""
    values = [int(v) for v in op.attribute(name, [default] * rank)]
    if len(values) != rank:
        raise NotCarriedError(say("{} has {} numbers", name, len(values)))
    return (default, values[0]) if rank == 1 else (values[0], values[1])


def spatial(x: Carried) -> int:
    """The number of spatial axes of a tensor: 2 of maps, 1 of rows. Raises NotCarriedError for other orders of axes."""
    if x.axes not in ("NCHW", "NCW") or (x.axes == "NCW" and x.shape[1] != 1):
        raise NotCarriedError(say("its input has the axes {}, not NCHW", x.axes))
    return 2 if x.axes == "NCHW" else 1


def sides(op: Operator, x: Carried, kernel: tuple[int, int], stride: Any, dilation: Any) -> Sides:
    """The padding of a window on each side, as `pads` or `auto_pad` say."""
    rank = spatial(x)
    auto = op.attribute("auto_pad", "NOTSET")
    if auto in ("NOTSET", ""):
        pads = [int(p) for p in op.attribute("pads", [0] * (2 * rank))]
        if len(pads) != 2 * rank:
            raise NotCarriedError(say("pads has {} numbers", len(pads)))
        return ((0, 0), (pads[0], pads[1])) if rank == 1 else ((pads[0], pads[2]), (pads[1], pads[3]))
    if auto == "VALID":
        return (0, 0), (0, 0)
    found = []
    for n, k, s, d in zip(x.shape[1:], kernel, stride, dilation, strict=True):
        total = max((-(-n // s) - 1) * s + span(k, d) - n, 0)
        # The odd cell comes after the map, or in SAME_LOWER before it.
        less, more = total // 2, total - total // 2
        found.append((more, less) if auto == "SAME_LOWER" else (less, more))
    return found[0], found[1]


def _weights(op: Operator, rank: int) -> Array:
    weight = op.constant(1, "its kernel")
    if weight.ndim != rank + 2:
        raise NotCarriedError(say("its kernel has {} axes", weight.ndim))
    return weight if rank == 2 else weight[:, :, None]


def _bias(op: Operator, number: int = 2) -> Array | None:
    return op.constant(number, "its bias").reshape(-1) if op.given(number) else None


@reads("Conv")
def conv(op: Operator) -> Carried:
    x = op.map(0)
    rank = spatial(x)
    weight = _weights(op, rank)
    stride, dilation = axis_values(op, "strides", 1, rank), axis_values(op, "dilations", 1, rank)
    kernel = (weight.shape[2], weight.shape[3])
    layer = layer_type("conv2d")(
        weight=weight,
        bias=_bias(op),
        stride=stride,
        padding=sides(op, x, kernel, stride, dilation),
        dilation=dilation,
        groups=int(op.attribute("group", 1)),
    )
    return op.node(layer, x)


@reads("ConvTranspose")
def conv_transpose(op: Operator) -> Carried:
    x = op.map(0)
    rank = spatial(x)
    weight = _weights(op, rank)
    stride, dilation = axis_values(op, "strides", 1, rank), axis_values(op, "dilations", 1, rank)
    extra = axis_values(op, "output_padding", 0, rank)
    kernel = (weight.shape[2], weight.shape[3])
    layer = layer_type("conv_transpose2d")(
        weight=weight,
        bias=_bias(op),
        stride=stride,
        padding=_transposed_sides(op, x, kernel, stride, dilation, extra),
        output_padding=extra,
        dilation=dilation,
        groups=int(op.attribute("group", 1)),
    )
    return op.node(layer, x)


def _transposed_sides(op: Operator, x: Carried, kernel: Any, stride: Any, dilation: Any, extra: Any) -> Sides:
    """What is cut off each side; `output_shape` and `auto_pad` say it by the size that is wanted."""
    auto = op.attribute("auto_pad", "NOTSET")
    wanted = op.attribute("output_shape")
    if wanted is None and auto in ("NOTSET", "", "VALID"):
        return sides(op, x, kernel, stride, dilation)
    if wanted is None:
        wanted = [n * s for n, s in zip(x.shape[1:], stride, strict=True)]
    wanted = [1, *wanted][-2:]
    found = []
    for n, k, s, d, e, out in zip(x.shape[1:], kernel, stride, dilation, extra, wanted, strict=True):
        total = s * (n - 1) + e + span(k, d) - int(out)
        if total < 0:
            raise NotCarriedError(say("output_shape asks for {} cells, more than there are", int(out)))
        found.append(
            (total // 2, total - total // 2) if auto == "SAME_UPPER" else (total - total // 2, total // 2)
        )
    return found[0], found[1]


@reads("Gemm")
def gemm(op: Operator) -> Carried:
    x = op.map(0)
    weight = op.constant(1, "its matrix")
    if x.axes != "NF" or weight.ndim != 2 or op.attribute("transA", 0):
        raise NotCarriedError("it multiplies something else than a vector by a matrix")
    weight = weight if op.attribute("transB", 0) else weight.T
    weight = _scaled(weight, op.attribute("alpha", 1.0))
    bias = None
    if op.given(2):
        bias = np.broadcast_to(op.constant(2, "its bias"), (1, weight.shape[0]))[0]
        bias = _scaled(bias, op.attribute("beta", 1.0))
    return op.node(layer_type("linear")(weight=weight, bias=bias), x)


def _scaled(array: Array, factor: float) -> Array:
    return array if factor == 1 else array * array.dtype.type(factor)


@reads("MatMul")
def matmul(op: Operator) -> Carried:
    x = op.map(0)
    weight = op.constant(1, "one of its factors")
    if weight.ndim == 2 and x.axes == "NF":
        return op.node(layer_type("linear")(weight=weight.T), x)
    # A product along the last axis of maps with their channels last is a convolution of 1x1.
    if weight.ndim == 2 and x.axes == "NHWC":
        return op.node(layer_type("conv2d")(weight=weight.T[:, :, None, None]), x)
    raise NotCarriedError(
        say("it multiplies a tensor with the axes {} by one of {} axes", x.axes, weight.ndim)
    )
