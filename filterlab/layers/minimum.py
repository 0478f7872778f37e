"""Minimum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, choice
from filterlab.layers.families.merging import Merge


class Minimum(Merge):
    """The smallest of the inputs; NaN wins, ties go to the first."""

    key: ClassVar[str] = "minimum"
    title: ClassVar[str] = "Minimum"
    search_words: ClassVar[str] = "smaller smallest 最小值"
    singles_out: ClassVar[bool] = True
    stem: ClassVar[str] = "min"
    locally_linear: ClassVar[bool] = True

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return choice(self.title, "min", places, xs, y[at(y, channel, row, col)])
