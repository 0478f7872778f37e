"""Median pooling, which removes specks, and any other percentile."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import median
from filterlab.layers.base.shared import CeilMode, KernelSize, PoolStride, WindowPadding
from filterlab.layers.families.pooling import Pooling
from filterlab.parameters import Number


class MedianPool2d(Pooling):
    """The median, or another percentile, of each window without its padding; between two cells it is interpolated."""

    key: ClassVar[str] = "median_pool2d"
    title: ClassVar[str] = "Median pooling"
    search_words: ClassVar[str] = (
        "pooling median rank percentile quantile filter despeckle 池化 中值池化 中值滤波 百分位数 排序滤波 汇聚 去噪"
    )

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    ceil_mode: CeilMode
    percentile: Annotated[
        float,
        Number(minimum=0, maximum=100, slider=(0, 100), unit="%"),
        Field(
            default=50.0,
            description="Share of the window's values that lie below: 0 the smallest, 50 the median, 100 the largest.",
        ),
    ]

    @property
    def singles_out(self) -> bool:  # type: ignore[override]
        """True for the median; any other percentile is told by the weights of the two cells that it lies between."""
        return self.percentile == 50

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        if not self.singles_out:
            return super().explain(xs, y, channel, row, col)
        places = self.real_places(xs[0], channel, row, col)
        return median(self.title, places, xs[0], y[0, channel, row, col])
