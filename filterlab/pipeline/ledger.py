"""The ledger of a pipeline: for each node its shape, parameters, multiply-adds and receptive field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from filterlab.errors import FilterLabError
from filterlab.layers.base import Shape
from filterlab.pipeline.geometry import ReceptiveField

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline, Step


@dataclass(frozen=True)
class Row:
    """One node. `receptive_field` is None where it has none; `reason` then says why.

    parameters: trainable numbers; macs: multiply-adds for one picture; bytes: of the float32 output.
    """

    name: str
    layer: str
    shape: Shape
    parameters: int
    macs: int
    bytes: int
    receptive_field: ReceptiveField | None
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As `filterlab info --json` prints it."""
        field = self.receptive_field
        return {
            "name": self.name,
            "layer": self.layer,
            "shape": list(self.shape),
            "parameters": self.parameters,
            "macs": self.macs,
            "receptive_field": None
            if field is None
            else {"size": list(field.size), "stride": list(field.stride), "padding": list(field.padding)},
        }


def ledger(pipeline: Pipeline, shape: tuple[int, ...]) -> list[Row]:
    """The rows of all nodes in their order, for a picture of `shape` (C, H, W). Raises as `output_shapes`."""
    shapes = {"image": tuple(shape), **pipeline.output_shapes(shape)}
    steps = {step.name: step for step in pipeline.steps}
    return [_row(pipeline, steps[node.name], shapes) for node in pipeline.nodes]


def _row(pipeline: Pipeline, step: Step, shapes: Mapping[str, Shape]) -> Row:
    output = shapes[step.name]
    field, reason = None, ""
    try:
        field = pipeline.receptive_field(step.name, size=shapes["image"][1:])
    except FilterLabError as error:
        reason = error.what
    layer = step.layer
    macs = layer.macs(tuple(shapes[name] for name in step.inputs), output)
    key = pipeline[step.name].key
    return Row(step.name, key, output, layer.parameter_count(), macs, 4 * prod(output), field, reason)
