"""The data that a step of learning sees: all pictures, some of them, or crops of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import lcm
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError, ParameterError
from filterlab.fields.maps import FieldMap
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, pair
from filterlab.graph import IMAGE, Graph
from filterlab.layers.base.layer import Shape
from filterlab.text.messages import say


@dataclass(frozen=True)
class SampleBlock:
    """Pictures of one size and their targets, with a batch axis. share: their weight in the loss.

    inside: the rows and columns of the output that are compared with the target; None for all of it.
    """

    x: Array
    y: Array
    share: float
    inside: tuple[slice, slice] | None = None


def stacked(pairs: Sequence[tuple[Array, Array, bool]]) -> list[SampleBlock]:
    """Triples (picture batch, target batch, whether given as a batch) as few blocks, in which pairs weigh alike."""
    blocks = []
    for (_, _, batched), group in groupby(pairs, key=lambda p: (p[0].shape, p[1].shape, p[2])):
        members = list(group)
        # A batch that was given as one pair counts as one pair, however many pictures it holds.
        if batched or len(members) == 1:
            blocks += [SampleBlock(x, y, 1.0) for x, y, _ in members]
        else:
            x, y = (np.concatenate(arrays) for arrays in zip(*((x, y) for x, y, _ in members), strict=True))
            blocks.append(SampleBlock(x, y, len(members)))
    return blocks


def draws(
    blocks: Sequence[SampleBlock], batch: int | None, cropping: Cropping | None, seed: int
) -> Iterator[list[SampleBlock]]:
    """The blocks of each step, without end: all of them, or `batch` pictures, each once before any comes again."""
    rng = np.random.default_rng(seed)
    total = sum(len(block.x) for block in blocks)
    everything = list(blocks) if batch is None or batch >= total else None
    order: list[int] = []
    while True:
        if everything is not None:
            chosen = everything
        else:
            assert batch is not None, "without it everything is chosen"
            # Each shuffle is used up, across batches, before pictures of the next one follow.
            if len(order) < batch:
                order += rng.permutation(total).tolist()
            chosen, order = _gather(blocks, order[:batch]), order[batch:]
        yield [cropping.crop(block, rng) for block in chosen] if cropping else chosen


def _gather(blocks: Sequence[SampleBlock], places: Sequence[int]) -> list[SampleBlock]:
    """The pictures at these positions, counted through all blocks."""
    found, first = [], 0
    for block in blocks:
        own = [place - first for place in places if first <= place < first + len(block.x)]
        first += len(block.x)
        if own:
            found.append(SampleBlock(block.x[own], block.y[own], len(own)))
    return found


@dataclass(frozen=True)
class Cropping:
    """Crops of `size` cells at multiples of `grid`, so that the output of a crop is a part of that of the picture.

    inside: the outputs of a crop that see nothing beyond it; None where the output is a vector.
    """

    size: Pair
    grid: Pair
    step: Pair
    inside: tuple[slice, slice] | None

    @classmethod
    def of(cls, graph: Graph, output: str, size: Any, blocks: Sequence[SampleBlock]) -> Cropping:
        """The cropping for the output of a node.

        Raises ParameterError where the output of a crop is not a part of the output of the picture.
        """
        height, width = pair(size, "crop", "learn", 1)
        for block in blocks:
            if block.x.shape[2] < height or block.x.shape[3] < width:
                what = say(
                    "crop is {}x{}, a picture {}x{}", height, width, block.x.shape[2], block.x.shape[3]
                )
                raise ParameterError(what, "learn", "choose a smaller crop", parameter="crop")
        # A vector stands for all of a crop, so that its target is cut nowhere and any place will do.
        if blocks[0].y.ndim != 4:
            return cls((height, width), (1, 1), (1, 1), None)
        pictures = {(block.x.shape[2], block.x.shape[3]) for block in blocks}
        return cls.of_maps(graph, output, (blocks[0].x.shape[1], height, width), pictures)

    @classmethod
    def of_maps(cls, graph: Graph, output: str, shape: Shape, pictures: Iterable[Pair]) -> Cropping:
        """The cropping for a map. shape: (C, h, w) of a crop. pictures: their sizes. Raises as `of`."""
        size, counts = (shape[1], shape[2]), graph.output_shapes(shape)[output][1:]
        fields = FieldMap(graph, size)
        grid, step = crop_grid(fields, output)
        wholes = [FieldMap(graph, picture) for picture in pictures]
        rows, cols = (_inside(output, axis, counts, fields, wholes) for axis in (0, 1))
        return cls(size, grid, step, (rows, cols))

    def crop(self, block: SampleBlock, rng: np.random.Generator) -> SampleBlock:
        """A random crop of each picture, each at its own place, with the part of the target that belongs to it."""
        places = [
            tuple(
                int(rng.integers((n - size) // grid + 1)) * grid
                for n, size, grid in zip(x.shape[1:], self.size, self.grid, strict=True)
            )
            for x in block.x
        ]
        (h, w), pictures = self.size, zip(block.x, places, strict=True)
        x = np.stack([picture[:, top : top + h, left : left + w] for picture, (top, left) in pictures])
        if self.inside is None:
            return replace(block, x=x)
        wanted = [self._target(y, place) for y, place in zip(block.y, places, strict=True)]
        return SampleBlock(x, np.stack(wanted), block.share, self.inside)

    def _target(self, y: Array, place: tuple[int, ...]) -> Array:
        assert self.inside is not None, "there are maps to compare"
        rows, cols = (
            slice(part.start + at // step, part.stop + at // step)
            for part, at, step in zip(self.inside, place, self.step, strict=True)
        )
        return y[:, rows, cols]


def crop_grid(fields: FieldMap, output: str) -> tuple[Pair, Pair]:
    """The distance between places where crops may begin, and between neighbouring outputs, in cells.

    Raises ParameterError where the output of a crop is not a part of the output of the picture.
    """
    strides = []
    for name in (output, *fields.sizes):
        try:
            strides.append(fields.field(name).stride)
        except FilterLabError as error:
            # Other nodes without a field, such as those behind a Flatten, set no grid.
            if name == output:
                what = say("the output of a crop is not a part of the whole picture's output: {}", error.what)
                raise ParameterError(what, "learn", "learn from whole pictures", parameter="crop") from None
    step = strides[0]
    if any(s < 1 or s != int(s) for s in step):
        what = say("the output is finer than the picture")
        raise ParameterError(what, "learn", "learn from whole pictures", parameter="crop")
    # A crop must begin where the windows of every layer begin, at a multiple of all strides.
    grid = tuple(lcm(*(max(int(s[axis]), 1) for s in strides)) for axis in (0, 1))
    return (grid[0], grid[1]), (int(step[0]), int(step[1]))


def _inside(
    output: str, axis: int, counts: tuple[int, ...], fields: FieldMap, wholes: Iterable[FieldMap]
) -> slice:
    """The outputs of a crop, along an axis, that see only cells of it, and see the same in the whole pictures."""
    size = fields.size

    def sees(place: int, fields: FieldMap) -> Pair:
        row, col = (place, 0) if axis == 0 else (0, place)
        region = fields.regions(output, row, col)[IMAGE]
        return (region.top, region.bottom) if axis == 0 else (region.left, region.right)

    # What an output sees moves on with its place.
    places = range(counts[axis])
    first = bisect_left(places, True, key=lambda place: sees(place, fields)[0] >= 0)
    last = bisect_left(places, True, key=lambda place: sees(place, fields)[1] > size[axis]) - 1
    if first > last:
        what = say(
            ("a crop of {}x{} is too small: every output would also see pixels outside of it"),
            size[0],
            size[1],
        )
        hint = say("choose a larger crop, or whole pictures")
        raise ParameterError(what, "learn", hint, parameter="crop")
    # The first and the last are enough, because the windows between them shift by whole strides.
    for whole in wholes:
        if any(sees(place, whole) != sees(place, fields) for place in (first, last)):
            what = say(
                "the region that an output sees depends on the size of the picture: it covers all "
                "of it, or is padded by that size"
            )
            hint = say("learn from whole pictures, or try a crop that is a multiple of the stride")
            raise ParameterError(what, "learn", hint, parameter="crop")
    return slice(first, last + 1)
