"""Mish."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Mish(Elementwise):
    """x * tanh(softplus(x)); Misra 2019."""

    key: ClassVar[str] = "mish"
    title: ClassVar[str] = "Mish"

    def forward(self, *xs: Array) -> Array:
        return F.mish(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.mish_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "{x}·tanh(ln(1 + exp({x})))", {}
