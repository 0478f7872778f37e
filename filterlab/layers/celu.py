"""Continuously differentiable exponential linear unit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class CELU(Elementwise):
    """x where x > 0, else alpha * (exp(x / alpha) - 1); Barron 2017."""

    key: ClassVar[str] = "celu"
    title: ClassVar[str] = "CELU"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    alpha: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(0.1, 5)),
        Field(default=1.0, description="The limit for very negative values is -alpha."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > 0 else ("{alpha}·(exp({x}/{alpha}) − 1)", {"alpha": self.alpha})
