"""Softsign."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Softsign(Elementwise):
    """x / (1 + |x|)."""

    key: ClassVar[str] = "softsign"
    title: ClassVar[str] = "Softsign"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        return "{x}/(1 + |{x}|)", {}
