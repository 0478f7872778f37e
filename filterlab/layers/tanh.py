"""Hyperbolic tangent."""

from __future__ import annotations

from typing import Any, ClassVar

from filterlab.functional.activations import placed
from filterlab.functional.prepared import Place
from filterlab.layers.families.elementwise import Elementwise, Written


class Tanh(Elementwise):
    """tanh(x), between -1 and 1."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    search_words: ClassVar[str] = "hyperbolic tangent activation 激活 激活函数 双曲正切"

    def placed(self, dtype: Any) -> Place | None:
        return placed("tanh", dtype)

    def written(self, x: float, channel: int) -> Written:
        return "tanh({x})", {}
