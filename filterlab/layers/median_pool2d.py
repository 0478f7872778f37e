"""Median pooling, which removes specks."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients
from filterlab.layers.kinds import CeilMode, KernelSize, PoolStride, WindowPadding
from filterlab.layers.pooling import Pooling


class MedianPool2d(Pooling):
    """The median of the real cells of each window, by channel; of an even number, the mean of the middle two."""

    key: ClassVar[str] = "median_pool2d"
    title: ClassVar[str] = "Median pooling"

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    ceil_mode: CeilMode

    def forward(self, *xs: Array) -> Array:
        return F.median_pool2d(xs[0], **self.options())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.median_pool2d_backward(dy, xs[0], **self.options()),), {})
