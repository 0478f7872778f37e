"""Adaptive average pooling."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import mean
from filterlab.layers.base.streaming import Spans, Streaming, streamed_means
from filterlab.layers.families.adaptive import AdaptivePooling


class AdaptiveAvgPool2d(AdaptivePooling):
    """The mean of each of output_size windows that divide the map; as torch.nn.AdaptiveAvgPool2d."""

    key: ClassVar[str] = "adaptive_avg_pool2d"
    title: ClassVar[str] = "Adaptive average pooling"
    search_words: ClassVar[str] = "adaptive pooling 池化 自适应池化 自适应平均池化 自适应汇聚"

    def _streamed(self, rows: Spans, cols: Spans, channels: int) -> Streaming:
        return streamed_means(rows, cols, channels)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs[0], channel, row, col)
        return mean(self.title, places, xs, len(places), y[0, channel, row, col])
