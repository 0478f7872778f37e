"""One tile: the visible part of one map, coloured at the resolution of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from filterlab.gui.i18n import tr
from filterlab.gui.theme import Colors
from filterlab.gui.wall.lens import Lens
from filterlab.gui.wall.numerals import draw_numbers, numbers_fit
from filterlab.gui.wall.paint import draw_badge, draw_legend, faded, hatch, image_of
from filterlab.images.views import Crop, MapView, Scale
from filterlab.pipeline.fields import Placement

SMALLEST_LABELLED = 72  # pixels of width; smaller tiles tell their channel in the tool tip


@dataclass(frozen=True)
class Face:
    """What a tile shows. channel None: three channels in colours. legend: whether it has a scale of its own.

    reason: why the map is stale, for the tile that tells it.
    """

    view: MapView
    channel: int | None
    scale: Scale
    colormap: str
    lens: Lens
    place: Placement
    label: str
    stale: bool
    reason: str
    numbers: bool
    legend: bool
    colors: Colors


@dataclass(frozen=True)
class Patch:
    """The pixels that a tile draws: where in device pixels from the device's origin, and which cells lie under."""

    left: int
    top: int
    width: int
    height: int
    crop: Crop


class TileItem(pg.GraphicsObject):
    """Keeps its coloured pixels until the map, the range, the colours or the part that is shown change."""

    def __init__(self, parent: pg.GraphicsObject) -> None:
        super().__init__(parent)
        self.face: Face | None = None
        self.colored = 0  # how many times it was coloured: tests see that nothing is done twice
        self._size = (0.0, 0.0)
        self._caption = 0.0
        self._image: QImage | None = None
        self._key: object = None

    def show_face(self, face: Face, size: tuple[float, float], caption: float) -> None:
        """Show this in a tile of `size` (width, height), with room for a legend below it."""
        if (size, caption) != (self._size, self._caption):
            self.prepareGeometryChange()
            self._size, self._caption = size, caption
        if face != self.face:
            self.face = face
            self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(-1, -1, self._size[0] + 2, self._size[1] + self._caption + 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        face = self.face
        if face is None:
            return
        box = QRectF(0, 0, *self._size)
        painter.fillRect(box, QColor(face.colors.window))
        patch = self._patch(face, painter)
        if patch is not None:
            self._draw_map(face, painter, patch)
        if face.stale:
            painter.fillRect(box, faded(face.colors.wall, 110))
            hatch(painter, box, faded(face.colors.text, 90))
        painter.setPen(QPen(QColor(face.colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        self._draw_words(face, painter, box)
        if face.legend and self._caption > 0:
            area = QRectF(0, self._size[1] + 2, self._size[0], self._caption - 2)
            draw_legend(painter, area, face.scale, face.colormap, face.colors)

    # -- the map --------------------------------------------------------------------------------------

    def _patch(self, face: Face, painter: QPainter) -> Patch | None:
        """The whole device pixels whose middles lie on the map and in the tile; None where there is none."""
        height, width = face.view.size
        shown = face.lens.span(face.place, 0, 0, height, width)
        area = QRectF(shown.x, shown.y, shown.width, shown.height) & QRectF(0, 0, *self._size)
        to_device = painter.deviceTransform()
        device = to_device.mapRect(area)
        left, top = ceil(device.left() - 0.5), ceil(device.top() - 0.5)
        right, bottom = ceil(device.right() - 0.5), ceil(device.bottom() - 0.5)
        if area.isEmpty() or right <= left or bottom <= top:
            return None
        back, _ = to_device.inverted()
        start, stop = back.map(QPointF(left, top)), back.map(QPointF(right, bottom))
        crop = face.lens.crop(face.place, start.x(), start.y(), stop.x(), stop.y())
        # The same part at another place of the screen is the same but for round-off.
        return Patch(left, top, right - left, bottom - top, Crop(*(round(v, 6) for v in crop)))

    def _draw_map(self, face: Face, painter: QPainter, patch: Patch) -> None:
        key = (face, patch.width, patch.height, patch.crop)
        if self._image is None or self._key != key:
            self._image, self._key = self._color(face, painter, patch), key
            self.colored += 1
        painter.save()
        # Device pixels as they are: undo what is left of the transform when the painter's own is identity.
        own = painter.worldTransform()
        inverse, _ = (own.inverted()[0] * painter.deviceTransform()).inverted()
        painter.setWorldTransform(QTransform.fromTranslate(patch.left, patch.top) * inverse)
        painter.drawImage(0, 0, self._image)
        painter.restore()

    def _color(self, face: Face, painter: QPainter, patch: Patch) -> QImage:
        pixels = face.view.colored(
            face.channel, patch.crop, patch.height, patch.width, face.scale, face.colormap
        )
        image = image_of(pixels)
        ratio = painter.deviceTransform().m11()
        if face.numbers and numbers_fit(face.lens, face.place):
            draw_numbers(image, face.view, face.channel, patch.crop, ratio, painter.font())
        return image

    # -- words ----------------------------------------------------------------------------------------

    def _draw_words(self, face: Face, painter: QPainter, box: QRectF) -> None:
        if box.width() < SMALLEST_LABELLED:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = QColor(30, 30, 30, 190), QColor(Qt.GlobalColor.white)
        place = QPointF(box.left() + 4, box.bottom() - 4)
        draw_badge(painter, place, face.label, ground, ink, above=True)
        if face.stale:
            colors = face.colors
            place = QPointF(box.left() + 4, box.top() + 4)
            fill, ink = QColor(colors.warning_back), QColor(colors.warning)
            badge = draw_badge(painter, place, tr("stale"), fill, ink, above=False)
            self._draw_reason(face, painter, QRectF(badge.left(), badge.bottom() + 3, box.width() - 8, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

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
