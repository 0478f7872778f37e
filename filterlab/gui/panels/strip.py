"""One line of names and values, cut off at its end where it does not fit."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.gui.theme import Theme

GAP = 18  # logical pixels between two entries


@dataclass(frozen=True)
class Entry:
    """A name (bold, may be empty) and its values. faint: in the dimmer colour."""

    name: str
    values: str
    faint: bool = False

    @property
    def text(self) -> str:
        """Name and values."""
        return f"{self.name} {self.values}" if self.name else self.values


class Strip(QWidget):
    """Paints entries from the left as far as there is room. tip: asked for the tool tip when it is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: list[Entry] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All that would be shown if there were room."""
        return "   ".join(entry.text for entry in self._entries)

    def show_entries(self, entries: list[Entry]) -> None:
        """Paint these."""
        if entries != self._entries:
            self._entries = entries
            self.update()

    def tip(self) -> str:
        """The tool tip, made when it is wanted."""
        return self.text

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line of text; as much width as there is."""
        return QSize(200, self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """It may become narrow."""
        return QSize(60, self.fontMetrics().height() + 2)

    def event(self, event: QEvent) -> bool:
        """Make the tool tip only when it is wanted."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The entries one after the other."""
        painter = QPainter(self)
        bold = QFont(self.font())
        bold.setBold(True)
        x = 0.0
        for entry in self._entries:
            for text, font in ((entry.name, bold), (entry.values, self.font())):
                if text and x < self.width():
                    x = self._draw(painter, x, text, font, entry.faint)
            x += GAP - self.fontMetrics().horizontalAdvance(" ")
        painter.end()

    def _draw(self, painter: QPainter, x: float, text: str, font: QFont, faint: bool) -> float:
        """Draw a text at `x`, cut to the room there is; gives where the next one starts."""
        colors, metrics = self._theme.colors, QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(colors.dim if faint else colors.text))
        room = self.width() - x
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(x, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return x + metrics.horizontalAdvance(text + " ")
