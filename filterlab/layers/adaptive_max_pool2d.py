"""Adaptive max pooling."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import choice
from filterlab.layers.base.streaming import Folded, Spans, Streaming
from filterlab.layers.families.adaptive import AdaptivePooling


class AdaptiveMaxPool2d(AdaptivePooling):
    """The largest value of each of output_size windows that divide the map; as torch.nn.AdaptiveMaxPool2d."""

    key: ClassVar[str] = "adaptive_max_pool2d"
    title: ClassVar[str] = "Adaptive max pooling"
    search_words: ClassVar[str] = "adaptive pooling 池化 自适应池化 自适应最大池化 自适应汇聚"
    singles_out: ClassVar[bool] = True

    def _streamed(self, rows: Spans, cols: Spans, channels: int) -> Streaming:
        return Folded(channels, rows, cols, np.maximum, lambda x: x, lambda y: y)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs[0], channel, row, col)
        return choice(self.title, "max", places, xs, y[0, channel, row, col])
