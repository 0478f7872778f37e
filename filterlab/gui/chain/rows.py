"""The rows of the list: nodes, blocks, and what was left out of the network's file. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filterlab.graph import IMAGE
from filterlab.graph.blocks import GraphBlock
from filterlab.gui.chain.lanes import Source
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from filterlab.interop.importing import LeftOut

MOST_CUT = 3  # rows of what was left out after one node; the table below the list has all


@dataclass(frozen=True)
class ListEntry:
    """One row: the steps start to stop - 1 of the pipeline, of which the picture has none.

    name: the node that it stands for, for a folded block the last one; "" where it stands for none. block: the block
    of the row, which is `open` if its nodes follow. depth: how many blocks the row lies in. cut: what was left out,
    followed by `more` others that have no row.
    """

    name: str
    start: int
    stop: int
    block: GraphBlock | None = None
    open: bool = False
    depth: int = 0
    cut: LeftOut | None = None
    more: int = 0


def entries(
    pipeline: Pipeline,
    blocks: Sequence[GraphBlock],
    is_open: Callable[[GraphBlock], bool],
    left_out: Iterable[LeftOut] = (),
) -> list[ListEntry]:
    """The rows from the top: the picture, then the steps in their order, with the blocks that hold them."""
    seen = [ListEntry(IMAGE, 0, 0), *_seen(pipeline, blocks, is_open, 0, len(pipeline.steps), 0)]
    cuts: dict[str, list[LeftOut]] = {}
    for entry in left_out:
        cuts.setdefault(entry.after or IMAGE, []).append(entry)
    return list(_with_cuts(seen, pipeline, cuts)) if cuts else seen


def _seen(
    pipeline: Pipeline,
    blocks: Sequence[GraphBlock],
    is_open: Callable[[GraphBlock], bool],
    start: int,
    stop: int,
    depth: int,
) -> Iterator[ListEntry]:
    steps, place = pipeline.steps, start
    for block in blocks:
        yield from (ListEntry(steps[i].name, i, i + 1, depth=depth) for i in range(place, block.start))
        if is_open(block):
            yield ListEntry("", block.start, block.stop, block, True, depth)
            yield from _seen(pipeline, block.blocks, is_open, block.start, block.stop, depth + 1)
        else:
            yield ListEntry(steps[block.stop - 1].name, block.start, block.stop, block, False, depth)
        place = block.stop
    yield from (ListEntry(steps[i].name, i, i + 1, depth=depth) for i in range(place, stop))


def _with_cuts(
    seen: Iterable[ListEntry], pipeline: Pipeline, cuts: dict[str, list[LeftOut]]
) -> Iterator[ListEntry]:
    for entry in seen:
        yield entry
        if not entry.name:
            continue
        inside = [step.name for step in pipeline.steps[entry.start : entry.stop]] or [IMAGE]
        found = [cut for name in inside for cut in cuts.get(name, ())]
        for place, cut in enumerate(found[:MOST_CUT], 1):
            more = len(found) - MOST_CUT if place == MOST_CUT else 0
            yield ListEntry("", entry.stop, entry.stop, depth=entry.depth, cut=cut, more=max(more, 0))


def sources(pipeline: Pipeline, rows: Iterable[ListEntry]) -> list[Source]:
    """Each row with the rows that it reads: a folded block reads what any of its nodes reads outside of it."""
    # Of each node, the one that stands for it in the list.
    stand = {IMAGE: IMAGE}
    found: list[Source] = []
    for entry in rows:
        steps = pipeline.steps[entry.start : entry.stop] if entry.name else ()
        read = dict.fromkeys(stand[name] for step in steps for name in step.inputs if name in stand)
        stand.update((step.name, entry.name) for step in steps)
        found.append((entry.name, tuple(read)))
    return found
