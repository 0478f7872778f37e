"""Non-maximum suppression of gradients."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.derived import explain_by_window
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.window import AxisWindow, Size, Window


class ThinEdges(Layer):
    """The length of the gradient (x, y) where it is largest along its direction, else 0: edges one cell wide."""

    key: ClassVar[str] = "thin_edges"
    title: ClassVar[str] = "Non-maximum suppression"
    search_words: ClassVar[str] = "thin edges canny ridge nms 非极大值抑制 边缘细化"
    group: ClassVar[str] = "edges"
    arity: ClassVar[tuple[int, int | None]] = (2, 2)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        found = []
        for size in sizes:
            rows, cols = size or (None, None)
            around = [AxisWindow(Fraction(1), Fraction(-1), Fraction(1), n) for n in (rows, cols)]
            found.append((around[0], around[1]))
        return tuple(found)

    def forward(self, *xs: Array) -> Array:
        return F.thin_edges(*xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.thin_edges_backward(dy, *xs), {})

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        result = y[0, channel, row, col]
        across, down = (x[0, channel, row, col] for x in xs)
        template = "√({x}^2 + {y}^2)" if result else "0"
        formula = equation(template, {"x": across, "y": down}, result)
        return replace(explain_by_window(self, xs, y, channel, row, col), formula=formula)
