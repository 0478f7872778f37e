"""Poolings over windows, over whole maps, and reductions."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from filterlab.errors import shown
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator, view_of
from filterlab.interop.importing.operators.convolution import axis_values, sides, spatial
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.values import NO_CELL, Carried, Cut, Value, View, positions
from filterlab.layers import layer_type
from filterlab.text.messages import say


def _window(op: Operator, x: Carried) -> dict[str, Any]:
    rank = spatial(x)
    kernel = axis_values(op, "kernel_shape", 1, rank)
    stride, dilation = axis_values(op, "strides", 1, rank), axis_values(op, "dilations", 1, rank)
    return {
        "kernel_size": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": sides(op, x, kernel, stride, dilation),
        "ceil_mode": bool(op.attribute("ceil_mode", 0)),
    }


@reads("MaxPool")
def max_pool(op: Operator) -> list[Value]:
    x = op.map(0)
    made = op.node(layer_type("max_pool2d")(**_window(op, x)), x)
    return [made, Cut("the positions of the largest values are not carried")]


@reads("AveragePool")
def average_pool(op: Operator) -> Value:
    given = op.value(0)
    if isinstance(given, View) and given.cells.ndim == 5:
        return _over_channels(op, given)
    x = op.map(0)
    window = _window(op, x)
    dilation, pads = window.pop("dilation"), window["padding"]
    counted = bool(op.attribute("count_include_pad", 0))
    if dilation == (1, 1):
        return op.node(layer_type("avg_pool2d")(**window, count_include_pad=counted), x)
    if window["ceil_mode"] or not (counted or not np.any(pads)):
        raise NotCarriedError("it averages over cells that lie apart, without those of the padding")
    kernel = np.full(window["kernel_size"], 1 / np.prod(window["kernel_size"]), np.float32)
    layer = layer_type("filter2d")(kernel=kernel, stride=window["stride"], padding=pads, dilation=dilation)
    return op.node(layer, x)


def _over_channels(op: Operator, view: View) -> View:
    """Averages of neighbouring channels, as PyTorch writes its local response norm, by a convolution of 1x1."""
    source, cells = view.source, view.cells[0, 0]
    window, *others = (int(n) for n in op.attribute("kernel_shape"))
    plain = (
        others == [1, 1] and set(op.attribute("strides", [1])) == {1} and not any(op.attribute("pads", [0]))
    )
    plane = prod(source.shape[1:])
    channels = cells[:, 0, 0] // plane  # NO_CELL stays below 0
    whole = np.arange(plane).reshape(source.shape[1:])
    wanted = (
        np.where(channels < 0, NO_CELL, channels * plane)[:, None, None]
        + whole * (channels >= 0)[:, None, None]
    )
    if not plain or view.cells.shape[:2] != (1, 1) or cells.shape != wanted.shape or (cells != wanted).any():
        raise NotCarriedError("its input is rearranged in a way that no layer does")
    if window > len(channels):
        raise NotCarriedError("its window is larger than its input")
    weight = np.zeros((len(channels) - window + 1, source.shape[0], 1, 1), np.float32)
    for number, row in enumerate(weight):
        taken = channels[number : number + window]
        np.add.at(row[:, 0, 0], taken[taken >= 0], np.float32(1 / window))
    made = op.book.add(layer_type("conv2d")(weight=weight), (source,), op.outputs[0], "NCHW")
    for name in view.tensors:
        op.book.merged[name] = made.node
        op.book.left_out.pop(name, None)
    return view_of(made, positions(made)[None], op.outputs[0])


@reads("LpPool")
def lp_pool(op: Operator) -> Carried:
    x = op.map(0)
    window = _window(op, x)
    power = float(op.attribute("p", 2))
    if window["dilation"] != (1, 1):
        raise NotCarriedError("it takes cells that lie apart")
    if power % 2:
        # ONNX sums the powers of magnitudes, PyTorch those of the values themselves.
        x = op.helper(layer_type("abs")(), x)
    if np.any(window["padding"]):
        x = op.helper(layer_type("pad")(padding=window["padding"]), x)
    options = {name: window[name] for name in ("kernel_size", "stride", "ceil_mode")}
    return op.node(layer_type("lp_pool2d")(norm_type=power, **options), x)


@reads("GlobalAveragePool")
def global_average_pool(op: Operator) -> Carried:
    x = op.map(0)
    spatial(x)
    return op.node(layer_type("global_avg_pool2d")(), x)


@reads("GlobalMaxPool")
def global_max_pool(op: Operator) -> Carried:
    x = op.map(0)
    spatial(x)
    return op.node(layer_type("adaptive_max_pool2d")(output_size=1), x)


@reads("GlobalLpPool")
def global_lp_pool(op: Operator) -> Carried:
    x = op.map(0)
    spatial(x)
    power = op.attribute("p", 2)
    if power not in (1, 2):
        raise NotCarriedError(say("it sums powers of {}", power))
    return op.node(layer_type("reduce")(operation=f"l{power}", over="space"), x)


_REDUCTIONS = {
    "ReduceMean": "mean",
    "ReduceMax": "max",
    "ReduceMin": "min",
    "ReduceSum": "sum",
    "ReduceL1": "l1",
    "ReduceL2": "l2",
    "ReduceSumSquare": "sum of squares",
}
_OVER = {"HW": "space", "C": "channels", "H": "height", "W": "width", "CHW": "all", "F": "channels"}


@reads(*_REDUCTIONS)
def reduction(op: Operator) -> Value:
    x = op.map(0)
    axes = op.option("axes", 1)
    if not axes:
        if op.attribute("noop_with_empty_axes", 0):
            return x
        axes = range(len(x.axes))
    return reduced(op, x, [int(a) for a in axes], _REDUCTIONS[op.kind], bool(op.attribute("keepdims", 1)))


@reads("ArgMax")
def arg_max(op: Operator) -> Value:
    if op.attribute("select_last_index", 0):
        raise NotCarriedError("of equal values it takes the last")
    return reduced(op, op.map(0), [int(op.attribute("axis", 0))], "argmax", bool(op.attribute("keepdims", 1)))


def reduced(op: Operator, x: Carried, numbers: list[int], operation: str, keep: bool) -> Value:
    """A reduction over axes given by their numbers; without `keep` these axes are gone."""
    rank = len(x.axes)
    if any(not -rank <= n < rank for n in numbers):
        raise NotCarriedError(say("it reduces axes {} of {}", shown(numbers)[1:-1], rank))
    letters = {x.axes[n] for n in numbers}
    if "N" in letters and not keep:
        raise NotCarriedError("it drops the axis of the batch")
    letters -= {"N"}
    # Axes of size 1 are reduced at no cost, and which layer does it does not depend on them.
    names = "".join(axis for axis in "CHWF" if axis in letters)
    if names not in _OVER:
        raise NotCarriedError(say("it reduces over the axes {}", names or "N"))
    if x.axes == "NCW" and names == "W":
        names = "HW"
    layer = layer_type("reduce")(operation=operation, over=_OVER[names])
    if operation == "mean" and names == "HW":
        layer = layer_type("global_avg_pool2d")()
    if keep:
        return _made(op, layer, x, x.axes, operation)
    left = "".join(axis for axis in x.axes if axis not in letters)
    if left == "NC":
        # The vector that is left is a map of 1x1 here, and needs to be one of features.
        return _made(op, layer_type("flatten")(), op.helper(layer, x, axes=x.axes), "NF", operation)
    return _made(op, layer, x, left, operation)


def _made(op: Operator, layer: Any, x: Carried, axes: str, operation: str) -> Carried:
    if operation == "argmax":
        # Positions are whole numbers in the model, and stand for no tensor of floating point.
        made = op.book.add(layer, (x,), op.outputs[0], axes)
        op.book.claim(op.inputs, made.node)
        return made
    return op.node(layer, x, axes=axes)
