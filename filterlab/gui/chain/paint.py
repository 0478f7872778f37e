"""Painting of cards: where the parts of a row lie, and how they look.

They are painted, not made of widgets: a pipeline may have hundreds of nodes, and a view of painted rows stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from filterlab.gui.chain.cards import WAITING, Card, status_text
from filterlab.gui.chain.lanes import Lane
from filterlab.gui.look.icons import SIDE, paint_icon
from filterlab.images.palette import Colors, mixed

MARGIN = 6.0  # above and below the two lines of a row
EDGE = 12.0  # at the sides
STEP = 20.0  # from lane to lane
INDENT = 16.0  # of what lies in a block
STACK = 4.0  # from the edges of its row to those of the card of a folded block, which has others below it
CHEVRON = 18.0  # the room that it takes before the name of a block
# The width of all lanes together; where they would be wider, they are drawn closer.
MOST_LANES = 80.0


@dataclass(frozen=True)
class Layout:
    """Rectangles of the parts of a row, in the view's coordinates.

    step: from lane to lane. switch, eye: marks that share the second line with its text while they are shown.
    third: below the second line, for cards with three. body: the card beside the lanes.
    """

    row: QRectF
    lanes: QRectF
    step: float
    name: QRectF
    second: QRectF
    switch: QRectF
    eye: QRectF
    third: QRectF
    body: QRectF
    chevron: QRectF

    @classmethod
    def of(cls, row: QRectF, font: QFont, columns: int, depth: int = 0, block: str = "") -> Layout:
        """The layout of a row of the list.

        columns: the greatest number of lanes that any row has. depth: how many blocks the row lies in. block: "open"
        or "folded" for one that is a block itself, with a chevron before its name.
        """
        step = min(STEP, MOST_LANES / max(columns, 1))
        lanes = QRectF(row.left() + EDGE, row.top(), step * (columns - 1) + SIDE, row.height())
        line, small = QFontMetricsF(name_font(font)).height(), QFontMetricsF(small_font(font)).height()
        left, right = lanes.right() + 8 + INDENT * depth, row.right() - EDGE
        body = QRectF(left, row.top(), right - left, row.height())
        top = row.top() + MARGIN + (STACK if block == "folded" else 0)
        chevron = QRectF(left + 4, top + (line - 12) / 2, 12, 12)
        # A block is a card with edges of its own, from which its text keeps away.
        left, right = (left + CHEVRON + 2, right - 8) if block else (left, right)
        name = QRectF(left, top, right - left, line)
        second = QRectF(left, name.bottom() + 2, right - left, small)
        # Whole pixels, so that the box and the eye have sharp edges of equal length.
        side = round(small)
        eye = QRectF(right - side, second.top(), side, side)
        third = second.translated(0, small + 2)
        return cls(row, lanes, step, name, second, eye.translated(-side - 6, 0), eye, third, body, chevron)


def name_font(font: QFont) -> QFont:
    """The font of names: bold, and a little larger than `font`."""
    large = QFont(font)
    large.setPointSizeF(font.pointSizeF() * 13 / 12)
    large.setWeight(QFont.Weight.DemiBold)
    return large


def small_font(font: QFont) -> QFont:
    """The font of the ledger: a little smaller than `font`."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 11 / 12)
    return small


def row_size(font: QFont, lines: int = 2, *, folded: bool = False) -> QSize:
    """The size of a row with a name and lines below it, of which there are `lines` in all."""
    line, small = QFontMetricsF(name_font(font)).height(), QFontMetricsF(small_font(font)).height()
    height = line + (lines - 1) * (small + 2) + 2 * (MARGIN + (STACK if folded else 0))
    return QSize(120, round(height))


