"""Quotient of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, chained
from filterlab.layers.families.merging import Merge


class Divide(Merge):
    """x1 / x2, with the infinities and NaN that a 0 in x2 gives."""

    key: ClassVar[str] = "divide"
    title: ClassVar[str] = "Quotient"
    search_words: ClassVar[str] = "quotient ratio 相除 除法"
    stem: ClassVar[str] = "div"
    arity: ClassVar[tuple[int, int | None]] = (2, 2)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return chained(self.title, "/", places, xs, y[at(y, channel, row, col)])
