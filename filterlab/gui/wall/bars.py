"""A vector as horizontal bars from zero, with names and numbers."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.gui.look.theme import Colors
from filterlab.gui.painting import guarded
from filterlab.gui.wall.content import WallStrip
from filterlab.gui.wall.layout import Column
from filterlab.gui.wall.paint import faded, hatch
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief

PAD = 6.0


class BarsItem(QGraphicsObject):
    """One item for the whole column: a vector may have a thousand entries, and only the exposed rows are drawn."""

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        # Without this flag Qt passes the whole bounding rectangle as the exposed one.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._strip: WallStrip | None = None
        self._column: Column | None = None
        self._colors: Colors | None = None
        self._marks: dict[int, QColor] = {}

    def show_strip(self, strip: WallStrip, column: Column, colors: Colors) -> None:
        """Show the vector of a column."""
        self.prepareGeometryChange()
        self._strip, self._column, self._colors = strip, column, colors
        self.update()

    def mark(self, marks: dict[int, QColor]) -> None:
        """Frame entries (the pinned one and the one under the cursor), each in its colour."""
        if marks != self._marks:
            # Old and new rows only: there may be a thousand, and the cursor marks another one at every move.
            changed = self._marks.keys() | marks.keys()
            self._marks = marks
            for channel in changed:
                self.update(self._row_of(channel).adjusted(-3, -3, 3, 3))

    def boundingRect(self) -> QRectF:  # noqa: N802
        column = self._column
        return QRectF(0, 0, column.width, column.height - column.top) if column else QRectF()

    def _row(self, entry: int) -> QRectF:
        column = self._column
        return QRectF(0, entry * column.step[1], column.width, column.entry[1]) if column else QRectF()

    def _row_of(self, channel: int) -> QRectF:
        return self._row(self._strip.entry(channel)) if self._strip is not None else QRectF()

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        strip, column, colors = self._strip, self._column, self._colors
        if strip is None or column is None or colors is None or strip.view is None:
            return
        exposed: QRectF = option.exposedRect
        painter.fillRect(exposed, QColor(colors.panel))
        line = painter.fontMetrics().height()
        thin = column.entry[1] < line
        named = self._named(strip, line) if thin else []
        label, value = self._widths(strip, painter.font()) if named or not thin else (0.0, 0.0)
        for entry in column.visible(column.top + exposed.top(), column.top + exposed.bottom()):
            row = self._row(entry)
            margin = 0.5 if thin else 2
            area = row.adjusted(PAD / 2, margin, -PAD / 2, -margin)
            if not thin:
                self._draw_words(painter, strip, colors, entry, row, label)
            if label:
                area = row.adjusted(PAD * 2 + label, margin, -PAD * 2 - value, -margin)
            self._draw_bar(painter, area, strip, entry, colors)
        for entry in named:
            row = QRectF(0, self._row(entry).center().y() - line / 2, column.width, line)
            self._draw_words(painter, strip, colors, entry, row, label)
        if strip.stale:
            painter.fillRect(exposed, faded(colors.wall, 110))
            hatch(painter, exposed, faded(colors.text, 70))
            painter.setPen(QColor(colors.warning))
            painter.drawText(self._row(0), Qt.AlignmentFlag.AlignCenter, tr("stale"))
        for channel, color in self._marks.items():
            painter.setPen(QPen(color, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._row_of(channel).adjusted(1, 1, -1, -1))

    def _named(self, strip: WallStrip, line: float) -> list[int]:
        """The entries that are named beside bars thinner than a line: the greatest scores, none over another."""
        named: list[int] = []
        for entry in map(strip.entry, strip.emphasised if strip.labels else ()):
            middle = self._row(entry).center().y()
            if all(abs(middle - self._row(other).center().y()) >= line for other in named):
                named.append(entry)
        return named

    def _widths(self, strip: WallStrip, font: QFont) -> tuple[float, float]:
        """Widths in pixels of the names and of the numbers."""
        # Measured in bold, as the greatest scores are written: their names must not be cut.
        bold = QFont(font)
        bold.setBold(True)
        metrics = QFontMetricsF(bold)
        width = self.boundingRect().width()
        # No entry's number has more digits than the count of all.
        names = strip.labels or (str(strip.count),)
        longest = max(metrics.horizontalAdvance(name) for name in names)
        if strip.labels:
            longest += metrics.horizontalAdvance(f"{strip.count} ")
        return min(longest, width * 0.45), metrics.horizontalAdvance("−0.00000")

    def _draw_words(
        self, painter: QPainter, strip: WallStrip, colors: Colors, entry: int, row: QRectF, label: float
    ) -> None:
        assert strip.view is not None, "bars are of a vector"
        channel = strip.channel(entry) or 0
        strong = channel in strip.emphasised
        font = painter.font()
        font.setBold(strong)
        painter.setFont(font)
        painter.setPen(QColor(colors.text if strong or not strip.emphasised else colors.dim))
        name = painter.fontMetrics().elidedText(
            strip.label(entry), Qt.TextElideMode.ElideRight, int(label) + 1
        )
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row.adjusted(PAD, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, name)
        number = brief(strip.view.value(channel, 0, 0))
        painter.drawText(row.adjusted(0, 0, -PAD, 0), middle | Qt.AlignmentFlag.AlignRight, number)

    def _draw_bar(
        self, painter: QPainter, area: QRectF, strip: WallStrip, entry: int, colors: Colors
    ) -> None:
        assert strip.view is not None, "bars are of a vector"
        channel = strip.channel(entry) or 0
        number, extent = strip.view.value(channel, 0, 0), strip.view.extent
        # Zero is always on the axis: bars begin there, or their lengths would not be proportional to the numbers.
        low, high = min(extent[0], 0.0), max(extent[1], 0.0)
        if area.width() < 4 or high <= low or number != number:  # NaN has no bar
            return
        zero = area.left() - area.width() * low / (high - low)
        # Clamped: an infinite entry lies beyond the extent, which is that of the finite values.
        tip = area.left() + area.width() * (min(max(number, low), high) - low) / (high - low)
        quiet = strip.emphasised and channel not in strip.emphasised
        fill = faded(colors.accent, 130) if quiet else QColor(colors.accent)
        painter.fillRect(QRectF(min(zero, tip), area.top(), abs(tip - zero), area.height()), fill)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawLine(QLineF(zero, area.top() - 2, zero, area.bottom() + 2))