class CardPainter:
    """Paints one card with a painter, in the colours of a theme."""

    def __init__(self, painter: QPainter, colors: Colors, font: QFont) -> None:
        self._painter, self._colors, self._font = painter, colors, font

    def paint(self, card: Card, layout: Layout, *, selected: bool, current: bool, pointed: bool) -> None:
        """Paint a card with its lane. current, pointed: whether the keyboard focus is on it, and the cursor."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._ground(card, layout, selected, current)
        self._lane(card, layout, ground, selected)
        self._rails(card, layout)
        sized = self._name(card, layout.name)
        second = QRectF(layout.second)
        # The marks say what is not as usual; else they are only in the way, until somebody may want them.
        if pointed or card.hidden:
            self._eye(card, layout.eye)
            second.setRight(layout.eye.left() - 6)
        if not card.is_picture and (pointed or not card.enabled):
            paint_switch(painter, self._colors, layout.switch, card.enabled)
            second.setRight(layout.switch.left() - 6)
        if not sized and not card.error:
            # Below a long name the kind of layer gives way to the shape.
            small = small_font(self._font)
            second.setRight(
                second.right() - self._text(card.size, second, small, self._colors.dim, right=True) - 6
            )
        self._facts(card, second)

    def _rails(self, card: Card, layout: Layout) -> None:
        """Paint a line below the chevron of each block that the row lies in."""
        self._painter.setPen(QPen(QColor(self._colors.border), 1))
        for depth in range(1, card.depth + 1):
            x = round(layout.body.left() - INDENT * depth + 10) + 0.5
            self._painter.drawLine(QPointF(x, layout.row.top()), QPointF(x, layout.row.bottom()))

    # -- wires ----------------------------------------------------------------------------------------

    def _lane(self, card: Card, layout: Layout, ground: str, selected: bool) -> None:
        lane, area = card.lane, layout.lanes
        self._painter.setPen(QPen(QColor(mixed(self._colors.border, self._colors.dim, 0.5)), 1.2))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for column in lane.passing:
            x = _across(layout, column)
            self._painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if lane.column < 0:
            return
        for path in _wires(lane, layout):
            self._painter.drawPath(path)
        self._sign(card, QPointF(_across(layout, lane.column), layout.name.center().y()), ground, selected)

    def _sign(self, card: Card, middle: QPointF, ground: str, selected: bool) -> None:
        """Paint the icon of the layer, to which its wires lead."""
        colors, half = self._colors, SIDE / 2
        color = colors.error if card.error else colors.accent if selected else colors.dim
        # A node that waits is not at fault itself: only the one that it waits for is red.
        if card.waits or not card.enabled:
            color = colors.border
        area = QRectF(middle.x() - half, middle.y() - half, SIDE, SIDE)
        self._painter.fillRect(area.adjusted(-1, -3, 1, 3), QColor(ground))
        paint_icon(self._painter, card.icon, color, area)

    # -- the card -------------------------------------------------------------------------------------

    def _ground(self, card: Card, layout: Layout, selected: bool, current: bool) -> str:
        """Paint the ground of the row and return its colour."""
        colors, row = self._colors, layout.row
        wrong = bool(card.error) and not card.waits
        ground = colors.error_back if wrong else colors.selected if selected else colors.panel
        self._painter.fillRect(row, QColor(ground))
        if current or (wrong and selected):
            # Half a pixel inwards: a line of one pixel is sharp only along the middle of pixels.
            self._painter.setPen(QPen(QColor(colors.error if wrong else colors.accent), 1))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRect(row.adjusted(0.5, 0.5, -0.5, -0.5))
        return ground

    def _eye(self, card: Card, box: QRectF) -> None:
        """Paint an eye, which is crossed out where the column of the node is hidden on the wall."""
        paint_icon(self._painter, "eye-off" if card.hidden else "eye", self._colors.dim, box)

    def _name(self, card: Card, area: QRectF) -> bool:
        """Paint the name, and the size of the map if the name leaves room; return whether it does."""
        bold = name_font(self._font)
        bold.setStrikeOut(not card.enabled)
        name = self._text(card.label, area, bold, self._colors.text if card.enabled else self._colors.dim)
        rest = QRectF(area)
        rest.setLeft(area.left() + name + 8)
        small = small_font(self._font)
        fits = QFontMetricsF(small).horizontalAdvance(card.size) <= rest.width()
        if fits and not card.error:
            self._text(card.size, rest, small, self._colors.dim, right=True)
        return fits

    def _facts(self, card: Card, area: QRectF) -> None:
        """Paint the line below the name: the error, or the kind of layer, its figures and the state of its map."""
        small, colors = small_font(self._font), self._colors
        if card.error:
            self._text(card.error, area, small, colors.dim if card.waits else colors.error)
            return
        word = status_text(card.status)
        if word:
            mark = colors.accent if card.status == WAITING else colors.warning
            # The state of the map takes its room first; the tool tip still has all figures.
            area.setRight(area.right() - self._text(word, area, small, mark, right=True) - 6)
        self._text(longest(card.facts, small, area.width()), area, small, colors.dim)

    def _text(
        self,
        text: str,
        area: QRectF,
        font: QFont,
        color: str,
        *,
        right: bool = False,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> float:
        """Draw a line of text, cut with an ellipsis where it does not fit, and return its width."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, cut, area.width())
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


def longest(texts: tuple[str, ...], font: QFont, width: float) -> str:
    """The first text that fits into `width`, else the last one."""
    metrics = QFontMetricsF(font)
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), texts[-1])


def _across(layout: Layout, column: int) -> float:
    return layout.lanes.left() + layout.step * column + SIDE / 2


def _wires(lane: Lane, layout: Layout) -> list[QPainterPath]:
    """The wires that end at the dot or begin there."""
    area, x = layout.lanes, _across(layout, lane.column)
    middle, paths = layout.name.center().y(), []
    for column in lane.incoming:
        start = _across(layout, column)
        path = QPainterPath(QPointF(start, area.top()))
        # Vertical at both ends, so that the wire goes on without a kink in the rows above and below.
        path.cubicTo(QPointF(start, middle - 2), QPointF(x, area.top() + 2), QPointF(x, middle))
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
