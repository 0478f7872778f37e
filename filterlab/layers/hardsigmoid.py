"""Hard sigmoid."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Hardsigmoid(Elementwise):
    """min(max(x + 3, 0), 6) / 6, a sigmoid of three straight lines."""

    key: ClassVar[str] = "hardsigmoid"
    title: ClassVar[str] = "Hard sigmoid"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.hardsigmoid(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.hardsigmoid_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "min(max({x} + 3, 0), 6)/6", {}
