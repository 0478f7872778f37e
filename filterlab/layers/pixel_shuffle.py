"""Channels to cells: sub-pixel convolution's last step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from filterlab.errors import ChannelError
from filterlab.functional.arrays import Array
from filterlab.layers.base.block import marked
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Block, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.shared import BlockSize
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import AxisWindow, Size, Window
from filterlab.text.messages import say


class PixelShuffle(Layer):
    """(C * r * r, H, W) as (C, H * r, W * r): r * r channels become a block of cells; Shi et al. 2016."""

    key: ClassVar[str] = "pixel_shuffle"
    title: ClassVar[str] = "Pixel shuffle"
    search_words: ClassVar[str] = "depth to space subpixel 像素重排 亚像素"
    stem: ClassVar[str] = "shuffle"
    group: ClassVar[str] = "size"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    r: BlockSize

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        # A layer that changes nothing yet is a better start than one that the pipeline refuses.
        return {"r": 2 if shapes and shapes[0][0] % 4 == 0 else 1}

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        zero = Fraction(0)  # output i sees input i // r
        rows, cols = (
            AxisWindow(Fraction(1, self.r), zero, zero, None if n is None else n * self.r)
            for n in sizes[0] or (None, None)
        )
        return ((rows, cols),)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return np.repeat(channels, self.r**2)

    def rearranged(self, outputs: Block, shape: Shape) -> Block:
        rows, cols = outputs.rows.reshape(-1, self.r), outputs.cols.reshape(-1, self.r)
        # Which places within a block are marked decides which of its r * r channels are.
        taps = np.outer(marked(rows, 0), marked(cols, 0))
        return Block(np.outer(outputs.channels, taps).ravel(), marked(rows, 1), marked(cols, 1))

    def output_channels(self, *channels: int) -> int:
        if channels[0] % self.r**2:
            what = say("{} channel(s) cannot be divided by {} * {}", channels[0], self.r, self.r)
            raise ChannelError(what, "PixelShuffle", "give a multiple of r * r channels", parameter="r")
        return channels[0] // self.r**2

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        channels, *size = shapes[0]
        square = self.r * self.r
        return (
            plain("channels", f"{channels} / ({self.r} · {self.r})", channels // square),
            *(plain(axis, f"{n} · {self.r}", n * self.r) for axis, n in zip(AXES, size, strict=True)),
        )

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        (i, u), (j, v) = divmod(row, self.r), divmod(col, self.r)
        cell = Where(0, (channel * self.r + u) * self.r + v, i, j)
        return copied(self.title, xs[0], cell, y[0, channel, row, col])
