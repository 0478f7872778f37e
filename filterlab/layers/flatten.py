"""Maps to a vector."""

from __future__ import annotations

from math import prod
from typing import ClassVar

import numpy as np

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.block import marked
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.layer import Arithmetic, Block, Gradients, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import Size, Window, need_size, whole_window


class Flatten(Layer):
    """(C, H, W) as (C * H * W,): channel after channel, row after row; a vector stays as it is."""

    key: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten"
    group: ClassVar[str] = "vector"
    per_channel: ClassVar[bool] = False

    def forward(self, *xs: Array) -> Array:
        return F.flatten(xs[0]) if xs[0].ndim == 4 else xs[0]

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((dy.reshape(xs[0].shape),), {})

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # A window is the same for all features, so that it must span the map; `rearranged` knows the cell of each.
        height, width = need_size(sizes[0], "Flatten")
        return ((whole_window(height, 1), whole_window(width, 1)),)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return marked(channels.reshape(shapes[0][0], -1), 1)

    def rearranged(self, outputs: Block, shape: Shape) -> Block:
        if len(shape) == 1:
            return outputs
        features = outputs.channels.reshape(shape)
        return Block(marked(features, 1, 2), marked(features, 0, 2), marked(features, 0, 1))

    def output_shape(self, *shapes: Shape) -> Shape:
        return (prod(shapes[0]),)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return (plain("features", " · ".join(map(str, shapes[0])), prod(shapes[0])),)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        shape = (*xs[0].shape[1:], 1, 1)[:3]
        c, i, j = np.unravel_index(channel, shape)
        return copied(self.title, xs[0], Where(0, int(c), int(i), int(j)), y[0, channel])
