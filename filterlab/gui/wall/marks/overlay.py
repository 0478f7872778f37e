"""The overlays of the workbench, drawn over tiles: the effective field, and the cells that a weight touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.fields.maps import Placement
from filterlab.graph import IMAGE
from filterlab.gui.bench.overlays import FieldOverlay, TouchOverlay
from filterlab.gui.look.pixels import image_of
from filterlab.gui.painting import guarded_over, saved
from filterlab.gui.wall.layout import Rect
from filterlab.gui.wall.lens import Lens
from filterlab.gui.wall.marks.boxes import Placed
from filterlab.gui.wall.paint import faded

# Pixels between the cells of a lattice; if they are closer, its whole area is filled.
SPARSE = 3.0


@dataclass(frozen=True)
class Pane:
    """A tile under an overlay: where it is, what it shows, and how its map, of `size`, lies on the picture."""

    node: str
    channel: int | None
    tile: Rect
    lens: Lens
    place: Placement
    size: tuple[int, int]


def panes_of(columns: Iterable[Placed], lens: Lens | None) -> list[Pane]:
    """The tiles of the maps in these columns, which all have one size and so one lens."""
    found: list[Pane] = []
    for column, strip, entries in columns:
        if strip.view is None or strip.place is None or column.kind != "maps" or lens is None:
            continue
        for entry in entries:
            channel = strip.channel(entry)
            found.append(Pane(strip.node, channel, column.rect(entry), lens, strip.place, strip.view.size))
    return found


class OverlayItem(QGraphicsObject):
    """One item over all tiles, under the boxes."""

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        self._panes: list[Pane] = []
        self._field: FieldOverlay | None = None
        self._touch: TouchOverlay | None = None
        self._images: dict[int, QImage] = {}  # the field, by how many cells a pixel stands for
        self._bounds = QRectF()

    def show_overlays(
        self, panes: list[Pane], field: FieldOverlay | None, touch: TouchOverlay | None, bounds: QRectF
    ) -> None:
        """Draw the overlays over these tiles. bounds: of the sheet."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        # By identity, as for the workbench: comparing heat maps would take longer than drawing one.
        if field is not self._field:
            self._images = {}
        # Also where an overlay goes: what it has painted must be erased.
        if self._field or self._touch or field or touch:
            self.update()
        self._panes, self._field, self._touch = panes, field, touch

    def boundingRect(self) -> QRectF:  # noqa: N802
        return self._bounds

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        for pane in self._panes:
            with saved(painter):
                self._draw_pane(painter, pane)

    def _draw_pane(self, painter: QPainter, pane: Pane) -> None:
        tile, touch = pane.tile, self._touch
        painter.setClipRect(
            QRectF(tile.left, tile.top, tile.width, tile.height), Qt.ClipOperation.IntersectClip
        )
        # A lens counts pixels from the corner of its tile, the item from that of the sheet.
        painter.translate(tile.left, tile.top)
        if pane.node == IMAGE and self._field is not None:
            self._draw_field(painter, pane, self._field)
        if touch is not None and pane.node == touch.node and pane.channel in (None, touch.channel):
            _draw_touch(painter, pane, touch)

    def _draw_field(self, painter: QPainter, pane: Pane, field: FieldOverlay) -> None:
        # With more cells than device pixels, several cells become one pixel here: Qt would pick single ones.
        shrink = max(ceil(1 / (pane.lens.scale * painter.device().devicePixelRatio())), 1)
        if shrink not in self._images:
            pixels = field.heat.pixels(field.colormap, shrink)
            self._images[shrink] = image_of(pixels, QImage.Format.Format_ARGB32_Premultiplied)
        heat, image = field.heat, self._images[shrink]
        bottom, right = heat.top + image.height() * shrink, heat.left + image.width() * shrink
        part = pane.lens.span(pane.place, heat.top, heat.left, bottom, right)
        painter.setOpacity(field.opacity)
        painter.drawImage(QRectF(part.x, part.y, part.width, part.height), image)
        painter.setOpacity(1.0)


def _draw_touch(painter: QPainter, pane: Pane, touch: TouchOverlay) -> None:
    """Fill every touched cell, or the area of all where the cells are too close to be seen one by one."""
    lattice = touch.lattice
    rows = _inner(lattice.top, lattice.step[0], lattice.count[0], pane.size[0])
    cols = _inner(lattice.left, lattice.step[1], lattice.count[1], pane.size[1])
    if not rows or not cols:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    fill = faded(touch.color, 110)
    one = pane.lens.span(pane.place, 0, 0, 1, 1)
    # Thousands of tiny rectangles would be slow, and merge into one area for the eye anyway.
    dense = max(lattice.step) == 1 or min(one.width * lattice.step[1], one.height * lattice.step[0]) < SPARSE
    if dense:
        area = pane.lens.span(pane.place, rows[0], cols[0], rows[-1] + 1, cols[-1] + 1)
        painter.fillRect(QRectF(area.x, area.y, area.width, area.height), fill)
        painter.setPen(QPen(QColor(touch.color), 1.5))
        painter.drawRect(QRectF(area.x, area.y, area.width, area.height))
        return
    for row in rows:
        for col in cols:
            cell = pane.lens.span(pane.place, row, col, row + 1, col + 1)
            painter.fillRect(QRectF(cell.x, cell.y, cell.width, cell.height), fill)


def _inner(start: int, step: int, count: int, size: int) -> range:
    """The positions of a lattice along one axis that lie in a map of `size` cells.

    For example start -3, step 2, count 4 (-3, -1, 1, 3) in 3 cells: only 1, which is range(1, 3, 2).
    """
    first = -(start // step) if start < 0 else 0  # the least i with start + i * step >= 0
    last = min(count, (size - start + step - 1) // step)
    return range(start + first * step, start + last * step, step)
