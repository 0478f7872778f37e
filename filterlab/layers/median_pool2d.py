"""Median pooling, which removes specks."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import median
from filterlab.layers.base.shared import CeilMode, KernelSize, PoolStride, WindowPadding
from filterlab.layers.families.pooling import Pooling


class MedianPool2d(Pooling):
    """The median of each window without its padding; for an even number, the mean of the middle two."""

    key: ClassVar[str] = "median_pool2d"
    title: ClassVar[str] = "Median pooling"
    search_words: ClassVar[str] = "pooling median filter despeckle 池化 中值池化 中值滤波 汇聚 去噪"
    singles_out: ClassVar[bool] = True

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    ceil_mode: CeilMode

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.real_places(xs[0], channel, row, col)
        return median(self.title, places, xs[0], y[0, channel, row, col])
