"""Logarithm of the logistic function."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.elementwise import Elementwise, Written


class LogSigmoid(Elementwise):
    """log(1 / (1 + exp(-x))), as torch.nn.LogSigmoid."""

    key: ClassVar[str] = "logsigmoid"
    title: ClassVar[str] = "Log sigmoid"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        return "−ln(1 + exp(−{x}))", {}
