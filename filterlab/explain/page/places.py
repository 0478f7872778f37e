"""The values of a page and their sums: the pinned one, and those around it, in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation
from filterlab.explain.page.packing import packed
from filterlab.explain.way import Place
from filterlab.fields import cells
from filterlab.fields.regions import Region
from filterlab.graph import IMAGE, Graph
from filterlab.graph.shapes import size_of
from filterlab.layers.base.layer import Shape

AROUND = 64  # values beside the pinned one
_TALL = 13


@dataclass(frozen=True)
class Around:
    """Places of one channel of a map, the pinned one first, each with its explanation and the regions that it sees.

    regions: for each place, by node, rows and columns clipped to the map.
    """

    places: tuple[Place, ...]
    explanations: tuple[Explanation, ...]
    regions: tuple[dict[str, Region], ...]

    @property
    def seen(self) -> dict[str, Region]:
        """The smallest region of each map around what all the places see."""
        found: dict[str, Region] = {}
        for regions in self.regions:
            for node, region in regions.items():
                found[node] = _around(found[node], region) if node in found else region
        return found

    def first(self, count: int) -> Around:
        """Only the nearest places."""
        return Around(self.places[:count], self.explanations[:count], self.regions[:count])


def around(explainer: Explainer, shapes: dict[str, Shape], name: str, place: Place) -> Around:
    """The pinned place and up to `AROUND` places nearest to it."""
    channel, row, col = place
    height, width = size_of(shapes[name])
    # A block of 13 x 5 stands well beside a picture; small maps give what they have.
    tall = min(height, _TALL)
    wide = min(width, (AROUND + 1) // tall)
    rows, cols = _near(row, min(height, (AROUND + 1) // wide), height), _near(col, wide, width)
    everywhere = [(channel, i, j) for i in rows for j in cols]
    # The pinned one first, then by distance: what does not fit into a page is left out from the end.
    places = sorted(everywhere, key=lambda at: (max(abs(at[1] - row), abs(at[2] - col)), at))[: AROUND + 1]
    found = tuple(explainer.explain(name, *at) for at in places)
    regions = tuple(_regions(explainer.pipeline, shapes, name, at) for at in places)
    return Around(tuple(places), found, regions)


def _near(middle: int, side: int, count: int) -> range:
    """`side` of the `count` positions of an axis, around one of them."""
    start = min(max(middle - side // 2, 0), count - side)
    return range(start, start + side)


def _regions(graph: Graph, shapes: dict[str, Shape], name: str, place: Place) -> dict[str, Region]:
    boxes = {name: Region(place[1], place[2], place[1] + 1, place[2] + 1)} if name == IMAGE else {}
    if name != IMAGE:
        boxes = {node: box.region for node, box in cells.boxes(graph, shapes, name, place).items()}
    found = {node: box.clipped(size_of(shapes[node])) for node, box in boxes.items()}
    return {node: box for node, box in found.items() if box.top < box.bottom and box.left < box.right}


def _around(one: Region, other: Region) -> Region:
    return Region(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )


def sums(found: Around, nodes: list[str]) -> dict[str, Any]:
    """The explanations as the script of the page reads them. nodes: the names that terms refer to by number."""
    terms = [term for one in found.explanations for term in one.terms]
    known = all(term.weight is not None for term in terms)
    weights = [[term.weight for term in one.terms] for one in found.explanations]
    shared = known and all(row == weights[0] for row in weights)
    listed = weights[0] if shared else [weight for row in weights for weight in row]
    numbers = {node: number for number, node in enumerate(nodes)}
    arrays = {
        "node": np.array([numbers[term.where.node] for term in terms], np.int32),
        "channel": np.array([term.where.channel for term in terms], np.int32),
        "row": np.array([term.where.row for term in terms], np.int32),
        "col": np.array([term.where.col for term in terms], np.int32),
        "outside": np.array([term.where.padding for term in terms], np.int32),
        "wins": np.array([bool(term.wins) for term in terms], np.int32),
        "value": np.array([term.value for term in terms], np.float64),
    }
    places, start = [], 0
    for place, one, regions in zip(found.places, found.explanations, found.regions, strict=True):
        boxes = {node: [box.top, box.left, box.bottom, box.right] for node, box in regions.items()}
        places.append(
            {
                "row": place[1],
                "col": place[2],
                "value": one.value,
                "bias": one.bias,
                "formula": one.formula,
                "start": start,
                "count": len(one.terms),
                "regions": boxes,
            }
        )
        start += len(one.terms)
    packed_weights = packed(np.array(listed, np.float64)) if known else None
    return {
        "rule": found.explanations[0].rule,
        "dtype": found.explanations[0].dtype.name,
        "divisors": [one.divisor for one in found.explanations],
        "sharedWeights": shared,
        "terms": {**{name: packed(array) for name, array in arrays.items()}, "weight": packed_weights},
        "places": places,
    }
