"""The arithmetic of linked views: the same point of the picture is under the same pixel of every tile. No Qt.

There are three kinds of coordinates: pixels of a tile (x to the right, y down), cells of the picture, and cells of a
map, which a `Placement` lays over the picture: map row r begins at picture row place.top + r * place.height. Maps of
any size are shown by the same lens, so zooming one zooms all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from filterlab.fields.maps import Placement
from filterlab.fields.regions import Region
from filterlab.gui.bench.fullview import Part
from filterlab.images.views import ViewCrop

LARGEST = 256.0  # pixels per cell of the picture
# This part of a tile may show what lies beyond the edge, so that padding can be looked at.
OUTSIDE = 0.25


@dataclass(frozen=True)
class Lens:
    """The view through a tile: the point of the picture at its top left corner, and pixels per cell of the picture."""

    top: float
    left: float
    scale: float

    def picture_point(self, x: float, y: float) -> tuple[float, float]:
        """(row, column) of the picture, with fractions, under pixel (x, y) of the tile."""
        return self.top + y / self.scale, self.left + x / self.scale

    def span(self, place: Placement, top: float, left: float, bottom: float, right: float) -> Pixels:
        """The pixels of the tile that a part of a map covers; the part is given in cells of the map."""
        x, y = self.pixel(place, top, left)
        x2, y2 = self.pixel(place, bottom, right)
        return Pixels(x, y, x2 - x, y2 - y)

    def region(self, place: Placement, region: Region) -> Pixels:
        """The pixels that a region of a map covers."""
        return self.span(place, region.top, region.left, region.bottom, region.right)

    def pixel(self, place: Placement, row: float, col: float) -> tuple[float, float]:
        """(x, y) in the tile where a row and column of a map begin."""
        y = (place.top + row * place.height - self.top) * self.scale
        x = (place.left + col * place.width - self.left) * self.scale
        return x, y

    def map_point(self, place: Placement, x: float, y: float) -> tuple[float, float]:
        """(row, column) of a map, with fractions, under pixel (x, y) of the tile."""
        row, col = self.picture_point(x, y)
        return (row - place.top) / place.height, (col - place.left) / place.width

    def cell(self, place: Placement, size: tuple[int, int], x: float, y: float) -> tuple[int, int] | None:
        """The cell of a map of `size` under pixel (x, y); None beyond its edge."""
        # Floor and not int(): a point just left of the map would otherwise belong to its column 0.
        row, col = (floor(v) for v in self.map_point(place, x, y))
        return (row, col) if 0 <= row < size[0] and 0 <= col < size[1] else None

    def crop(self, place: Placement, x: float, y: float, right: float, bottom: float) -> ViewCrop:
        """The part of a map, in its cells, under a rectangle of the tile's pixels."""
        return ViewCrop(*self.map_point(place, x, y), *self.map_point(place, right, bottom))


@dataclass(frozen=True)
class Pixels:
    """A rectangle in a tile."""

    x: float
    y: float
    width: float
    height: float

    def at_least(self, side: float) -> Pixels:
        """The same middle, and no side shorter than `side`."""
        width, height = max(self.width, side), max(self.height, side)
        return Pixels(self.x - (width - self.width) / 2, self.y - (height - self.height) / 2, width, height)


def lens_for(crop: Part | None, full: Part, tile: tuple[float, float]) -> Lens:
    """The lens that shows the crop, or without one the full view, in the middle of a tile (width, height)."""
    top, left, height, width = crop or full
    # The tighter side decides: cells stay square, and the other side shows more than the crop.
    scale = min(tile[0] / width, tile[1] / height)
    return Lens(top - (tile[1] / scale - height) / 2, left - (tile[0] / scale - width) / 2, scale)


def zoomed(
    lens: Lens, full: Part, tile: tuple[float, float], factor: float, x: float, y: float
) -> Part | None:
    """The crop after zooming by `factor` about pixel (x, y) of a tile; None once the full view is reached."""
    fit = lens_for(None, full, tile).scale
    # A picture of a few cells exceeds LARGEST in the full view already; it must not become smaller by zooming in.
    scale = min(lens.scale * factor, max(LARGEST, fit))
    # Round-off must not leave a crop that looks like the full view, but would not follow when that changes.
    if factor < 1 and scale <= fit * 1.001:
        return None
    row, col = lens.picture_point(x, y)
    return _held(Lens(row - y / scale, col - x / scale, scale), full, tile)


def panned(lens: Lens, full: Part, tile: tuple[float, float], dx: float, dy: float) -> Part:
    """The crop after the picture was dragged by (dx, dy) pixels."""
    moved = Lens(lens.top - dy / lens.scale, lens.left - dx / lens.scale, lens.scale)
    return _held(moved, full, tile)


def at_scale(lens: Lens, full: Part, tile: tuple[float, float], scale: float) -> Part:
    """The crop with the same middle at `scale` pixels per cell of the picture."""
    row, col = lens.picture_point(tile[0] / 2, tile[1] / 2)
    return _held(Lens(row - tile[1] / 2 / scale, col - tile[0] / 2 / scale, scale), full, tile)


def _held(lens: Lens, full: Part, tile: tuple[float, float]) -> Part:
    height, width = tile[1] / lens.scale, tile[0] / lens.scale
    return (
        _hold(lens.top, height, full[0], full[2]),
        _hold(lens.left, width, full[1], full[3]),
        height,
        width,
    )


def _hold(start: float, length: float, first: float, cells: float) -> float:
    """The start of a crop along one axis, moved so that not too much of it lies outside `cells` from `first` on.

    A crop that is longer than these cells is put about their middle.
    """
    if length >= cells:
        return first + (cells - length) / 2
    return min(max(start, first - OUTSIDE * length), first + cells - (1 - OUTSIDE) * length)


def into_view(start: float, length: float, room: float) -> float:
    """Return the distance by which something must move to lie between 0 and `room`; what is longer begins at 0."""
    if start < 0 or length > room:
        return -start
    return min(room - start - length, 0.0)
