"""Maps to a vector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.prepared import viewed
from filterlab.layers.base.block import marked
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.layer import Arithmetic, Block, Forward, Gradients, InPlace, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import Size, Window, need_size, whole_window
from filterlab.parameters import Choice


class Flatten(Layer):
    """(C, H, W) as (C * H * W,): channel after channel, row after row; a vector stays as it is.

    Another order is that of networks that keep their maps as (H, W, C).
    """

    key: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten"
    search_words: ClassVar[str] = "vector reshape 展平 拉平 向量"
    group: ClassVar[str] = "vector"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    order: Annotated[
        str,
        Choice(options=tuple("".join(axes) for axes in permutations("CHW"))),
        Field(
            default="CHW",
            description="The axes from the slowest to the fastest: C channels, H rows, W columns.",
        ),
    ]

    def _axes(self) -> list[int]:
        return ["CHW".index(axis) for axis in self.order]

    def _ordered(self, x: Array) -> Array:
        """Maps (N, C, H, W) with their axes in the order of the vector."""
        return x.transpose(0, *(axis + 1 for axis in self._axes()))

    def forward(self, *xs: Array) -> Array:
        return F.flatten(self._ordered(xs[0])) if xs[0].ndim == 4 else xs[0]

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        if self.order != "CHW":
            return super().prepared(dtype, *shapes, then=then)
        return viewed(lambda x: x.reshape(shapes[0][0], prod(shapes[0][1:])), then)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        if xs[0].ndim == 2:
            return Gradients((dy,), {})
        shape = self._ordered(xs[0]).shape
        dx = dy.reshape(shape).transpose(0, *(1 + int(i) for i in np.argsort(self._axes())))
        return Gradients((np.ascontiguousarray(dx),), {})

    def _cells(self, features: Array, shape: Shape) -> Array:
        """A number of each feature, laid out as the map (C, H, W)."""
        ordered = features.reshape([shape[axis] for axis in self._axes()])
        return ordered.transpose(np.argsort(self._axes()))

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # A window is the same for all features, so that it must span the map; `rearranged` knows the cell of each.
        height, width = need_size(sizes[0], "Flatten")
        return ((whole_window(height, 1), whole_window(width, 1)),)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        if len(shapes[0]) == 1:
            return channels
        return marked(self._cells(channels, shapes[0]), 1, 2)

    def rearranged(self, outputs: Block, shape: Shape) -> Block:
        if len(shape) == 1:
            return outputs
        features = self._cells(outputs.channels, shape)
        return Block(marked(features, 1, 2), marked(features, 0, 2), marked(features, 0, 1))

    def output_shape(self, *shapes: Shape) -> Shape:
        return (prod(shapes[0]),)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return (plain("features", " · ".join(map(str, shapes[0])), prod(shapes[0])),)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        if xs[0].ndim == 2:
            return copied(self.title, xs[0], Where(0, channel, 0, 0), y[0, channel])
        shape, place = xs[0].shape[1:], [0, 0, 0]
        axes = self._axes()
        for axis, at in zip(axes, np.unravel_index(channel, [shape[axis] for axis in axes]), strict=True):
            place[axis] = int(at)
        return copied(self.title, xs[0], Where(0, place[0], place[1], place[2]), y[0, channel])
