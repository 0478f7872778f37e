"""Absolute value."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Abs(Elementwise):
    """|x|; the gradient at 0 is 0."""

    key: ClassVar[str] = "abs"
    title: ClassVar[str] = "Absolute value"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.abs(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.abs_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "|{x}|", {}
