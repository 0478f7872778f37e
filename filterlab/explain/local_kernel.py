"""The kernel here: a network as one kernel and one constant, at one value.

Convolutions, ReLU, pooling and everything else that is straight between kinks make a function that is straight between
kinks: around one picture, value = kernel * pixels + constant. The kernel is the gradient. The constant has a part for
each node, which is what the node's output leaves of the value beside its inputs: the sum of gradient times output,
minus the sums of gradient times input. Added over all nodes these sums cancel, so that kernel and parts add up to the
value exactly, whatever the graph looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from filterlab.explain.way import Leg, Place, Way, look_back
from filterlab.fields import regions
from filterlab.fields.patches import Patch
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph
from filterlab.layers.base.terms import Where

# Of the magnitudes that are added up for a part: what is smaller is the round-off of float64, and no part of anything.
_ROUND_OFF = 1e-12


@dataclass(frozen=True)
class LocalKernel:
    """value = sum of kernel * pixels of the region, plus the sum of the parts in `bias`, plus the remainder.

    kernel: (C, h, w) in the dtype of the picture; 0 where the region leaves the picture. What a padding mode repeats is
    counted at the pixel from which it is taken.
    region: the rows and columns of the picture that the kernel lies on, not clipped: the input region, widened where a
    wide reflection is taken from farther away.
    bias: the parts of the constant by node, without those that are 0.
    remainder: what layers leave that are not straight between kinks and were linearised at the value, with round-off.
    exact: no such layer is on the way; the remainder is then round-off alone.
    """

    where: Where
    kernel: Array
    region: Region
    bias: dict[str, float]
    remainder: float
    value: float
    exact: bool

    @property
    def constant(self) -> float:
        """The value less the kernel's sum: all parts of the bias and the remainder."""
        return sum(self.bias.values()) + self.remainder

    def to_dict(self) -> dict[str, Any]:
        """The kernel as nested lists and all other numbers, for JSON."""
        top, left, bottom, right = vars(self.region).values()
        return {
            "node": self.where.node,
            "channel": self.where.channel,
            "row": self.where.row,
            "col": self.where.col,
            "kernel": self.kernel.tolist(),
            "region": {"top": top, "left": left, "bottom": bottom, "right": right},
            "bias": self.bias,
            "remainder": self.remainder,
            "value": self.value,
            "exact": self.exact,
        }

    def lines(self) -> list[str]:
        """The sum in words and numbers, a line for each summand."""
        place, region = self.where, self.region
        channels, height, width = self.kernel.shape
        product = self.value - self.constant
        rows, cols = f"{region.top} to {region.bottom - 1}", f"{region.left} to {region.right - 1}"
        kind = "exact" if self.exact else "linearised at this value"
        return [
            f"{place.node}[{place.channel}, {place.row}, {place.col}] = {self.value:.9g}  ({kind})",
            f"  {product:+.9g}  kernel of {channels} x {height} x {width} over rows {rows}, columns {cols}",
            *(f"  {part:+.9g}  constant of {node}" for node, part in self.bias.items()),
            f"  {self.remainder:+.9g}  remainder" + (" (round-off)" if self.exact else ""),
        ]


def local_kernel(
    graph: Graph, image: Any, name: str, place: Place, maps: Mapping[str, Array] | None = None
) -> LocalKernel:
    """See `Pipeline.local_kernel`."""
    way = look_back(graph, image, name, place, maps)
    parts: dict[str, float] = {}

    def visit(leg: Leg) -> None:
        if leg.step.layer.locally_linear and (part := _constant(leg)):
            parts[leg.step.name] = part

    with np.errstate(all="ignore"):  # NaN and infinities in the maps make slopes of their kind
        gradient = way.gradient(visit, double=True)
        kernel, region, product = _placed(way, gradient)
    # The walk met the nodes backwards.
    bias = {node.name: parts[node.name] for node in graph.nodes if node.name in parts}
    rest = way.value - product - sum(bias.values())
    straight = all(step.layer.locally_linear for step in graph.steps if step.name in way.blocks)
    return LocalKernel(Where(name, *place), kernel, region, bias, rest, way.value, straight)


def _constant(leg: Leg) -> float:
    """The part of the value that a step adds by itself: sum of dy * y, minus the sums of dx * x of its inputs."""
    total, magnitude = _inner(leg.dy, leg.output)
    for dx, x in zip(leg.gradients, leg.inputs, strict=True):
        part, size = _inner(dx, x)
        total, magnitude = total - part, magnitude + size
    return 0.0 if abs(total) <= _ROUND_OFF * magnitude else total


def _inner(slopes: Patch, values: Patch) -> tuple[float, float]:
    """The sum of slope times value, and that of its magnitudes. Where the slope is 0 the value does not matter."""
    own = slopes.region
    cut = values.cut((own.top, own.bottom), (own.left, own.right))
    # Not the product alone: 0 times infinity would be NaN.
    products = np.where(slopes.array == 0, 0, slopes.array * cut)
    return float(products.sum()), float(np.abs(products).sum())


def _placed(way: Way, gradient: Patch | None) -> tuple[Array, Region, float]:
    """The kernel over its region, the region, and the sum of kernel times pixels."""
    region, pixels = _region(way), way.made[IMAGE]
    dtype = pixels.array.dtype
    if gradient is None:
        return np.zeros((way.shapes[IMAGE][0], *_size(region)), dtype), region, 0.0
    own = gradient.region
    if region.top >= region.bottom or region.left >= region.right:
        region = own
    region = Region(
        min(region.top, own.top),
        min(region.left, own.left),
        max(region.bottom, own.bottom),
        max(region.right, own.right),
    )
    # Rounded before the sum is taken, so that the sum is that of the numbers that are given away.
    weights = Patch(gradient.array.astype(dtype), gradient.top, gradient.left)
    kernel = weights.cut((region.top, region.bottom), (region.left, region.right))[0]
    return kernel, region, _inner(weights, replace(pixels, array=pixels.array.astype(np.float64)))[0]


def _region(way: Way) -> Region:
    _, row, col = way.start
    if way.name == IMAGE:
        return Region(row, col, row + 1, col + 1)
    return regions.input_region(way.graph, way.name, row, col, IMAGE, way.shapes[IMAGE])


def _size(region: Region) -> tuple[int, int]:
    return region.bottom - region.top, region.right - region.left
