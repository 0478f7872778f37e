"""The maps that a value sees, computed as far as it sees them, and the gradient that walks back through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.explainer import check_position, single_picture
from filterlab.fields import cells, patches
from filterlab.fields.patches import Patch
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.graph import IMAGE, Graph
from filterlab.graph.nodes import Step
from filterlab.graph.shapes import all_shapes, size_of
from filterlab.layers.base.block import Block
from filterlab.layers.base.layer import Shape
from filterlab.machine import memory

Place = tuple[int, int, int]  # channel, row, column
_VALUE = 12  # bytes: of the map in float32, and of the gradient in float64
_SHARE = 0.25  # of the memory of the machine, as for maps


class Leg(NamedTuple):
    """A step of the walk back.

    dy: the gradient of the value with respect to the step's output, around all that is not 0; gradients: those with
    respect to its inputs. output covers the region of dy, the inputs cover what that region sees.
    """

    step: Step
    dy: Patch
    inputs: tuple[Patch, ...]
    output: Patch
    gradients: tuple[Patch, ...]


@dataclass(frozen=True)
class Way:
    """The way from a value back to the picture: the shapes of all maps, and what the value sees of each.

    blocks: the cells of each map that can matter to the value. made: patches (1, C, h, w) or (1, features) of the maps,
    which cover the blocks.
    """

    graph: Graph
    picture: Array
    name: str
    start: Place
    shapes: Mapping[str, Shape]
    blocks: Mapping[str, Block]
    made: Mapping[str, Patch]

    @property
    def value(self) -> float:
        """The value itself."""
        channel, row, col = self.start
        patch = self.made[self.name]
        if patch.array.ndim == 2:
            return float(patch.array[0, channel])
        return float(patch.array[0, channel, row - patch.top, col - patch.left])

    def inputs(self, step: Step) -> tuple[tuple[Patch, ...], tuple[Pair, ...]]:
        """The patches that a step reads, and the sizes (h, w) of their maps."""
        return tuple(self.made[n] for n in step.inputs), tuple(size_of(self.shapes[n]) for n in step.inputs)

    def gradient(self, visit: Callable[[Leg], None] | None = None, *, double: bool = False) -> Patch | None:
        """The gradient of the value with respect to the picture, around all that is not 0; None where all of it is 0.

        visit: called with each step that a gradient flows through, the last first. double: compute in float64 at the
        maps as they are, so that masks and winners stay those of the maps.
        """
        flowing = {self.name: _one(self._precise(self.made[self.name], double).array, self.start)}
        for step in reversed(self.graph.steps):
            # Popped, since a gradient is complete and read once; trimmed, since zeros around it only cost time.
            dy = flowing.pop(step.name).trimmed() if step.name in flowing else None
            if dy is None:
                continue
            leg = self._leg(step, dy, double)
            if visit is not None:
                visit(leg)
            for source, dx in zip(step.inputs, leg.gradients, strict=True):
                flowing[source] = flowing[source].plus(dx) if source in flowing else dx
        return flowing[IMAGE].trimmed() if IMAGE in flowing else None

    def _leg(self, step: Step, dy: Patch, double: bool) -> Leg:
        inputs, sizes = self.inputs(step)
        output = self.made[step.name]
        if double and output.array.dtype != np.float64:
            inputs = tuple(self._precise(patch, double) for patch in inputs)
            output = patches.forward(step, inputs, sizes, dy.region)
        found = patches.backward(step, dy, inputs, output, sizes)
        # Outside the block nothing matters to the value. NaN there comes from 0 times an infinite slope.
        kept = (dx.within(self.blocks[n]) for n, dx in zip(step.inputs, found, strict=True))
        return Leg(step, dy, inputs, output, tuple(kept))

    @staticmethod
    def _precise(patch: Patch, double: bool) -> Patch:
        return Patch(patch.array.astype(np.float64, copy=False), patch.top, patch.left) if double else patch


def look_back(
    graph: Graph, image: Any, name: str, start: Place, maps: Mapping[str, Array] | None = None
) -> Way:
    """The way from the value at `start` (channel, row, column) of a node back to a picture (C, H, W).

    The picture is an array, or a `PartSource`, of which no more than the value sees is read.
    maps: maps of this picture that are known already, by node, whole and without a batch axis. Raises ParameterError
    for a batch and for a position outside the map, where a value sees more of a picture in parts than memory can hold,
    and as `Pipeline.run`.
    """
    picture = image if hasattr(image, "read") else single_picture(image)
    graph.check_names(name)
    shapes = all_shapes(graph, tuple(picture.shape))
    check_position(name, shapes[name], start)
    blocks = cells.sources(graph, shapes, name, start)
    sizes = {node: size_of(shape) for node, shape in shapes.items()}
    # The picture last, because `maps` may hold one as well, and this one was checked.
    given = {node: Patch(array[None]) for node, array in (maps or {}).items()}
    # Only the regions that the value sees are computed, however large the picture is.
    seen = {node: Region(*block.hull()) for node, block in blocks.items()}
    if hasattr(picture, "read"):
        _check_memory(name, shapes, seen)
    given[IMAGE] = _seen(picture, seen.get(IMAGE))
    made = patches.run(graph.steps, given, sizes, seen)
    return Way(graph, picture, name, start, shapes, blocks, made)


def _check_memory(name: str, shapes: Mapping[str, Shape], seen: Mapping[str, Region]) -> None:
    values = 0
    for node, region in seen.items():
        box = region.clipped(size_of(shapes[node]))
        values += shapes[node][0] * (box.bottom - box.top) * (box.right - box.left)
    # A value behind global pooling sees all of the picture, which the system would end the program for.
    if _VALUE * values > _SHARE * memory():
        what = "it sees more of the picture than fits into memory"
        raise ParameterError(what, "explain", "use a smaller picture", node=name)


def _seen(image: Any, region: Region | None) -> Patch:
    """The part of a picture that a value sees; of one that it sees nothing of, a pixel."""
    if not hasattr(image, "read"):
        return Patch(image[None])
    at = region if region is not None and region.top < region.bottom else Region(0, 0, 1, 1)
    return Patch(image.read((at.top, at.bottom), (at.left, at.right))[None], at.top, at.left)


def _one(array: Array, start: Place) -> Patch:
    """A gradient that is 1 at one value: of a vector (1, features), of a map a patch of the one cell."""
    channel, row, col = start
    if array.ndim == 2:
        one = np.zeros_like(array)
        one[0, channel] = 1
        return Patch(one)
    column = np.zeros((1, array.shape[1], 1, 1), array.dtype)
    column[0, channel] = 1
    return Patch(column, row, col)
