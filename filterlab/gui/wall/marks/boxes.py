"""Boxes over the maps around what a value sees of them: solid inside a map, dashed in its padding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QRegion
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.fields.cells import ReadBox
from filterlab.fields.regions import Region
from filterlab.gui.bench.selection import Spot
from filterlab.gui.painting import guarded_over, saved
from filterlab.gui.wall.content import WallStrip
from filterlab.gui.wall.layout import Column, Rect
from filterlab.gui.wall.lens import Lens, Pixels
from filterlab.gui.wall.paint import faded, hatch, outline

# Pixels of a box's side: around a single cell of a large map it could not be seen otherwise.
SMALLEST = 8.0
BEYOND = 6.0  # pixels that padding may reach over the edge of a tile
THUMBNAIL = 48  # tiles narrower than this are thumbnails, of which a thousand may be on the screen
# A column, what it shows, and its entries on the screen.
Placed = tuple[Column, WallStrip, Iterable[int]]


@dataclass(frozen=True)
class RegionBox:
    """A region in one tile, in pixels of the sheet.

    area: the region with its padding. inside: its part in the map, None where it has none. padded: whether some of
    it lies in the padding. exact: whether it is the value itself, not something that the value sees.
    """

    node: str
    entry: int
    tile: Rect
    area: Rect
    inside: Rect | None
    padded: bool
    exact: bool


def boxes_of(
    spot: Spot,
    reads: Mapping[str, ReadBox],
    columns: Iterable[Placed],
    lens_for: Callable[[tuple[float, float]], Lens],
    *,
    few: bool = False,
) -> list[RegionBox]:
    """The boxes of a value on the entries of these columns. reads: by node, what the value reads of its map.

    Only entries of channels that are read have one. few: of thumbnails, the first of these and that of the value's own
    channel alone.
    """
    found: list[RegionBox] = []
    for column, strip, entries in columns:
        read = reads.get(strip.node)
        if read is None or strip.view is None or strip.place is None:
            continue
        marked = [entry for entry in entries if read.reads(strip.channel(entry))]
        if few and column.entry[0] < THUMBNAIL:
            same = strip.entry(spot.channel)
            marked = sorted({*marked[:1], *(entry for entry in marked if entry == same)})
        exact = strip.node == spot.node
        lens, area = lens_for(column.entry), read.region
        found += [_box(strip, area, entry, column.rect(entry), lens, exact) for entry in marked]
    # Zoomed in, a region may lie beyond the part that its tile shows.
    return [box for box in found if _touches(box)]


def _box(strip: WallStrip, region: Region, entry: int, tile: Rect, lens: Lens, exact: bool) -> RegionBox:
    assert strip.view is not None and strip.place is not None, "only maps have boxes"  # noqa: PT018
    # Regions are not clipped; what clipping takes away lies in the padding, and is drawn dashed.
    inner = region.clipped(strip.view.size)
    empty = inner.top >= inner.bottom or inner.left >= inner.right
    area = _on_sheet(lens.region(strip.place, region), tile)
    inside = None if empty else _on_sheet(lens.region(strip.place, inner), tile)
    return RegionBox(strip.node, entry, tile, area, inside, inner != region, exact)


def _on_sheet(pixels: Pixels, tile: Rect) -> Rect:
    # Grown about its middle, so that the box still points at the cell that it stands for.
    grown = pixels.at_least(SMALLEST)
    return Rect(tile.left + grown.x, tile.top + grown.y, grown.width, grown.height)


def _touches(box: RegionBox) -> bool:
    a, b = box.area, box.tile
    return (
        a.left < b.right + BEYOND
        and a.right > b.left - BEYOND
        and a.top < b.bottom + BEYOND
        and (a.bottom > b.top - BEYOND)
    )


class BoxesItem(QGraphicsObject):
    """Draws the boxes of one value over all tiles.

    One item instead of one in each tile: at every move of the mouse all boxes change, and only their places, the old
    and the new, are repainted.
    """

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        self.boxes: list[RegionBox] = []
        self._color, self._bounds = QColor(), QRectF()

    def show_boxes(self, boxes: list[RegionBox], color: QColor, bounds: QRectF) -> None:
        """Show these boxes. bounds: of the sheet."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        # The wall asks again at every scroll and for every new map, mostly with the same boxes.
        if boxes == self.boxes and color == self._color:
            return
        for box in (*self.boxes, *boxes):
            self.update(_reach(box))
        self.boxes, self._color = boxes, color

    def boundingRect(self) -> QRectF:  # noqa: N802
        return self._bounds

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        for box in self.boxes:
            with saved(painter):
                self._draw_box(painter, box)

    def _draw_box(self, painter: QPainter, box: RegionBox) -> None:
        if box.padded:
            with saved(painter):
                self._draw_padding(painter, box)
        if box.inside is not None:
            painter.setClipRect(_rect(box.tile).adjusted(-2, -2, 2, 2), Qt.ClipOperation.IntersectClip)
            outline(painter, _rect(box.inside), self._color, width=2.5 if box.exact else 2.0)

    def _draw_padding(self, painter: QPainter, box: RegionBox) -> None:
        room = _rect(box.tile).adjusted(-BEYOND, -BEYOND, BEYOND, BEYOND)
        painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
        area = _rect(box.area)
        with saved(painter):
            if box.inside is not None:
                # Hatched around the inner part and not over it, where the map must stay readable.
                outside = QRegion(room.toAlignedRect()) - QRegion(_rect(box.inside).toAlignedRect())
                painter.setClipRegion(outside, Qt.ClipOperation.IntersectClip)
            hatch(painter, area & room, faded(self._color, 150))
        # Padding that is wider than the room beside a tile is closed at its edge, so that the dashes can be seen.
        outline(painter, area & room.adjusted(1.5, 1.5, -1.5, -1.5), self._color, dashed=True, width=1.5)


def _rect(rect: Rect) -> QRectF:
    return QRectF(rect.left, rect.top, rect.width, rect.height)


def _reach(box: RegionBox) -> QRectF:
    """Everything that a box may paint on."""
    room = _rect(box.tile).adjusted(-BEYOND - 1, -BEYOND - 1, BEYOND + 1, BEYOND + 1)
    return _rect(box.area).adjusted(-4, -4, 4, 4) & room
