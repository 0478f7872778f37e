"""Hyperbolic tangent."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class Tanh(Elementwise):
    """tanh(x), between -1 and 1."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"

    def written(self, x: float, channel: int) -> Written:
        return "tanh({x})", {}
