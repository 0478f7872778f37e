"""Painting of cards: where the parts of a row lie, and how they look.

They are painted, not made of widgets: a pipeline may have hundreds of nodes, and a view of painted rows stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from filterlab.gui.chain.cards import FRESH, WAITING, Card, status_text
from filterlab.gui.chain.lanes import Lane
from filterlab.gui.look.theme import Colors

GAP = 3.0  # above and below a card
MARGIN = 6.0
STEP = 11.0  # from lane to lane
# The width of all lanes together; where they would be wider, they are drawn closer.
MOST_LANES = 72.0


@dataclass(frozen=True)
class Layout:
    """Rectangles of the parts of a row, in the view's coordinates."""

    lanes: QRectF
    step: float
    card: QRectF
    switch: QRectF
    name: QRectF
    eye: QRectF
    first: QRectF
    second: QRectF

    @classmethod
    def of(cls, row: QRectF, font: QFont, columns: int) -> Layout:
        """The layout of a row of the list. columns: the greatest number of lanes that any row has."""
        step = min(STEP, MOST_LANES / max(columns, 1))
        lanes = QRectF(row.left() + 3, row.top(), step * columns + 4, row.height())
        card = row.adjusted(0, GAP, -5, -GAP)
        card.setLeft(lanes.right())
        line, small = QFontMetricsF(font).height(), QFontMetricsF(small_font(font)).height()
        # Whole pixels, so that the box and the eye have sharp edges of equal length.
        side = round(line * 0.8)
        top, left, right = card.top() + MARGIN, card.left() + MARGIN, card.right() - MARGIN
        switch = QRectF(left, top + (line - side) / 2, side, side)
        name = QRectF(switch.right() + 5, top, right - switch.right() - 5, line)
        first = QRectF(left, top + line + 2, right - left - side - 6, small)
        eye = QRectF(right - side, first.center().y() - side / 2, side, side)
        second = QRectF(left, first.bottom(), right - left, small)
        return cls(lanes, step, card, switch, name, eye, first, second)


