"""Activations, elementary functions, and arithmetic of maps with maps and with constants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, shape_text
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.values import Carried, Known, Value
from filterlab.layers import layer_type
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say

Parameters = Callable[[Operator], dict[str, Any]]


def _number(name: str, default: float, called: str = "") -> Parameters:
    return lambda op: {called or name: float(op.attribute(name, default))}


# Operators that one layer does, and its parameters from their attributes with ONNX's defaults.
_ACTIVATIONS: dict[str, tuple[str, Parameters]] = {
    "Relu": ("relu", lambda op: {}),
    "Sigmoid": ("sigmoid", lambda op: {}),
    "Tanh": ("tanh", lambda op: {}),
    "LeakyRelu": ("leaky_relu", _number("alpha", 0.01, "negative_slope")),
    "Elu": ("elu", _number("alpha", 1.0)),
    "Celu": ("celu", _number("alpha", 1.0)),
    "Softsign": ("softsign", lambda op: {}),
    "HardSwish": ("hardswish", lambda op: {}),
    "Mish": ("mish", lambda op: {}),
    "Abs": ("abs", lambda op: {}),
    "ThresholdedRelu": (
        "threshold",
        lambda op: {"threshold": float(op.attribute("alpha", 1.0)), "value": 0.0},
    ),
    "Gelu": ("gelu", lambda op: {"approximate": op.attribute("approximate", "none")}),
    # PyTorch's threshold only avoids overflow, which ours does otherwise; none is exact.
    "Softplus": ("softplus", lambda op: {"threshold": 1e6}),
}
_FUNCTIONS = {
    "Sqrt": "sqrt",
    "Exp": "exp",
    "Log": "log",
    "Neg": "negative",
    "Reciprocal": "reciprocal",
    "Sign": "sign",
    "Floor": "floor",
    "Ceil": "ceil",
    "Round": "round",
    "Erf": "erf",
    "Sin": "sin",
    "Cos": "cos",
}


@reads(*_ACTIVATIONS)
def activation(op: Operator) -> Carried:
    key, parameters = _ACTIVATIONS[op.kind]
    return op.node(layer_type(key)(**parameters(op)), op.map(0))


@reads(*_FUNCTIONS)
def function(op: Operator) -> Carried:
    return op.node(layer_type("function")(function=_FUNCTIONS[op.kind]), op.map(0))


@reads("Selu")
def selu(op: Operator) -> Carried:
    x = op.map(0)
    alpha, gamma = op.attribute("alpha", 1.6732632), op.attribute("gamma", 1.0507010)
    if np.isclose(alpha, 1.6732632, rtol=1e-6) and np.isclose(gamma, 1.0507010, rtol=1e-6):
        return op.node(layer_type("selu")(), x)
    return op.node(_arithmetic("multiply", gamma), op.helper(layer_type("elu")(alpha=float(alpha)), x))


@reads("HardSigmoid")
def hard_sigmoid(op: Operator) -> Carried:
    x = op.map(0)
    alpha, beta = float(op.attribute("alpha", 0.2)), float(op.attribute("beta", 0.5))
    if np.isclose(alpha, 1 / 6, rtol=1e-5) and beta == 0.5:
        return op.node(layer_type("hardsigmoid")(), x)
    scaled = op.helper(_arithmetic("add", beta), op.helper(_arithmetic("multiply", alpha), x))
    return op.node(layer_type("clamp")(min=0.0, max=1.0), scaled)


@reads("Shrink")
def shrink(op: Operator) -> Carried:
    bias, lambd = float(op.attribute("bias", 0.0)), float(op.attribute("lambd", 0.5))
    if bias not in (0.0, lambd):
        raise NotCarriedError(say("it moves values by {} beyond {}", bias, lambd))
    return op.node(layer_type("softshrink" if bias else "hardshrink")(lambd=lambd), op.map(0))


@reads("Clip")
def clip(op: Operator) -> Carried:
    x = op.map(0)
    # The limits of old versions are attributes, with the range of float32 as their defaults.
    low, high = _limit(op, "min", 1), _limit(op, "max", 2)
    if (low, high) == (0.0, 6.0):
        return op.node(layer_type("relu6")(), x)
    if low is None and high is None:
        return op.node(layer_type("dropout")(), x)
    return op.node(layer_type("clamp")(min=low, max=high), x)


def _limit(op: Operator, name: str, number: int) -> float | None:
    value = op.option(name, number)
    value = value[0] if isinstance(value, list) and value else value
    return None if value is None or not np.isfinite(value) or abs(value) > 3e38 else float(value)


@reads("PRelu")
def prelu(op: Operator) -> Carried:
    x = op.map(0)
    slopes = operand_of(op.constant(1, "its slope"), x)
    if slopes.shape[1:] != (1, 1):
        # PyTorch has no slope for each cell: relu(x) - slope * relu(-x).
        below = op.helper(layer_type("relu")(), op.helper(layer_type("function")(function="negative"), x))
        scaled = op.helper(layer_type("constant_arithmetic")(operation="multiply", operand=slopes), below)
        return op.node(layer_type("subtract")(), op.helper(layer_type("relu")(), x), scaled)
    return op.node(layer_type("prelu")(weight=slopes.reshape(-1)), x)


@reads("Softmax", "LogSoftmax")
def softmax(op: Operator) -> Carried:
    x = op.map(0)
    key = "softmax" if op.kind == "Softmax" else "log_softmax"
    axis = int(op.attribute("axis", 1 if op.opset < 13 else -1)) % len(x.axes)
    letter = x.axes[axis]
    # Before version 13 all axes from this one on are taken as one.
    if op.opset < 13 and any(x.size(other) > 1 for other in x.axes[axis + 1 :]):
        raise NotCarriedError(say("it takes the axes {} together", x.axes[axis:]))
    if letter == "N":
        raise NotCarriedError("it goes along the batch")
    return op.node(layer_type(key)(axis=0 if letter == "F" else "CHW".index(letter)), x)


# -- arithmetic -------------------------------------------------------------------------------------------

# The layer of two maps, and the operation with a constant that comes second, or first.
_BINARY = {
    "Add": ("add", "add", "add"),
    "Sum": ("add", "add", "add"),
    "Sub": ("subtract", "subtract", "subtract from"),
    "Mul": ("multiply", "multiply", "multiply"),
    "Div": ("divide", "divide", "divide into"),
    "Max": ("maximum", "maximum", "maximum"),
    "Min": ("minimum", "minimum", "minimum"),
    "Pow": ("", "power", ""),
}


@reads(*_BINARY)
def arithmetic(op: Operator) -> Value:
    key, second, first = _BINARY[op.kind]
    values = [op.value(i) for i in range(len(op.inputs))]
    if len(values) == 1:
        return op.map(0)
    constants = [isinstance(value, Known) for value in values]
    if len(values) == 2 and any(constants):
        return _with_constant(op, constants.index(True), second if constants[1] else first)
    if any(constants) or not key:
        raise NotCarriedError("it joins maps and constants at once" if key else "both of its inputs are maps")
    return op.joined(layer_type(key)(), *_matching(op.maps()))


@reads("Mean")
def mean(op: Operator) -> Carried:
    return op.joined(layer_type("mean")(), *_matching(op.maps()))


def _matching(maps: list[Carried]) -> list[Carried]:
    """Maps whose tensors are broadcast as ours are. Raises NotCarriedError."""
    axes = max((x.axes for x in maps), key=len)
    for x in maps:
        # A shorter tensor is aligned with the last axes, as in NumPy; only where these are the same do letters agree.
        if x.axes != axes and not (axes.endswith(x.axes) and all(x.size(a) == 1 for a in x.axes)):
            raise NotCarriedError(say("it joins tensors with the axes {} and {}", axes, x.axes))
    return maps


def _with_constant(op: Operator, number: int, operation: str) -> Carried:
    if not operation:
        raise NotCarriedError("its base is a constant")
    x = op.map(1 - number)
    constant = op.constant(number)
    if constant.dtype.kind != "f":
        constant = constant.astype(np.float32)
    operand = operand_of(constant, x)
    if operation in ("add", "multiply") and operand.size == operand.shape[0] == x.shape[0] > 1:
        name = "bias" if operation == "add" else "weight"
        return op.node(layer_type("scale_shift")(**{name: operand.reshape(-1)}), x)
    return op.node(layer_type("constant_arithmetic")(operation=operation, operand=operand), x)


def _arithmetic(operation: str, number: float) -> Layer:
    return layer_type("constant_arithmetic")(
        operation=operation, operand=np.full((1, 1, 1), number, np.float32)
    )


def operand_of(constant: Array, x: Carried) -> Array:
    """A constant that is broadcast against a tensor, as (C, H, W) against its map; features are channels.

    Raises NotCarriedError where it would make the tensor larger in another axis than the channels.
    """
    if constant.ndim > len(x.axes):
        raise NotCarriedError(
            say("its constant of {} has more axes than the map", shape_text(constant.shape))
        )
    axes = x.axes[len(x.axes) - constant.ndim :]
    sizes = dict(zip(axes, constant.shape, strict=True))
    for axis, n in sizes.items():
        if n != 1 and n != x.size(axis) and not (axis == "C" and x.size(axis) == 1):
            raise NotCarriedError(say("its constant of {} would enlarge the map", shape_text(constant.shape)))
    if "F" in sizes:
        return constant.reshape(-1, 1, 1)
    order = [axis for axis in "CHW" if axis in sizes]
    ordered = constant.reshape([sizes[a] for a in axes if a != "N"]).transpose(
        [[a for a in axes if a != "N"].index(axis) for axis in order]
    )
    return ordered.reshape([sizes.get(axis, 1) for axis in "CHW"])
