"""Hard sigmoid."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Hardsigmoid(Elementwise):
    """min(max(x + 3, 0), 6) / 6, a sigmoid of three straight lines."""

    key: ClassVar[str] = "hardsigmoid"
    title: ClassVar[str] = "Hard sigmoid"
    search_words: ClassVar[str] = "activation 激活 激活函数"
    locally_linear: ClassVar[bool] = True

    def written(self, x: float, channel: int) -> Written:
        return "min(max({x} + 3, 0), 6)/6", {}
