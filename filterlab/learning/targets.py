"""The targets that a graph may learn towards, and how close it came to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab import kernels
from filterlab.errors import FilterLabError, ParameterError, ShapeError
from filterlab.fields.regions import receptive_field
from filterlab.functional import losses
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE, G, Graph
from filterlab.graph.editing import ancestors
from filterlab.images.views import MapView
from filterlab.layers.base.kinds import Padding
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.weights import Weights
from filterlab.learning.classify.classifier import classifier_for
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.descent.learning import LOSSES
from filterlab.learning.starts import PLANE, axes_of, trained
from filterlab.run import evaluate
from filterlab.text.messages import count, say

# -- teachers -----------------------------------------------------------------------------------------


def preset_teacher(graph: G, nodes: Iterable[str], preset: str) -> G:
    """The graph with a named kernel in the first of `nodes` whose kernel has height and width.

    A preset that comes in several sizes is made in that of the node's kernel; every slice of a weight gets the same
    numbers. Raises ParameterError where no node has such a kernel.
    """
    for name in nodes:
        layer = graph[name]
        for p in trained(layer):
            if axes_of(p)[-2:] == PLANE:
                shape = layer.shape_of(p.name)
                plane = _preset(preset, shape[-2:])
                taught = np.broadcast_to(plane, shape[:-2] + plane.shape)
                # Laid out when somebody looks: who asks for shapes alone need not wait for a million numbers.
                return graph.with_layers({name: layer.replace(**{p.name: Weights.of(taught)})})
    what = say("none of the chosen nodes has a kernel with height and width")
    raise ParameterError(what, "learn", "choose a Filter2d or Conv2d", parameter="nodes")


def taught(graph: Graph, teacher: Graph) -> list[tuple[str, str]]:
    """The (node, parameter) pairs whose shapes differ between the graph and its teacher."""
    return [
        (node.name, p.name)
        for node in graph.nodes
        for p in trained(node.layer)
        if node.layer.shape_of(p.name) != teacher[node.name].shape_of(p.name)
    ]


def _preset(name: str, size: Shape) -> Array:
    # Presets take a size as a pair, as one odd number, or not at all; which one can only be found by trying.
    for options in ({"size": size}, {"size": size[0]} if size[0] == size[1] else {}):
        try:
            return kernels.make(name, **options)
        except ParameterError:
            continue
    return kernels.make(name)


# -- shapes that do not go together -------------------------------------------------------------------


@dataclass(frozen=True)
class Mend:
    """A change that makes the target fit: "same" or "valid" padding in the graph, or another target.

    kind: "same", "valid", "cropped", "greyed", or "registered" for a picture that is laid over the one before.
    """

    kind: str
    pipeline: Any = None


def check_target(graph: Graph, output: str, picture: Shape, target: Shape) -> None:
    """Raise ShapeError with both shapes unless the output has the shape of the target."""
    shape = graph.output_shapes(picture)[output]
    if shape == target:
        return
    # Channels first: where they differ, no padding and no cropping can help.
    if shape[:1] != target[:1]:
        text = "the target has {} channel, the output {}", "the target has {} channels, the output {}"
        what = count(target[0], *text, shape[0])
        hint = say("compare another node, or give the last layer as many output channels")
    else:
        what = say("the target is {}, the output {}", shape_text(target[1:]), shape_text(shape[1:]))
        hint = say('use padding "same", or crop the target')
        if shape_text(picture[1:]) != shape_text(target[1:]):
            hint = say("the picture is {}: before and after must be of one size", shape_text(picture[1:]))
    raise ShapeError(what, "learn", hint, parameter="target", node=output)


def mends(graph: Graph, output: str, picture: Shape, target: Shape) -> list[Mend]:
    """The single changes after which the output has the shape of the target, the smallest change first."""
    shape = graph.output_shapes(picture)[output]
    found = []
    for kind in ("same", "valid"):
        padded = with_padding(graph, output, kind)
        if _shape_of(padded, output, picture) == target:
            found.append(Mend(kind, padded))
    if _may_crop(graph, output, shape, target, picture):
        found.append(Mend("cropped"))
    if len(target) == 3 and target[0] == 3 and shape == (1, *target[1:]):
        found.append(Mend("greyed"))
    return found


def with_padding(graph: G, output: str, padding: str) -> G:
    """The graph with this padding in every layer up to `output` that has a padding."""
    reached = {output, *ancestors(graph, [output])}
    layers = {}
    for node in graph.nodes:
        for p in node.layer.declarations():
            if node.name in reached and isinstance(p.kind, Padding) and p.kind.named:
                layers[node.name] = _padded(node.layer, p.name, padding)
    return graph.with_layers(layers)


def _padded(layer: Layer, parameter: str, padding: str) -> Layer:
    try:
        return layer.replace(**{parameter: padding})
    except FilterLabError:  # a word that this layer does not know
        return layer


def _shape_of(graph: Graph, output: str, picture: Shape) -> Shape | None:
    try:
        return graph.output_shapes(picture)[output]
    except FilterLabError:
        return None


def _may_crop(graph: Graph, output: str, shape: Shape, target: Shape, picture: Shape) -> bool:
    """Return whether the output lies centred in the target, cell on cell."""
    if len(shape) != 3 or len(target) != 3 or shape[0] != target[0] or shape == target:
        return False
    try:
        stride = receptive_field(graph, output, IMAGE, (picture[1], picture[2])).stride
    except FilterLabError:
        return False
    # With a stride the output has fewer cells than the target has in the same place, and no cut makes them agree.
    return stride == (1, 1) and shape[1] <= target[1] <= picture[1] and shape[2] <= target[2] <= picture[2]


def cropped(target: Array, size: tuple[int, int]) -> Array:
    """The middle of a target (C, H, W); an odd cell is cut off at the end."""
    top, left = (target.shape[-2] - size[0]) // 2, (target.shape[-1] - size[1]) // 2
    return target[..., top : top + size[0], left : left + size[1]]


def greyed(target: Array) -> Array:
    """The mean of the channels of a target (C, H, W), as (1, H, W)."""
    return target.mean(axis=0, keepdims=True, dtype=target.dtype)


# -- how near it came ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """The output of a graph beside its target.

    error: prediction - target; rms: the root mean square of all of it. loss: as `learn` counts it.
    """

    prediction: MapView
    target: MapView
    error: MapView
    rms: float
    loss: float


def judge(graph: Graph, picture: Array, target: MapView, output: str, loss: str, cancel: Cancel) -> Judged:
    """Run the graph on a picture (C, H, W) and compare its output with the target. Raises Cancelled, ShapeError."""
    prediction = evaluate.run(graph, picture, [output], cancel=cancel)[output]
    if prediction.shape != target.array.shape:
        what = say(
            "the target is {}, the output {}", shape_text(target.array.shape), shape_text(prediction.shape)
        )
        raise ShapeError(what, f"node '{output}'", parameter="target")
    function, reduction = LOSSES[loss]
    with np.errstate(over="ignore", invalid="ignore"):
        error = prediction - target.array
        rms = float(np.sqrt(np.square(error, dtype=np.float64).mean()))
        value = float(getattr(losses, function)(prediction, target.array, reduction))
    return Judged(MapView(prediction), target, MapView(error), rms, value)


# -- classes ------------------------------------------------------------------------------------------


def network_for(data: Labelled, seed: int = 0) -> Graph:
    """A small network with random weights for these pictures, which it first normalizes to mean 0 and deviation 1."""
    return classifier_for(data.x, data.labels, seed=seed)
