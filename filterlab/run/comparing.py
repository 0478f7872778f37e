"""Two pipelines on one picture: which node differs first, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.graph import Graph
from filterlab.run.evaluate import run
from filterlab.text.messages import say

# Round-off of float32, summed in another order, stays below this share of a map's range.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Difference:
    """How far the maps of one node are apart.

    largest: the greatest absolute difference; relative: that, divided by the range of the first pipeline's map. Both
    are infinite where the shapes differ, or where only one of both values is finite.
    """

    name: str
    largest: float
    relative: float


@dataclass(frozen=True)
class Differences:
    """The differences of all nodes that both pipelines have, in the order of the first; and the first that counts."""

    nodes: tuple[Difference, ...]
    first: str | None

    def to_dict(self) -> dict[str, Any]:
        """The comparison for JSON."""
        rows = [{"name": n.name, "largest": n.largest, "relative": n.relative} for n in self.nodes]
        return {"nodes": rows, "first": self.first}


def compare(a: Graph, b: Graph, image: Any, tolerance: float = TOLERANCE) -> Differences:
    """Run two pipelines on a picture (C, H, W) and compare the maps of the nodes that have the same name.

    tolerance: a relative difference up to this does not count. Raises FilterLabError where no name is the same.
    """
    common = [step.name for step in a.steps if step.name in b]
    if not common:
        hint = say("nodes are compared by their names")
        raise FilterLabError("the pipelines have no node in common", "diff", hint)
    first, second = run(a, image, common), run(b, image, common)
    nodes = tuple(_difference(name, first, second) for name in common)
    differing = (node.name for node in nodes if not node.relative <= tolerance)
    return Differences(nodes, next(differing, None))


def _difference(name: str, first: Mapping[str, Array], second: Mapping[str, Array]) -> Difference:
    x, y = first[name], second[name]
    if x.shape != y.shape:
        return Difference(name, inf, inf)
    # What is equal is equal, infinities and NaN too, whose difference would be NaN.
    unequal = ~((x == y) | (np.isnan(x) & np.isnan(y)))
    if not unequal.any():
        return Difference(name, 0.0, 0.0)
    with np.errstate(all="ignore"):
        apart = np.abs(x[unequal].astype(np.float64) - y[unequal])
    largest = float(apart.max()) if np.isfinite(apart).all() else inf
    finite = x[np.isfinite(x)]
    reach = float(np.ptp(finite)) if finite.size else 0.0
    # A map of one value has no range; its size stands for it.
    reach = reach or (float(np.abs(finite).max()) if finite.size else 0.0)
    return Difference(name, largest, largest / reach if reach else inf)
