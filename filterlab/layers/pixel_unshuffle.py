"""Cells to channels, the inverse of the pixel shuffle."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads
from filterlab.layers.base.block import marked
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Block, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.shared import BlockSize
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import Size, Window, sliding_windows
from filterlab.text.messages import say


class PixelUnshuffle(Layer):
    """(C, H * r, W * r) as (C * r * r, H, W): each block of r * r cells becomes as many channels."""

    key: ClassVar[str] = "pixel_unshuffle"
    title: ClassVar[str] = "Pixel unshuffle"
    search_words: ClassVar[str] = "space to depth 像素重排"
    stem: ClassVar[str] = "unshuffle"
    group: ClassVar[str] = "size"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    r: BlockSize

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        size = shapes[0][1:] if shapes else ()
        # As for PixelShuffle: no effect yet is a better start than a refusal.
        return {"r": 1 if any(n % 2 for n in size) else 2}

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        if sizes[0] is not None and (sizes[0][0] % self.r or sizes[0][1] % self.r):
            what = say("{} by {} cells cannot be divided by {}", sizes[0][0], sizes[0][1], self.r)
            hint = say("crop or pad to a multiple of r")
            raise ShapeError(what, "PixelUnshuffle", hint, parameter="r")
        block = (self.r, self.r)
        window = sliding_windows(sizes[0], block, block, (1, 1), Pads(0, 0, 0, 0), operation="PixelUnshuffle")
        return (window,)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return marked(channels.reshape(-1, self.r**2), 1)

    def rearranged(self, outputs: Block, shape: Shape) -> Block:
        # An output channel is a place within a block: those that are marked decide which rows and columns of a block
        # are read.
        taps = outputs.channels.reshape(-1, self.r, self.r)
        rows = np.outer(outputs.rows, marked(taps, 0, 2)).ravel()
        cols = np.outer(outputs.cols, marked(taps, 0, 1)).ravel()
        return Block(marked(taps, 1, 2), rows, cols)

    def output_channels(self, *channels: int) -> int:
        return channels[0] * self.r**2

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        channels, *size = shapes[0]
        square = self.r * self.r
        return (
            plain("channels", f"{channels} · {self.r} · {self.r}", channels * square),
            *(plain(axis, f"{n} / {self.r}", n // self.r) for axis, n in zip(AXES, size, strict=True)),
        )

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        own, tap = divmod(channel, self.r * self.r)
        cell = Where(0, own, row * self.r + tap // self.r, col * self.r + tap % self.r)
        return copied(self.title, xs[0], cell, y[0, channel, row, col])
