"""Putting a kernel from a file or the clipboard into a pipeline. No Qt."""

from __future__ import annotations

import re
from typing import Any

from filterlab.graph import IMAGE, Node
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.pipeline import Pipeline


def kernel_parameter(layer: Layer) -> str | None:
    """The parameter of a layer that is one two-dimensional kernel."""
    for parameter in layer.declarations():
        if isinstance(parameter.kind, Tensor) and parameter.kind.axes == ("height", "width"):
            return parameter.name
    return None


def with_kernel(pipeline: Pipeline, node: str, kernel: Any, name: str) -> tuple[Pipeline, str]:
    """The pipeline with the kernel in `node`, or in a new Filter2d called `name` that reads `node`; and its name.

    Raises ParameterError for a kernel that the layer does not take.
    """
    if node in pipeline:
        layer = pipeline[node]
        parameter = kernel_parameter(layer)
        if parameter is not None:
            return pipeline.with_layers({node: layer.replace(**{parameter: kernel})}), node
    fresh = free_name(pipeline, name)
    source = node if node in pipeline else IMAGE
    return Pipeline([*pipeline.nodes, Node(fresh, layer_type("filter2d")(kernel=kernel), (source,))]), fresh


def free_name(pipeline: Pipeline, wish: str) -> str:
    """A legal node name that is not taken, as near to `wish` as can be."""
    stem = re.sub(r"[^\w\-]+", "-", wish).strip("-") or "filter"
    name, number = stem, 2
    while name in pipeline or name == IMAGE:
        name, number = f"{stem}-{number}", number + 1
    return name
