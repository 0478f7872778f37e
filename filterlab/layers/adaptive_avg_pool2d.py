"""Adaptive average pooling."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Gradients
from filterlab.layers.base.rules import mean
from filterlab.layers.families.adaptive import AdaptivePooling


class AdaptiveAvgPool2d(AdaptivePooling):
    """The mean of each of output_size windows that divide the map; as torch.nn.AdaptiveAvgPool2d."""

    key: ClassVar[str] = "adaptive_avg_pool2d"
    title: ClassVar[str] = "Adaptive average pooling"

    def forward(self, *xs: Array) -> Array:
        return F.adaptive_avg_pool2d(xs[0], self.output_size)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.adaptive_avg_pool2d_backward(dy, xs[0], self.output_size),), {})

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs[0], channel, row, col)
        return mean(self.title, places, xs, len(places), y[0, channel, row, col])
