"""Softsign."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class Softsign(Elementwise):
    """x / (1 + |x|)."""

    key: ClassVar[str] = "softsign"
    title: ClassVar[str] = "Softsign"

    def forward(self, *xs: Array) -> Array:
        return F.softsign(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.softsign_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "{x}/(1 + |{x}|)", {}
