"""Rectified linear unit."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU(Elementwise):
    """max(0, x), value by value; NaN passes. The gradient at 0 is 0."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    locally_linear: ClassVar[bool] = True

    def written(self, x: float, channel: int) -> Written:
        return "max(0, {x})", {}
