"""The shapes of maps, and how a node makes the shape of its output from those of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from filterlab.errors import FilterLabError
from filterlab.functional.geometry import Pair
from filterlab.graph.graph import Graph
from filterlab.graph.nodes import IMAGE
from filterlab.layers.base.formula import Line
from filterlab.layers.base.layer import Shape


def shape_lines(graph: Graph, name: str, shapes: Mapping[str, Shape]) -> tuple[Line, ...]:
    """The formula of node `name`'s shape, line by line.

    shapes: of the nodes that it reads, and of the picture under the name `IMAGE`. The formula is empty where there is
    nothing to explain: the shape is that of the input, or the node is disabled. Raises ShapeError where the inputs
    do not fit.
    """
    step = graph.step(name)
    inputs = [shapes[source] for source in step.inputs]
    step.layer.possible_shape(*inputs)
    return step.layer.shape_formula(*inputs)


def size_of(shape: Shape) -> Pair:
    """(height, width) of a map of this shape; a vector counts as 1x1."""
    return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)


def known_shapes(graph: Graph, picture: Shape | None) -> dict[str, Shape]:
    """The shapes of the picture and of all maps that fit it; empty without a picture."""
    shapes: dict[str, Shape] = {} if picture is None else {IMAGE: picture}
    for step in graph.steps:
        if all(name in shapes for name in step.inputs):
            with suppress(FilterLabError):
                shapes[step.name] = step.layer.possible_shape(*[shapes[name] for name in step.inputs])
    return shapes


def all_shapes(graph: Graph, shape: Shape) -> dict[str, Shape]:
    """The shapes of the picture, (C, H, W) as given, and of all maps. Raises ShapeError as `Graph.output_shapes`."""
    return {IMAGE: tuple(shape), **graph.output_shapes(shape)}
