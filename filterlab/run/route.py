"""The way to the wanted maps of a graph: which steps, in which order, and which of them are computed in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from filterlab.functional.arrays import Array
from filterlab.functional.prepared import InPlace, in_few_passes
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step
from filterlab.layers.base.layer import Forward, Shape


class Hop(NamedTuple):
    """A step on the way to the wanted maps, and the maps that nobody reads after it.

    Those are dropped, so that a deep chain needs no more memory than two of its layers.
    """

    step: Step
    name: str  # of the map that comes of it: that of the last step that is computed with this one
    steps: int
    shape: Shape  # of that map, batch axis included
    function: Forward | None  # None where the layer is not prepared
    changes: tuple[InPlace, ...]  # that the function makes as well
    wanted: bool
    read_last: tuple[str, ...]


def route(graph: Graph, wanted: Iterable[str], batch: Array, *, prepare: bool) -> list[Hop]:
    """The steps that the wanted maps need, in order, and how each is computed."""
    # All shapes first, so that a mistake at the end of a network is reported before minutes of computing.
    shapes = {IMAGE: batch.shape[-3:], **graph.output_shapes(batch.shape[-3:])}
    kept = set(wanted)
    needed = set(kept)
    steps: list[tuple[Step, tuple[str, ...]]] = []
    # Backwards: whatever is met for the first time is read for the last.
    for step in reversed(graph.steps):
        if step.name in needed:
            last = tuple(name for name in dict.fromkeys(step.inputs) if name not in needed)
            needed.update(step.inputs)
            steps.append((step, last))
    chains = _chains(steps[::-1], kept, batch.dtype if prepare else None)
    return [_hop(chain, kept, shapes, batch, prepare=prepare) for chain in chains]


def _chains(
    steps: list[tuple[Step, tuple[str, ...]]], kept: set[str], dtype: Any
) -> list[list[tuple[Step, tuple[str, ...], InPlace | None]]]:
    """Each step with those behind it that change its map in place, where nobody else sees it before."""
    chains: list[list[tuple[Step, tuple[str, ...], InPlace | None]]] = []
    for step, last in steps:
        change = None if dtype is None else step.layer.pointwise(dtype)
        before = chains[-1][-1][0].name if chains else IMAGE
        alone = step.inputs == (before,) and last == (before,) and before not in kept and before != IMAGE
        if change is not None and alone:
            chains[-1].append((step, last, change))
        else:
            chains.append([(step, last, None)])
    return chains


def _hop(
    chain: list[tuple[Step, tuple[str, ...], InPlace | None]],
    kept: set[str],
    shapes: Mapping[str, Shape],
    batch: Array,
    *,
    prepare: bool,
) -> Hop:
    (step, last, _), name, function = chain[0], chain[-1][0].name, None
    # A batch has its axis already where nothing is prepared.
    count, changes = batch.shape[: batch.ndim - 3], tuple(change for _, _, change in chain if change)
    if prepare:
        given = [(*count, *shapes[source]) for source in step.inputs]
        function = step.layer.prepared(batch.dtype, *given, then=in_few_passes(changes))
    return Hop(step, name, len(chain), (*count, *shapes[name]), function, changes, name in kept, last)
