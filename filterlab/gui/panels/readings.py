"""The dialog that asks which kernel is meant when a pasted text can be read in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words
from filterlab.kernels import KernelReading
from filterlab.text.numbers import exact

_MOST = 7  # rows and columns of a kernel that are shown; more are replaced by …


class ReadingsDialog(QDialog):
    """Shows the possible kernels side by side, each on a button. chosen(kernel): one was chosen; Esc chooses none."""

    chosen = Signal(object)

    def __init__(self, readings: Sequence[KernelReading], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Opened without waiting for its end, so that nobody is left to delete it.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Which kernel is meant?"))
        question = QLabel(tr("There are {n} ways to read {name}. Choose one.", n=len(readings), name=name))
        # The name of a file may look like markup.
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setWordWrap(True)
        self.buttons = [self._button(reading, readings) for reading in readings]
        row = QHBoxLayout()
        for button in self.buttons:
            row.addWidget(button, 1)
        cancel = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        cancel.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(question)
        column.addLayout(row)
        column.addWidget(cancel)
        self.buttons[0].setFocus()

    def _button(self, reading: KernelReading, readings: Sequence[KernelReading]) -> QPushButton:
        title = shape_words(reading.kernel.shape)
        words = reading_words(reading, readings)
        button = QPushButton("\n".join([title, *words, "", kernel_text(reading.kernel)]))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Columns of numbers are straight only if all digits have the same width.
        button.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        button.setAccessibleName(f"{', '.join([title, *words])}: {kernel_text(reading.kernel)}")
        button.clicked.connect(lambda: self._choose(reading))
        return button

    def _choose(self, reading: KernelReading) -> None:
        self.accept()
        self.chosen.emit(reading.kernel)


def reading_words(reading: KernelReading, readings: Sequence[KernelReading]) -> list[str]:
    """Say how a reading differs from the others: what commas, semicolons and spaces are taken for."""
    words = []
    if reading.grouped:
        words.append(tr("digits in groups of three"))
    elif reading.decimal == ",":
        words.append(tr("decimal commas"))
    elif any(other.decimal == "," for other in readings):
        words.append(tr("commas between cells"))
    if any(other.semicolon != reading.semicolon for other in readings):
        rows = reading.semicolon == "row"
        words.append(tr("semicolons between rows") if rows else tr("semicolons between cells"))
    if any(other.wraps != reading.wraps for other in readings):
        words.append(tr("a comma goes on in the next line") if reading.wraps else tr("lines are rows"))
    return words or [tr("spaces between cells")]


def kernel_text(kernel: Any) -> str:
    """The cells of a kernel in columns, with … for those of a large kernel that are left out."""
    height, width = kernel.shape
    rows = [[exact(cell) for cell in row[:_MOST]] + ["…"] * (width > _MOST) for row in kernel[:_MOST]]
    sides = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(n) for cell, n in zip(row, sides, strict=True)) for row in rows]
    return "\n".join(lines + ["…"] * (height > _MOST))
