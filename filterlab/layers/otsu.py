"""Black and white by the threshold that splits a map best."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.tones.thresholds import otsu_threshold
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import stepped
from filterlab.layers.families.whole_map import WholeMap
from filterlab.parameters import Integer


class Otsu(WholeMap):
    """1 where x is above the threshold that splits the values of its map best into two groups, else 0; Otsu 1979."""

    key: ClassVar[str] = "otsu"
    title: ClassVar[str] = "Otsu's threshold"
    search_words: ClassVar[str] = "binarize threshold automatic segmentation 大津法 二值化 阈值 自动"
    group: ClassVar[str] = "tones"
    differentiable: ClassVar[bool] = False

    bins: Annotated[
        int,
        Integer(minimum=2, maximum=65536, slider=(2, 1024), unit="bins"),
        Field(default=256, description="Number of ranges of values that are counted."),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        limit = otsu_threshold(xs[0][0, channel], self.bins)
        return stepped(self.title, xs[0], y, (channel, row, col), limit)
