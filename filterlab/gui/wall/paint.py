"""Small things that several items paint: badges, legends, and outlines that are seen on any colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from filterlab.gui.look.ink import text_color
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Colors
from filterlab.images.views import Scale, ramp
from filterlab.text.numbers import brief


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


def legend_texts(scale: Scale) -> tuple[str, str]:
    """The numbers at the ends of a legend."""
    return brief(scale.least, 3), brief(scale.greatest, 3)


# Pixels; where less room would be left, the number at the lower end is omitted.
NARROWEST_BAR = 16


def draw_legend(painter: QPainter, area: QRectF, scale: Scale, colormap: str, colors: Colors) -> None:
    """Draw a colour bar between the numbers of its ends; zero is marked where it lies between them."""
    metrics = QFontMetricsF(painter.font())
    low, high = legend_texts(scale)
    left, right = metrics.horizontalAdvance(low) + 5, metrics.horizontalAdvance(high) + 5
    # The upper number says more: scales mostly begin at 0, or are symmetric about it.
    if left + right + NARROWEST_BAR > area.width():
        low, left = "", 0.0
        high = f"±{high}" if scale.least == -scale.greatest else high
        right = metrics.horizontalAdvance(high) + 5
    painter.setPen(QColor(colors.text))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, low)
    painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, high)
    height = max(metrics.height() * 0.75, 6.0)
    bar = QRectF(area.left() + left, area.center().y() - height / 2, area.width() - left - right, height)
    if bar.width() < 8:
        return
    painter.drawImage(bar, image_of(ramp(scale, colormap, 256)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.drawRect(bar)
    if scale.least < 0 < scale.greatest:
        _mark_zero(painter, bar, scale, colors)


def _mark_zero(painter: QPainter, bar: QRectF, scale: Scale, colors: Colors) -> None:
    x = bar.left() + bar.width() * -scale.least / (scale.greatest - scale.least)
    painter.setPen(QPen(QColor(colors.text), 1))
    # Beside the bar, not across it: there the lines would run into the figure 0.
    painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.top()))
    painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
    if bar.width() > 60:
        font = painter.font()
        small = painter.font()
        small.setPointSizeF(max(font.pointSizeF() * 0.75, 6))
        painter.setFont(small)
        painter.setPen(QColor(Qt.GlobalColor.black))
        painter.drawText(QRectF(x - 12, bar.top(), 24, bar.height()), Qt.AlignmentFlag.AlignCenter, "0")
        painter.setFont(font)
