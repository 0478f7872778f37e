"""What nodes of a graph cost."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from filterlab.errors import FilterLabError
from filterlab.graph import Graph
from filterlab.graph.shapes import known_shapes
from filterlab.layers.base.layer import Shape

NOMINAL = (512, 512)  # the size of the picture where none is known


def macs_of(graph: Graph, names: Iterable[str], picture: Shape | None) -> int | None:
    """The multiply-adds of some nodes for one picture, of 512 x 512 where its shape is not known.

    None where the graph does not fit the picture.
    """
    shapes = known_shapes(graph, picture)
    if picture is None:
        with suppress(FilterLabError):
            shapes = known_shapes(graph, (graph.check(), *NOMINAL))
    total = 0
    for name in names:
        sources = graph.step(name).inputs
        if not {name, *sources} <= shapes.keys():
            return None
        total += graph[name].macs(tuple(shapes[source] for source in sources), shapes[name])
    return total
