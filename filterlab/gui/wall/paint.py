"""Small things that several items paint: badges, and outlines that are seen on any colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from filterlab.gui.look.ink import text_color


def faded(color: str | QColor, alpha: int) -> QColor:
    """A colour with an alpha from 0 (invisible) to 255 (opaque)."""
    result = QColor(color)
    result.setAlpha(alpha)
    return result


def draw_badge(
    painter: QPainter, at: QPointF, text: str, fill: QColor, ink: QColor, *, above: bool
) -> QRectF:
    """Draw a short text on a rounded ground and return its place.

    at: the lower left corner of the badge where it stands `above` this point, else its upper left one.
    """
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 1
    box = QRectF(at.x(), at.y() - height if above else at.y(), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box


def hatch(painter: QPainter, area: QRectF, color: QColor) -> None:
    """Draw slanted lines over an area."""
    painter.fillRect(area, QBrush(color, Qt.BrushStyle.BDiagPattern))


def outline(
    painter: QPainter, box: QRectF, color: QColor, *, dashed: bool = False, width: float = 2.0
) -> None:
    """Draw a frame that is seen on any colour: a line on top of a wider one of the opposite brightness."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    under = QPen(faded(text_color(color), 190), width + 2)
    # The usual join cuts the corners off, which shows on the smallest boxes.
    under.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(under)
    painter.drawRect(box)
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dashed:
        pen.setDashPattern([3.0, 2.5])
        # Square caps, Qt's usual ones, would reach into the gaps between the dashes.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawRect(box)
