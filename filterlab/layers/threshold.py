"""Values up to a threshold, replaced."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Threshold(Elementwise):
    """x where x > threshold, else value, as torch.nn.Threshold."""

    key: ClassVar[str] = "threshold"
    title: ClassVar[str] = "Threshold"
    search_words: ClassVar[str] = "binarize 阈值 二值化"
    locally_linear: ClassVar[bool] = True

    threshold: Annotated[
        float,
        Number(slider=(-1, 1), start=0.5),
        Field(description="Values above this stay."),
    ]

    value: Annotated[
        float,
        Number(slider=(-1, 1), start=0.0),
        Field(description="What takes the place of all other values."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > self.threshold else ("{value}", {"value": self.value})
