"""Scaled exponential linear unit."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.activations import SELU_ALPHA, SELU_SCALE
from filterlab.layers.families.elementwise import Elementwise, Written


class SELU(Elementwise):
    """1.0507 * (x where x > 0, else 1.6733 * (exp(x) - 1)), with more digits; Klambauer et al. 2017."""

    key: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    def written(self, x: float, channel: int) -> Written:
        if x > 0:
            return "{lambda}·{x}", {"lambda": SELU_SCALE}
        return "{lambda}·{alpha}·(exp({x}) − 1)", {"lambda": SELU_SCALE, "alpha": SELU_ALPHA}
