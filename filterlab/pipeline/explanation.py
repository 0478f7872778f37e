"""Where one value comes from: the terms of its sum, by node, channel, row and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.layers.terms import Part

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline, Step


class Where(NamedTuple):
    """A cell of a node's map. Padding lies outside the map and shows `source` (row, col), or a constant."""

    node: str
    channel: int
    row: int
    col: int
    padding: bool = False
    source: tuple[int, int] | None = None


@dataclass(frozen=True)
class Term:
    """One term: value * weight = product. Both are None where the operation is no sum of products."""

    value: float
    weight: float | None
    product: float | None
    where: Where


@dataclass(frozen=True)
class Explanation:
    """How the value at `where` came about: the products of `terms` and the `bias` add up to `value`."""

    where: Where
    layer: str
    operation: str
    terms: tuple[Term, ...]
    bias: float
    value: float

    def to_dict(self) -> dict[str, Any]:
        """The same in lists and dictionaries, for JSON."""
        terms = [
            {"value": t.value, "weight": t.weight, "product": t.product, "where": t.where._asdict()}
            for t in self.terms
        ]
        head = {"where": self.where._asdict(), "layer": self.layer, "operation": self.operation}
        return {**head, "terms": terms, "bias": self.bias, "value": self.value}


def explain(pipeline: Pipeline, image: Any, name: str, channel: int, row: int, col: int) -> Explanation:
    """See `Pipeline.explain`. Raises ParameterError for a position outside the map."""
    pipeline.node(name)
    step = next(step for step in pipeline.steps if step.name == name)
    inputs = [node for node in step.inputs if node != "image"]
    maps = pipeline.run(image, [name, *inputs])
    maps["image"] = _single(image)
    y = maps[name]
    _check_position(name, y, (channel, row, col))
    xs = tuple(maps[node][None] for node in step.inputs)
    found = step.layer.explain(xs, y[None], channel, row, col)
    terms = tuple(_term(step, part) for part in found.parts)
    where = Where(name, channel, row, col)
    return Explanation(where, step.layer.key, found.operation, terms, found.bias, found.value)


def _single(image: Any) -> Array:
    from filterlab.functional.arrays import as_float

    picture = as_float(image, "explain", "the picture")
    if picture.ndim != 3:
        raise ParameterError("a batch was given", "explain", "give one picture (C, H, W)", parameter="image")
    return picture


def _check_position(name: str, y: Array, position: tuple[int, int, int]) -> None:
    shape = y.shape if y.ndim == 3 else (*y.shape, 1, 1)
    for axis, index, n in zip(("channel", "row", "column"), position, shape, strict=True):
        if not 0 <= index < n:
            what, hint = f"there is no {axis} {index}", f"legal: 0 to {n - 1}"
            raise ParameterError(what, f"node '{name}'", hint, parameter=axis, node=name)


def _term(step: Step, part: Part) -> Term:
    cell = part.cell
    where = Where(step.inputs[cell.input], cell.channel, cell.row, cell.col, cell.padding, cell.source)
    return Term(part.value, part.weight, part.product, where)
