"""Small grids of weights, coloured by their sign."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.gui.inspector.kernel.cells import cell_color
from filterlab.gui.learning.views.captions import caption_height, draw_caption
from filterlab.gui.look.ink import text_color
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.images.display import display_range
from filterlab.images.views import pixels_of
from filterlab.text.numbers import MINUS, brief, uncertain

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CELLS = 31  # per side; larger planes are drawn as pictures
LARGEST = 48  # logical pixels of a cell
ROOMY = 76  # of one that holds a number and its error
FAINT = 0.55  # opacity of a number that cannot be told from 0
SMALLEST_TEXT = 9
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class WeightGrid(QWidget):
    """A plane of numbers (h, w) with a caption. Numbers are written into the cells where they fit.

    Standard errors stand below them; what cannot be told from 0 stands in brackets.
    """

    def __init__(self, theme: Theme, name: str, tip: str) -> None:
        super().__init__()
        self._theme, self._name, self._tip = theme, name, tip
        self.values: list[list[float]] = []
        self.errors: list[list[float]] = []  # empty where none are known
        self.distinct: list[list[bool]] = []
        self._largest = 0.0
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_plane(
        self,
        plane: NDArray[Any] | None,
        errors: NDArray[Any] | None = None,
        distinct: NDArray[Any] | None = None,
    ) -> None:
        """Show a plane (h, w), or nothing for None. errors: of each number; distinct: whether it differs from 0."""
        self.values, self.errors, self.distinct = (
            [] if array is None else array.tolist() for array in (plane, errors, distinct)
        )
        self._largest = max((abs(v) for row in self.values for v in row), default=0.0)
        self._image = QImage()
        if plane is not None and max(plane.shape) > MOST_CELLS:
            height, width = plane.shape
            pixels = pixels_of(plane, *display_range(plane, "symmetric"), "BrBG")
            # `copy`, because a QImage does not keep the bytes that it is made of alive.
            self._image = QImage(
                pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32
            ).copy()
        self.setAccessibleDescription(self.text)
        self.update()

    @property
    def text(self) -> str:
        """The caption: the name and the largest magnitude."""
        return " ".join(part for part in self._caption if part)

    @property
    def _caption(self) -> tuple[str, str]:
        if not self.values:
            return self._name, ""
        unit = self._unit()
        power = f" × 10{str(round(log10(unit))).translate(RAISED)}" if unit != 1 else ""
        # Of a plane with errors, "±" would be taken for the error.
        mark = "≤ " if self.errors else "±"
        return self._name, f"{mark}{brief(self._largest / unit, 3)}{power}"

    def _unit(self) -> float:
        """The power of ten in units of which numbers are written; 1 where they are of ordinary size."""
        usual = self._largest == 0 or 0.01 <= self._largest < 1000
        return 1.0 if usual else 10.0 ** floor(log10(self._largest))

    @property
    def _cells(self) -> tuple[int, int]:
        return len(self.values), len(self.values[0]) if self.values else 0

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        side = self.fontMetrics().height() * 8
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        line = self.fontMetrics().height()
        return QSize(5 * line, 5 * line)

    def _field(self) -> QRect:
        """Where the cells are drawn: square cells, centred below the caption."""
        room = self.rect().adjusted(0, caption_height(self.fontMetrics()), -1, -1)
        rows, cols = self._cells
        side = min(room.width() / cols, room.height() / rows, ROOMY if self.errors else LARGEST)
        if not self._image.isNull():
            side = min(room.width() / cols, room.height() / rows)
        field = QRect(room.topLeft(), QSize(max(round(side * cols), 2), max(round(side * rows), 2)))
        field.moveLeft(room.left() + (room.width() - field.width()) // 2)
        return field

    def cell_rect(self, row: int, col: int) -> QRect:
        """Where a cell is drawn."""
        field, (rows, cols) = self._field(), self._cells
        left, right = (round(field.width() * c / cols) for c in (col, col + 1))
        top, bottom = (round(field.height() * r / rows) for r in (row, row + 1))
        return QRect(field.left() + left, field.top() + top, right - left + 1, bottom - top + 1)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        painter.setPen(QColor(self._theme.colors.dim))
        draw_caption(painter, self.rect(), *self._caption)
        if not self.values:
            return
        if not self._image.isNull():
            painter.drawImage(self._field(), self._image)
            return
        side = self.cell_rect(0, 0).height()
        font = self.font()
        # Numbers shrink with their cells down to what can be read; where they do not fit then, they are left out.
        font.setPixelSize(max(SMALLEST_TEXT, min(self.fontInfo().pixelSize(), round(side * 0.36))))
        painter.setFont(font)
        unit = self._unit()
        scaled = [[value / unit for value in row] for row in self.values]
        texts = _texts(scaled, side - 4, QFontMetricsF(font))
        if self.errors:
            texts = self._with_errors(unit, side - 4, painter)
        for row, values in enumerate(self.values):
            for col, value in enumerate(values):
                painter.setOpacity(FAINT if self.errors and not self.distinct[row][col] else 1)
                self._paint_cell(painter, self.cell_rect(row, col), value, texts[row][col])

    def _with_errors(self, unit: float, room: float, painter: QPainter) -> list[list[str]]:
        """Each number with its error below, in letters that are as large as fits; without errors where none fit."""
        font = painter.font()
        texts = [
            [self._cell_text(row, col, unit) for col in range(self._cells[1])]
            for row in range(self._cells[0])
        ]
        for pixels in range(font.pixelSize(), SMALLEST_TEXT - 1, -1):
            font.setPixelSize(pixels)
            metrics = QFontMetricsF(font)
            lines = [line for row in texts for text in row for line in text.split("\n")]
            if 2 * metrics.height() <= room and all(
                metrics.horizontalAdvance(line) <= room for line in lines
            ):
                painter.setFont(font)
                return texts
        values = [[value / unit for value in row] for row in self.values]
        short = _texts(values, room, QFontMetricsF(painter.font()))
        # A weight that is held at 0 is no rounded number.
        return [
            ["0" if text and value == 0 else text for value, text in zip(*row, strict=True)]
            for row in zip(self.values, short, strict=True)
        ]

    def _cell_text(self, row: int, col: int, unit: float) -> str:
        words = uncertain(self.values[row][col] / unit, self.errors[row][col] / unit, digits=1)
        value, _, error = words.partition(" ± ")
        shown = value if self.distinct[row][col] or not error else f"({value})"
        return f"{shown}\n±{error}" if error else shown

    def _paint_cell(self, painter: QPainter, rect: QRect, value: float, text: str) -> None:
        back = cell_color(value, self._largest, self._theme.colors)
        painter.fillRect(rect, back)
        painter.setPen(QPen(QColor(self._theme.colors.border), 1))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.setPen(text_color(back))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def event(self, event: Any) -> bool:
        """Show a tool tip with the number under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event), self)
            return True
        return super().event(event)

    def _tip_at(self, event: QHelpEvent) -> str:
        if self.values:
            field, (rows, cols) = self._field(), self._cells
            if field.contains(event.pos()):
                row = (event.pos().y() - field.top()) * rows // field.height()
                col = (event.pos().x() - field.left()) * cols // field.width()
                where = tr("row {r}, column {c}", r=row, c=col)
                return f"{where}: {self._words_of(row, col)}"
        return self._tip

    def _words_of(self, row: int, col: int) -> str:
        if not self.errors:
            return brief(self.values[row][col], 7)
        words = uncertain(self.values[row][col], self.errors[row][col])
        if self.distinct[row][col]:
            return words
        return words + " · " + tr("cannot be told from 0: it lies in the 95 % interval")


def _texts(values: list[list[float]], width: float, metrics: QFontMetricsF) -> list[list[str]]:
    """All numbers with as many decimals as fit into every cell, and at most three digits of the largest.

    Empty texts where they do not fit. All have the same number of decimals, so that they can be compared at a glance.
    """
    largest = max(abs(v) for row in values for v in row)
    first = 2 - floor(log10(largest)) if largest > 0 else 1
    for decimals in (first, first - 1, first - 2):
        if decimals >= 1 or largest >= 100:  # with less, 1.9 would read as 2
            texts = [[_fixed(value, max(decimals, 0)) for value in row] for row in values]
            if all(metrics.horizontalAdvance(text) <= width for row in texts for text in row):
                return texts
    return [[""] * len(row) for row in values]


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)
