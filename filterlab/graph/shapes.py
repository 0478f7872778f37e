"""What a node does to the shape of its input, with the numbers in it."""

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
    """The lines of node `name`'s formula; `shapes` holds those of the nodes it reads, the picture as "image".

    () where its shape needs no words: it is that of its input, or the node is left out. Raises ShapeError where
    the inputs do not fit.
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
    """The shape of every map for a picture of `shape` (C, H, W), the picture's too. Raises ShapeError."""
    return {IMAGE: tuple(shape), **graph.output_shapes(shape)}
