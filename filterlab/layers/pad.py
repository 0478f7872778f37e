"""Padding as a layer of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair
from filterlab.layers.base.formula import Line, padded_lines
from filterlab.layers.base.kinds import Padding, PaddingValue, numbered_pads
from filterlab.layers.base.layer import Arithmetic, Border, Layer, Shape
from filterlab.layers.base.part import Cells, Part
from filterlab.layers.base.rules import copy
from filterlab.layers.base.shared import PaddingFill, PaddingMode
from filterlab.layers.base.terms import Taps
from filterlab.layers.base.window import Size, Window, sliding_windows


class Pad(Layer):
    """Cells added around the map, filled as the padding mode says; a negative number crops."""

    key: ClassVar[str] = "pad"
    title: ClassVar[str] = "Pad"
    search_words: ClassVar[str] = "padding border margin 填充 填充层 补零 边界"
    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    padding: Annotated[
        PaddingValue,
        Padding(slider=(0, 16), unit="cells", named=False),
        Field(description="Cells added to each side; negative ones are cut off."),
    ]
    mode: PaddingMode
    value: PaddingFill

    @property
    def _pads(self) -> Pads:
        return numbered_pads(self.padding)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # Before the window, whose complaint about too large a kernel would not name the mode and its limit.
        if sizes[0] is not None:
            self.border(sizes[0]).check(sizes[0], "Pad")
        window = sliding_windows(sizes[0], (1, 1), (1, 1), (1, 1), self._pads, operation="Pad")
        return (window,)

    def border(self, size: Pair) -> Border:
        return Border(self._pads, self.mode)

    def cuts_itself(self, size: Pair) -> bool:
        # A map that begins again where it ends has no border; where it is cropped, what is left of it begins again.
        return self.mode == "circular" and min(self._pads) >= 0

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        before = self._pads.sides[axis][0]
        return (wanted[0] - before, wanted[1] - before), wanted

    def forward_part(self, x: Array, part: Part) -> Array:
        return x

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return padded_lines(shapes[0], self._pads)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        fill = self.value if self.mode == "constant" else 0.0
        # Padding is a convolution with a single 1, and its tap knows which cell the border shows.
        taps = Taps(self._pads, (1, 1), (1, 1), self.mode, fill)
        parts = taps.terms(xs[0], {channel: np.ones((1, 1))}, row, col)
        return copy(self.title, parts[0], y[0, channel, row, col])
