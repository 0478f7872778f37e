"""What lies beyond the border of a map for a layer that pads, and how its taps are spaced."""

from __future__ import annotations

from typing import NamedTuple

from filterlab.functional.geometry import Pads, Pair

PLAIN_MODES = ("zeros", "constant", "replicate")  # what they put there does not depend on the size of the map


class Border(NamedTuple):
    """Cells added around a map, the border mode that fills them, and the cells from one tap to the next."""

    pads: Pads
    mode: str
    dilation: Pair
