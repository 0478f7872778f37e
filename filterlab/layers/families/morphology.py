"""The base of grey-scale morphology with flat rectangles."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.pool.morphology import reach
from filterlab.layers.base.layer import Arithmetic, Layer
from filterlab.layers.base.rules import choice, declared_places
from filterlab.layers.base.window import AxisWindow, Size, Window
from filterlab.parameters import Pairs


class Morphology(Layer):
    """Base of passes of extremes over windows; `steps` names them, "erode" or "dilate", from the first to the last."""

    group: ClassVar[str] = "morphology"
    locally_linear: ClassVar[bool] = True
    steps: ClassVar[tuple[str, ...]] = ()

    kernel_size: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 31), unit="cells", start=3),
        Field(description="Height and width of the rectangle that is moved over the map."),
    ]

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        sides = [reach(self.kernel_size, step) for step in self.steps]
        counts = sizes[0] or (None, None)
        rows, cols = (
            AxisWindow(
                Fraction(1),
                Fraction(-sum(side[axis][0] for side in sides)),
                Fraction(sum(side[axis][1] for side in sides)),
                counts[axis],
            )
            for axis in (0, 1)
        )
        return ((rows, cols),)


class SinglePass(Morphology):
    """Base of a single pass, which chooses a value of the window: rule "min" or "max"."""

    singles_out: ClassVar[bool] = True
    rule: ClassVar[str]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = declared_places(self, 0, xs[0], channel, row, col)
        real = [place for place in places if not place.where.padding]
        return choice(self.title, self.rule, real, xs, y[0, channel, row, col])
