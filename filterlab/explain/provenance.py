"""The origin of a value in the picture: its true regions, the winners on the way, and the weight of each pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError, ShapeError
from filterlab.explain.explainer import check_position, single_picture
from filterlab.fields import cells, patches, regions
from filterlab.fields.maps import FieldMap
from filterlab.fields.patches import Patch
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.graph import IMAGE, Graph
from filterlab.graph.nodes import Step
from filterlab.graph.shapes import all_shapes, size_of
from filterlab.layers.base.block import Block
from filterlab.layers.base.layer import Shape
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say

Place = tuple[int, int, int]  # channel, row, column


@dataclass(frozen=True)
class Provenance:
    """The origin of the value at `where`. Dictionaries are by node; the picture has the name `IMAGE`.

    regions: in each map, the box outside of which nothing matters to the value. It is clipped to the map, contains the
    cells that padding modes read, and is empty where only other channels read the map. unclipped: the theoretical box,
    which may reach beyond the border.
    winners: the cells of each map that alone make the value or won it. The path leads through activations, copies,
    merges of maps and choices, and ends where a window is summed: from there every cell has a path of its own,
    thousands in the end. `effective` shows these together, because the gradient flows through winners only.
    effective: the gradient of the value with respect to the picture, (C, H, W) in the dtype of the picture.
    """

    where: Where
    regions: dict[str, Region]
    unclipped: dict[str, Region]
    winners: dict[str, tuple[Place, ...]]
    effective: Array

    @cached_property
    def influence(self) -> Array:
        """The effective receptive field (H, W): the absolute gradient summed over channels, scaled to at most 1.

        W. Luo, Y. Li, R. Urtasun, R. Zemel: Understanding the effective receptive field, NeurIPS 2016. All zeros where
        nothing moves the value. Infinite slopes become 1 and finite ones beside them 0; NaN stays.
        """
        with np.errstate(over="ignore"):
            total: Array = np.abs(self.effective).sum(axis=0)
        # `fmax` passes over NaN, so that one undefined slope does not blot out all others.
        greatest = np.fmax.reduce(total, axis=None)
        if np.isposinf(greatest):
            # Infinity divided by infinity would be NaN; the limit is 1 where it is infinite and 0 elsewhere.
            return np.where(np.isfinite(total), 0, np.minimum(total, 1)).astype(total.dtype)
        return total / greatest if greatest > 0 else total


def provenance(
    graph: Graph,
    image: Any,
    name: str,
    channel: int,
    row: int,
    col: int,
    maps: Mapping[str, Array] | None = None,
) -> Provenance:
    """See `Pipeline.provenance`."""
    picture = single_picture(image)
    graph.check_names(name)
    shapes, start = all_shapes(graph, picture.shape), (channel, row, col)
    check_position(name, shapes[name], start)
    sizes = {node: size_of(shape) for node, shape in shapes.items()}
    blocks = cells.sources(graph, shapes, name, start)
    regions = {node: Region(*block.hull()) for node, block in blocks.items()}
    # The picture last, because `maps` may hold one as well, and this one was checked.
    known = {**(maps or {}), IMAGE: picture}
    # Only the regions that the value sees are computed, however large the picture is.
    given = {node: Patch(array[None]) for node, array in known.items()}
    made = patches.run(graph.steps, given, sizes, regions)
    way = _Way(graph, made, shapes, blocks)
    effective = np.zeros_like(picture)
    with np.errstate(all="ignore"):  # NaN and infinities in the maps make slopes of their kind
        found = way.gradient(name, start)
    if found is not None:
        box = found.region
        effective[:, box.top : box.bottom, box.left : box.right] = found.array[0]
    unclipped = {node: box.region for node, box in cells.boxes(graph, shapes, name, start).items()}
    where = Where(name, channel, row, col)
    return Provenance(where, regions, unclipped, way.winners(name, start), effective)


def channel_region(graph: Graph, name: str, place: Place, of: str, size: tuple[int, ...] | None) -> Region:
    """See `Pipeline.input_region`, for a channel."""
    graph.check_names(name, of)
    if size is None or len(size) != 3:
        what = say("the region that a single channel sees depends on the shape of the picture")
        raise NeedsSizeError(what, "pipeline", "give size=(channels, height, width)")
    shapes = all_shapes(graph, size)
    check_position(name, shapes[name], place)
    if of != name and not regions.steps_between(graph, of, name):
        raise regions.leads_nowhere(of, name)
    box = cells.boxes(graph, shapes, name, place).get(of)
    return Region(0, 0, 0, 0) if box is None else box.region


def output_region(
    graph: Graph, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None
) -> Region:
    """See `Pipeline.output_region`."""
    graph.check_names(name, of)
    if size is None:
        what = say("how far the influence of a cell reaches depends on the size of the picture")
        raise NeedsSizeError(what, "pipeline", "give size=(height, width)")
    sizes = FieldMap(graph, (size[-2], size[-1])).sizes
    for node in (name, of):
        if node not in sizes:
            raise ShapeError("its inputs do not fit", f"node '{node}'", node=node)
    check_position(name, (1, *sizes[name]), (0, row, col))
    found = cells.targets(graph, sizes, name, row, col)
    if of not in found:
        what = say("{!r} does not lead to {!r}", name, of)
        raise ParameterError(what, "pipeline", "name a later node on its path", parameter="of", node=of)
    return Region(*found[of].hull())


class _Way:
    """The patches of all maps that a value sees, and the two walks back through them: gradient and winners."""

    def __init__(
        self,
        graph: Graph,
        made: Mapping[str, Patch],
        shapes: Mapping[str, Shape],
        blocks: Mapping[str, Block],
    ) -> None:
        self._pipeline, self._made, self._shapes, self._blocks = graph, made, shapes, blocks

    def _inputs(self, step: Step) -> tuple[tuple[Patch, ...], tuple[Pair, ...]]:
        return tuple(self._made[n] for n in step.inputs), tuple(size_of(self._shapes[n]) for n in step.inputs)

    def gradient(self, name: str, start: Place) -> Patch | None:
        """The gradient of a value with respect to the picture, around all that is not 0; None where all of it is 0."""
        flowing: dict[str, Patch] = {name: _one(self._made[name].array, start)}
        for step in reversed(self._pipeline.steps):
            # Popped, since a gradient is complete and read once; trimmed, since zeros around it only cost time.
            dy = flowing.pop(step.name).trimmed() if step.name in flowing else None
            if dy is None:
                continue
            inputs, sizes = self._inputs(step)
            found = patches.backward(step, dy, inputs, self._made[step.name], sizes)
            for source, gradient in zip(step.inputs, found, strict=True):
                # Outside the block nothing matters to the value. NaN there comes from 0 times an infinite slope.
                dx = gradient.within(self._blocks[source])
                flowing[source] = flowing[source].plus(dx) if source in flowing else dx
        return flowing[IMAGE].trimmed() if IMAGE in flowing else None

    def winners(self, name: str, start: Place) -> dict[str, tuple[Place, ...]]:
        """The cells of each map on the path of winners, from a value back to where the path ends."""
        found: dict[str, set[Place]] = {name: {start}}
        for step in reversed(self._pipeline.steps):
            for place in found.get(step.name, ()):
                for source, cell in self._leading(step, place):
                    found.setdefault(source, set()).add(cell)
        return {node: tuple(sorted(cells)) for node, cells in found.items()}

    def _leading(self, step: Step, place: Place) -> Iterator[tuple[str, Place]]:
        """The winners of a choice, or the cells of a value that reads one of each input; else nothing."""
        if not step.layer.singles_out and cells.joins_cells(step, self._shapes, place):
            # A sum, which has no winner; its terms, perhaps thousands, need not be listed.
            return
        inputs, sizes = self._inputs(step)
        terms, (top, left) = patches.explain(step, inputs, self._made[step.name], sizes, place)
        chosen = [term for term in terms if term.wins]
        joins = len({term.where.node for term in terms}) == len(terms)
        for term in chosen or (terms if joins else ()):
            cell = term.where.inside
            if cell is not None:
                yield step.inputs[cell.node], (cell.channel, cell.row + top, cell.col + left)


def _one(array: Array, start: Place) -> Patch:
    """A gradient that is 1 at one value: of a vector (1, features), of a map a patch of the one cell."""
    channel, row, col = start
    if array.ndim == 2:
        one = np.zeros_like(array)
        one[0, channel] = 1
        return Patch(one)
    column = np.zeros((1, array.shape[1], 1, 1), array.dtype)
    column[0, channel] = 1
    return Patch(column, row, col)
