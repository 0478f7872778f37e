"""Logistic sigmoid."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Sigmoid(Elementwise):
    """1 / (1 + exp(-x))."""

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"

    def forward(self, *xs: Array) -> Array:
        return F.sigmoid(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.sigmoid_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "1/(1 + exp(−{x}))", {}
