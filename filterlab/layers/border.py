"""What lies beyond the border of a map for a layer that pads."""

from __future__ import annotations

from typing import NamedTuple

from filterlab.functional.geometry import Pads

PLAIN_MODES = ("zeros", "constant", "replicate")  # what they put there does not depend on the size of the map


class Border(NamedTuple):
    """Cells added around a map, and the border mode that fills them."""

    pads: Pads
    mode: str
