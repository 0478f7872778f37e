"""Merging all over a graph: whatever becomes cheaper, or the nodes that are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from filterlab.errors import FilterLabError
from filterlab.graph import G, Graph
from filterlab.graph.editing import readers
from filterlab.layers.base.layer import Shape
from filterlab.merging.layers import MEETINGS, Merged, merge_branches, merge_next
from filterlab.merging.stencil import is_linear
from filterlab.text.messages import Message, say


@dataclass(frozen=True)
class MergedAll(Generic[G]):
    """What became of a graph. merged: each merge in its order. kept: nodes that could be merged and stay, and why."""

    pipeline: G
    merged: tuple[Merged[Any], ...]
    kept: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """What was merged and what stays, for JSON."""
        return {
            "merged": [one.to_dict() for one in self.merged],
            "kept": [{"name": name, "reason": str(reason)} for name, reason in self.kept.items()],
        }


def merge(graph: G, name: str, picture: Shape | None = None) -> Merged[G]:
    """Merge the branches that meet in node `name`, else the node with the one that reads it. Raises as these do."""
    meets = graph.node(name).layer.key in MEETINGS
    return (merge_branches if meets else merge_next)(graph, name, picture)


def between(graph: Graph, names: Sequence[str]) -> list[str]:
    """Of some nodes, those whose reader is one of them, too; all of them where there is none."""
    return [name for name in names if set(readers(graph, name)) & set(names)] or list(names)


def merge_named(
    graph: G, names: Sequence[str], picture: Shape | None = None, how: Callable[..., Merged[G]] = merge
) -> MergedAll[G]:
    """Merge nodes, each with its branches or with the next one. how: `merge_next` or `merge_branches` for one of these.

    Raises as these for one that cannot be merged.
    """
    done: list[Merged[Any]] = []
    for name in names:
        graph.node(name)
    for name in [step.name for step in graph.steps if step.name in names]:
        # One that went into another is done.
        if name in graph:
            found = how(graph, name, picture)
            done.append(found)
            graph = found.pipeline
    return MergedAll(graph, tuple(done), {})


def merge_all(
    graph: G, picture: Shape | None = None, *, borders: bool = False, dearer: bool = False
) -> MergedAll[G]:
    """Merge whatever becomes cheaper without changing a number.

    borders: also where cells at the border change, if only in pictures of other sizes. dearer: also where it takes more
    multiply-adds. picture: as for `merge_next`.
    """
    done: list[Merged[Any]] = []
    kept: dict[str, str] = {}
    waiting = [step.name for step in graph.steps]
    while waiting:
        name = waiting.pop(0)
        if name not in graph or not _may_merge(graph, name):
            continue
        try:
            found = merge(graph, name, picture)
        except FilterLabError as error:
            kept[name] = error.what
            continue
        refusal = _refusal(found, borders=borders, dearer=dearer)
        if refusal is not None:
            kept[name] = refusal
            continue
        done.append(found)
        graph = found.pipeline
        # What it became may merge with what follows, and what stood before with it.
        sources = graph.node(found.name).inputs or ()
        waiting = list(dict.fromkeys([*(s for s in sources if s in graph), found.name, *waiting]))
        kept = {one: why for one, why in kept.items() if one in graph and one not in waiting}
    return MergedAll(graph, tuple(done), kept)


def _may_merge(graph: Graph, name: str) -> bool:
    """Whether a node is of a kind that merges at all, so that the reason why it stays is worth telling."""
    if graph[name].key in MEETINGS:
        return True
    read = readers(graph, name)
    return is_linear(graph[name]) and len(read) == 1 and is_linear(graph[read[0]])


def _refusal(found: Merged[Any], *, borders: bool, dearer: bool) -> Message | None:
    if not found.exact and not borders:
        return say("the numbers at the border would change: {}", found.why)
    if found.sized and not borders:
        return say("the numbers at the border may change in pictures of other sizes")
    if not dearer and found.macs is not None and found.macs[1] > found.macs[0]:
        return say("it would take {:,} multiply-adds instead of {:,}", found.macs[1], found.macs[0])
    return None
