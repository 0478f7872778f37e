"""Hard shrinkage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Hardshrink(Elementwise):
    """x where |x| > lambd, else 0, as torch.nn.Hardshrink."""

    key: ClassVar[str] = "hardshrink"
    title: ClassVar[str] = "Hard shrink"
    search_words: ClassVar[str] = "activation 激活 激活函数"
    locally_linear: ClassVar[bool] = True

    lambd: Annotated[
        float,
        Number(minimum=0, slider=(0, 2)),
        Field(default=0.5, description="Values up to this distance from 0 become 0."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if abs(x) > self.lambd else ("0", {})
