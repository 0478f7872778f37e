"""Shrinkage by the hyperbolic tangent."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Tanhshrink(Elementwise):
    """x - tanh(x), as torch.nn.Tanhshrink."""

    key: ClassVar[str] = "tanhshrink"
    title: ClassVar[str] = "Tanh shrink"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        return "{x} − tanh({x})", {}
