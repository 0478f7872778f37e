"""The maps that are still pictures: a batch writes each as one colour picture, the window shows it in colour."""

from __future__ import annotations

from filterlab.graph.graph import Graph
from filterlab.graph.nodes import IMAGE


def picture_nodes(graph: Graph, channels: int) -> frozenset[str]:
    """The nodes whose channels are those of a picture of `channels` channels; empty unless it is grey or RGB.

    Each channel of such a map is made of the same channel of the picture alone, or the layer says that it keeps or
    makes colours.
    """
    if channels not in (1, 3):
        return frozenset()
    # The window asks whenever it draws a network of hundreds of layers.
    return graph.derived("picture nodes", lambda: _picture_nodes(graph))


def _picture_nodes(graph: Graph) -> frozenset[str]:
    found = {IMAGE}
    for step in graph.steps:
        keeps = step.layer.per_channel or step.layer.colours == "kept"
        if (keeps and found.issuperset(step.inputs)) or step.layer.colours == "made":
            found.add(step.name)
    return frozenset(found - {IMAGE})
