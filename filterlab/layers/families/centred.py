"""The base of filters that look at the window around each cell, and have nothing beyond the border."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import Field

from filterlab.functional.filters.statistics import around
from filterlab.functional.geometry import Pair
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.window import AxisWindow, Size, Window
from filterlab.parameters import Pairs


class Centred(Layer):
    """Base of layers that move a window of `kernel_size` over the map, cell by cell."""

    kernel_size: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 31), unit="cells", start=3),
        Field(description="Height and width of the window that is moved over the map."),
    ]

    def sides(self) -> tuple[Pair, Pair]:
        """((above, below), (left, right)): the cells that a value sees around its own."""
        return around(self.kernel_size)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        counts = sizes[0] or (None, None)
        rows, cols = (
            AxisWindow(Fraction(1), Fraction(-before), Fraction(after), count)
            for (before, after), count in zip(self.sides(), counts, strict=True)
        )
        return ((rows, cols),)
