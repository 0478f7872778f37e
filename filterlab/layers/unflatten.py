"""A vector as maps."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Block, Gradients, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import Size, Window, same_window, whole_window
from filterlab.parameters import Pairs
from filterlab.text.messages import say


class Unflatten(Layer):
    """(C * h * w,) as (C, h, w), the inverse of Flatten; maps stay as they are.

    Networks need it where a vector weighs the channels of a map.
    """

    key: ClassVar[str] = "unflatten"
    title: ClassVar[str] = "Unflatten"
    search_words: ClassVar[str] = "reshape 变形 还原形状"
    group: ClassVar[str] = "vector"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    size: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 64), unit="cells"),
        Field(default=(1, 1), description="Height and width of the maps; the number of channels follows."),
    ]

    def forward(self, *xs: Array) -> Array:
        return xs[0].reshape(len(xs[0]), -1, *self.size) if xs[0].ndim == 2 else xs[0]

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((dy.reshape(xs[0].shape),), {})

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        if sizes[0] not in (None, (1, 1)):
            return (same_window(sizes[0]),)
        # A vector counts as a map of one cell; `rearranged` knows the feature of each value.
        return ((whole_window(1, self.size[0]), whole_window(1, self.size[1])),)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return np.repeat(channels, prod(self.size)) if len(shapes[0]) == 1 else channels

    def rearranged(self, outputs: Block, shape: Shape) -> Block:
        if len(shape) == 3:
            return outputs
        cells = outputs.channels[:, None, None] & outputs.rows[:, None] & outputs.cols
        return Block(cells.ravel(), np.ones(1, bool), np.ones(1, bool))

    def output_shape(self, *shapes: Shape) -> Shape:
        if len(shapes[0]) == 3:
            return shapes[0]
        (features,), cells = shapes[0], prod(self.size)
        if features % cells:
            what = say("{} feature(s) cannot be divided by {} * {}", features, *self.size)
            raise ShapeError(
                what, "Unflatten", "choose a height and width that divide them", parameter="size"
            )
        return (features // cells, *self.size)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        if len(shapes[0]) == 3:
            return ()
        channels, height, width = self.output_shape(*shapes)
        sizes = zip(AXES, (height, width), strict=True)
        return (
            plain("channels", f"{shapes[0][0]} / ({height} · {width})", channels),
            *(plain(axis, str(n), n) for axis, n in sizes),
        )

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        if xs[0].ndim == 4:
            return copied(self.title, xs[0], Where(0, channel, row, col), y[0, channel, row, col])
        feature = (channel * self.size[0] + row) * self.size[1] + col
        return copied(self.title, xs[0], Where(0, feature, 0, 0), y[0, channel, row, col])
