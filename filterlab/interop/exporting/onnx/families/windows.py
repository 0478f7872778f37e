"""Convolutions, poolings, borders and sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.conv.transpose import transposed_pads
from filterlab.functional.geometry import Pads, adaptive_bounds, resolve_padding
from filterlab.functional.resize import axis_weights, dense_weights, resized_axis
from filterlab.interop.exporting.onnx.builder import NoEquivalentError, Site, writes


def _pads(at: Site, layer: Any, kernel: Any, dilation: Any) -> Pads:
    stride = layer.stride or kernel
    return resolve_padding(
        getattr(layer, "padding", 0), at.size, kernel, stride, dilation, type(layer).__name__
    )


def _listed(pads: Pads) -> list[int]:
    return [pads.top, pads.left, pads.bottom, pads.right]


@writes("conv2d")
def conv2d(at: Site, layer: Any) -> str:
    weight = layer.weight if layer.operation == "cross-correlation" else layer.weight[:, :, ::-1, ::-1]
    kernel = weight.shape[2:]
    x, pads = at.x, _pads(at, layer, kernel, layer.dilation)
    if layer.padding_mode != "zeros":
        x, pads = at.padded(x, pads, layer.padding_mode, layer.value), Pads(0, 0, 0, 0)
    return at.add(
        "Conv",
        x,
        *at.weights(weight=weight, bias=layer.bias),
        kernel_shape=list(kernel),
        strides=list(layer.stride),
        dilations=list(layer.dilation),
        pads=_listed(pads),
        group=layer.groups,
    )


@writes("filter2d")
def filter2d(at: Site, layer: Any) -> str:
    kernel = layer.kernel if layer.operation == "cross-correlation" else layer.kernel[::-1, ::-1]
    channels, shape = at.shapes[0][0], kernel.shape
    # Divided as the layer divides: in double precision, each weight rounded once.
    weight = np.broadcast_to(kernel.astype(np.float64) / layer.divisor, (channels, 1, *shape))
    offset = np.full(channels, layer.offset) if layer.offset else None
    x, pads = at.x, _pads(at, layer, shape, layer.dilation)
    if layer.padding_mode != "zeros":
        x, pads = at.padded(x, pads, layer.padding_mode, layer.value), Pads(0, 0, 0, 0)
    return at.add(
        "Conv",
        x,
        *at.weights(kernel=weight, offset=offset),
        kernel_shape=list(shape),
        strides=list(layer.stride),
        dilations=list(layer.dilation),
        pads=_listed(pads),
        group=channels,
    )


@writes("conv_transpose2d")
def conv_transpose2d(at: Site, layer: Any) -> str:
    kernel = layer.weight.shape[2:]
    pads = transposed_pads(layer.padding, layer.output_padding, kernel, layer.stride, layer.dilation)
    negative = min(_listed(pads)) < 0
    made = at.add(
        "ConvTranspose",
        at.x,
        *at.weights(weight=layer.weight, bias=layer.bias),
        kernel_shape=list(kernel),
        strides=list(layer.stride),
        dilations=list(layer.dilation),
        pads=[0] * 4 if negative else _listed(pads),
        output_padding=list(layer.output_padding),
        group=layer.groups,
    )
    if not negative:
        return made
    # A negative cut adds cells, which hold the bias alone.
    amounts = at.integers([0, 0, -pads.top, -pads.left, 0, 0, -pads.bottom, -pads.right], "pads")
    return at.add("Pad", made, amounts)


def _exact(at: Site, layer: Any) -> tuple[Pads, Pads]:
    """The layer's border, and the one with which the windows fit exactly; negative where cells are left over."""
    kernel, dilation = layer.kernel_size, getattr(layer, "dilation", (1, 1))
    stride, pads = layer.stride or kernel, _pads(at, layer, kernel, dilation)
    ends = []
    for axis, (n, before) in enumerate(zip(at.size, (pads.top, pads.left), strict=True)):
        reach = (at.output[1 + axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
        ends.append(reach - n - before)
    return pads, Pads(pads.top, ends[0], pads.left, ends[1])


@writes("max_pool2d", "min_pool2d")
def max_pool2d(at: Site, layer: Any) -> str:
    _, exact = _exact(at, layer)
    kernel, stride = layer.kernel_size, layer.stride or layer.kernel_size
    smallest = layer.key == "min_pool2d"
    x = at.add("Neg", at.x) if smallest else at.x
    # Cells that are left over at the end take no part anyway.
    pads = Pads(*(max(n, 0) for n in exact))
    if max(pads.top, pads.bottom) >= kernel[0] or max(pads.left, pads.right) >= kernel[1]:
        # The operator takes no border that is as wide as its window.
        x, pads = at.padded(x, exact, "constant", float("-inf")), Pads(0, 0, 0, 0)
    options = {"kernel_shape": list(kernel), "strides": list(stride), "dilations": list(layer.dilation)}
    options["pads"] = _listed(pads)
    made = at.add("MaxPool", x, **options)
    return at.add("Neg", made) if smallest else made


@writes("avg_pool2d")
def avg_pool2d(at: Site, layer: Any) -> str:
    kernel, stride = list(layer.kernel_size), list(layer.stride or layer.kernel_size)
    pads, exact = _exact(at, layer)
    means = at.add("AveragePool", at.padded(at.x, exact), kernel_shape=kernel, strides=stride)
    # The divisor counts the cells of the map, and those of the border where they count; never those beyond it.
    counted = np.zeros((at.size[0] + exact.top + exact.bottom, at.size[1] + exact.left + exact.right))
    grown = pads if layer.count_include_pad else Pads(0, 0, 0, 0)
    rows = slice(exact.top - grown.top, exact.top + at.size[0] + grown.bottom)
    cols = slice(exact.left - grown.left, exact.left + at.size[1] + grown.right)
    counted[rows, cols] = 1
    windows = np.lib.stride_tricks.sliding_window_view(counted, kernel)[:: stride[0], :: stride[1]]
    factor = kernel[0] * kernel[1] / np.maximum(windows.sum(axis=(2, 3)), 1)
    if (factor == 1).all():
        return means
    return at.add("Mul", means, at.constant(factor[: at.output[1], : at.output[2]][None, None], "share"))


@writes("lp_pool2d")
def lp_pool2d(at: Site, layer: Any) -> str:
    # PyTorch scales a window that is cut off by the end; ONNX has whole powers of magnitudes alone.
    kernel, stride = list(layer.kernel_size), list(layer.stride or layer.kernel_size)
    _, exact = _exact(at, layer)
    if max(exact.bottom, exact.right) > 0:
        raise NoEquivalentError
    power = at.constant(layer.norm_type, "power")
    means = at.add(
        "AveragePool", at.padded(at.add("Pow", at.x, power), exact), kernel_shape=kernel, strides=stride
    )
    sums = at.add("Mul", means, at.constant(kernel[0] * kernel[1], "cells"))
    positive = at.add("Mul", at.add("Sign", sums), at.add("Relu", at.add("Abs", sums)))
    return at.add("Pow", positive, at.constant(1 / layer.norm_type, "root"))


@writes("global_avg_pool2d")
def global_avg_pool2d(at: Site, layer: Any) -> str:
    return at.add("GlobalAveragePool", at.x)


@writes("adaptive_avg_pool2d", "adaptive_max_pool2d")
def adaptive(at: Site, layer: Any) -> str:
    out, largest = at.output[1:], layer.key == "adaptive_max_pool2d"
    if tuple(out) == (1, 1):
        return at.add("GlobalMaxPool" if largest else "GlobalAveragePool", at.x)
    if all(n % m == 0 for n, m in zip(at.size, out, strict=True)):
        kernel = [n // m for n, m in zip(at.size, out, strict=True)]
        return at.add("MaxPool" if largest else "AveragePool", at.x, kernel_shape=kernel, strides=kernel)
    return _largest(at, out) if largest else _means(at, out)


def _means(at: Site, out: Any) -> str:
    """The means of windows of unequal size, as a product with a matrix on either side."""
    rows, cols = (_shares(n, m) for n, m in zip(at.size, out, strict=True))
    return at.add("MatMul", at.add("MatMul", at.constant(rows, "rows"), at.x), at.constant(cols.T, "cols"))


def _shares(n: int, out: int) -> Array:
    """The share of each of n cells in the mean of each adaptive window."""
    start, stop = adaptive_bounds(n, out)
    cells = np.arange(n)
    inside = (cells >= start[:, None]) & (cells < stop[:, None])
    return inside / inside.sum(axis=1, keepdims=True)


def _largest(at: Site, out: Any) -> str:
    """The largest values of windows of unequal size: of rows first, then of columns."""
    x = at.x
    for axis, n, m in zip((2, 3), at.size, out, strict=True):
        parts = []
        for start, stop in zip(*adaptive_bounds(n, m), strict=True):
            ends = (
                at.integers([int(start)], "start"),
                at.integers([int(stop)], "stop"),
                at.integers([axis], "axis"),
            )
            parts.append(at.add("ReduceMax", at.add("Slice", x, *ends), ends[2], keepdims=1))
        x = at.add("Concat", *parts, axis=axis)
    return x


@writes("pad")
def pad(at: Site, layer: Any) -> str:
    (top, bottom), (left, right) = layer.padding
    made = at.padded(at.x, Pads(top, bottom, left, right), layer.mode, layer.value)
    return made if made != at.x else at.add("Identity", made)


@writes("crop")
def crop(at: Site, layer: Any) -> str:
    if layer.size is not None:
        starts = [(n - m) // 2 for n, m in zip(at.size, layer.size, strict=True)]
    else:
        starts = [side[0] for side in layer.margin]
    ends = [start + n for start, n in zip(starts, at.output[1:], strict=True)]
    return at.add(
        "Slice", at.x, at.integers(starts, "starts"), at.integers(ends, "ends"), at.integers([2, 3], "axes")
    )


_MODES = {"nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"}


@writes("upsample", "resize")
def resize(at: Site, layer: Any) -> str:
    coordinates, rounding = getattr(layer, "coordinates", None), getattr(layer, "rounding", "floor")
    scale = layer.scale if layer.key == "upsample" or coordinates is not None else None
    # The operator makes as many cells as the factors say, the layer as many as its size says.
    fits = scale is None or all(
        int(np.float32(n) * np.float32(s)) == out
        for n, s, out in zip(at.size, scale, at.output[1:], strict=True)
    )
    if layer.mode == "area" or not fits or (coordinates is None and getattr(layer, "antialias", False)):
        return _by_matrices(at, layer)
    if coordinates is None:
        # As PyTorch places them: cells for "nearest", middles of cells for the others.
        coordinates, rounding = (
            ("asymmetric", "floor") if layer.mode == "nearest" else ("half_pixel", "floor")
        )
    whole = at.integers([1, *at.output], "size")
    scales = at.constant([1, 1, *scale], "scales") if scale is not None else ""
    inputs = ("", scales) if scale is not None else ("", "", whole)
    return at.add(
        "Resize",
        at.x,
        *inputs,
        mode=_MODES[layer.mode],
        coordinate_transformation_mode=coordinates,
        nearest_mode=rounding,
        cubic_coeff_a=getattr(layer, "cubic", -0.75),
    )


def _by_matrices(at: Site, layer: Any) -> str:
    """Resizing as a product with a matrix on either side, for what the operator does otherwise or not at all."""
    axes = zip(at.size, at.output[1:], layer.scale or (None, None), strict=True)
    rows, cols = (dense_weights(n, out, _axis(layer, n, out, scale)) for n, out, scale in axes)
    return at.add("MatMul", at.add("MatMul", at.constant(rows, "rows"), at.x), at.constant(cols.T, "cols"))


def _axis(layer: Any, n: int, out: int, scale: float | None) -> tuple[Array, Array, Array]:
    if layer.key == "upsample":
        return axis_weights(n, out, layer.mode, scale)
    places = {"coordinates": layer.coordinates, "rounding": layer.rounding, "cubic": layer.cubic}
    return resized_axis(n, out, layer.mode, layer.antialias, scale=scale, **places)
