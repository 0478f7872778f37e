"""Exponential linear unit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class ELU(Elementwise):
    """x where x > 0, else alpha * (exp(x) - 1); Clevert et al. 2016."""

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    alpha: Annotated[
        float,
        Number(slider=(0, 2)),
        Field(default=1.0, description="Large negative values approach -alpha."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > 0 else ("{alpha}·(exp({x}) − 1)", {"alpha": self.alpha})
