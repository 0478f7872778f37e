"""Hyperbolic tangent."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Tanh(Elementwise):
    """tanh(x), between -1 and 1."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"

    def forward(self, *xs: Array) -> Array:
        return F.tanh(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.tanh_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "tanh({x})", {}
