"""Soft shrinkage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Softshrink(Elementwise):
    """x moved by lambd towards 0, and 0 where |x| <= lambd; Donoho 1995."""

    key: ClassVar[str] = "softshrink"
    title: ClassVar[str] = "Soft shrink"
    search_words: ClassVar[str] = "activation 激活 激活函数"
    locally_linear: ClassVar[bool] = True

    lambd: Annotated[
        float,
        Number(minimum=0, slider=(0, 2)),
        Field(default=0.5, description="How far values are moved towards 0."),
    ]

    def written(self, x: float, channel: int) -> Written:
        if abs(x) <= self.lambd:
            return "0", {}
        return ("{x} − {lambda}" if x > 0 else "{x} + {lambda}"), {"lambda": self.lambd}
