"""HSV to RGB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from filterlab.functional.tones.colours import place_in_turn
from filterlab.layers.families.colours import ColourSpace, Written


class HSVToRGB(ColourSpace):
    """Red, green and blue of hue in turns, saturation and value."""

    key: ClassVar[str] = "hsv_to_rgb"
    title: ClassVar[str] = "HSV to RGB"
    search_words: ClassVar[str] = "color colour space hue saturation value 颜色空间 色相 饱和度 明度"
    colours: ClassVar[str] = "made"
    letters: ClassVar[str] = "hsv"

    def written(self, values: Sequence[float], channel: int) -> Written:
        k = float(place_in_turn(values[0], channel))
        return "{v} − {v}·{s}·max(0, min({k}, 4 − {k}, 1))", {"k": k}, {}
