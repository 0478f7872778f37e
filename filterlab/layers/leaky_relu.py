"""Leaky rectified linear unit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class LeakyReLU(Elementwise):
    """x where x > 0, else negative_slope * x; Maas et al. 2013."""

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    stem: ClassVar[str] = "leakyrelu"
    locally_linear: ClassVar[bool] = True

    negative_slope: Annotated[
        float,
        Number(slider=(0, 1)),
        Field(default=0.01, description="Slope for values below 0."),
    ]

    def forward(self, *xs: Array) -> Array:
        return F.leaky_relu(xs[0], self.negative_slope)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.leaky_relu_backward(dy, xs[0], self.negative_slope),), {})

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > 0 else ("{slope}·{x}", {"slope": self.negative_slope})
