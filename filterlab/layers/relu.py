"""Rectified linear unit."""

from __future__ import annotations

from math import inf
from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU(Elementwise):
    """max(0, x), value by value; NaN passes. The gradient at 0 is 0."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    search_words: ClassVar[str] = "rectifier activation 激活 激活函数 整流 线性整流"
    locally_linear: ClassVar[bool] = True

    def limits(self) -> tuple[float, float]:
        return 0.0, inf

    def written(self, x: float, channel: int) -> Written:
        return "max(0, {x})", {}
