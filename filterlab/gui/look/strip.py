"""Single lines of text that are cut off where they do not fit.

They are painted here, because a QLabel asks for the width of its whole text: the window would become wider with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints

GAP = 18  # logical pixels between two entries of a strip


@dataclass(frozen=True)
class StripEntry:
    """A name, in the dimmer colour, which may be "", and its values. faint: whether these are dimmer as well."""

    name: str
    values: str
    faint: bool = False

    @property
    def text(self) -> str:
        """Name and values."""
        return f"{self.name} {self.values}" if self.name else self.values

    def words(self) -> list[tuple[str, bool]]:
        """The words, each painted as a piece, and whether it is of the name."""
        return [
            *((shortened(word), True) for word in self.name.split()),
            *((word, False) for word in self.values.split()),
        ]


def shortened(name: str, most: int = 24) -> str:
    """A name whose middle is replaced by … where it is longer than `most` characters."""
    if len(name) <= most:
        return name
    tail = (most - 1) // 3
    return f"{name[: most - 1 - tail]}…{name[-tail:]}"


class Strip(QWidget):
    """Paints entries from the left, as many as there is room for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: list[StripEntry] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All that would be shown if there were room."""
        return "   ".join(entry.text for entry in self._entries)

    def show_entries(self, entries: list[StripEntry]) -> None:
        """Paint these entries."""
        if entries != self._entries:
            self._entries = entries
            self.update()

    def tip(self) -> str:
        """The text of the tool tip. It may take long to make, and is asked for only when it is to be shown."""
        return self.text

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of a line; the width is only a start, as the strip expands."""
        return QSize(200, self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The strip may become narrow."""
        return QSize(60, self.fontMetrics().height() + 2)

    def event(self, event: QEvent) -> bool:
        """Make the tool tip only when it is wanted."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(), self)
            return True
        return super().event(event)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Paint the entries, ending with a complete word: a number that is cut off would read as another number."""
        x, colors = 0.0, self._theme.colors
        for entry in self._entries:
            for word, named in entry.words():
                # Names are dimmer than the values that one looks for.
                painter.setPen(QColor(colors.dim if named or entry.faint else colors.text))
                advance = self.fontMetrics().horizontalAdvance(word + " ")
                if x + advance + self.fontMetrics().horizontalAdvance("…") > self.width():
                    self._draw(painter, x, "…")
                    return
                self._draw(painter, x, word)
                x += advance
            x += GAP - self.fontMetrics().horizontalAdvance(" ")

    def _draw(self, painter: QPainter, x: float, text: str) -> None:
        rect = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)


class Caption(QWidget):
    """A line of text that ends with … where it does not fit; the tool tip has all of it."""

    def __init__(
        self, parent: QWidget | None = None, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    ) -> None:
        super().__init__(parent)
        self._text, self._side = "", side
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """The complete text."""
        return self._text

    def show_text(self, text: str) -> None:
        """Replace the text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of a line; the width is only a start."""
        return QSize(80, self.fontMetrics().height() + 4)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Paint as much of the text as fits."""
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._side, shown)
