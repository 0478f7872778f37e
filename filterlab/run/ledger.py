"""The ledger of a graph: the shape, parameters, multiply-adds and receptive field of each node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.fields.maps import FieldMap
from filterlab.fields.regions import ReceptiveField, Region
from filterlab.graph import G, Graph
from filterlab.graph.nodes import IMAGE, Step
from filterlab.graph.shapes import all_shapes
from filterlab.layers.base.layer import Shape

MOST_FOLLOWED = 200  # vectors of a graph whose values are followed back to the picture


@dataclass(frozen=True)
class Row:
    """The figures of one node.

    parameters: trainable numbers; macs: multiply-adds for one picture; bytes: of the float32 output. receptive_field:
    None where the node has none, and `reason` then says why.
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
        """The row as `filterlab info --json` prints it; "whole_picture" stands only where it is true."""
        field = self.receptive_field
        whole = {"whole_picture": True} if field is not None and field.whole else {}
        return {
            "name": self.name,
            "layer": self.layer,
            "shape": list(self.shape),
            "parameters": self.parameters,
            "macs": self.macs,
            "receptive_field": None
            if field is None
            else {"size": list(field.size), "stride": list(field.stride), "padding": list(field.padding)},
            **whole,
        }


def bytes_text(count: float) -> str:
    """A number of bytes in three digits and powers of 1000: 512 B, 36 kB, 3.8 MB, 12.8 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.3g} {unit}"


def count_text(count: int) -> str:
    """A large number in three digits: 112, 4640, 25.9 M, 15.3 G."""
    if count < 10_000:
        return str(count)
    value = float(count)
    for unit in ("k", "M", "G", "T"):  # noqa: B007 - the last one is used
        value /= 1000
        if value < 1000:
            break
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def ledger(graph: Graph, shape: tuple[int, ...]) -> list[Row]:
    """The rows of all nodes in their order, for a picture of `shape` (C, H, W). Raises as `Graph.output_shapes`."""
    shapes = all_shapes(graph, shape)
    # One map of fields for all rows: their fields come out of a single pass.
    sights = _Sights(FieldMap(graph, (shape[1], shape[2]), shape[0]), shapes)
    rows = {step.name: _row(graph, step, shapes, sights) for step in graph.steps}
    return [rows[node.name] for node in graph.nodes]


@dataclass(frozen=True)
class Problem:
    """A node that cannot be computed. error: None where the fault lies in `waits_for`, a node that it reads."""

    name: str
    layer: str
    error: FilterLabError | None
    waits_for: str = ""


def survey(graph: Graph, shape: tuple[int, ...]) -> list[Row | Problem]:
    """As `ledger`, but nodes that do not fit, and those that depend on them, become a `Problem`."""
    shapes: dict[str, Shape] = {IMAGE: tuple(shape)}
    found: dict[str, Row | Problem] = {}
    sights = _Sights(FieldMap(graph, (shape[1], shape[2]), shape[0]), shapes)
    for step in graph.steps:
        key = graph[step.name].key
        missing = [name for name in step.inputs if name not in shapes]
        if missing:
            found[step.name] = Problem(step.name, key, None, missing[0])
            continue
        try:
            shapes[step.name] = step.layer.possible_shape(*[shapes[name] for name in step.inputs])
            found[step.name] = _row(graph, step, shapes, sights)
        except FilterLabError as error:
            # The error may come after the shape; the readers of this node must wait for it all the same.
            shapes.pop(step.name, None)
            found[step.name] = Problem(step.name, key, error.at_node(step.name))
    return [found[node.name] for node in graph.nodes]


def computable(graph: G, rows: list[Row | Problem]) -> G:
    """The nodes of a graph that a survey found no problem with; all that they read is among them."""
    good = {row.name for row in rows if isinstance(row, Row)}
    return type(graph)(node for node in graph.nodes if node.name in good)


def _row(graph: Graph, step: Step, shapes: Mapping[str, Shape], sights: _Sights) -> Row:
    output = shapes[step.name]
    field, reason = None, ""
    try:
        field = sights.fields.field(step.name)
        if field.whole and len(output) == 1 and not sights.see_all(step):
            field = replace(field, whole=False)
    except FilterLabError as error:
        reason = error.what
    layer = step.layer
    macs = layer.macs(tuple(shapes[name] for name in step.inputs), output)
    key = graph[step.name].key
    return Row(step.name, key, output, layer.parameter_count(), macs, 4 * prod(output), field, reason)


class _Sights:
    """Whether one value of a vector sees all of the picture: a flattened one sees what its cell of the map sees.

    Following a value back to the picture takes as long as the way is, for each vector of a chain again. So it is done
    only where the answer does not follow from that about the vectors which are read.
    """

    def __init__(self, fields: FieldMap, shapes: Mapping[str, Shape]) -> None:
        self.fields, self._shapes = fields, shapes
        # By vector: whether its first value sees everything, and whether all of its values see the same.
        self._known: dict[str, tuple[bool, bool]] = {}
        self._followed = 0

    def see_all(self, step: Step) -> bool:
        """Whether the first value of a vector sees the whole picture."""
        inputs = [self._known.get(name) for name in step.inputs]
        known = [found for found in inputs if found is not None]
        if len(known) == len(inputs) and (all(same for _, same in known) or self._each_its_own(step)):
            answer = any(seen for seen, _ in known), all(same for _, same in known)
        else:
            answer = self._follow(step.name), self._reads_all(step)
        self._known[step.name] = answer
        return answer[0]

    def _each_its_own(self, step: Step) -> bool:
        return step.layer.per_channel and len(step.inputs) == 1

    def _reads_all(self, step: Step) -> bool:
        shapes = tuple(self._shapes[name] for name in step.inputs)
        first = np.zeros(self._shapes[step.name][0], bool)
        first[0] = True
        return all(
            len(shape) == 1 and bool(step.layer.channels_read(first, number, shapes).all())
            for number, shape in enumerate(shapes)
        )

    def _follow(self, name: str) -> bool:
        # A hostile graph may join thousands of vectors of which each needs this; then nothing is claimed.
        self._followed += 1
        if self._followed > MOST_FOLLOWED:
            return False
        size = self.fields.size
        return self.fields.regions(name, 0, 0, 0)[IMAGE].clipped(size) == Region(0, 0, *size)
