"""One tile: the visible part of one map, coloured at the resolution of the screen.

pyqtgraph's ImageItem is not used. It colours the whole array at every change of levels, which for a large map takes
longer than a frame, and it behaves differently for arrays of more than 32,768 cells a side. A tile colours only as
many pixels as it shows, and keeps them.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.fields.maps import Placement
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Colors
from filterlab.gui.painting import guarded, saved
from filterlab.gui.wall.legend.drawing import Legend, draw_legend, small
from filterlab.gui.wall.lens import Lens
from filterlab.gui.wall.numerals import draw_numbers, numbers_fit
from filterlab.gui.wall.paint import draw_badge, faded, hatch
from filterlab.gui.wall.turn import Turn
from filterlab.gui.words.i18n import tr
from filterlab.images.views import MapView, Scale, ViewCrop

SMALLEST_LABELLED = 72  # pixels of width; the channel of a smaller tile stands in its tool tip


@dataclass(frozen=True)
class Face:
    """Everything that decides how a tile looks; while it is equal, nothing is painted again.

    channel: None for all channels as one picture in colours, or as their mean. reason: why the map is stale, "" where
    it is not or where another tile of the column says so. legend: of the tile, where it has a scale of its own. mark: a
    letter in its corner, "" for none.
    """

    view: MapView
    channel: int | None
    scale: Scale
    colormap: str
    mean: bool
    lens: Lens
    place: Placement
    label: str
    stale: bool
    reason: str
    numbers: bool
    legend: Legend | None
    colors: Colors
    mark: str = ""

    @property
    def coloring(self) -> tuple[object, ...]:
        """What decides the coloured pixels; all else is drawn over them."""
        map_of = self.view, self.channel, self.mean, self.lens, self.place
        return *map_of, self.scale, self.colormap, self.numbers


@dataclass(frozen=True)
class VisiblePatch:
    """The coloured pixels of a tile.

    left, top: where they lie relative to the tile's corner, in device pixels. full: whether they cover the tile.
    reduction: n where they show a map that is larger than memory from 1/n of its size; else 1.
    """

    image: QImage
    left: float
    top: float
    full: bool
    reduction: int = 1


class TileItem(QGraphicsObject):
    """Keeps its coloured pixels until the map, the range, the colours or the part that is shown change.

    turn: what makes tiles wait that are new or have another size, where too many are to be coloured at once.
    """

    def __init__(self, parent: QGraphicsItem, turn: Turn | None = None) -> None:
        super().__init__(parent)
        self._turn = turn
        self.face: Face | None = None
        # Counts how often it was coloured, so that tests can see that nothing is done twice.
        self.colored = 0
        self._size = (0.0, 0.0)
        self._caption = 0.0
        self._patch: VisiblePatch | None = None
        # How the tile lies on the device pixels for which the patch was made.
        self._grid: tuple[float, ...] | None = None
        self._fits = False  # whether the patch was made for the present size

    def show_face(self, face: Face, size: tuple[float, float], caption: float) -> None:
        """Show a face in a tile of `size` (width, height). caption: height of the room for a legend below it."""
        if (size, caption) != (self._size, self._caption):
            self.prepareGeometryChange()
            self._size, self._caption, self._grid, self._fits = size, caption, None, False
        if face != self.face:
            # A map that becomes stale keeps its pixels.
            if self.face is None or face.coloring != self.face.coloring:
                self._grid = None
            self.face = face
            self.update()

    def let_go(self) -> None:
        """Hide and release the map: a spare tile must not keep the memory of a map that is no longer shown."""
        self.setVisible(False)
        self.face = self._patch = self._grid = None
        self._fits = False

    def recolor(self) -> None:
        """Colour it again: more of its map is known."""
        self._grid = None
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        # A pixel more on each side, for the frame; what is painted outside would stay when the tile is scrolled.
        return QRectF(-1, -1, self._size[0] + 2, self._size[1] + self._caption + 2)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        face = self.face
        if face is None:
            return
        box = QRectF(0, 0, *self._size)
        self._draw_map(face, painter, box)
        if face.stale:
            painter.fillRect(box, faded(face.colors.wall, 110))
            hatch(painter, box, faded(face.colors.text, 90))
        painter.setPen(_pen(face.colors.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        self._draw_words(face, painter, box)
        if face.mark:
            _draw_mark(painter, box, face)
        if face.legend is not None and self._caption > 0:
            area = caption_area(QRectF(box), self._caption)
            painter.setFont(small(painter.font()))
            draw_legend(painter, area, face.legend, face.colors)

    # -- the map --------------------------------------------------------------------------------------

    def _draw_map(self, face: Face, painter: QPainter, box: QRectF) -> None:
        # The patch is made while painting, not before: only here the size of a device pixel is known, which differs
        # between the screens that a window may be dragged to and between the screen and a picture of the wall.
        # Scrolling by whole device pixels leaves the grid, and so the patch, as it is.
        to_device = painter.deviceTransform()
        grid = (to_device.m11(), to_device.m22(), to_device.dx() % 1, to_device.dy() % 1)
        if grid != self._grid:
            if self._waits(painter):
                self._draw_former(face, painter, box)
                return
            with nullcontext() if self._turn is None else self._turn.coloring():
                self._patch, self._grid, self._fits = self._color(face, painter), grid, True
        patch = self._patch
        if patch is None or not patch.full:
            painter.fillRect(box, QColor(face.colors.window))
        if patch is None:
            return
        # Without scaling by the system there is nothing to cancel: logical pixels are device pixels.
        if grid == (1, 1, 0, 0):
            painter.drawImage(QPointF(patch.left, patch.top), patch.image)
            return
        # Drawn one to one onto device pixels, so that cells keep sharp edges. What the device itself adds to a world
        # transform (the ratio of a high-DPI screen) cannot be switched off; its inverse in front cancels it.
        inverse, _ = (painter.worldTransform().inverted()[0] * to_device).inverted()
        place = QTransform.fromTranslate(to_device.dx() + patch.left, to_device.dy() + patch.top)
        with saved(painter):
            painter.setWorldTransform(place * inverse)
            painter.drawImage(0, 0, patch.image)

    def _waits(self, painter: QPainter) -> bool:
        # A tile of the same size has a new part or new colours to show, and would be seen to lag behind the others.
        return not self._fits and self._turn is not None and self._turn.makes_wait(self, painter)

    def _draw_former(self, face: Face, painter: QPainter, box: QRectF) -> None:
        """Draw what it showed in another size; the ground where it is new."""
        if self._patch is not None and self._patch.full:
            painter.drawImage(box, self._patch.image)
        else:
            painter.fillRect(box, QColor(face.colors.window))

    def _color(self, face: Face, painter: QPainter) -> VisiblePatch | None:
        """Colour the device pixels whose middles lie both on the map and in the tile; None if there are none."""
        height, width = face.view.size
        shown = face.lens.span(face.place, 0, 0, height, width)
        box = QRectF(0, 0, *self._size)
        area = QRectF(shown.x, shown.y, shown.width, shown.height) & box
        to_device = painter.deviceTransform()
        device = to_device.mapRect(area)
        # The middle of device pixel i lies at i + 0.5, so that the first one inside is ceil(edge - 0.5).
        left, top = ceil(device.left() - 0.5), ceil(device.top() - 0.5)
        right, bottom = ceil(device.right() - 0.5), ceil(device.bottom() - 0.5)
        if area.isEmpty() or right <= left or bottom <= top:
            return None
        back, _ = to_device.inverted()
        # From the rounded edges: the crop must belong to exactly the pixels that are coloured, or cells would shift.
        start, stop = back.map(QPointF(left, top)), back.map(QPointF(right, bottom))
        crop = face.lens.crop(face.place, start.x(), start.y(), stop.x(), stop.y())
        pixels = face.view.colored(
            face.channel, crop, bottom - top, right - left, face.scale, face.colormap, mean=face.mean
        )
        image = image_of(pixels)
        self.colored += 1
        if face.numbers and numbers_fit(face.lens, face.place) and _known(face.view, crop):
            ratio = to_device.m11()
            draw_numbers(image, face.view, face.channel, crop, ratio, painter.font(), mean=face.mean)
        reduction = face.view.reduction(crop, bottom - top, right - left)
        return VisiblePatch(image, left - to_device.dx(), top - to_device.dy(), area == box, reduction)

    # -- words ----------------------------------------------------------------------------------------

    def _draw_words(self, face: Face, painter: QPainter, box: QRectF) -> None:
        if box.width() < SMALLEST_LABELLED:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = QColor(30, 30, 30, 190), QColor(Qt.GlobalColor.white)
        # The number of a cell is at its middle; a label right in the corner of the tile does not cover it.
        inset = 0 if face.numbers and numbers_fit(face.lens, face.place) else 4
        place = QPointF(box.left() + inset, box.bottom() - inset)
        if face.label:
            draw_badge(painter, place, face.label, ground, ink, above=True)
        if face.stale:
            colors = face.colors
            place = QPointF(box.left() + 4, box.top() + 4)
            fill, ink = QColor(colors.warning_back), QColor(colors.warning)
            badge = draw_badge(painter, place, tr("stale"), fill, ink, above=False)
            self._draw_reason(face, painter, QRectF(badge.left(), badge.bottom() + 3, box.width() - 8, 0))
        elif self._patch is not None and self._patch.reduction > 1:
            place = QPointF(box.left() + 4, box.top() + 4)
            draw_badge(painter, place, self._preview_words(painter, box), ground, ink, above=False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _preview_words(self, painter: QPainter, box: QRectF) -> str:
        """That a preview is shown, at length where there is room."""
        n = self._patch.reduction if self._patch is not None else 1
        words = tr("preview at 1/{n}; zoom in for the values at full resolution", n=n)
        fits = painter.fontMetrics().horizontalAdvance(words) < box.width() - 16
        return words if fits else tr("preview at 1/{n}", n=n)

    def _draw_reason(self, face: Face, painter: QPainter, line: QRectF) -> None:
        room = self._size[1] - line.top() - painter.fontMetrics().height() - 10
        if not face.reason or room < painter.fontMetrics().height():
            return
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        area = QRectF(line.left(), line.top(), line.width(), room)
        inner = area.adjusted(4, 2, -4, -2)
        text = QRectF(painter.boundingRect(inner, flags, face.reason)) & inner
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(face.colors.error_back, 240))
        painter.drawRoundedRect(text.adjusted(-4, -2, 4, 2), 3, 3)
        painter.setPen(QColor(face.colors.error))
        painter.drawText(text, flags, face.reason)


def _known(view: MapView, crop: ViewCrop) -> bool:
    """Whether the values under a crop are at hand: those of a map that is larger than memory may be still to come."""
    height, width = view.size
    top, left = max(floor(crop.top), 0), max(floor(crop.left), 0)
    return view.knows(top, left, min(ceil(crop.bottom), height), min(ceil(crop.right), width))


def _draw_mark(painter: QPainter, box: QRectF, face: Face) -> None:
    """Draw a letter in the upper right corner, and a frame, which is seen on tiles that have no room for letters."""
    fill, ink = QColor(face.colors.accent), QColor(face.colors.panel)
    painter.setPen(QPen(fill, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))
    bold = QFont(painter.font())
    bold.setBold(True)
    painter.setFont(bold)
    width = painter.fontMetrics().horizontalAdvance(face.mark) + 8
    draw_badge(painter, QPointF(box.right() - width, box.top()), face.mark, fill, ink, above=False)


def caption_area(tile: QRectF, caption: float) -> QRectF:
    """Where the legend of a tile is, in the room of this height below it."""
    return QRectF(tile.left(), tile.bottom() + 4, tile.width(), caption - 4)


@cache
def _pen(color: str) -> QPen:
    return QPen(QColor(color), 1)
