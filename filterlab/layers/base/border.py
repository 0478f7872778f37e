"""The border that a padding layer adds to a map."""

from __future__ import annotations

from typing import NamedTuple

from filterlab.functional.geometry import Pads, Pair, check_border

# The modes whose cells are the same however large the map is; the others reflect or repeat it, and need its size.
PLAIN_MODES = ("zeros", "constant", "replicate")


class Border(NamedTuple):
    """Cells added around a map, and the padding mode that fills them."""

    pads: Pads
    mode: str

    def check(self, size: Pair, operation: str) -> None:
        """Raise ParameterError where the mode cannot fill so many cells around a map of `size` (h, w)."""
        check_border(size[0], self.pads.top, self.pads.bottom, self.mode, operation)
        check_border(size[1], self.pads.left, self.pads.right, self.mode, operation)
