"""Difference of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients
from filterlab.layers.merging import Merge


class Subtract(Merge):
    """x1 - x2."""

    key: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Difference"
    stem: ClassVar[str] = "sub"
    arity: ClassVar[tuple[int, int | None]] = (2, 2)
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.subtract(xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.subtract_backward(dy, xs), {})
