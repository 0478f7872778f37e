"""Gradients through a whole pipeline, branches too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from filterlab.functional.arrays import Array
from filterlab.pipeline.geometry import at_node

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline

ParameterGradients = dict[str, dict[str, Array]]


def gradients(
    pipeline: Pipeline, image: Array, maps: Mapping[str, Array], seeds: Mapping[str, Array]
) -> tuple[Array | None, ParameterGradients]:
    """The gradient of a scalar with respect to the picture, and to every node's trainable parameters.

    image: the batch (N, C, H, W) that `maps`, all nodes' outputs, were computed from.
    seeds: the scalar's gradient with respect to the outputs of some nodes, in their shapes.
    The first result is None where no seed depends on the picture.
    """
    values = {"image": image, **maps}
    flowing: dict[str, Array] = dict(seeds)
    found: ParameterGradients = {}
    for step in reversed(pipeline.steps):
        dy = flowing.pop(step.name, None)
        if dy is None:
            continue
        with at_node(step.name):
            back = step.layer.backward(dy, tuple(values[name] for name in step.inputs), values[step.name])
        if back.parameters:
            found[step.name] = back.parameters
        for name, dx in zip(step.inputs, back.inputs, strict=True):
            flowing[name] = flowing[name] + dx if name in flowing else dx
    return flowing.get("image"), found
