"""What stands in the way, in its place, with buttons that mend it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

NARROW = 100  # characters

Mending = tuple[str, Callable[[], object]]


class ObstacleNote(QFrame):
    """One line or more of text, wrapped, and a button for each way to mend it. Hidden while there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "note")
        self.label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: list[QPushButton] = []
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 3, 8, 3)
        self._row = QHBoxLayout()
        self._layout.addWidget(self.label, 1)
        self._layout.addLayout(self._row)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The buttons beside the text, or below it where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW * self.fontMetrics().averageCharWidth()
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    @property
    def text(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self.isHidden() else self.label.text()

    def say(self, text: str, mendings: list[Mending] | None = None, *, error: bool = False) -> None:
        """Say something, or nothing."""
        words = [words for words, _ in mendings or []]
        if text == self.text and words == [button.text() for button in self.buttons]:
            return
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(*mending) for mending in mendings or []]
        self.label.setText(text)
        self.label.setProperty("role", "error" if error else "")
        self.label.style().polish(self.label)
        self.setVisible(bool(text))

    def _button(self, words: str, mend: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.clicked.connect(lambda: mend())
        self._row.addWidget(button)
        return button
