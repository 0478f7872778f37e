"""Product of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, chained
from filterlab.layers.families.merging import Merge


class Multiply(Merge):
    """x1 * x2 * ..."""

    key: ClassVar[str] = "multiply"
    title: ClassVar[str] = "Product"
    search_words: ClassVar[str] = "times product gate mask attention 相乘 乘法 门控 掩码"
    stem: ClassVar[str] = "mul"

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return chained(self.title, "·", places, xs, y[at(y, channel, row, col)])
