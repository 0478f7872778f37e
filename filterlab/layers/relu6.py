"""Rectified linear unit up to 6."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU6(Elementwise):
    """min(max(x, 0), 6); Krizhevsky 2010."""

    key: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    search_words: ClassVar[str] = "activation 激活 激活函数"
    locally_linear: ClassVar[bool] = True

    def limits(self) -> tuple[float, float]:
        return 0.0, 6.0

    def written(self, x: float, channel: int) -> Written:
        return "min(max(0, {x}), 6)", {}
