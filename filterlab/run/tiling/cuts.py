"""How one axis is cut: which cells of every map the outputs of one row, or column, of tiles need.

Rows and columns are cut independently of each other, so that a picture of 100 by 100 tiles takes 200 such cuts.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from filterlab.fields.patches import Span, axis_tile
from filterlab.fields.regions import together
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.graph.nodes import Step, at_node
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.part import Part

Sizes = Mapping[str, Pair]


class AxisCut(NamedTuple):
    """The cells that a step is given of each input, and the outputs that it makes of them, along one axis.

    Cells before the first and after the last are those of the opposite end, which a circular border shows.
    """

    inputs: tuple[Span, ...]
    outputs: Span


class AxisTile(NamedTuple):
    """One row, or column, of tiles.

    needs: the spans of every map that somebody reads; several lie apart, as both ends of a map do that a circular
    border joins. cuts: of every step, one for each of these spans.
    """

    cuts: dict[str, tuple[AxisCut, ...]]
    needs: dict[str, tuple[Span, ...]]


def map_size(shape: Shape) -> Pair:
    """The rows and columns of a map; a vector counts as one cell."""
    return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)


def axis_tiles(
    steps: Sequence[Step], sizes: Sizes, axis: int, wanted: Mapping[str, Span], known: Container[str]
) -> AxisTile:
    """The cuts of all steps that lead to spans of the wanted maps. Steps in `known` have their maps already."""
    needs: dict[str, tuple[Span, ...]] = {name: (span,) for name, span in wanted.items()}
    cuts: dict[str, tuple[AxisCut, ...]] = {}
    for step in reversed(steps):
        if step.name not in needs or step.name in known:
            continue
        own = tuple(sizes[name] for name in step.inputs)
        with at_node(step.name):
            cuts[step.name] = tuple(axis_cut(step.layer, own, axis, span) for span in needs[step.name])
        for cut in cuts[step.name]:
            for name, span in zip(step.inputs, cut.inputs, strict=True):
                needs[name] = _joined((*needs.get(name, ()), *inside(span, sizes[name][axis])))
    return AxisTile(cuts, needs)


def inside(span: Span, n: int) -> tuple[Span, ...]:
    """The spans of an axis of n cells that a span on it stands for, in order, where both ends of the axis meet."""
    found, at = [], span[0]
    while at < span[1]:
        first = at % n
        stop = min(first + span[1] - at, n)
        found.append((first, stop))
        at += stop - first
    return tuple(found)


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The same cells, and those between spans that lie close together, in as few spans."""
    found: list[Span] = []
    for start, end in sorted(spans):
        # Each span has a halo of its own: a gap that is no wider than what is beside it is not worth one.
        if found and start - found[-1][1] <= found[-1][1] - found[-1][0] + end - start:
            start, end = together(found.pop(), (start, end))
        found.append((start, end))
    return tuple(found)


def cells_in(spans: Iterable[Span]) -> int:
    """How many cells spans have together."""
    return sum(end - start for start, end in spans)


def axis_cut(layer: Layer, sizes: tuple[Pair, ...], axis: int, wanted: Span) -> AxisCut:
    """The cut of one layer for a span of its outputs."""
    if layer.cuts_itself(sizes[0]):
        cells, outputs = layer.part_axis(sizes[0], axis, wanted)
        return AxisCut((cells,), outputs)
    # A map of one cell stands for all positions beside larger ones, so that it is never cut.
    large = tuple(size for size in sizes if size != (1, 1)) or sizes
    cells, outputs = axis_tile(layer, large, axis, wanted)
    return AxisCut(tuple((0, 1) if size == (1, 1) else cells for size in sizes), outputs)


def spans_axis(layer: Layer, sizes: tuple[Pair, ...], axis: int, outputs: int) -> bool:
    """Whether an output in the middle of an axis needs all cells of it, of which there is more than one."""
    n = max(size[axis] for size in sizes)
    cut = axis_cut(layer, sizes, axis, (outputs // 2, outputs // 2 + 1))
    return n > 1 and max(end - start for start, end in cut.inputs) >= n


def forward(
    step: Step, sizes: tuple[Pair, ...], xs: tuple[Array, ...], rows: AxisCut, cols: AxisCut
) -> Array:
    """The outputs of a step that its cuts name, from its inputs (1, C, h, w), which are cut already."""
    layer = step.layer
    with at_node(step.name):
        if xs[0].ndim == 4 and layer.cuts_itself(sizes[0]):
            part = Part(sizes[0], (rows.inputs[0], cols.inputs[0]), (rows.outputs, cols.outputs))
            return layer.forward_part(xs[0], part)
        return layer.forward(*xs)
