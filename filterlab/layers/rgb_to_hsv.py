"""RGB to HSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from filterlab.layers.families.colours import ColourSpace, Written


class RGBToHSV(ColourSpace):
    """Hue in turns (0 red, 1/3 green, 2/3 blue), saturation and value of a colour; Smith 1978."""

    key: ClassVar[str] = "rgb_to_hsv"
    title: ClassVar[str] = "RGB to HSV"
    search_words: ClassVar[str] = "color colour space hue saturation value hsb 颜色空间 色相 饱和度 明度"

    def written(self, values: Sequence[float], channel: int) -> Written:
        high, low = max(values), min(values)
        if channel == 2:
            return "max({r}, {g}, {b})", {}, {}
        if high == low:
            return "0", {}, {}
        if channel == 1:
            return "1 − min({r}, {g}, {b})/max({r}, {g}, {b})", {}, {}
        # From the hue of the greatest channel, a third of a turn from the next, towards the greater of the others.
        first = values.index(high)
        turned = "rgb"[first + 1 :] + "rgb"[:first]
        turns = ("", "1/3 + ", "2/3 + ")[first]
        if first == 0 and values[1] < values[2]:
            turns = "1 + "
        return f"{turns}({{{turned[0]}}} − {{{turned[1]}}})/(6·{{d}})", {"d": high - low}, {}
