"""Maximum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, choice
from filterlab.layers.families.merging import Merge


class Maximum(Merge):
    """The largest of the inputs; NaN wins, ties go to the first."""

    key: ClassVar[str] = "maximum"
    title: ClassVar[str] = "Maximum"
    search_words: ClassVar[str] = "larger largest maxout 最大值"
    singles_out: ClassVar[bool] = True
    stem: ClassVar[str] = "max"
    locally_linear: ClassVar[bool] = True

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return choice(self.title, "max", places, xs, y[at(y, channel, row, col)])
