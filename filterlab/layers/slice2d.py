"""Some of the rows and columns."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.slicing import sliced
from filterlab.layers.base.formula import AXES, Line, sliced_line
from filterlab.layers.base.layer import Arithmetic, Layer, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import AxisWindow, Size, Window, need_size
from filterlab.parameters import Pairs


class Slice2d(Layer):
    """x[start:stop:step] of the rows and of the columns: every second cell, the upper half, a margin less."""

    key: ClassVar[str] = "slice2d"
    title: ClassVar[str] = "Slice"
    search_words: ClassVar[str] = "cut subsample rows columns 切片"
    stem: ClassVar[str] = "slice"
    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    start: Annotated[
        Pair,
        Pairs(slider=(0, 64), unit="cells"),
        Field(default=(0, 0), description="The first row and column; negative numbers count from the end."),
    ]
    stop: Annotated[
        tuple[int | None, int | None],
        Pairs(slider=(-64, 64), unit="cells", gaps=True),
        Field(default=(None, None), description="The row and column before which it ends; none takes all."),
    ]
    step: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 8), unit="cells"),
        Field(default=(1, 1), description="From one row or column that is taken to the next."),
    ]

    def _taken(self, n: int, axis: int) -> range:
        return sliced(n, (self.start[axis], self.stop[axis], self.step[axis]), "Slice2d")

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # A start that counts from the end is another cell in every size.
        size = need_size(sizes[0], "Slice2d") if min(self.start) < 0 else sizes[0] or (None, None)
        rows, cols = (self._axis(n, axis) for axis, n in enumerate(size))
        return ((rows, cols),)

    def _axis(self, n: int | None, axis: int) -> AxisWindow:
        taken = None if n is None else self._taken(n, axis)
        first = Fraction(self.start[axis] if taken is None else taken[0])
        return AxisWindow(Fraction(self.step[axis]), first, first, None if taken is None else len(taken))

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return tuple(sliced_line(AXES[i], self._taken(n, i)) for i, n in enumerate(shapes[0][1:]))

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        sizes = enumerate(xs[0].shape[2:])
        r, c = (self._taken(n, axis)[i] for (axis, n), i in zip(sizes, (row, col), strict=True))
        return copied(self.title, xs[0], Where(0, channel, r, c), y[0, channel, row, col])
