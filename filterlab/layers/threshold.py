"""Values up to a threshold, replaced."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Threshold(Elementwise):
    """x where x > threshold, else value, as torch.nn.Threshold."""

    key: ClassVar[str] = "threshold"
    title: ClassVar[str] = "Threshold"
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

    def forward(self, *xs: Array) -> Array:
        return F.threshold(xs[0], self.threshold, self.value)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.threshold_backward(dy, xs[0], self.threshold, self.value),), {})

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > self.threshold else ("{value}", {"value": self.value})
