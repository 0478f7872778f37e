"""Difference of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.merging import WeightedSum


class Subtract(WeightedSum):
    """x1 - x2."""

    key: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Difference"
    stem: ClassVar[str] = "sub"
    arity: ClassVar[tuple[int, int | None]] = (2, 2)
    locally_linear: ClassVar[bool] = True
    sign: ClassVar[str] = " − "

    def forward(self, *xs: Array) -> Array:
        return F.subtract(xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.subtract_backward(dy, xs), {})

    def weights(self, count: int) -> tuple[float, ...]:
        return 1.0, -1.0
