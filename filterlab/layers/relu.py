"""Rectified linear unit."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU(Elementwise):
    """max(0, x), value by value; NaN passes. The gradient at 0 is 0."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.relu(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.relu_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "max(0, {x})", {}
