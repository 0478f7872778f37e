"""The way to the wanted maps of a graph: which steps, in which order, and which of them are computed in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from filterlab.functional.arrays import Array
from filterlab.functional.prepared import InPlace, in_few_passes
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step
from filterlab.layers.base.layer import Forward, Shape

_Link = tuple[Step, tuple[str, ...]]  # with the maps that are read for the last time
_Changing = tuple[Step, tuple[str, ...], InPlace | None]


class Hop(NamedTuple):
    """A step on the way to the wanted maps, and the maps that nobody reads after it.

    Those are dropped, so that a deep chain needs no more memory than two of its layers.
    """

    step: Step
    inputs: tuple[str, ...]  # of the step, and behind them the maps that changes join to its own
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
    steps: list[_Link] = []
    # Backwards: whatever is met for the first time is read for the last.
    for step in reversed(graph.steps):
        if step.name in needed:
            last = tuple(name for name in dict.fromkeys(step.inputs) if name not in needed)
            needed.update(step.inputs)
            steps.append((step, last))
    chains = _chains(steps[::-1], kept, shapes, batch.dtype if prepare else None)
    return [_hop(chain, kept, shapes, batch, prepare=prepare) for chain in chains]


def _chains(
    steps: list[_Link], kept: set[str], shapes: Mapping[str, Shape], dtype: Any
) -> list[list[_Changing]]:
    """Each step with those behind it that change its map in place, where nobody else sees it before."""
    chains: list[list[_Changing]] = []
    for step, last in steps:
        change = None
        if dtype is not None and chains:
            before = chains[-1][-1][0].name
            if before in last and before not in kept:
                change = _change(step, chains[-1][0][0], before, shapes, dtype)
        if change is not None:
            chains[-1].append((step, last, change))
        else:
            chains.append([(step, last, None)])
    return chains


def _change(step: Step, first: Step, name: str, shapes: Mapping[str, Shape], dtype: Any) -> InPlace | None:
    """A step as a change of the map `name`, which began as that of the step `first`; None where it is none."""
    others = [source for source in step.inputs if source != name]
    if len(step.inputs) == 1:
        return step.layer.pointwise(dtype)
    # A residual connection. Whatever else is read by now was made before the chain began.
    twins = len(others) == 1 and len(step.inputs) == 2 and shapes[others[0]] == shapes[name]
    return step.layer.joined() if twins and first.layer.takes_maps else None


def _hop(
    chain: list[_Changing],
    kept: set[str],
    shapes: Mapping[str, Shape],
    batch: Array,
    *,
    prepare: bool,
) -> Hop:
    step, name, function = chain[0][0], chain[-1][0].name, None
    # All maps that the steps read, but for those that they hand to each other.
    own = {before.name for before, _, _ in chain[:-1]}
    inputs = *step.inputs, *(read for later, _, _ in chain[1:] for read in later.inputs if read not in own)
    last = tuple(dict.fromkeys(read for _, reads, _ in chain for read in reads if read not in own))
    # A batch has its axis already where nothing is prepared.
    count, changes = batch.shape[: batch.ndim - 3], tuple(change for _, _, change in chain if change)
    if prepare:
        given = [(*count, *shapes[source]) for source in step.inputs]
        function = step.layer.prepared(batch.dtype, *given, then=in_few_passes(changes))
    shape = *count, *shapes[name]
    return Hop(step, inputs, name, len(chain), shape, function, changes, name in kept, last)
