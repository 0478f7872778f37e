"""Logarithm of the logistic function."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.elementwise import Elementwise, Written


class LogSigmoid(Elementwise):
    """log(1 / (1 + exp(-x))), as torch.nn.LogSigmoid."""

    key: ClassVar[str] = "log_sigmoid"
    title: ClassVar[str] = "Log sigmoid"

    def forward(self, *xs: Array) -> Array:
        return F.logsigmoid(xs[0])

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.logsigmoid_backward(dy, xs[0]),), {})

    def written(self, x: float, channel: int) -> Written:
        return "−ln(1 + exp(−{x}))", {}
