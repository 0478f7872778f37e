"""Softmax layer."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.class_scores import ClassScores


class Softmax(ClassScores):
    """exp(x) over its sum along the axis: positive numbers that add up to 1."""

    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    template: ClassVar[str] = "exp({x} − {m})/{s}"

    def forward(self, *xs: Array) -> Array:
        return F.softmax(xs[0], self.batch_axis(xs[0]))

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.softmax_backward(dy, xs[0], self.batch_axis(xs[0])),), {})
