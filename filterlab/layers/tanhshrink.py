"""Shrinkage by the hyperbolic tangent."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Tanhshrink(Elementwise):
    """x - tanh(x), as torch.nn.Tanhshrink."""

    key: ClassVar[str] = "tanhshrink"
    title: ClassVar[str] = "Tanh shrink"

    def forward(self, *xs: Array) -> Array:
        return F.tanhshrink(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.tanhshrink_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "{x} − tanh({x})", {}
