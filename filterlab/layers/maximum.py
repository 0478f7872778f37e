"""Maximum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients
from filterlab.layers.merging import Merge


class Maximum(Merge):
    """The greatest of the inputs; NaN wins, ties go to the first."""

    key: ClassVar[str] = "maximum"
    title: ClassVar[str] = "Maximum"
    stem: ClassVar[str] = "max"
    locally_linear: ClassVar[bool] = True

    def forward(self, *xs: Array) -> Array:
        return F.maximum(xs)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients(F.maximum_backward(dy, xs), {})
