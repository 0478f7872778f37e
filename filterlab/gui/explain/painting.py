"""Paints the shapes of sheets with Qt."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen

from filterlab.gui.look.pixels import image_of
from filterlab.images.vector import Area, Box, Raster, Shape, Stroke, Words

_ROOM = 10_000.0  # pixels around a text, which is aligned in this room


class Fonts:
    """A font in all sizes and weights, each of which is made once: a sheet measures hundreds of words."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._made: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}

    @property
    def size(self) -> float:
        """The usual size in points."""
        own = self._font.pointSizeF()
        # A font whose size is given in pixels has none in points.
        return own if own > 0 else QFontInfo(self._font).pointSizeF()

    @property
    def height(self) -> float:
        """The height of a line in the usual size, in pixels."""
        return self._of(self.size, False)[1].height()

    def font(self, size: float, bold: bool) -> QFont:
        """The font in a size in points."""
        return self._of(size, bold)[0]

    def width(self, text: str, size: float, bold: bool) -> float:
        """The width of a text in pixels. size: in points."""
        return self._of(size, bold)[1].horizontalAdvance(text)

    def _of(self, size: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        if (size, bold) not in self._made:
            font = QFont(self._font)
            font.setPointSizeF(size)
            font.setBold(bold)
            self._made[size, bold] = font, QFontMetricsF(font)
        return self._made[size, bold]


def rectangle(area: Area) -> QRectF:
    """An area as Qt has it."""
    return QRectF(area.left, area.top, area.width, area.height)


def paint(painter: QPainter, shapes: Iterable[Shape], ground: str, part: QRect) -> None:
    """Paint the shapes that reach into a part of a widget, in its font and on a ground of a colour."""
    fonts, exposed = Fonts(painter.font()), QRectF(part)
    painter.fillRect(part, _color(ground))
    for shape in shapes:
        if isinstance(shape, Words):
            _paint_words(painter, shape, fonts, exposed)
        elif isinstance(shape, Stroke):
            _paint_stroke(painter, shape)
        # Frames are wider than their rectangles, so that those beside the exposed part are painted as well.
        elif rectangle(shape.area.shrunk(-4)).intersects(exposed):
            _paint_area(painter, shape, rectangle(shape.area))


def _paint_stroke(painter: QPainter, stroke: Stroke) -> None:
    (x0, y0), (x1, y1) = stroke.start, stroke.stop
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, x0 != x1 and y0 != y1)
    painter.setPen(QPen(_color(stroke.colour), stroke.thickness))
    painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_area(painter: QPainter, shape: Box | Raster, area: QRectF) -> None:
    if isinstance(shape, Raster):
        # In device pixels, so that a high-DPI screen shows all that it can.
        ratio = painter.device().devicePixelRatio()
        image = image_of(shape.pixels(round(area.height() * ratio), round(area.width() * ratio)))
        painter.drawImage(area, image)
        return
    if shape.fill:
        painter.fillRect(area, _color(shape.fill))
    if shape.line:
        pen = QPen(_color(shape.line), shape.thickness)
        # The usual join cuts the corners off, which shows on the smallest boxes.
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)


def _paint_words(painter: QPainter, words: Words, fonts: Fonts, exposed: QRectF) -> None:
    room = QRectF(words.x - _ROOM / 2 if words.centred else words.x, words.y - 50, _ROOM, 100)
    if room.intersects(exposed):
        side = Qt.AlignmentFlag.AlignHCenter if words.centred else Qt.AlignmentFlag.AlignLeft
        painter.setFont(fonts.font(words.size, words.bold))
        painter.setPen(_color(words.colour))
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words.text)


def _color(colour: str) -> QColor:
    found = QColor(colour[:7])
    if len(colour) > 7:
        found.setAlpha(int(colour[7:], 16))
    return found
