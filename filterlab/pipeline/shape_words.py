"""What a node does to the shape of its input, with the numbers in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from filterlab.layers.base import Shape
from filterlab.layers.formula import Line

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline


def shape_lines(pipeline: Pipeline, name: str, shapes: Mapping[str, Shape]) -> tuple[Line, ...]:
    """The lines of node `name`'s formula; `shapes` holds those of the nodes it reads, the picture as "image".

    () where its shape needs no words: it is that of its input, or the node is left out. Raises ShapeError where
    the inputs do not fit.
    """
    step = next(step for step in pipeline.steps if step.name == name)
    inputs = [shapes[source] for source in step.inputs]
    step.layer.possible_shape(*inputs)
    return step.layer.shape_formula(*inputs)
