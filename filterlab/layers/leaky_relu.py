"""Leaky rectified linear unit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class LeakyReLU(Elementwise):
    """x where x > 0, else negative_slope * x; Maas et al. 2013."""

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    search_words: ClassVar[str] = "activation 激活 激活函数 带泄漏"
    stem: ClassVar[str] = "leakyrelu"
    locally_linear: ClassVar[bool] = True

    negative_slope: Annotated[
        float,
        Number(slider=(0, 1)),
        Field(default=0.01, description="Slope for values below 0."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > 0 else ("{slope}·{x}", {"slope": self.negative_slope})
