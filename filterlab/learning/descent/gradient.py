"""Gradients through a whole graph with its branches (backpropagation)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from filterlab.functional.arrays import Array
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step, at_node

ParameterGradients = dict[str, dict[str, Array]]


def gradients(
    graph: Graph, image: Array, maps: Mapping[str, Array], seeds: Mapping[str, Array]
) -> tuple[Array | None, ParameterGradients]:
    """The gradient of a scalar with respect to the picture and to the trainable parameters of every node.

    image: the batch (N, C, H, W) from which `maps`, the outputs of all nodes, were computed. seeds: the gradient of
    the scalar with respect to the outputs of some nodes, in their shapes. The first result is None where no seed
    depends on the picture.
    """
    flowing, found = walk_back(tuple(reversed(graph.steps)), {IMAGE: image, **maps}, seeds)
    return flowing.get(IMAGE), found


def walk_back(
    steps: Iterable[Step],
    values: Mapping[str, Array],
    seeds: Mapping[str, Array],
    wanted: Container[str] | None = None,
    trained: Container[str] | None = None,
) -> tuple[dict[str, Array], ParameterGradients]:
    """Walk back through `steps`: the gradients of the maps left over at their end, and of the parameters.

    wanted: the maps whose gradients are needed, all if None. A step of whose inputs none is wanted computes the
    gradients of its parameters only: that of the picture, for one, is rarely needed and costs as much. trained: the
    nodes whose parameters need gradients, all if None.
    """
    flowing, found = dict(seeds), {}
    for step in steps:
        # Steps come in reverse order, so all readers of this map have added their gradients by now.
        dy = flowing.pop(step.name, None)
        if dy is None:
            continue
        xs, y = tuple(values[name] for name in step.inputs), values[step.name]
        with at_node(step.name):
            if wanted is not None and not any(name in wanted for name in step.inputs):
                found[step.name] = step.layer.parameter_gradients(dy, xs, y)
                continue
            if trained is not None and step.name not in trained:
                inputs = step.layer.input_gradients(dy, xs, y)
            else:
                inputs, found[step.name] = step.layer.backward(dy, xs, y)
        for name, dx in zip(step.inputs, inputs, strict=True):
            # Never in place: a layer may pass on the very array that it was given (Dropout does), which others still
            # read.
            flowing[name] = flowing[name] + dx if name in flowing else dx
    return flowing, found
