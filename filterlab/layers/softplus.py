"""Softplus, a smooth ReLU."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Softplus(Elementwise):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x is above the threshold."""

    key: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    beta: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(0.1, 10)),
        Field(default=1.0, description="Sharpness of the bend at 0."),
    ]
    threshold: Annotated[
        float,
        Number(slider=(1, 50)),
        Field(default=20.0, description="Where beta * x exceeds this, the function is taken as linear."),
    ]

    def written(self, x: float, channel: int) -> Written:
        straight = self.beta * x > self.threshold
        return ("{x}", {}) if straight else ("ln(1 + exp({beta}·{x}))/{beta}", {"beta": self.beta})
