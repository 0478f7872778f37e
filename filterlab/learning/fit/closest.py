"""The least-squares weights of the node that learns, to compare with those that gradient descent has reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from filterlab.errors import Cancelled, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import G, Graph
from filterlab.graph.nodes import IMAGE
from filterlab.layers.base.layer import Layer
from filterlab.learning.fit.fitted import FittedKernel
from filterlab.learning.fit.fitting import fit_kernel
from filterlab.learning.starts import PLANE, axes_of, trained
from filterlab.text.messages import say

_AXES = (PLANE, ("output channels", "input channels / groups", *PLANE))
_LAID = {"operation", "padding", "padding_mode", "value", "stride", "dilation"}


@dataclass(frozen=True)
class Closest(Generic[G]):
    """A least-squares answer. pipeline: with these weights in the node. fitted: the kernel as cross-correlation.

    errors, distinct: of each weight as the layer holds it, by the name of the parameter: its standard error, and
    whether it can be told from 0.
    """

    pipeline: G
    fitted: FittedKernel
    errors: Mapping[str, Array]
    distinct: Mapping[str, Array]

    def certainty(self, parameter: str) -> tuple[Array, Array]:
        """The standard errors of the weights of a parameter, and which of these can be told from 0."""
        return self.errors[parameter], self.distinct[parameter]

    def difference(self, other: Graph, node: str, parameter: str) -> Array:
        """The weights of another version of the pipeline minus the least-squares weights."""
        theirs, ours = (p[node].trainable()[parameter] for p in (other, self.pipeline))
        difference: Array = np.subtract(theirs, ours, dtype=np.float64)
        return difference


def closest(
    graph: G,
    nodes: Sequence[str],
    output: str,
    image: Array,
    target: Array,
    cancel: Cancel | None = None,
    constraints: Iterable[str] = (),
) -> Closest:
    """The least-squares weights of the one node in `nodes`, which reads the picture (C, H, W) and is compared itself.

    They are exact: no other weights of that node, of those that satisfy the constraints, give a smaller sum of squared
    errors. Raises ParameterError as `check_closest`, Cancelled, and the errors of `fit_kernel`.
    """
    layer = check_closest(graph, nodes, output)
    if cancel is not None and cancel():
        raise Cancelled("stopped before the fit", "least squares")
    key, options = _asked(layer)
    divisor, offset = _scale(layer)
    # The layer adds its offset behind the sum of products, so that the kernel has to meet what is left.
    sought = target - target.dtype.type(offset) if offset else target
    options["constraint"] = _in_units(constraints, divisor)
    fitted = fit_kernel(image, sought, bias=bool(layer.shape_of("bias")), cancel=cancel, **options)
    shape = layer.shape_of(key)
    changes: dict[str, Array] = {key: _as_parameter(layer, fitted.kernel, divisor).reshape(shape)}
    errors = {key: _as_parameter(layer, fitted.standard_error, abs(divisor)).reshape(shape)}
    distinct = {key: _as_parameter(layer, fitted.distinct, 1).reshape(shape)}
    if fitted.bias is not None:
        changes["bias"], errors["bias"] = np.atleast_1d(fitted.bias), np.atleast_1d(fitted.bias_error)
        distinct["bias"] = np.abs(changes["bias"]) > 2 * errors["bias"]
    return Closest(graph.with_layers({output: layer.replace(**changes)}), fitted, errors, distinct)


def without_camera(
    graph: Graph,
    nodes: Sequence[str],
    output: str,
    image: Array,
    target: Array,
    constraints: Iterable[str] = (),
) -> tuple[Array, FittedKernel]:
    """The target without the gain and the offset of the camera, and the fit that found them.

    The kernel's weights add up to 1, or to the sum that a constraint names. Raises as `closest`.
    """
    layer = check_closest(graph, nodes, output)
    divisor, offset = _scale(layer)
    options = {**_asked(layer)[1], "constraint": _in_units(constraints, divisor)}
    fitted = fit_kernel(image, target, gain=True, **options)
    gain, bias = (np.reshape(value, (-1, 1, 1)) for value in (fitted.gain, fitted.bias))
    return ((target - bias) / gain + offset).astype(target.dtype), fitted


def _scale(layer: Layer) -> tuple[float, float]:
    """The divisor and the offset of a layer that has them."""
    return float(getattr(layer, "divisor", 1)), float(getattr(layer, "offset", 0))


def _in_units(constraints: Iterable[str], divisor: float) -> list[str]:
    """The constraints on the layer's own numbers as those on the kernel, which is divided."""
    return [f"sum={1 / divisor!r}" if name == "unit_sum" else name for name in constraints]


def check_closest(graph: Graph, nodes: Sequence[str], output: str) -> Layer:
    """The layer that `closest` would fit.

    Raises ParameterError where another node stands between picture and output, or the layer has a stride or dilation.
    """
    name = nodes[0] if len(nodes) == 1 else ""
    step = next((step for step in graph.steps if step.name == name), None)
    if step is None or name != output or step.inputs != (IMAGE,):
        what = say("least squares finds one kernel, directly between picture and target")
        hint = say("let one Filter2d or Conv2d that reads the picture learn, and compare its own output")
        raise ParameterError(what, "least squares", hint, parameter="nodes")
    _asked(step.layer)
    return step.layer


def _asked(layer: Layer) -> tuple[str, dict[str, Any]]:
    """The name of the layer's kernel, and the options with which `fit_kernel` finds it. Raises ParameterError."""
    declared = {p.name for p in layer.declarations()}
    kernels = [p for p in trained(layer) if axes_of(p) in _AXES]
    if not kernels or not declared >= _LAID:
        what = say("{} is not a kernel that is applied to the picture", type(layer).__name__)
        raise ParameterError(what, "least squares", "choose a Filter2d or Conv2d", parameter="nodes")
    # raw: the options alone are needed, and no recipe has to be made into numbers for them.
    values = layer.raw()
    if values["stride"] != (1, 1) or values["dilation"] != (1, 1):
        what = say("least squares needs stride 1 and dilation 1")
        raise ParameterError(what, "least squares", "learn it by gradient descent", parameter="stride")
    options = {name: values[name] for name in ("padding", "padding_mode", "value")}
    size = layer.shape_of(kernels[0].name)[-2:]
    shared = axes_of(kernels[0]) == PLANE
    return kernels[0].name, {**options, "size": size, "shared": shared, "groups": values.get("groups", 1)}


def _as_parameter(layer: Layer, kernel: Array, divisor: float) -> Array:
    """A kernel as the layer holds it: flipped for a convolution, and times the divisor of the layer."""
    laid = kernel if layer.raw()["operation"] == "cross-correlation" else kernel[..., ::-1, ::-1]
    return laid * laid.dtype.type(divisor)
