"""Rectified linear unit up to 6."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU6(Elementwise):
    """min(max(x, 0), 6); Krizhevsky 2010."""

    key: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.relu6(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.relu6_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "min(max(0, {x}), 6)", {}
