"""Variants of one layer, with the other operation or another padding mode, and how their maps differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.explainer import Explainer
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Layer
from filterlab.parameters import Choice, Parameter
from filterlab.run import evaluate
from filterlab.text.messages import say

COMPARED = ("operation", "padding_mode")


@dataclass(frozen=True)
class Variant:
    """A layer with a different value of one parameter."""

    parameter: str
    value: str
    layer: Layer


@dataclass(frozen=True)
class Comparison:
    """The map of a layer, that of its variant, and first - second, all (C, H, W).

    greatest: the largest absolute difference that is not NaN; where: (channel, row, column) of the first cell that
    has it.
    """

    first: Array
    second: Array
    difference: Array
    greatest: float
    where: tuple[int, int, int]


def variants(layer: Layer) -> list[Variant]:
    """The layer with the other operation, and with each other padding mode; empty where it has neither parameter."""
    return [Variant(name, value, layer.replace(**{name: value})) for name, value in _settings(layer)]


def has_variants(layer: Layer) -> bool:
    """Return whether `variants` finds any, without making them."""
    return any(_settings(layer))


def _settings(layer: Layer) -> Iterator[tuple[str, str]]:
    """The parameters in which variants differ, each with its other values."""
    for parameter in sorted(layer.declarations(), key=_rank):
        if parameter.name in COMPARED and isinstance(parameter.kind, Choice):
            now = getattr(layer, parameter.name)
            yield from ((parameter.name, value) for value in parameter.kind.options if value != now)


def _rank(parameter: Parameter) -> int:
    return COMPARED.index(parameter.name) if parameter.name in COMPARED else len(COMPARED)


def compare(explainer: Explainer, node: str, other: Layer) -> Comparison:
    """Run the layer of a node and `other` on the same inputs.

    Raises ParameterError for an unknown node, and where the maps differ in shape.
    """
    step = explainer.pipeline.step(node)
    first = explainer.map(node)
    # Known maps, so that only the variant itself is computed and nothing that comes before it.
    inputs = tuple(explainer.map(name) for name in step.inputs)
    second = evaluate.forward(node, other, inputs, batched=False)
    if first.shape != second.shape:
        what = say("the maps are {} and {}", first.shape, second.shape)
        raise ParameterError(what, f"node '{node}'", "compare layers whose maps have one shape", node=node)
    # Infinity minus infinity is NaN, which is a result to show and not a mistake.
    with np.errstate(invalid="ignore", over="ignore"):
        difference = first - second
    # NaN below every real difference: argmax would otherwise stop at the first NaN.
    size = np.nan_to_num(np.abs(difference), nan=-1.0, posinf=np.inf)
    channel, row, col = (int(i) for i in np.unravel_index(int(size.argmax()), size.shape))
    return Comparison(
        first, second, difference, max(float(size[channel, row, col]), 0.0), (channel, row, col)
    )
