"""Scaled exponential linear unit."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients
from filterlab.layers.elementwise import Elementwise


class SELU(Elementwise):
    """1.0507 * (x where x > 0, else 1.6733 * (exp(x) - 1)), with more digits; Klambauer et al. 2017."""

    key: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    stem: ClassVar[str] = "selu"

    def forward(self, *xs: Array) -> Array:
        return F.selu(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.selu_backward(dy, xs[0]),), {})
