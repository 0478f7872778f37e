"""Exponential linear unit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class ELU(Elementwise):
    """x where x > 0, else alpha * (exp(x) - 1); Clevert et al. 2016."""

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"

    alpha: Annotated[
        float,
        Number(slider=(0, 2)),
        Field(default=1.0, description="Large negative values approach -alpha."),
    ]

    def forward(self, *xs: Array) -> Array:
        return F.elu(xs[0], self.alpha)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.elu_backward(dy, xs[0], self.alpha),), {})

    def written(self, x: float, channel: int) -> Written:
        return ("{x}", {}) if x > 0 else ("{alpha}·(exp({x}) − 1)", {"alpha": self.alpha})
