"""Activations, normalisations, vectors, arithmetic, and layers that move values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.interop.exporting.torch.writers import Torch, holder, module, writes

# Layers without numbers of their own: the expression of their module, or of a call of their inputs.
_MODULES: dict[str, Callable[[Any], str]] = {
    "relu": lambda layer: "nn.ReLU()",
    "relu6": lambda layer: "nn.ReLU6()",
    "leaky_relu": lambda layer: module("LeakyReLU", _slope=layer.negative_slope),
    "elu": lambda layer: module("ELU", alpha=layer.alpha),
    "celu": lambda layer: module("CELU", alpha=layer.alpha),
    "selu": lambda layer: "nn.SELU()",
    "gelu": lambda layer: module("GELU", approximate=layer.approximate),
    "silu": lambda layer: "nn.SiLU()",
    "mish": lambda layer: "nn.Mish()",
    "hardswish": lambda layer: "nn.Hardswish()",
    "hardsigmoid": lambda layer: "nn.Hardsigmoid()",
    "hardtanh": lambda layer: module("Hardtanh", _low=layer.min_val, _high=layer.max_val),
    "hardshrink": lambda layer: module("Hardshrink", _lambd=layer.lambd),
    "softshrink": lambda layer: module("Softshrink", _lambd=layer.lambd),
    "tanhshrink": lambda layer: "nn.Tanhshrink()",
    "threshold": lambda layer: module("Threshold", _threshold=layer.threshold, _value=layer.value),
    "sigmoid": lambda layer: "nn.Sigmoid()",
    "logsigmoid": lambda layer: "nn.LogSigmoid()",
    "tanh": lambda layer: "nn.Tanh()",
    "softplus": lambda layer: module("Softplus", beta=layer.beta, threshold=layer.threshold),
    "softsign": lambda layer: "nn.Softsign()",
    "dropout": lambda layer: module("Dropout", p=getattr(layer, "p", None)),
    "pixel_shuffle": lambda layer: module("PixelShuffle", _r=layer.r),
    "pixel_unshuffle": lambda layer: module("PixelUnshuffle", _r=layer.r),
    "channel_shuffle": lambda layer: module("ChannelShuffle", _groups=layer.groups),
    "local_response_norm": lambda layer: module(
        "LocalResponseNorm", _size=layer.size, alpha=layer.alpha, beta=layer.beta, k=layer.k
    ),
}
_CALLS: dict[str, Callable[[Any], str]] = {
    "abs": lambda layer: "{0}.abs()",
    "clamp": lambda layer: f"{{0}}.clamp({layer.min!r}, {layer.max!r})",
    "concat": lambda layer: "torch.cat({xs}, dim=1)",
    "add": lambda layer: "sum({xs})",
    "subtract": lambda layer: "functools.reduce(torch.sub, {xs})",
    "multiply": lambda layer: "functools.reduce(torch.mul, {xs})",
    "divide": lambda layer: "functools.reduce(torch.div, {xs})",
    "maximum": lambda layer: "functools.reduce(torch.maximum, {xs})",
    "minimum": lambda layer: "functools.reduce(torch.minimum, {xs})",
    "mean": lambda layer: "sum({xs}) / len({xs})",
    "magnitude": lambda layer: "sum(x * x for x in {xs}).sqrt()",
    "softmax": lambda layer: f"{{0}}.softmax({_dim(layer.axis)})",
    "log_softmax": lambda layer: f"{{0}}.log_softmax({_dim(layer.axis)})",
    "unflatten": lambda layer: (
        f"({{0}}.reshape(len({{0}}), -1, {layer.size[0]}, {layer.size[1]}) if {{0}}.dim() == 2 else {{0}})"
    ),
}


@writes(*_MODULES)
def of_module(layer: Any) -> Torch:
    return Torch("{m}({0})", _MODULES[layer.key](layer))


@writes(*_CALLS)
def of_call(layer: Any) -> Torch:
    return Torch(_CALLS[layer.key](layer))


def _dim(axis: int) -> int:
    """An axis of ours, which has no batch in front."""
    return axis + 1 if axis >= 0 else axis


@writes("prelu")
def prelu(layer: Any) -> Torch:
    return Torch("{m}({0})", module("PReLU", _count=len(layer.weight)), {"weight": layer.weight})


@writes("batch_norm2d")
def batch_norm2d(layer: Any) -> Torch:
    tensors = {name: getattr(layer, name) for name in ("running_mean", "running_var", "weight", "bias")}
    tensors = {name: array for name, array in tensors.items() if array is not None}
    options = ", ".join(f"{{m}}.{name}" if name in tensors else "None" for name in ("weight", "bias"))
    call = f"F.batch_norm({{0}}, {{m}}.running_mean, {{m}}.running_var, {options}, eps={layer.eps!r})"
    if len(tensors) == 4:
        made = module("BatchNorm2d", _count=len(layer.weight), eps=layer.eps)
        return Torch("{m}({0})", made, {**tensors, "num_batches_tracked": np.zeros((), np.int64)})
    return Torch(call, holder(**tensors), tensors, ("Tensors",))


def _affine(layer: Any) -> tuple[dict[str, Any], str]:
    tensors = {name: getattr(layer, name) for name in ("weight", "bias") if getattr(layer, name) is not None}
    return tensors, ", ".join(f"{{m}}.{name}" if name in tensors else "None" for name in ("weight", "bias"))


@writes("instance_norm2d")
def instance_norm2d(layer: Any) -> Torch:
    tensors, _ = _affine(layer)
    if not tensors:
        return Torch(f"F.instance_norm({{0}}, eps={layer.eps!r})")
    named = "".join(f", {name}={{m}}.{name}" for name in tensors)
    call = f"F.instance_norm({{0}}{named}, eps={layer.eps!r})"
    return Torch(call, holder(**tensors), tensors, ("Tensors",))


@writes("group_norm")
def group_norm(layer: Any) -> Torch:
    tensors, words = _affine(layer)
    if len(tensors) == 2:
        made = module("GroupNorm", _groups=layer.num_groups, _count=len(layer.weight), eps=layer.eps)
        return Torch("{m}({0})", made, tensors)
    call = f"F.group_norm({{0}}, {layer.num_groups}, {words}, {layer.eps!r})"
    return Torch(call, holder(**tensors) if tensors else "", tensors, ("Tensors",) if tensors else ())


@writes("layer_norm2d")
def layer_norm2d(layer: Any) -> Torch:
    tensors, words = _affine(layer)
    call = f"layer_norm({{0}}, {words}, {layer.eps!r})"
    helpers = ("layer_norm", "Tensors") if tensors else ("layer_norm",)
    return Torch(call, holder(**tensors) if tensors else "", tensors, helpers)


@writes("normalize")
def normalize(layer: Any) -> Torch:
    tensors = {"mean": layer.mean, "std": layer.std}
    call = "({0} - {m}.mean[:, None, None]) / {m}.std[:, None, None]"
    return Torch(call, holder(**tensors), tensors, ("Tensors",))


@writes("scale_shift")
def scale_shift(layer: Any) -> Torch:
    tensors, _ = _affine(layer)
    # The numbers stand for channels, of maps or of a vector.
    column = "{{m}}.{}.reshape(-1, *[1] * ({{0}}.dim() - 2))"
    call = "{0}"
    if "weight" in tensors:
        call += " * " + column.format("weight")
    if "bias" in tensors:
        call += " + " + column.format("bias")
    return Torch(call, holder(**tensors), tensors, ("Tensors",))


@writes("linear")
def linear(layer: Any) -> Torch:
    out, into = layer.weight.shape
    tensors = {"weight": layer.weight} | ({} if layer.bias is None else {"bias": layer.bias})
    made = module("Linear", _in=into, _out=out, bias=False if layer.bias is None else None)
    return Torch("{m}({0})", made, tensors)


@writes("flatten")
def flatten(layer: Any) -> Torch:
    if layer.order == "CHW":
        return Torch("{m}({0})", "nn.Flatten()")
    order = ", ".join(str("CHW".index(axis) + 1) for axis in layer.order)
    return Torch(f"{{0}}.permute(0, {order}).flatten(1)")


@writes("channel_slice")
def channel_slice(layer: Any) -> Torch:
    # Tensors have no negative steps.
    if layer.step < 0:
        part = f"range({{0}}.shape[1])[{_slice(layer.start, layer.stop, layer.step)}]"
        return Torch(f"{{0}}[:, list({part})]")
    return Torch(f"{{0}}[:, {_slice(layer.start, layer.stop, layer.step)}]")


@writes("slice2d")
def slice2d(layer: Any) -> Torch:
    parts = [_slice(*part) for part in zip(layer.start, layer.stop, layer.step, strict=True)]
    return Torch(f"{{0}}[:, :, {parts[0]}, {parts[1]}]")


def _slice(start: int | None, stop: int | None, step: int) -> str:
    ends = f"{'' if start is None else start}:{'' if stop is None else stop}"
    return ends if step == 1 else f"{ends}:{step}"


_OPERATIONS = {
    "add": "{0} + {c}",
    "subtract": "{0} - {c}",
    "subtract from": "{c} - {0}",
    "multiply": "{0} * {c}",
    "divide": "{0} / {c}",
    "divide into": "{c} / {0}",
    "maximum": "torch.maximum({0}, {c})",
    "minimum": "torch.minimum({0}, {c})",
    "power": "{0} ** {c}",
}


@writes("constant_arithmetic")
def constant_arithmetic(layer: Any) -> Torch:
    template = _OPERATIONS[layer.operation]
    # Of a vector, the operand has one number for each feature and no rows or columns.
    operand = "{m}.operand.reshape({m}.operand.shape[: {0}.dim() - 1])"
    call = template.replace("{c}", operand)
    return Torch(call, holder(operand=layer.operand), {"operand": layer.operand}, ("Tensors",))


_FUNCTIONS = {"negative": "-{0}", "round": "{0}.round()"}


@writes("function")
def function(layer: Any) -> Torch:
    return Torch(_FUNCTIONS.get(layer.function, f"{{0}}.{layer.function}()"))


_REDUCTIONS = {
    "mean": "{0}.mean({d}, keepdim=True)",
    "sum": "{0}.sum({d}, keepdim=True)",
    "max": "{0}.amax({d}, keepdim=True)",
    "min": "{0}.amin({d}, keepdim=True)",
    "l1": "{0}.abs().sum({d}, keepdim=True)",
    "l2": "torch.linalg.vector_norm({0}, dim={d}, keepdim=True)",
    "sum of squares": "({0} * {0}).sum({d}, keepdim=True)",
}
# All axes of a vector are its features alone.
_DIMS = {
    "space": "(2, 3)",
    "channels": "1",
    "height": "2",
    "width": "3",
    "all": "tuple(range(1, {0}.dim()))",
}


@writes("reduce")
def reduce(layer: Any) -> Torch | None:
    if layer.operation == "argmax":
        if layer.over != "channels":
            return None
        return Torch("{0}.argmax(1, keepdim=True).to({0}.dtype)")
    return Torch(_REDUCTIONS[layer.operation].replace("{d}", _DIMS[layer.over]))
