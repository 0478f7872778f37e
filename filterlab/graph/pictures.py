"""Which maps are still pictures: written as one colour picture by a batch, shown in colour by the window."""

from __future__ import annotations

from filterlab.graph.graph import Graph
from filterlab.graph.nodes import IMAGE


def picture_nodes(graph: Graph, channels: int) -> set[str]:
    """Nodes whose channels are still those of a grey or RGB picture: each came from the same one of the picture."""
    if channels not in (1, 3):
        return set()
    found = {IMAGE}
    for step in graph.steps:
        if step.layer.per_channel and found.issuperset(step.inputs):
            found.add(step.name)
    return found - {IMAGE}
