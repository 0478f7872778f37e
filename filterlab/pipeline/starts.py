"""Which weights are learned, and from which numbers learning starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod, sqrt
from typing import Any

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.layers.base import Layer, Parameter, Shape
from filterlab.layers.kinds import Tensor
from filterlab.pipeline.editing import ancestors
from filterlab.pipeline.graph import Pipeline

STARTS = ("keep", "random", "zeros")
PLANE = ("height", "width")  # the last axes of a kernel


def trainable_nodes(pipeline: Pipeline, output: str) -> list[str]:
    """Nodes with weights on which the map of `output` depends, in order."""
    reached = {output, *ancestors(pipeline, [output])}
    return [n.name for n in pipeline.nodes if n.enabled and n.name in reached and n.layer.parameter_count()]


def started(pipeline: Pipeline, nodes: Iterable[str], start: str, seed: int = 0) -> Pipeline:
    """The pipeline with the weights from which learning starts.

    start: "keep" those there are; "zeros"; "random": normal numbers by `seed` of variance 1/(inputs of a unit),
    LeCun et al. 1998. Biases start at zero; scales such as those of normalisation stay in every case.
    Raises ParameterError for another word.
    """
    if start not in STARTS:
        hint = f"one of {', '.join(STARTS)}"
        raise ParameterError(f"there is no start {start!r}", "learn", hint, parameter="start")
    if start == "keep":
        return pipeline
    return pipeline.with_layers(
        {name: _fresh(pipeline[name], start, seed + i) for i, name in enumerate(nodes)}
    )


def _fresh(layer: Layer, start: str, seed: int) -> Layer:
    changes: dict[str, Any] = {}
    for p in trained(layer):
        shape = layer.shape_of(p.name)
        if len(shape) >= 2:
            changes[p.name] = _recipe(axes_of(p), shape, start, seed)
        elif p.name == "bias":
            changes[p.name] = {"init": "zeros", "shape": list(shape)}
    return layer.replace(**changes)


def _recipe(axes: tuple[str, ...], shape: Shape, start: str, seed: int) -> dict[str, Any]:
    if start == "zeros":
        return {"init": "zeros", "shape": list(shape)}
    inputs = prod(shape) if axes == PLANE else prod(shape[1:])
    return {"init": "normal", "std": 1 / sqrt(inputs), "seed": seed, "shape": list(shape)}


def trained(layer: Layer) -> list[Parameter]:
    """The declarations of the arrays that the layer holds and learning may change."""
    names = layer.trainable()
    return [p for p in layer.declarations() if p.name in names]


def axes_of(parameter: Parameter) -> tuple[str, ...]:
    """What the axes of a trained array stand for."""
    assert isinstance(parameter.kind, Tensor), "only arrays are trained"
    return parameter.kind.axes


def with_learned(pipeline: Pipeline, learned: Pipeline, nodes: Iterable[str]) -> Pipeline:
    """`pipeline` with what `nodes` have learned in another version of it; their other settings stay.

    Raises ParameterError where a node has gone, or holds weights of other shapes by now.
    """
    names = list(nodes)
    check_learned(pipeline, learned, names)
    return pipeline.with_layers({name: pipeline[name].replace(**learned[name].trainable()) for name in names})


def check_learned(pipeline: Pipeline, learned: Pipeline, nodes: Iterable[str]) -> None:
    """Raise ParameterError unless `pipeline` can take what `nodes` have learned."""
    for name in nodes:
        if name not in pipeline:
            what = f"{name}, which has learned, is not in the pipeline any more"
        elif not _holds(pipeline[name], learned[name].trainable()):
            what = f"{name} is not what it was when learning began"
        else:
            continue
        hint = "undo what was changed, or learn anew"
        raise ParameterError(what, f"node '{name}'", hint, parameter="nodes", node=name)


def _holds(layer: Layer, values: Mapping[str, Array]) -> bool:
    return all(layer.shape_of(key) == value.shape for key, value in values.items())
