"""Average pooling."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import mean
from filterlab.layers.base.shared import CeilMode, KernelSize, PoolStride, WindowPadding
from filterlab.layers.families.pooling import Pooling
from filterlab.parameters import Flag


class AvgPool2d(Pooling):
    """The mean of each window, channel by channel; as torch.nn.AvgPool2d."""

    key: ClassVar[str] = "avg_pool2d"
    title: ClassVar[str] = "Average pooling"
    search_words: ClassVar[str] = (
        "pooling subsampling downsampling mean 池化 池化层 平均池化 平均汇聚 汇聚 下采样"
    )

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    ceil_mode: CeilMode
    count_include_pad: Annotated[
        bool,
        Flag(),
        Field(
            default=True,
            description=(
                "Divide by all cells of the window, padding included; "
                "otherwise by the cells of the map alone."
            ),
        ),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places if self.count_include_pad else self.real_places
        counted = places(xs[0], channel, row, col)
        # By 1 where no cell is counted, as the operation divides: 0, not NaN.
        return mean(self.title, counted, xs, max(len(counted), 1), y[0, channel, row, col])
