"""A note in a panel: what stands in the way, with buttons that mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton

from filterlab.gui.look.flow import FlowLayout

NARROW = 80  # characters

Fix = tuple[str, Callable[[], object]]


class ObstacleNote(QFrame):
    """Wrapped text and a button for each way to fix the problem. Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: list[QPushButton] = []
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 3, 8, 3)
        # A plain row of wide buttons would hold the window wider than a small screen.
        self._row = FlowLayout(spacing=6)
        self._layout.addWidget(self.label, 1)
        self._layout.addLayout(self._row)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the buttons beside the text, or below it where they would leave it too little room."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange them for the width that the note has now."""
        super().showEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        directions = QBoxLayout.Direction
        # Beside wide buttons, the text would stand in a column of single words.
        beside = self.width() - self._row.sizeHint().width()
        narrow = min(self.width(), 2 * beside) < NARROW * self.fontMetrics().averageCharWidth()
        self._layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    @property
    def text(self) -> str:
        """The text that is shown; "" while the note is hidden."""
        return "" if self.isHidden() else self.label.text()

    def say(self, text: str, fixes: Sequence[Fix] = (), *, error: bool = False) -> None:
        """Show a text and a button for each of `fixes`; hide the note if the text is empty."""
        words = [words for words, _ in fixes]
        # The note is brought up to date again and again during a run, and new buttons each time would swallow clicks.
        if text == self.text and words == [button.text() for button in self.buttons]:
            return
        for button in self.buttons:
            # A click on this very button may have led here: it must live until its signal has returned.
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(*fix) for fix in fixes]
        self._arrange()
        self.label.setText(text)
        self.label.setProperty("role", "error" if error else "")
        self.label.style().polish(self.label)  # style sheets do not notice a changed property by themselves
        self.setVisible(bool(text))

    def _button(self, words: str, fix: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.clicked.connect(lambda: fix())
        self._row.addWidget(button)
        return button
