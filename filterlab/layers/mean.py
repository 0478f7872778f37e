"""Mean of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients
from filterlab.layers.merging import Merge


class Mean(Merge):
    """(x1 + x2 + ... + xn) / n."""

    key: ClassVar[str] = "mean"
    title: ClassVar[str] = "Mean"
    stem: ClassVar[str] = "mean"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.mean(xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.mean_backward(dy, xs), {})
