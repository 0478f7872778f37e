"""The weights that are learned, and the numbers from which learning starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod, sqrt
from typing import Any

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.graph import G, Graph
from filterlab.graph.editing import ancestors
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer, Shape
from filterlab.parameters import Choice, Parameter
from filterlab.text.messages import say

START = Parameter(
    "start",
    Choice(
        options=("random", "keep", "zeros"),
        titles=("random weights", "present weights", "zeros"),
        sentences=(
            "Random numbers of a normal distribution, by the seed",
            "Continue from the present weights of the nodes",
            "All weights are zero; a chain of layers cannot learn from such a start",
        ),
    ),
    "The weights from which learning starts",
    "random",
    title="Start from",
)
PLANE = ("height", "width")  # the last axes of a kernel


def trainable_nodes(graph: Graph, output: str) -> list[str]:
    """The nodes with weights on which the map of `output` depends, in their order."""
    reached = {output, *ancestors(graph, [output])}
    return [n.name for n in graph.nodes if n.enabled and n.name in reached and n.layer.parameter_count()]


def started(graph: G, nodes: Iterable[str], start: str, seed: int = 0) -> G:
    """The graph with the weights from which learning starts.

    start: "keep" the present weights; "zeros"; or "random": normal numbers drawn with `seed`, of variance 1 / (inputs
    of a unit), as LeCun et al. 1998. With the latter two, biases start at zero, and scales such as those of a
    normalization are kept. Raises ParameterError for another word.
    """
    START.read(start, "learn")
    if start == "keep":
        return graph
    # Another seed for each node: equal layers that start alike, side by side, would learn the same kernels.
    return graph.with_layers({name: _fresh(graph[name], start, seed + i) for i, name in enumerate(nodes)})


def _fresh(layer: Layer, start: str, seed: int) -> Layer:
    changes: dict[str, Any] = {}
    for p in trained(layer):
        shape = layer.shape_of(p.name)
        if len(shape) >= 2:
            changes[p.name] = _recipe(axes_of(p), shape, start, seed)
        # Other lists are scales and slopes, as of a normalisation or PReLU: zeros would switch their layers off.
        elif p.name == "bias":
            changes[p.name] = {"init": "zeros", "shape": list(shape)}
    return layer.replace(**changes)


def _recipe(axes: tuple[str, ...], shape: Shape, start: str, seed: int) -> dict[str, Any]:
    if start == "zeros":
        return {"init": "zeros", "shape": list(shape)}
    # The kernel of a Filter2d has no axis of outputs: all of its cells are inputs of one unit.
    inputs = prod(shape) if axes == PLANE else prod(shape[1:])
    return {"init": "normal", "std": 1 / sqrt(inputs), "seed": seed, "shape": list(shape)}


def trained(layer: Layer) -> list[Parameter]:
    """The declarations of the arrays that a layer holds and that learning may change."""
    names = layer.trainable()
    return [p for p in layer.declarations() if p.name in names]


def axes_of(parameter: Parameter) -> tuple[str, ...]:
    """The names of the axes of a trained array."""
    assert isinstance(parameter.kind, Tensor), "only arrays are trained"
    return parameter.kind.axes


def with_learned(graph: G, learned: Graph, nodes: Iterable[str]) -> G:
    """The graph with the weights that `nodes` have in `learned`, another version of it; all other settings stay.

    Raises ParameterError where a node is gone, or its weights have other shapes by now.
    """
    names = list(nodes)
    check_learned(graph, learned, names)
    return graph.with_layers({name: graph[name].replace(**learned[name].trainable()) for name in names})


def check_learned(graph: Graph, learned: Graph, nodes: Iterable[str]) -> None:
    """Raise ParameterError unless the graph can take the weights that `nodes` have in `learned`."""
    for name in nodes:
        if name not in graph:
            what = say("{}, which was being learned, is no longer in the pipeline", name)
        elif not _holds(graph[name], learned[name].trainable()):
            what = say("{} is no longer what it was when learning began", name)
        else:
            continue
        hint = say("undo the change, or start learning again")
        raise ParameterError(what, f"node '{name}'", hint, parameter="nodes", node=name)


def _holds(layer: Layer, values: Mapping[str, Array]) -> bool:
    return all(layer.shape_of(key) == value.shape for key, value in values.items())
