"""Hard swish."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Hardswish(Elementwise):
    """x * min(max(x + 3, 0), 6) / 6; Howard et al. 2019."""

    key: ClassVar[str] = "hardswish"
    title: ClassVar[str] = "Hard swish"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        return "{x}·min(max({x} + 3, 0), 6)/6", {}
