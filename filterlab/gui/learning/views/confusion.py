"""The confusion matrix: how often pictures of each class were taken for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from filterlab.gui.look.ink import mixed, text_color
from filterlab.gui.look.strip import Caption
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 48  # logical pixels of a cell
LONGEST_LABEL = 10  # characters


class ConfusionMatrix(QWidget):
    """Rows are true classes, columns predicted ones; the diagonal is what the network got right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.counts: list[list[int]] = []
        self._labels: Sequence[str] = ()
        self.setAccessibleName(tr("Confusion matrix"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_counts(self, counts: NDArray[Any] | None, labels: Sequence[str]) -> None:
        """Show the counts (classes, classes), or nothing for None."""
        self.counts = [] if counts is None else counts.tolist()
        self._labels = labels
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        side = self.fontMetrics().height() * 12
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        line = self.fontMetrics().height()
        return QSize(8 * line, 5 * line)

    def _label(self, place: int) -> str:
        name = self._labels[place]
        return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"

    def _field(self, metrics: QFontMetrics) -> QRect:
        """Where the cells are drawn; the names of the classes are left of it and above."""
        names = range(len(self._labels))
        left = max(metrics.horizontalAdvance(self._label(i)) for i in names) + 6
        room = self.rect().adjusted(left, metrics.height() + 2, -1, -1)
        side = max(min(room.width(), room.height(), LARGEST * len(self.counts)), len(self.counts))
        return QRect(room.topLeft(), QSize(side, side))

    def _cell(self, field: QRect, row: int, col: int) -> QRect:
        # Each border is rounded by itself, so that cells share their borders whatever the width is divided by.
        count = len(self.counts)
        left, right = (field.width() * c // count for c in (col, col + 1))
        top, bottom = (field.height() * r // count for r in (row, row + 1))
        return QRect(field.left() + left, field.top() + top, right - left + 1, bottom - top + 1)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        if not self.counts:
            return
        metrics = self.fontMetrics()
        field = self._field(metrics)
        for row, counts in enumerate(self.counts):
            self._paint_names(painter, field, row, metrics)
            for col, count in enumerate(counts):
                # The colour is the share of the class: rare classes are as visible as frequent ones.
                self._paint_cell(painter, self._cell(field, row, col), count, count / max(sum(counts), 1))

    def _paint_names(self, painter: QPainter, field: QRect, place: int, metrics: QFontMetrics) -> None:
        painter.setPen(QColor(self._theme.colors.dim))
        row, col = self._cell(field, place, 0), self._cell(field, 0, place)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if metrics.height() <= row.height() + 4:
            painter.drawText(QRect(0, row.top(), field.left() - 5, row.height()), flags, self._label(place))
        above = QRect(col.left(), field.top() - metrics.height() - 1, col.width(), metrics.height())
        short = metrics.elidedText(self._label(place), Qt.TextElideMode.ElideRight, col.width())
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, short)

    def _paint_cell(self, painter: QPainter, rect: QRect, count: int, share: float) -> None:
        colors = self._theme.colors
        back = mixed(QColor(colors.field), QColor(colors.accent), share)
        painter.fillRect(rect, back)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        metrics = painter.fontMetrics()
        fits = metrics.height() <= rect.height() and metrics.horizontalAdvance(str(count)) < rect.width()
        if count and fits:
            painter.setPen(text_color(back))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(count))

    def event(self, event: Any) -> bool:
        """Show a tool tip about the cell under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event), self)
            return True
        return super().event(event)

    def _tip_at(self, event: QHelpEvent) -> str:
        if self.counts and (field := self._field(self.fontMetrics())).contains(event.pos()):
            count = len(self.counts)
            row = (event.pos().y() - field.top()) * count // field.height()
            col = (event.pos().x() - field.left()) * count // field.width()
            return tr(
                "true class {row}, predicted {col}: {n} of {total}",
                n=self.counts[row][col],
                total=sum(self.counts[row]),
                row=self._labels[row],
                col=self._labels[col],
            )
        return tr("Confusion matrix of the validation pictures; rows: true class, columns: predicted class")


class ClassView(QWidget):
    """Accuracy and confusion matrix of the epoch in view."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.words = Caption()
        self.matrix = ConfusionMatrix(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.matrix, 1)

    def show_epoch(self, epoch: Any | None) -> None:
        """Show the results of an epoch, or that none is finished."""
        if epoch is None:
            self.words.show_text(tr("no epoch is finished yet"))
            self.matrix.show_counts(None, ())
            return
        text = tr(
            "correct: {own:.1%} of the training pictures, {other:.1%} of the validation pictures",
            own=epoch.accuracy,
            other=epoch.validation_accuracy,
        )
        self.words.show_text(text)
        self.matrix.show_counts(epoch.confusion, epoch.labels)
