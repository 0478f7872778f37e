"""Lab to RGB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from filterlab.functional.tones.colours import linear_light
from filterlab.layers.families.colours import ColourSpace, Written


class LabToRGB(ColourSpace):
    """sRGB of the CIE Lab colour under D65; colours that no screen shows lie outside 0 to 1."""

    key: ClassVar[str] = "lab_to_rgb"
    title: ClassVar[str] = "Lab to RGB"
    search_words: ClassVar[str] = "color colour space cielab 颜色空间"
    colours: ClassVar[str] = "made"
    letters: ClassVar[str] = "Lab"

    def written(self, values: Sequence[float], channel: int) -> Written:
        light = float(linear_light([np.float64(value) for value in values])[channel])
        bright = light > 0.0031308
        return ("1.055·{l}^(1/2.4) − 0.055" if bright else "12.92·{l}"), {"l": light}, {"l": "light"}
