"""Sum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.merging import WeightedSum


class Add(WeightedSum):
    """x1 + x2 + ..."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Sum"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.add(xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.add_backward(dy, xs), {})
