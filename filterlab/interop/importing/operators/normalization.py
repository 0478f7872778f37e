"""Normalisations, by constants and by the statistics of the map itself."""

from __future__ import annotations

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator, view_of
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.values import Carried, Value, View
from filterlab.layers import layer_type
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say


@reads("BatchNormalization")
def batch_norm(op: Operator) -> Carried:
    x = op.map(0)
    if op.attribute("training_mode", 0):
        raise NotCarriedError("it normalises by the statistics of the batch, as in training")
    scale, bias, mean, var = (op.constant(i, "its statistics").reshape(-1) for i in range(1, 5))
    eps = float(op.attribute("epsilon", 1e-5))
    if x.axes == "NF":
        # Of a vector, each feature has a factor and an offset.
        factor = scale.astype(np.float64) / np.sqrt(var.astype(np.float64) + eps)
        shift = bias - mean * factor
        return op.node(layer_type("scale_shift")(weight=_as(factor, scale), bias=_as(shift, scale)), x)
    if x.axes not in ("NCHW", "NCW"):
        raise NotCarriedError(say("its input has the axes {}, not NCHW", x.axes))
    layer = layer_type("batch_norm2d")(running_mean=mean, running_var=var, weight=scale, bias=bias, eps=eps)
    return op.node(layer, x)


def _as(array: Array, like: Array) -> Array:
    return array.astype(like.dtype)


@reads("InstanceNormalization")
def instance_norm(op: Operator) -> Value:
    scale, bias = (op.constant(i, "its scale").reshape(-1) for i in (1, 2))
    eps = float(op.attribute("epsilon", 1e-5))
    given = op.value(0)
    if isinstance(given, View):
        return _group_norm_in_three(op, given, scale, bias, eps)
    x = op.map(0)
    if x.axes not in ("NCHW", "NCW"):
        raise NotCarriedError(say("its input has the axes {}, not NCHW", x.axes))
    return op.node(layer_type("instance_norm2d")(weight=scale, bias=bias, eps=eps), x)


def _group_norm_in_three(op: Operator, view: View, scale: Array, bias: Array, eps: float) -> Value:
    """Group normalisation as a reshape into groups, an instance normalisation, and a reshape back."""
    x, cells = view.source, view.cells
    in_order = (cells.reshape(-1) == np.arange(cells.size)).all()
    groups = cells.shape[1] if cells.ndim >= 3 else 0
    if len(x.shape) != 3 or not in_order or not groups or x.shape[0] % groups or len(scale) != groups:
        raise NotCarriedError("its input is rearranged in a way that no layer does")
    each = x.shape[0] // groups
    layer = layer_type("group_norm")(
        num_groups=groups, weight=np.repeat(scale, each), bias=np.repeat(bias, each), eps=eps
    )
    made = op.book.add(layer, (x,), op.outputs[0])
    for name in view.tensors:
        op.book.merged[name] = made.node
        op.book.left_out.pop(name, None)
    return view_of(made, cells, op.outputs[0])


@reads("GroupNormalization")
def group_norm(op: Operator) -> Carried:
    x = op.map(0, "NCHW")
    groups = int(op.attribute("num_groups", 1))
    scale, bias = (op.constant(i, "its scale").reshape(-1) for i in (1, 2))
    if len(scale) == groups and x.shape[0] % groups == 0:
        # Before version 21 there is one number for each group.
        scale, bias = (np.repeat(numbers, x.shape[0] // groups) for numbers in (scale, bias))
    eps = float(op.attribute("epsilon", 1e-5))
    return op.node(layer_type("group_norm")(num_groups=groups, weight=scale, bias=bias, eps=eps), x)


@reads("LayerNormalization")
def layer_norm(op: Operator) -> Carried:
    x = op.map(0)
    axis = int(op.attribute("axis", -1)) % len(x.axes)
    over, eps = x.axes[axis:], float(op.attribute("epsilon", 1e-5))
    scale = op.constant(1, "its scale")
    bias = op.constant(2, "its bias") if op.given(2) else None
    if over == "C":
        weight = scale.reshape(-1)
        layer = layer_type("layer_norm2d")(
            weight=weight, bias=None if bias is None else bias.reshape(-1), eps=eps
        )
        # The operator knows the last axes alone, so that most programs write it between two transpositions.
        return op.node(layer, x, called=op.book.in_order(op.outputs[0]))
    if x.axes == "NCHW" and over == "CHW":
        # One group of all channels, and a factor for each cell.
        steps: list[Layer] = [layer_type("group_norm")(num_groups=1, eps=eps)]
        steps.append(layer_type("constant_arithmetic")(operation="multiply", operand=scale))
        if bias is not None:
            steps.append(layer_type("constant_arithmetic")(operation="add", operand=bias))
        for step in steps[:-1]:
            x = op.helper(step, x)
        return op.node(steps[-1], x)
    raise NotCarriedError(say("it normalises over the axes {}", over))


@reads("LRN")
def local_response_norm(op: Operator) -> Carried:
    x = op.map(0, "NCHW")
    size = int(op.attribute("size", 1))
    if size % 2 == 0:
        # Of an even number ONNX has the odd channel after, PyTorch before.
        raise NotCarriedError(say("it sums over {} channels, an even number", size))
    names = {"alpha": 1e-4, "beta": 0.75}
    options = {name: float(op.attribute(name, default)) for name, default in names.items()}
    layer = layer_type("local_response_norm")(size=size, k=float(op.attribute("bias", 1.0)), **options)
    return op.node(layer, x)


@reads("LpNormalization")
def lp_norm(op: Operator) -> Value:
    x = op.map(0)
    power = int(op.attribute("p", 2))
    axis = int(op.attribute("axis", -1)) % len(x.axes)
    if power not in (1, 2) or x.axes[axis] not in "CF":
        raise NotCarriedError(say("it divides by sums of powers of {} along {}", power, x.axes[axis]))
    layer = layer_type("reduce")(operation=f"l{power}", over="channels")
    norm = op.helper(layer, x, axes=x.axes)
    # Zeros stay zeros: the operator divides by no norm of 0.
    least = layer_type("constant_arithmetic")(
        operation="maximum", operand=[[[float(np.finfo(np.float32).tiny)]]]
    )
    return op.joined(layer_type("divide")(), x, op.helper(least, norm, axes=x.axes))


@reads("MeanVarianceNormalization")
def mean_variance(op: Operator) -> Value:
    x = op.map(0, "NCHW")
    if sorted(op.attribute("axes", [0, 2, 3])) != [0, 2, 3]:
        raise NotCarriedError("it normalises over other axes than those of each map")
    # The operator adds 1e-9 to the deviation, which the variance's epsilon cannot say exactly.
    centred = op.helper(layer_type("subtract")(), x, op.helper(layer_type("global_avg_pool2d")(), x))
    squared = op.helper(layer_type("function")(function="square"), centred)
    variance = op.helper(layer_type("global_avg_pool2d")(), squared)
    deviation = op.helper(layer_type("function")(function="sqrt"), variance)
    divisor = op.helper(layer_type("constant_arithmetic")(operation="add", operand=[[[1e-9]]]), deviation)
    return op.node(layer_type("divide")(), centred, divisor)
