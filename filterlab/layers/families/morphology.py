"""The base of grey-scale morphology with flat rectangles."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.pool.morphology import reach
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import choice, declared_places
from filterlab.layers.families.centred import Centred


class Morphology(Centred):
    """Base of passes of extremes over windows; `steps` names them, "erode" or "dilate", from the first to the last."""

    group: ClassVar[str] = "morphology"
    locally_linear: ClassVar[bool] = True
    steps: ClassVar[tuple[str, ...]] = ()

    def sides(self) -> tuple[Pair, Pair]:
        passes = [reach(self.kernel_size, step) for step in self.steps]
        rows, cols = (
            (sum(each[axis][0] for each in passes), sum(each[axis][1] for each in passes)) for axis in (0, 1)
        )
        return rows, cols


class SinglePass(Morphology):
    """Base of a single pass, which chooses a value of the window: rule "min" or "max"."""

    singles_out: ClassVar[bool] = True
    rule: ClassVar[str]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = declared_places(self, 0, xs[0], channel, row, col)
        real = [place for place in places if not place.where.padding]
        return choice(self.title, self.rule, real, xs, y[0, channel, row, col])
