"""The kernel with which a layer filters each channel by itself, as undoing a blur needs it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log10

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.threads import Cancel
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.learning.starts import PLANE
from filterlab.run import evaluate
from filterlab.text.messages import say

_AXES = (PLANE, ("output channels", "input channels / groups", *PLANE))
_LAID = {"operation", "stride", "dilation", "padding", "padding_mode"}


def blurring_nodes(graph: Graph) -> list[str]:
    """The enabled nodes that filter every channel by itself, and so may have blurred a picture; in their order."""
    return [node.name for node in graph.nodes if node.enabled and not _refusal(node.layer)]


def blur_of(layer: Layer) -> tuple[Array, Array]:
    """The kernel (kh, kw) or (C, kh, kw) of a layer in float64, and what it adds to the channels, (1,) or (C,).

    The kernel is as cross-correlation applies it: turned for a convolution, divided by the divisor, with zeros between
    its cells for a dilation. Raises ParameterError for a layer that mixes channels, has a stride, or has no kernel.
    """
    refusal = _refusal(layer)
    if refusal:
        hint = say("choose a Filter2d, or a Conv2d with one kernel for each channel")
        raise ParameterError(refusal, "restore", hint, parameter="kernel")
    values = layer.raw()
    weights = np.asarray(getattr(layer, _kernel_name(layer)), np.float64)
    weights = weights[:, 0] if weights.ndim == 4 else weights
    if values["operation"] == "convolution":
        weights = weights[..., ::-1, ::-1]
    weights = _spread(weights / float(values.get("divisor", 1)), values["dilation"])
    bias = getattr(layer, "bias", None)
    added = values.get("offset", 0) if bias is None else bias
    return weights, np.atleast_1d(np.asarray(added, np.float64))


def border_of(layer: Layer) -> str:
    """The border model of the output of a layer: its padding mode, or "unknown" where its windows stay inside."""
    values = layer.raw()
    return values["padding_mode"] if values["padding"] == "same" else "unknown"


def _spread(weights: Array, dilation: tuple[int, int]) -> Array:
    """The kernel with zeros between its cells."""
    sides = [(n - 1) * d + 1 for n, d in zip(weights.shape[-2:], dilation, strict=True)]
    made = np.zeros((*weights.shape[:-2], *sides))
    made[..., :: dilation[0], :: dilation[1]] = weights
    return made


def _kernel_name(layer: Layer) -> str:
    # By the declarations alone: a window asks at each edit, and weights that are recipes would be made for it.
    declared = layer.declarations()
    names = [p.name for p in declared if isinstance(p.kind, Tensor) and p.kind.axes in _AXES]
    return names[0] if names and {p.name for p in declared} >= _LAID else ""


def _refusal(layer: Layer) -> str:
    """Why a layer is no filter of single channels; "" where it is one."""
    name = _kernel_name(layer)
    if not name:
        return say("{} is not a kernel that is applied to the picture", type(layer).__name__)
    shape = layer.shape_of(name)
    if len(shape) == 4 and shape[1] != 1:
        return say("each output of the layer reads {} channel(s)", shape[1])
    if layer.raw()["stride"] != (1, 1):
        return say("the layer has a stride, which leaves pixels out")
    return ""


@dataclass(frozen=True)
class BlurredPair:
    """What a layer read, None where that is not known, and what it has made of it, both (C, H, W)."""

    before: Array | None
    after: Array

    def gain(self, restored: Array) -> float | None:
        """By how many decibels a restored picture is nearer to what was blurred; None where that is not known.

        20 log10 of the quotient of both root mean square errors, infinite for a perfect restoration.
        """
        if self.before is None:
            return None
        true = _middle(self.before, restored.shape)
        errors = [float(np.square(true - p, dtype=np.float64).mean()) for p in (self.after, restored)]
        if not errors[1]:
            return inf
        return 10 * log10(errors[0] / errors[1]) if errors[0] else -inf

    def check(self) -> None:
        """Raise ShapeError where both cannot be of one scene."""
        if self.before is None:
            return
        shapes = self.before.shape, self.after.shape
        if shapes[0][0] != shapes[1][0] or any(a < b for a, b in zip(*shapes, strict=True)):
            what = say("the true picture is {}, the blurred one {}", *map(shape_text, shapes))
            hint = say("choose one with as many channels that is not smaller")
            raise ShapeError(what, "restore", hint, parameter="truth")


def blurred_by(graph: Graph, node: str, image: Array, cancel: Cancel | None = None) -> BlurredPair:
    """The input and the output of a node for a picture (C, H, W). Raises FilterLabError, Cancelled."""
    source = graph.step(node).inputs[0]
    names = [node] if source == IMAGE else [source, node]
    maps = evaluate.run(graph, image, names, cancel=cancel)
    return BlurredPair(image if source == IMAGE else maps[source], maps[node])


def _middle(picture: Array, shape: tuple[int, ...]) -> Array:
    """The part of a picture over which the middles of the windows lay that made a smaller one."""
    sizes = zip(picture.shape[1:], shape[1:], strict=True)
    rows, cols = (slice((n - m) // 2, (n - m) // 2 + m) for n, m in sizes)
    return picture[:, rows, cols]
