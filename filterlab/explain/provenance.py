"""The origin of a value in the picture: its true regions, the winners on the way, and the weight of each pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError, ShapeError
from filterlab.explain.explainer import check_position
from filterlab.explain.way import Place, Way, look_back
from filterlab.fields import cells, patches, regions
from filterlab.fields.maps import FieldMap
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.graph import Graph
from filterlab.graph.nodes import Step
from filterlab.graph.shapes import all_shapes
from filterlab.layers.base.terms import Where
from filterlab.run.tiling.ends import PartSource
from filterlab.text.messages import say


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
        return _influence(self.effective)


def _influence(gradient: Array) -> Array:
    with np.errstate(over="ignore"):
        total: Array = np.abs(gradient).sum(axis=0)
    # `fmax` passes over NaN, so that one undefined slope does not blot out all others.
    greatest = np.fmax.reduce(total, axis=None)
    if np.isposinf(greatest):
        # Infinity divided by infinity would be NaN; the limit is 1 where it is infinite and 0 elsewhere.
        return np.where(np.isfinite(total), 0, np.minimum(total, 1)).astype(total.dtype)
    return total / greatest if greatest > 0 else total


def influence_in_part(graph: Graph, source: PartSource, name: str, place: Place) -> tuple[Array, int, int]:
    """The part of `Provenance.influence` that is not 0, and its first row and column, of a picture read in parts.

    Raises as `Pipeline.provenance`.
    """
    way = look_back(graph, source, name, place)
    with np.errstate(all="ignore"):
        found = way.gradient()
    if found is None:
        return np.zeros((1, 1), np.float32), 0, 0
    return _influence(found.array[0]), found.top, found.left


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
    start = channel, row, col
    way = look_back(graph, image, name, start, maps)
    effective = np.zeros_like(way.picture)
    with np.errstate(all="ignore"):  # NaN and infinities in the maps make slopes of their kind
        found = way.gradient()
    if found is not None:
        box = found.region
        effective[:, box.top : box.bottom, box.left : box.right] = found.array[0]
    clipped = {node: Region(*block.hull()) for node, block in way.blocks.items()}
    unclipped = {node: box.region for node, box in cells.boxes(graph, way.shapes, name, start).items()}
    return Provenance(Where(name, channel, row, col), clipped, unclipped, _winners(way), effective)


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


def _winners(way: Way) -> dict[str, tuple[Place, ...]]:
    """The cells of each map on the path of winners, from a value back to where the path ends."""
    found: dict[str, set[Place]] = {way.name: {way.start}}
    for step in reversed(way.graph.steps):
        for place in found.get(step.name, ()):
            for source, cell in _leading(way, step, place):
                found.setdefault(source, set()).add(cell)
    return {node: tuple(sorted(cells)) for node, cells in found.items()}


def _leading(way: Way, step: Step, place: Place) -> Iterator[tuple[str, Place]]:
    """The winners of a choice, or the cells of a value that reads one of each input; else nothing."""
    if not step.layer.singles_out and cells.joins_cells(step, way.shapes, place):
        # A sum, which has no winner; its terms, perhaps thousands, need not be listed.
        return
    inputs, sizes = way.inputs(step)
    found, (top, left) = patches.explain(step, inputs, way.made[step.name], sizes, place)
    terms = found.terms
    chosen = [term for term in terms if term.wins]
    joins = len({term.where.node for term in terms}) == len(terms)
    for term in chosen or (terms if joins else ()):
        cell = term.where.inside
        if cell is not None:
            yield step.inputs[cell.node], (cell.channel, cell.row + top, cell.col + left)
