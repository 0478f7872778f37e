"""Black and white by a threshold that follows the light."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import stepped
from filterlab.layers.families.centred import Centred
from filterlab.parameters import Number


class AdaptiveThreshold(Centred):
    """1 where x is above the mean of its window minus an offset, else 0: uneven light does not matter."""

    key: ClassVar[str] = "adaptive_threshold"
    title: ClassVar[str] = "Adaptive threshold"
    search_words: ClassVar[str] = "binarize local threshold document text uneven light 自适应阈值 二值化 文档"
    group: ClassVar[str] = "tones"
    differentiable: ClassVar[bool] = False
    singles_out: ClassVar[bool] = True

    offset: Annotated[
        float,
        Number(slider=(-0.5, 0.5)),
        Field(default=0.0, description="Taken off the mean: the larger, the more values become 1."),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        (above, below), (left, right) = self.sides()
        cells = np.s_[max(row - above, 0) : row + below + 1, max(col - left, 0) : col + right + 1]
        window = xs[0][0, channel][cells]
        mean = float(np.clip(window.mean(dtype=np.float64), window.min(), window.max()))
        return stepped(self.title, xs[0], y, (channel, row, col), mean - self.offset)
