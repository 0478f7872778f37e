"""Grey by luminance."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.tones.colours import LUMINANCE
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.families.colours import need_colours
from filterlab.parameters import Choice


class Grayscale(Layer):
    """Grey as bright as the colour looks: a weighted sum of red, green and blue."""

    key: ClassVar[str] = "grayscale"
    title: ClassVar[str] = "Grey"
    search_words: ClassVar[str] = "gray grayscale greyscale luminance luma black white 灰度 亮度 黑白"
    group: ClassVar[str] = "colour"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    standard: Annotated[
        str,
        Choice(options=tuple(LUMINANCE)),
        Field(
            default="rec601",
            description="Whose weights: rec601 as OpenCV and Pillow, rec709 as scikit-image.",
        ),
    ]

    def output_channels(self, *channels: int) -> int:
        need_colours(channels[0], self)
        return 1

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return (plain("channels", f"{shapes[0][0]} / 3", 1),)
