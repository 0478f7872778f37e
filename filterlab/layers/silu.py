"""Sigmoid linear unit, called swish too."""

from __future__ import annotations

from typing import Any, ClassVar

from filterlab.functional.activations import placed
from filterlab.functional.prepared import Place
from filterlab.layers.families.elementwise import Elementwise, Written


class SiLU(Elementwise):
    """x * sigmoid(x); Elfwing et al. 2017."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    search_words: ClassVar[str] = "swish activation 激活 激活函数"

    def placed(self, dtype: Any) -> Place | None:
        return placed("silu", dtype)

    def written(self, x: float, channel: int) -> Written:
        return "{x}/(1 + exp(−{x}))", {}
