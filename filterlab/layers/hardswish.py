"""Hard swish."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Hardswish(Elementwise):
    """x * min(max(x + 3, 0), 6) / 6; Howard et al. 2019."""

    key: ClassVar[str] = "hardswish"
    title: ClassVar[str] = "Hard swish"

    def forward(self, *xs: Array) -> Array:
        return F.hardswish(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.hardswish_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "{x}·min(max({x} + 3, 0), 6)/6", {}
