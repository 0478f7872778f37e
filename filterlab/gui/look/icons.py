"""Icons in the theme's colours: those of one family for commands and layers, and our own for the levels of messages.

The family is Lucide, whose licence lies beside its files.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtSvg import QSvgRenderer

from filterlab.gui.painting import painting
from filterlab.images.palette import Colors, mixed
from filterlab.resources import resource

SIDE = 16  # logical pixels of an icon


def icon(name: str, colors: Colors) -> QIcon:
    """An icon of the family, as "undo-2": dim where it is disabled, in the accent's colour where it is checked."""
    # Drawn for the screens that there are: for all that there might be, the icons of a panel would take longer than
    # the panel itself. Twice as large in any case, for a screen that is attached later.
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()} | {2.0}
    return _icon(name, colors, tuple(sorted(ratios)))


@cache
def _icon(name: str, colors: Colors, ratios: tuple[float, ...]) -> QIcon:
    made = QIcon()
    mode, state = QIcon.Mode, QIcon.State
    for color, ink, on in (
        (colors.text, mode.Normal, state.Off),
        (mixed(colors.panel, colors.dim, 0.5), mode.Disabled, state.Off),
        (colors.accent, mode.Normal, state.On),
    ):
        renderer = _renderer(name, color)  # not kept: the icon is, and is not drawn again
        for ratio in ratios:
            side = round(SIDE * ratio)
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
            with painting(pixmap) as painter:
                renderer.render(painter, QRectF(0, 0, side, side))
            made.addPixmap(pixmap, ink, on)
    return made


def paint_icon(painter: QPainter, name: str, color: str, area: QRectF) -> None:
    """Paint an icon of the family in one colour."""
    _kept_renderer(name, color).render(painter, area)


@cache
def _kept_renderer(name: str, color: str) -> QSvgRenderer:
    return _renderer(name, color)


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


@cache  # an icon is drawn in three colours
def _source(name: str) -> str:
    return resource("icons", "lucide", f"{name}.svg").read_text(encoding="utf-8")


def level_icon(level: str, colors: Colors, size: int, ratio: float) -> QIcon:
    """The icon of a level: "note" (a disc), "warning" (a triangle) or "error" (an octagon). size: logical pixels."""
    pixmap = level_pixmap(level, colors, size, ratio)
    icon = QIcon(pixmap)
    icon.addPixmap(
        pixmap, QIcon.Mode.Selected
    )  # else Qt makes one that is tinted with the selection's colour
    return icon


def level_pixmap(level: str, colors: Colors, size: int, ratio: float) -> QPixmap:
    """The icon of a level as a pixmap, for a screen of `ratio` device pixels per logical pixel."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_color(level, colors)))
        painter.drawPath(_outline(level))
        _draw_mark(painter, level, QColor(colors.card))
    return pixmap


def _color(level: str, colors: Colors) -> str:
    return {"error": colors.error, "warning": colors.warning}.get(level, colors.accent)


def _outline(level: str) -> QPainterPath:
    path = QPainterPath()
    if level == "warning":
        path.addPolygon(QPolygonF([QPointF(8, 1), QPointF(15.5, 14.5), QPointF(0.5, 14.5)]))
    elif level == "error":
        corners = [(5, 1), (11, 1), (15, 5), (15, 11), (11, 15), (5, 15), (1, 11), (1, 5)]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    else:
        path.addEllipse(QRectF(1, 1, 14, 14))
    return path


def _draw_mark(painter: QPainter, level: str, color: QColor) -> None:
    painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    if level == "error":
        painter.drawLine(QPointF(5.3, 5.3), QPointF(10.7, 10.7))
        painter.drawLine(QPointF(10.7, 5.3), QPointF(5.3, 10.7))
    elif level == "warning":
        painter.drawLine(QPointF(8, 6), QPointF(8, 9.2))
        painter.drawPoint(QPointF(8, 12.2))
    else:
        painter.drawLine(QPointF(8, 7.6), QPointF(8, 11.4))
        painter.drawPoint(QPointF(8, 4.6))
