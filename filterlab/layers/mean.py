"""Mean of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, mean
from filterlab.layers.families.merging import WeightedSum


class Mean(WeightedSum):
    """(x1 + x2 + ... + xn) / n."""

    key: ClassVar[str] = "mean"
    title: ClassVar[str] = "Mean"
    search_words: ClassVar[str] = "average 平均 均值"

    def weights(self, count: int) -> tuple[float, ...]:
        return (1 / count,) * count

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return mean(self.title, places, xs, len(xs), y[at(y, channel, row, col)])
