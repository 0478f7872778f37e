"""Cropping."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair
from filterlab.layers.base.formula import Line, padded_lines
from filterlab.layers.base.kinds import Padding, PaddingValue, numbered_pads
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import Size, Window, need_size, sliding_windows
from filterlab.parameters import Pairs
from filterlab.text.messages import say

Sides = tuple[tuple[int, int], tuple[int, int]]


class Crop(Layer):
    """A part of the map: what remains when margin is cut off, or the centre of the given size."""

    key: ClassVar[str] = "crop"
    title: ClassVar[str] = "Crop"
    search_words: ClassVar[str] = "cut trim 裁剪"
    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    margin: Annotated[
        PaddingValue | None,
        Padding(minimum=0, slider=(0, 16), unit="cells", named=False, optional=True),
        Field(default=None, description="Cells cut off each side."),
    ]
    size: Annotated[
        Pair | None,
        Pairs(minimum=1, slider=(1, 1024), unit="cells", optional=True),
        Field(default=None, description="Height and width of the middle that is kept, instead of a margin."),
    ]

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        size = shapes[0][1:] if shapes else ()
        # However small the map is, at least one cell remains.
        return {"margin": min([8, *((n - 1) // 2 for n in size)])}

    def check(self) -> None:
        if (self.margin is None) == (self.size is None):
            what = (
                say("both margin and size are given")
                if self.size
                else say("neither margin nor size is given")
            )
            raise ParameterError(what, hint="give one of them", parameter="margin")

    def _cut(self, size: Size) -> Pads:
        """The cells that are cut off each side of a map of this size."""
        if self.size is None:
            return numbered_pads(self.margin)
        height, width = need_size(size, "Crop")
        extra = height - self.size[0], width - self.size[1]
        if min(extra) < 0:
            what = say("{} by {} cells do not fit into {} by {}", self.size[0], self.size[1], height, width)
            raise ShapeError(what, "Crop", "use a smaller size, or Pad first", parameter="size")
        # The odd cell is cut off after the map, where the padding "same" adds it.
        return Pads(extra[0] // 2, extra[0] - extra[0] // 2, extra[1] // 2, extra[1] - extra[1] // 2)

    def _padding(self, x: Array) -> Sides:
        cut = self._cut((x.shape[2], x.shape[3]))
        return (-cut.top, -cut.bottom), (-cut.left, -cut.right)

    def forward(self, *xs: Array) -> Array:
        return F.pad(xs[0], self._padding(xs[0]))

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.pad_backward(dy, xs[0], self._padding(xs[0])),), {})

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        cut = self._cut(sizes[0])
        pads = Pads(*(-n for n in cut))
        window = sliding_windows(sizes[0], (1, 1), (1, 1), (1, 1), pads, operation="Crop")
        return (window,)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        cut = self._cut((shapes[0][1], shapes[0][2]))
        return padded_lines(shapes[0], Pads(*(-n for n in cut)))

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        cut = self._cut((xs[0].shape[2], xs[0].shape[3]))
        cell = Where(0, channel, row + cut.top, col + cut.left)
        return copied(self.title, xs[0], cell, y[0, channel, row, col])
