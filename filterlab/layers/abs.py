"""Absolute value."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Abs(Elementwise):
    """|x|; the gradient at 0 is 0."""

    key: ClassVar[str] = "abs"
    title: ClassVar[str] = "Absolute value"
    search_words: ClassVar[str] = "absolute value 绝对值"
    locally_linear: ClassVar[bool] = True

    def written(self, x: float, channel: int) -> Written:
        return "|{x}|", {}
