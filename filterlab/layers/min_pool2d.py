"""Min pooling."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.base.shared import CeilMode, Dilation, KernelSize, PoolStride, WindowPadding
from filterlab.layers.families.pooling import ChoicePooling


class MinPool2d(ChoicePooling):
    """The smallest value of each window, channel by channel. Padding never wins; ties go to the first."""

    key: ClassVar[str] = "min_pool2d"
    title: ClassVar[str] = "Min pooling"
    rule: ClassVar[str] = "min"

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    dilation: Dilation
    ceil_mode: CeilMode

    def forward(self, *xs: Array) -> Array:
        return F.min_pool2d(xs[0], **self.options())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.min_pool2d_backward(dy, xs[0], **self.options()),), {})
