"""Turning the picture."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.filters.warping import about_centre, cos_and_sin, turned_size, turning
from filterlab.functional.geometry import Pair
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Shape
from filterlab.layers.families.warping import Interpolation, Outside, Warping
from filterlab.parameters import Flag, Number


class Rotate(Warping):
    """The picture turned anticlockwise about its centre."""

    key: ClassVar[str] = "rotate"
    title: ClassVar[str] = "Rotate"
    search_words: ClassVar[str] = "rotation turn angle 旋转 角度"

    angle: Annotated[
        float,
        Number(slider=(-180, 180), unit="°", start=30.0),
        Field(description="Anticlockwise, in degrees."),
    ]
    mode: Interpolation
    expand: Annotated[
        bool, Flag(), Field(default=False, description="Enlarge the output so that no corner is cut off.")
    ]
    value: Outside

    def transform(self, size: Pair) -> tuple[Array, Pair]:
        output = turned_size(self.angle, size) if self.expand else size
        return about_centre(turning(self.angle), size, output), output

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        if not self.expand:
            return ()
        size = (shapes[0][1], shapes[0][2])
        # Nine digits, as seventeen hide that 0.49999999999999994 is the sine of 30°.
        c, s = (f"{abs(part):.9g}" for part in cos_and_sin(self.angle))
        return tuple(
            plain(axis, f"⌈{n} · {c} + {other} · {s}⌉", out)
            for axis, n, other, out in zip(AXES, size, size[::-1], turned_size(self.angle, size), strict=True)
        )
