"""The legend of the curves: a piece of each line and what it shows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints

SIGN, GAP, SPACE = 18, 4, 12  # pixels: the piece of a line, behind it, and between two entries

LegendEntry = tuple[QPen, str]


class CurveLegend(QWidget):
    """One row of entries, as many as fit, or in their place the values under the mouse; a tooltip has them all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.entries: list[LegendEntry] = []
        self.values = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_entries(self, entries: list[LegendEntry]) -> None:
        """Show these pens and words."""
        words = ", ".join(text for _, text in entries)
        if self.accessibleDescription() != words:
            self.setAccessibleDescription(words)
            self.setToolTip(words)
        self.entries = entries
        self.update()

    def show_values(self, text: str) -> None:
        """Show a text in place of the entries; "" shows the entries again."""
        self.values = text
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line of text."""
        return QSize(120, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The first entry's line, and some letters."""
        return QSize(60, self.sizeHint().height())

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Draw the entries from the left."""
        painter.setPen(QColor(self._theme.colors.text))
        if self.values:
            self._write(painter, 0, self.values)
            return
        left = 0
        for pen, text in self.entries:
            width = SIGN + GAP + self.fontMetrics().horizontalAdvance(text)
            if left and left + width > self.width():
                return  # a line without its words says nothing
            painter.setPen(pen)
            middle = self.height() / 2
            painter.drawLine(QPointF(left, middle), QPointF(left + SIGN, middle))
            painter.setPen(QColor(self._theme.colors.dim))
            self._write(painter, left + SIGN + GAP, text)
            left += width + SPACE

    def _write(self, painter: QPainter, left: int, text: str) -> None:
        room = QRectF(left, 0, max(self.width() - left, 0), self.height())
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
