"""The three steps of working with the window, with the next one highlighted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr

_GAP = 12
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)


class Steps(QWidget):
    """Three numbered steps side by side. Finished steps carry a tick, and the next one is highlighted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_state(False, False)

    def show_state(self, picture: bool, layers: bool) -> None:
        """Show whether there is a picture, and whether there are layers."""
        self._ticks = (picture, layers, False)
        self._next = self._ticks.index(False)
        words = "; ".join(f"{i + 1}: {title}, {text}" for i, (title, text) in enumerate(_steps()))
        self.setAccessibleName(tr("Steps"))
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as a title and two lines of text."""
        return QSize(600, 4 * self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Adapt the height: in narrow columns the text takes more lines."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        width = int((self.width() - 2 * _GAP) / 3 - 1.6 * metrics.lineSpacing() - 8)
        place = QRect(0, 0, max(width, 1), 10_000)  # only the width limits the text
        tallest = max(metrics.boundingRect(place, _WRAPPED, words).height() for _, words in _steps())
        self.setFixedHeight(round(1.8 * metrics.lineSpacing()) + tallest)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow, because the text can wrap."""
        return QSize(200, self.sizeHint().height())

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Draw each step in a third of the width."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - 2 * _GAP) / 3
        for i, (title, words) in enumerate(_steps()):
            self._draw(painter, QRectF(i * (width + _GAP), 0, width, self.height()), i, title, words)

    def _draw(self, painter: QPainter, place: QRectF, i: int, title: str, words: str) -> None:
        colors = self._theme.colors
        line = QFontMetrics(self.font()).lineSpacing()
        side = 1.6 * line
        badge = QRectF(place.left(), place.top() + 0.2 * line, side, side)
        current = i == self._next
        painter.setPen(QColor(colors.accent if current else colors.dim))
        painter.setBrush(QColor(colors.accent if current else colors.panel))
        painter.drawEllipse(badge.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(colors.accent_text if current else colors.text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "✓" if self._ticks[i] else str(i + 1))
        text = QRectF(place.left() + side + 8, place.top(), place.width() - side - 8, place.height())
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        painter.drawText(text.adjusted(0, 0.5 * line, 0, 0), Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(self.font())
        painter.setPen(QColor(colors.dim))
        painter.drawText(text.adjusted(0, 1.6 * line, 0, 0), _WRAPPED, words)


def _steps() -> tuple[tuple[str, str], ...]:
    return (
        (tr("Picture"), tr("your own, or a sample")),
        (tr("Layers"), tr("an example, or your own kernels")),
        (tr("Look"), tr("every map side by side; click any value")),
    )
