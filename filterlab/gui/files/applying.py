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
    """The name of the parameter that is a single two-dimensional kernel, if the layer has one."""
    for parameter in layer.declarations():
        if isinstance(parameter.kind, Tensor) and parameter.kind.axes == ("height", "width"):
            return parameter.name
    return None


def with_kernel(pipeline: Pipeline, node: str, kernel: Any, name: str) -> tuple[Pipeline, str]:
    """Return the pipeline with a kernel (h, w) put in, and the name of the node that holds it.

    That is `node`, if its layer has a single kernel, or else a new Filter2d named after `name` that reads `node`.
    Raises ParameterError for a kernel that the layer does not accept.
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
    """Return an allowed node name that is not taken, as similar to `wish` as possible."""
    stem = re.sub(r"[^\w\-]+", "-", wish).strip("-") or "filter"
    name, number = stem, 2
    while name in pipeline or name == IMAGE:
        name, number = f"{stem}-{number}", number + 1
    return name
