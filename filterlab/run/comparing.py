"""Two maps, or two pipelines on one picture: where they differ, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf, log10, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FilterLabError, ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.threads import Cancel
from filterlab.graph import Graph
from filterlab.graph.nodes import Step
from filterlab.run.evaluate import forward, run
from filterlab.text.messages import say

# Round-off of float32, summed in another order, stays below this share of a map's range.
TOLERANCE = 1e-5

BLOCK = 1 << 18  # cells that are widened to float64 at a time: a whole map would take twice its memory again


@dataclass(frozen=True)
class Difference:
    """How far the maps of one node are apart.

    largest: the greatest absolute difference; relative: that, divided by the larger range of both maps. A map of zeros
    beside one that holds anything else therefore differs by 1 and not infinitely, in whichever order they are given.
    Both are infinite where the shapes differ, or where only one of both values is finite; equal infinities are equal,
    and so are two NaN.
    """

    name: str
    largest: float
    relative: float


@dataclass(frozen=True)
class Differences:
    """The differences of all nodes that both pipelines have, in the order of the first; and the first that counts."""

    nodes: tuple[Difference, ...]
    first: str | None

    @classmethod
    def of(cls, nodes: Iterable[Difference], tolerance: float = TOLERANCE) -> Differences:
        """Those of some nodes. tolerance: a relative difference up to this does not count."""
        nodes = tuple(nodes)
        return cls(nodes, next((node.name for node in nodes if not node.relative <= tolerance), None))

    def to_dict(self) -> dict[str, Any]:
        """The comparison for JSON."""
        rows = [{"name": n.name, "largest": n.largest, "relative": n.relative} for n in self.nodes]
        return {"nodes": rows, "first": self.first}


def compare(
    a: Graph, b: Graph, image: Any, tolerance: float = TOLERANCE, *, cancel: Cancel | None = None
) -> Differences:
    """Run two pipelines on a picture (C, H, W) and compare the maps of the nodes that have the same name.

    tolerance: a relative difference up to this does not count. Raises FilterLabError where no name is the same, and
    Cancelled once `cancel` returns True.
    """
    common = common_nodes(a, b)
    found = _differences(run(a, image, common, cancel=cancel), b, image, cancel)
    return Differences.of((found[name] for name in common), tolerance)


def common_nodes(a: Graph, b: Graph) -> list[str]:
    """The names that nodes of both pipelines have, in the order of the first. Raises FilterLabError for none."""
    common = [step.name for step in a.steps if step.name in b]
    if not common:
        hint = say("nodes are compared by their names")
        raise FilterLabError("the pipelines have no node in common", "diff", hint)
    return common


def _differences(
    first: dict[str, Array], b: Graph, image: Any, cancel: Cancel | None
) -> dict[str, Difference]:
    """The differences of the maps of the first pipeline, which are let go one by one, from those of the second.

    Each pair is compared as soon as the second map is made: the maps of a deep network take gigabytes, and both
    pipelines would take twice as many.
    """
    found: dict[str, Difference] = {}

    def compute(step: Step, inputs: tuple[Array, ...]) -> Array:
        made = forward(step.name, step.layer, inputs, batched=np.ndim(image) == 4)
        if step.name in first:
            found[step.name] = map_difference(step.name, first.pop(step.name), made)
        return made

    read = {name for step in b.steps for name in step.inputs}
    run(b, image, [step.name for step in b.steps if step.name not in read], cancel=cancel, compute=compute)
    return found


def map_difference(name: str, x: Array, y: Array) -> Difference:
    """How far two maps of a node are apart."""
    if x.shape != y.shape:
        return Difference(name, inf, inf)
    largest = max((float(_apart(a, b).max()) for _, a, b in _blocks(x, y)), default=0.0)
    if not largest:
        return Difference(name, 0.0, 0.0)
    return Difference(name, largest, largest / (max(_reach(x), _reach(y)) or inf) if largest < inf else inf)


def _reach(x: Array) -> float:
    """The range of the finite values; of a map of one value, which has none, the size of that value."""
    finite = x[np.isfinite(x)]
    if not finite.size:
        return 0.0
    low, high = float(finite.min()), float(finite.max())
    return high - low or abs(high)


@dataclass(frozen=True)
class PairStatistics:
    """How far two arrays of the same shape are apart.

    largest: the greatest absolute difference, as in `Difference`; where: its index, the first of several, None where
    nothing differs. The others are of the cells in which both values are finite, and None where there is none: mean:
    of the absolute differences; rms: the root of the mean of their squares; psnr: 20 log10(peak / rms) in decibels,
    infinite for equal arrays, None without a peak; correlation: Pearson's, None where all values of one array are
    equal. cells: how many these are; odd: how many there are besides, with NaN or infinity in either array; unequal:
    those of them in which the arrays differ.
    """

    largest: float
    where: tuple[int, ...] | None
    mean: float | None
    rms: float | None
    psnr: float | None
    correlation: float | None
    cells: int
    odd: int
    unequal: int


def pair_statistics(x: NDArray[Any], y: NDArray[Any], peak: float | None = None) -> PairStatistics:
    """Compare two arrays of any one shape, summed in float64.

    peak: the largest value that a picture can have, for the peak signal-to-noise ratio. Raises ShapeError where the
    shapes differ.
    """
    _check_shapes(x, y)
    largest, place, unequal = 0.0, -1, 0
    sums = np.zeros(5)  # cells, x, y, |x - y|, (x - y)²
    for start, a, b in _blocks(x, y):
        apart = _apart(a, b)
        finite = np.isfinite(a) & np.isfinite(b)
        unequal += int(np.count_nonzero(apart[~finite]))
        if apart.max() > largest:
            largest, place = float(apart.max()), start + int(apart.argmax())
        a, b, apart = a[finite].astype(np.float64), b[finite].astype(np.float64), apart[finite]
        with np.errstate(over="ignore"):
            sums += (a.size, a.sum(), b.sum(), apart.sum(), np.square(apart).sum())
    cells = int(sums[0])
    where = tuple(int(i) for i in np.unravel_index(place, x.shape)) if place >= 0 else None
    if not cells:
        return PairStatistics(largest, where, None, None, None, None, 0, x.size, unequal)
    rms = sqrt(sums[4] / cells)
    noise = None if peak is None else 20 * (log10(peak) - log10(rms)) if rms else inf
    alike = _correlation(x, y, sums[1] / cells, sums[2] / cells)
    return PairStatistics(largest, where, sums[3] / cells, rms, noise, alike, cells, x.size - cells, unequal)


def _correlation(x: NDArray[Any], y: NDArray[Any], mean_x: float, mean_y: float) -> float | None:
    """Pearson's correlation of the finite cells, from their distances to the means.

    In a pass of its own: sums of squares that the means are subtracted from afterwards would cancel out for maps
    whose values are large and nearly alike.
    """
    sums = np.zeros(3)
    for _, a, b in _blocks(x, y):
        finite = np.isfinite(a) & np.isfinite(b)
        with np.errstate(over="ignore", invalid="ignore"):
            a, b = a[finite].astype(np.float64) - mean_x, b[finite].astype(np.float64) - mean_y
            sums += (a @ a, b @ b, a @ b)
    spread = sqrt(sums[0]) * sqrt(sums[1])
    # Round-off may carry the quotient a little beyond 1.
    return min(max(sums[2] / spread, -1.0), 1.0) if 0 < spread < inf else None


def difference(x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    """x - y in their own dtype. Equal infinities differ by 0; what is compared with NaN is NaN.

    Raises ShapeError where the shapes differ.
    """
    _check_shapes(x, y)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where((x == y) & np.isinf(x), x.dtype.type(0), x - y)


def _check_shapes(x: NDArray[Any], y: NDArray[Any]) -> None:
    if x.shape != y.shape:
        what = say("shapes {} and {} have no cells in common", shape_text(x.shape), shape_text(y.shape))
        raise ShapeError(what, "diff", "only maps of equal size are compared cell by cell")


def _blocks(x: NDArray[Any], y: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any], NDArray[Any]]]:
    """Both arrays in pieces, each with the place of its first cell in row order."""
    flat_x, flat_y = x.reshape(-1), y.reshape(-1)
    for start in range(0, x.size, BLOCK):
        yield start, flat_x[start : start + BLOCK], flat_y[start : start + BLOCK]


def _apart(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """|x - y| in float64: 0 where both are the same infinity or NaN, infinite where only one is finite."""
    # What is equal is equal, infinities and NaN too, whose difference would be NaN.
    equal = (x == y) | (np.isnan(x) & np.isnan(y))
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(x.astype(np.float64) - y)
    apart[np.isnan(apart)] = inf
    apart[equal] = 0.0
    return apart
