"""Activations, normalisations, vectors, arithmetic, and layers that move values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.interop.exporting.onnx.builder import NoEquivalentError, Site, writes

# One operator, and its attributes.
_SINGLE: dict[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "relu": ("Relu", lambda layer: {}),
    "leaky_relu": ("LeakyRelu", lambda layer: {"alpha": layer.negative_slope}),
    "elu": ("Elu", lambda layer: {"alpha": layer.alpha}),
    "celu": ("Celu", lambda layer: {"alpha": layer.alpha}),
    "selu": ("Selu", lambda layer: {}),
    "gelu": ("Gelu", lambda layer: {"approximate": layer.approximate}),
    "mish": ("Mish", lambda layer: {}),
    "hardswish": ("HardSwish", lambda layer: {}),
    "hardsigmoid": ("HardSigmoid", lambda layer: {"alpha": 1 / 6, "beta": 0.5}),
    "sigmoid": ("Sigmoid", lambda layer: {}),
    "tanh": ("Tanh", lambda layer: {}),
    "softsign": ("Softsign", lambda layer: {}),
    "abs": ("Abs", lambda layer: {}),
    "hardshrink": ("Shrink", lambda layer: {"lambd": layer.lambd, "bias": 0.0}),
    "softshrink": ("Shrink", lambda layer: {"lambd": layer.lambd, "bias": layer.lambd}),
    "dropout": ("Identity", lambda layer: {}),
    "pixel_shuffle": ("DepthToSpace", lambda layer: {"blocksize": layer.r, "mode": "CRD"}),
}


@writes(*_SINGLE)
def single(at: Site, layer: Any) -> str:
    kind, attributes = _SINGLE[layer.key]
    return at.add(kind, at.x, **attributes(layer))


@writes("relu6", "clamp", "hardtanh")
def clip(at: Site, layer: Any) -> str:
    low, high = {
        "relu6": lambda: (0.0, 6.0),
        "clamp": lambda: (layer.min, layer.max),
        "hardtanh": lambda: (layer.min_val, layer.max_val),
    }[layer.key]()
    # Where min exceeds max, all values are max: the maximum first, then the minimum.
    x = at.x if low is None else at.add("Max", at.x, at.constant(low, "min"))
    return x if high is None else at.add("Min", x, at.constant(high, "max"))


@writes("silu")
def silu(at: Site, layer: Any) -> str:
    return at.add("Mul", at.x, at.add("Sigmoid", at.x))


@writes("logsigmoid")
def log_sigmoid(at: Site, layer: Any) -> str:
    return at.add("Neg", at.add("Softplus", at.add("Neg", at.x)))


@writes("tanhshrink")
def tanhshrink(at: Site, layer: Any) -> str:
    return at.add("Sub", at.x, at.add("Tanh", at.x))


# From here on softplus(x) is x to within 7e-9 of it, which float32 does not tell.
_STRAIGHT = 16


@writes("softplus")
def softplus(at: Site, layer: Any) -> str:
    if layer.beta == 1 and layer.threshold >= _STRAIGHT:
        return at.add("Softplus", at.x)
    scaled = at.add("Mul", at.x, at.constant(layer.beta, "beta"))
    bent = at.add("Div", at.add("Softplus", scaled), at.constant(layer.beta, "beta"))
    if layer.threshold >= _STRAIGHT:
        return bent
    straight = at.add("Greater", scaled, at.constant(layer.threshold, "threshold"))
    return at.add("Where", straight, at.x, bent)


@writes("threshold")
def threshold(at: Site, layer: Any) -> str:
    above = at.add("Greater", at.x, at.constant(layer.threshold, "threshold"))
    return at.add("Where", above, at.x, at.constant(layer.value, "value"))


@writes("prelu")
def prelu(at: Site, layer: Any) -> str:
    shape = (-1, 1, 1) if len(at.shapes[0]) == 3 else (-1,)
    return at.add("PRelu", at.x, at.constant(layer.weight.reshape(shape), "weight"))


@writes("softmax", "log_softmax")
def softmax(at: Site, layer: Any) -> str:
    axis = layer.axis + 1 if layer.axis >= 0 else layer.axis
    return at.add("Softmax" if layer.key == "softmax" else "LogSoftmax", at.x, axis=axis)


# -- normalisations ---------------------------------------------------------------------------------------


@writes("batch_norm2d")
def batch_norm2d(at: Site, layer: Any) -> str:
    channels = at.shapes[0][0]
    weight = np.ones(channels) if layer.weight is None else layer.weight
    bias = np.zeros(channels) if layer.bias is None else layer.bias
    constants = at.weights(weight=weight, bias=bias, mean=layer.running_mean, var=layer.running_var)
    return at.add("BatchNormalization", at.x, *constants, epsilon=layer.eps)


def _affine(at: Site, layer: Any) -> list[str]:
    channels = at.shapes[0][0]
    weight = np.ones(channels) if layer.weight is None else layer.weight
    return at.weights(weight=weight, bias=np.zeros(channels) if layer.bias is None else layer.bias)


@writes("instance_norm2d")
def instance_norm2d(at: Site, layer: Any) -> str:
    return at.add("InstanceNormalization", at.x, *_affine(at, layer), epsilon=layer.eps)


@writes("group_norm")
def group_norm(at: Site, layer: Any) -> str:
    options = {"num_groups": layer.num_groups, "epsilon": layer.eps}
    return at.add("GroupNormalization", at.x, *_affine(at, layer), **options)


@writes("layer_norm2d")
def layer_norm2d(at: Site, layer: Any) -> str:
    last = at.add("Transpose", at.x, perm=[0, 2, 3, 1])
    normal = at.add("LayerNormalization", last, *_affine(at, layer), epsilon=layer.eps, axis=-1)
    return at.add("Transpose", normal, perm=[0, 3, 1, 2])


@writes("local_response_norm")
def local_response_norm(at: Site, layer: Any) -> str:
    if layer.size % 2 == 0:
        # PyTorch has the odd channel before, ONNX after.
        raise NoEquivalentError
    options = {"size": layer.size, "alpha": layer.alpha, "beta": layer.beta, "bias": layer.k}
    return at.add("LRN", at.x, **options)


@writes("normalize")
def normalize(at: Site, layer: Any) -> str:
    centred = at.add("Sub", at.x, at.constant(layer.mean[:, None, None], "mean"))
    return at.add("Div", centred, at.constant(layer.std[:, None, None], "std"))


# -- arithmetic -------------------------------------------------------------------------------------------


@writes("scale_shift")
def scale_shift(at: Site, layer: Any) -> str:
    column = (-1, 1, 1) if len(at.shapes[0]) == 3 else (-1,)
    x = at.x
    if layer.weight is not None:
        x = at.add("Mul", x, at.constant(layer.weight.reshape(column), "weight"))
    return x if layer.bias is None else at.add("Add", x, at.constant(layer.bias.reshape(column), "bias"))


_OPERATIONS = {
    "add": ("Add", False),
    "subtract": ("Sub", False),
    "subtract from": ("Sub", True),
    "multiply": ("Mul", False),
    "divide": ("Div", False),
    "divide into": ("Div", True),
    "maximum": ("Max", False),
    "minimum": ("Min", False),
    "power": ("Pow", False),
}


@writes("constant_arithmetic")
def constant_arithmetic(at: Site, layer: Any) -> str:
    kind, first = _OPERATIONS[layer.operation]
    operand = layer.operand if len(at.shapes[0]) == 3 else layer.operand.reshape(-1)
    constant = at.constant(operand, "operand")
    return at.add(kind, constant, at.x) if first else at.add(kind, at.x, constant)


_FUNCTIONS = {
    "sqrt": "Sqrt",
    "exp": "Exp",
    "log": "Log",
    "negative": "Neg",
    "reciprocal": "Reciprocal",
    "sign": "Sign",
    "floor": "Floor",
    "ceil": "Ceil",
    "round": "Round",
    "erf": "Erf",
    "sin": "Sin",
    "cos": "Cos",
}


@writes("function")
def function(at: Site, layer: Any) -> str:
    if layer.function == "square":
        return at.add("Mul", at.x, at.x)
    return at.add(_FUNCTIONS[layer.function], at.x)


_MERGES = {"subtract": "Sub", "multiply": "Mul", "divide": "Div"}


@writes(*_MERGES)
def merge(at: Site, layer: Any) -> str:
    x = at.x
    for other in at.inputs[1:]:
        x = at.add(_MERGES[layer.key], x, other)
    return x


@writes("add", "maximum", "minimum", "mean")
def variadic(at: Site, layer: Any) -> str:
    kinds = {"add": "Sum", "maximum": "Max", "minimum": "Min", "mean": "Mean"}
    return at.add(kinds[layer.key], *at.inputs)


@writes("magnitude")
def magnitude(at: Site, layer: Any) -> str:
    return at.add("Sqrt", at.add("Sum", *(at.add("Mul", x, x) for x in at.inputs)))


@writes("concat")
def concat(at: Site, layer: Any) -> str:
    return at.add("Concat", *at.inputs, axis=1)


_REDUCTIONS = {
    "mean": "ReduceMean",
    "sum": "ReduceSum",
    "max": "ReduceMax",
    "min": "ReduceMin",
    "l1": "ReduceL1",
    "l2": "ReduceL2",
    "sum of squares": "ReduceSumSquare",
}
_AXES = {"space": [2, 3], "channels": [1], "height": [2], "width": [3], "all": [1, 2, 3]}


@writes("reduce")
def reduce(at: Site, layer: Any) -> str:
    axes = _AXES[layer.over] if len(at.shapes[0]) == 3 else [1]
    if layer.operation != "argmax":
        return at.add(_REDUCTIONS[layer.operation], at.x, at.integers(axes, "axes"), keepdims=1)
    if len(axes) > 1:
        raise NoEquivalentError
    return at.add("Cast", at.add("ArgMax", at.x, axis=axes[0], keepdims=1), to=1)


# -- vectors, and layers that move values -----------------------------------------------------------------


@writes("linear")
def linear(at: Site, layer: Any) -> str:
    return at.add("Gemm", at.x, *at.weights(weight=layer.weight, bias=layer.bias), transB=1)


@writes("flatten")
def flatten(at: Site, layer: Any) -> str:
    if len(at.shapes[0]) == 1:
        return at.add("Identity", at.x)
    x = at.x
    if layer.order != "CHW":
        x = at.add("Transpose", x, perm=[0, *("CHW".index(axis) + 1 for axis in layer.order)])
    return at.add("Flatten", x, axis=1)


@writes("unflatten")
def unflatten(at: Site, layer: Any) -> str:
    if len(at.shapes[0]) == 3:
        return at.add("Identity", at.x)
    return at.add("Reshape", at.x, at.integers([-1, *at.output], "shape"))


@writes("pixel_unshuffle")
def pixel_unshuffle(at: Site, layer: Any) -> str:
    channels, height, width = at.shapes[0]
    r = layer.r
    split = at.integers([-1, channels, height // r, r, width // r, r], "split")
    moved = at.add("Transpose", at.add("Reshape", at.x, split), perm=[0, 1, 3, 5, 2, 4])
    return at.add("Reshape", moved, at.integers([-1, *at.output], "shape"))


@writes("channel_shuffle")
def channel_shuffle(at: Site, layer: Any) -> str:
    channels, height, width = at.shapes[0]
    split = at.integers([-1, layer.groups, channels // layer.groups, height, width], "split")
    moved = at.add("Transpose", at.add("Reshape", at.x, split), perm=[0, 2, 1, 3, 4])
    return at.add("Reshape", moved, at.integers([-1, *at.output], "shape"))


_END = 2**31 - 1


def _sliced(at: Site, parts: list[tuple[int | None, int | None, int]], axes: list[int]) -> str:
    starts = [_END if s is None and step < 0 else s or 0 for s, _, step in parts]
    ends = [(-_END if step < 0 else _END) if e is None else e for _, e, step in parts]
    steps = [step for _, _, step in parts]
    rows = (("starts", starts), ("ends", ends), ("axes", axes), ("steps", steps))
    return at.add("Slice", at.x, *(at.integers(values, name) for name, values in rows))


@writes("channel_slice")
def channel_slice(at: Site, layer: Any) -> str:
    return _sliced(at, [(layer.start, layer.stop, layer.step)], [1])


@writes("slice2d")
def slice2d(at: Site, layer: Any) -> str:
    return _sliced(at, list(zip(layer.start, layer.stop, layer.step, strict=True)), [2, 3])
