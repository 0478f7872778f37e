"""Logistic sigmoid."""

from __future__ import annotations

from typing import Any, ClassVar

from filterlab.functional.activations import placed
from filterlab.functional.prepared import Place
from filterlab.layers.families.elementwise import Elementwise, Written


class Sigmoid(Elementwise):
    """1 / (1 + exp(-x))."""

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    search_words: ClassVar[str] = "logistic activation 激活 激活函数 逻辑"

    def placed(self, dtype: Any) -> Place | None:
        return placed("sigmoid", dtype)

    def written(self, x: float, channel: int) -> Written:
        return "1/(1 + exp(−{x}))", {}
