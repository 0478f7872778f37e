"""A map of before an edit, of which what is on the screen is new already."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.views import MapView, Scale, ViewCrop

# Rows and columns where a part begins are multiples of this, so that its smaller copies hold the means of the same
# cells as those of the map.
ALIGNED = 64


class PatchedView(MapView):
    """The map `old` with the values of `part` from `corner` (row, column) on.

    What lies inside of the part as a whole is drawn from it, all else as it was before. Ranges and statistics are those
    of the old map, whose numbers `array` and `planes` are as well.
    """

    def __init__(self, old: MapView, part: MapView, corner: tuple[int, int]) -> None:
        # Not the base class's, which goes through all numbers.
        self.old, self._part, self._corner = old, part, corner
        self.array, self.planes, self.levels = old.array, old.planes, old.levels
        self.extents, self.nans, self.infinities = old.extents, old.nans, old.infinities

    @property
    def distribution(self) -> Any:
        return self.old.distribution

    def channel_distribution(self, channel: int) -> Any:
        return self.old.channel_distribution(channel)

    def renews(self, crop: ViewCrop) -> bool:
        """Return whether everything under a part of the map is new."""
        view, _ = self._under(crop)
        return view is self._part

    def sample(self, channels: int | slice, crop: ViewCrop, height: int, width: int) -> NDArray[Any]:
        view, crop = self._under(crop)
        return view.sample(channels, crop, height, width)

    def colored(
        self,
        channel: int | None,
        crop: ViewCrop,
        height: int,
        width: int,
        scale: Scale,
        colormap: str,
        *,
        mean: bool = False,
    ) -> NDArray[np.uint32]:
        view, crop = self._under(crop)
        return view.colored(channel, crop, height, width, scale, colormap, mean=mean)

    def number(self, channel: int, row: int, col: int) -> Any:
        view, (top, left, _, _) = self._under(ViewCrop(row, col, row + 1, col + 1))
        return view.number(channel, int(top), int(left))

    def column(self, row: int, col: int, most: int) -> list[float] | None:
        view, (top, left, _, _) = self._under(ViewCrop(row, col, row + 1, col + 1))
        return view.column(int(top), int(left), most)

    def value(self, channel: int, row: int, col: int) -> float:
        return float(self.number(channel, row, col))

    def values(self, channel: int | None, top: int, left: int, bottom: int, right: int) -> list[list[float]]:
        view, crop = self._under(ViewCrop(top, left, bottom, right))
        first, start, last, stop = map(int, crop)
        return view.values(channel, first, start, last, stop)

    def _under(self, crop: ViewCrop) -> tuple[MapView, ViewCrop]:
        """The map that a crop is drawn from, and the crop in cells of that."""
        height, width = self.size
        tall, wide = self._part.size
        top, left = self._corner
        # The edges of the pixels at the border may lie beyond that of the map.
        inside = (
            top <= max(crop.top, 0)
            and min(crop.bottom, height) <= top + tall
            and left <= max(crop.left, 0)
            and min(crop.right, width) <= left + wide
        )
        if not inside:
            return self.old, crop
        return self._part, ViewCrop(crop.top - top, crop.left - left, crop.bottom - top, crop.right - left)
