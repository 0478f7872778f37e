"""Any affine transform of the picture."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.filters.warping import about_centre, turning
from filterlab.functional.geometry import Pair
from filterlab.layers.families.warping import Interpolation, Outside, Warping
from filterlab.parameters import Number, NumberPair


class Affine(Warping):
    """The picture sheared, scaled and turned about its centre, then moved; its size stays."""

    key: ClassVar[str] = "affine"
    title: ClassVar[str] = "Affine transform"
    search_words: ClassVar[str] = "rotate scale zoom shear translate shift move 仿射变换 旋转 缩放 错切 平移"

    angle: Annotated[
        float,
        Number(slider=(-180, 180), unit="°"),
        Field(default=0.0, description="Anticlockwise, in degrees."),
    ]
    scale: Annotated[
        tuple[float, float],
        NumberPair(minimum=1e-3, maximum=1e3, slider=(0.1, 4)),
        Field(default=(1.0, 1.0), description="Factors of height and width."),
    ]
    shear: Annotated[
        float,
        Number(minimum=-89, maximum=89, slider=(-60, 60), unit="°"),
        Field(default=0.0, description="Angle by which columns lean to the side, in degrees."),
    ]
    translate: Annotated[
        tuple[float, float],
        NumberPair(slider=(-50, 50), unit="cells"),
        Field(default=(0.0, 0.0), description="Distance moved down and to the right, in cells."),
    ]
    mode: Interpolation
    value: Outside

    def transform(self, size: Pair) -> tuple[Array, Pair]:
        linear = turning(self.angle, self.scale, self.shear)
        return about_centre(linear, size, size, self.translate), size
