"""Global average pooling."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.formula import Line, adaptive_lines
from filterlab.layers.base.layer import Arithmetic, Layer, Shape
from filterlab.layers.base.rules import declared_places, mean
from filterlab.layers.base.streaming import Streaming, streamed_means
from filterlab.layers.base.window import Size, Window, need_size, whole_window


class GlobalAvgPool2d(Layer):
    """The mean of each map: one number, as a map of 1x1, for each channel."""

    key: ClassVar[str] = "global_avg_pool2d"
    title: ClassVar[str] = "Global average pooling"
    search_words: ClassVar[str] = "gap global pooling 池化 全局池化 全局平均池化 全局汇聚"
    stem: ClassVar[str] = "gap"
    group: ClassVar[str] = "pooling"
    locally_linear: ClassVar[bool] = True

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        height, width = need_size(sizes[0], "GlobalAvgPool2d")
        return ((whole_window(height, 1), whole_window(width, 1)),)

    def streaming(self, shape: Shape) -> Streaming | None:
        return streamed_means([(0, shape[1])], [(0, shape[2])], shape[0])

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return adaptive_lines(shapes[0], (1, 1))

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = declared_places(self, 0, xs[0], channel, row, col)
        return mean(self.title, places, xs, len(places), y[0, channel, row, col])
