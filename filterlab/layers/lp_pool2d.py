"""Power-average pooling."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import norm
from filterlab.layers.base.shared import CeilMode, KernelSize, PoolStride
from filterlab.layers.families.pooling import Pooling
from filterlab.parameters import Number


class LPPool2d(Pooling):
    """(sum of x^norm_type over each window)^(1 / norm_type), as torch.nn.LPPool2d."""

    key: ClassVar[str] = "lp_pool2d"
    title: ClassVar[str] = "Power-average pooling"
    search_words: ClassVar[str] = "pooling power root mean square 池化 汇聚 范数"

    norm_type: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(1, 8), start=2),
        Field(description="The power: 1 is the sum, large powers approach the maximum."),
    ]
    kernel_size: KernelSize
    stride: PoolStride
    ceil_mode: CeilMode

    @property
    def locally_linear(self) -> bool:  # type: ignore[override]
        """True for plain sums alone."""
        return self.norm_type == 1

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.real_places(xs[0], channel, row, col)
        cells = self.kernel_size[0] * self.kernel_size[1]
        # torch scales the sum of a window that is cut off by the end, as if the missing cells were like the others.
        scale = cells / len(places)
        return norm(self.title, places, (xs[0],), self.norm_type, scale, y[0, channel, row, col])