def small_font(font: QFont) -> QFont:
    """The font of the ledger: a little smaller than `font`."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.88)
    return small


def row_size(font: QFont) -> QSize:
    """The size of a row with a name and two lines of the ledger."""
    line, small = QFontMetricsF(font).height(), QFontMetricsF(small_font(font)).height()
    return QSize(120, round(line + 2 * small + 2 + 2 * MARGIN + 2 * GAP))


class CardPainter:
    """Paints one card with a painter, in the colours of a theme."""

    def __init__(self, painter: QPainter, colors: Colors, font: QFont) -> None:
        self._painter, self._colors, self._font = painter, colors, font

    def paint(self, card: Card, layout: Layout, *, selected: bool, current: bool) -> None:
        """Paint a card with its lane. current: whether it has the keyboard focus."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._lane(card, layout)
        self._frame(card, layout.card, selected, current)
        if not card.is_picture:
            paint_switch(painter, self._colors, layout.switch, card.enabled)
        self._heading(card, layout)
        self._eye(card, layout.eye)
        if card.error:
            self._error(card, layout)
        else:
            self._ledger(card, layout)

    # -- wires ----------------------------------------------------------------------------------------

    def _lane(self, card: Card, layout: Layout) -> None:
        lane, area = card.lane, layout.lanes
        self._painter.setPen(QPen(QColor(self._colors.dim), 1.4))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for column in lane.passing:
            x = _across(layout, column)
            self._painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for path in _wires(lane, layout):
            self._painter.drawPath(path)
        self._dot(card, QPointF(_across(layout, lane.column), area.center().y()))

    def _dot(self, card: Card, middle: QPointF) -> None:
        colors = self._colors
        color = QColor(colors.error if card.error else colors.accent)
        # A node that waits is not at fault itself: only the one that it waits for is red.
        if card.waits or not card.enabled:
            color = QColor(colors.dim)
        # Not by colour alone: people who do not tell the colours apart see the filling.
        hollow = not card.enabled or card.waits or card.status != FRESH
        self._painter.setPen(QPen(color, 1.6))
        self._painter.setBrush(QColor(colors.panel) if hollow else color)
        self._painter.drawEllipse(middle, 3.6, 3.6)

    # -- the card -------------------------------------------------------------------------------------

    def _frame(self, card: Card, frame: QRectF, selected: bool, current: bool) -> None:
        colors = self._colors
        wrong = bool(card.error) and not card.waits
        back = colors.error_back if wrong else colors.selected if selected else colors.card
        edge = colors.accent if selected else colors.error if wrong else colors.border
        self._painter.setPen(QPen(QColor(edge), 2 if current else 1))
        self._painter.setBrush(QColor(back))
        # Half a pixel inwards: a line of one pixel is sharp only along the middle of pixels.
        self._painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _eye(self, card: Card, box: QRectF) -> None:
        """Paint an eye, which is crossed out where the column of the node is hidden on the wall."""
        painter, color = self._painter, QColor(self._colors.dim)
        painter.setPen(QPen(color, max(1.1, box.width() / 12)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle, half = box.center(), box.width() / 2
        lid = QPainterPath(QPointF(box.left(), middle.y()))
        lid.quadTo(QPointF(middle.x(), middle.y() - half * 1.15), QPointF(box.right(), middle.y()))
        lid.quadTo(QPointF(middle.x(), middle.y() + half * 1.15), QPointF(box.left(), middle.y()))
        painter.drawPath(lid)
        if card.hidden:
            painter.drawLine(box.bottomLeft() + QPointF(1, -1), box.topRight() + QPointF(-1, 1))
        else:
            painter.setBrush(color)
            painter.drawEllipse(middle, half * 0.3, half * 0.3)

    def _heading(self, card: Card, layout: Layout) -> None:
        area = QRectF(layout.name)
        if card.is_picture:
            area.setLeft(layout.first.left())
        bold = QFont(self._font)
        bold.setWeight(QFont.Weight.DemiBold)
        bold.setStrikeOut(not card.enabled)
        wide = QFontMetricsF(bold).horizontalAdvance(card.name)
        name = self._text(card.name, area, bold, self._colors.text if card.enabled else self._colors.dim)
        rest = QRectF(area)
        rest.setLeft(area.left() + min(wide, name) + 8)
        if rest.width() > 40:  # in less room the title would be an ellipsis and a letter or two
            self._text(card.title, rest, self._font, self._colors.dim, right=True)

    def _ledger(self, card: Card, layout: Layout) -> None:
        small, colors = small_font(self._font), self._colors
        color = colors.text if card.enabled and card.status == FRESH else colors.dim
        first = QRectF(layout.first)
        word = status_text(card.status)
        if word:
            wide = QFontMetricsF(small).horizontalAdvance(word) + 4
            mark = colors.accent if card.status == WAITING else colors.warning
            self._text(word, first, small, mark, right=True)
            # The state of the map takes its room first; the tool tip still has the shape and the memory.
            first.setRight(first.right() - wide)
        self._text(card.shape, first, small, color)
        if card.numbers:
            self._text(_longest(card.numbers, small, layout.second.width()), layout.second, small, colors.dim)

    def _error(self, card: Card, layout: Layout) -> None:
        """Paint the error in the two lines of the ledger; the tool tip has all of it."""
        small, color = small_font(self._font), self._colors.dim if card.waits else self._colors.error
        first, second = split_lines(card.error, small, layout.first.width())
        self._text(first, layout.first, small, color)
        self._text(second, layout.second, small, color)

    def _text(self, text: str, area: QRectF, font: QFont, color: str, *, right: bool = False) -> float:
        """Draw a line of text, cut off with an ellipsis where it does not fit, and return its width."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        self._painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown)


def paint_selection(painter: QPainter, colors: Colors, area: QRectF) -> None:
    """Paint the ground of a selected row of a list."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(colors.accent))
    painter.setBrush(QColor(colors.selected))
    painter.drawRoundedRect(area.adjusted(1.5, 0.5, -1.5, -0.5), 4, 4)


def paint_switch(painter: QPainter, colors: Colors, box: QRectF, on: bool) -> None:
    """Paint a box, with a tick if it is on."""
    painter.setPen(QPen(QColor(colors.accent if on else colors.dim), 1.2))
    painter.setBrush(QColor(colors.accent if on else colors.field))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
    if on:
        painter.setPen(QPen(QColor(colors.accent_text), box.width() / 8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_shape(box, ((0.24, 0.52), (0.43, 0.71), (0.77, 0.30))))


def split_lines(text: str, font: QFont, width: float) -> tuple[str, str]:
    """Split a text between two words into a first line that fits into `width`, and the rest."""
    metrics, words = QFontMetricsF(font), text.split(" ")
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


def _longest(texts: tuple[str, ...], font: QFont, width: float) -> str:
    """The first text that fits into `width`, else the last one."""
    metrics = QFontMetricsF(font)
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), texts[-1])


def _across(layout: Layout, column: int) -> float:
    return layout.lanes.left() + layout.step * (column + 0.5)


def _wires(lane: Lane, layout: Layout) -> list[QPainterPath]:
    """The wires that end at the dot or begin there."""
    area, x = layout.lanes, _across(layout, lane.column)
    middle, paths = area.center().y(), []
    for column in lane.incoming:
        start = _across(layout, column)
        path = QPainterPath(QPointF(start, area.top()))
        # Vertical at both ends, so that the wire goes on without a kink in the rows above and below.
        path.cubicTo(QPointF(start, middle - 4), QPointF(x, area.top() + 4), QPointF(x, middle))
        paths.append(path)
    if lane.read:
        path = QPainterPath(QPointF(x, middle))
        path.lineTo(QPointF(x, area.bottom()))
        paths.append(path)
    return paths


def _shape(box: QRectF, points: tuple[tuple[float, float], ...]) -> QPainterPath:
    places = [QPointF(box.left() + u * box.width(), box.top() + v * box.height()) for u, v in points]
    path = QPainterPath(places[0])
    for place in places[1:]:
        path.lineTo(place)
    return path
