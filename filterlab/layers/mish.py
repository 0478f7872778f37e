"""Mish."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Mish(Elementwise):
    """x * tanh(softplus(x)); Misra 2019."""

    key: ClassVar[str] = "mish"
    title: ClassVar[str] = "Mish"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        return "{x}·tanh(ln(1 + exp({x})))", {}
