"""RGB to Lab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from filterlab.functional.tones.colours import parts_of_white, root
from filterlab.layers.families.colours import ColourSpace, Written

_SYMBOLS = {"fx": "f(X)", "fy": "f(Y)", "fz": "f(Z)"}  # cube roots of the parts of the white


class RGBToLab(ColourSpace):
    """L (0 black to 100 white), a (green to red) and b (blue to yellow) of sRGB under D65; CIE 1976."""

    key: ClassVar[str] = "rgb_to_lab"
    title: ClassVar[str] = "RGB to Lab"
    search_words: ClassVar[str] = "color colour space cielab lightness perceptual 颜色空间 感知均匀"

    def written(self, values: Sequence[float], channel: int) -> Written:
        x, y, z = (float(root(part)) for part in parts_of_white([np.float64(value) for value in values]))
        if channel == 0:
            return "116·{fy} − 16", {"fy": y}, _SYMBOLS
        if channel == 1:
            return "500·({fx} − {fy})", {"fx": x, "fy": y}, _SYMBOLS
        return "200·({fy} − {fz})", {"fy": y, "fz": z}, _SYMBOLS
