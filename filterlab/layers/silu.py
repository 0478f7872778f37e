"""Sigmoid linear unit, called swish too."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class SiLU(Elementwise):
    """x * sigmoid(x); Elfwing et al. 2017."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"

    def forward(self, *xs: Array) -> Array:
        return F.silu(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.silu_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "{x}/(1 + exp(−{x}))", {}
