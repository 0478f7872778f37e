"""The newest thing that the window has to say, in a strip above the maps."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.icons import level_pixmap
from filterlab.gui.panels.messages import level_name
from filterlab.gui.words.i18n import tr

NOTE_SECONDS = 6.0
MOST_LETTERS = 300  # the whole text stands in the list


class Banner(QFrame):
    """Shows one message without stopping anything.

    Notes go by themselves after a few seconds, and never in place of a warning or error, which stay until they
    are closed or a newer one comes. details_requested: the person wants the whole list.
    """

    details_requested = Signal()

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._message: Remark | None = None
        self.setObjectName("banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.details_button = QPushButton(tr("Details"))
        self.details_button.setToolTip(tr("Show all messages"))
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setAccessibleName(tr("Close the message"))
        self.close_button.setToolTip(tr("Close the message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self.details_button)
        row.addWidget(self.close_button)
        self._timer = QTimer(self, singleShot=True, interval=round(NOTE_SECONDS * 1000))
        self._timer.timeout.connect(self.close_message)
        self._connect()
        self.hide()

    @property
    def message(self) -> Remark | None:
        """What it shows; None while it is hidden."""
        return self._message

    @property
    def text(self) -> str:
        """The words it shows."""
        return self._text.text()

    def show_message(self, message: Remark) -> None:
        """Show a message, unless it is a note and something weightier is shown."""
        if message.level == "note" and self._message is not None and self._message.level != "note":
            return
        self._message = message
        self._timer.stop()
        if message.level == "note":
            self._timer.start()
        text = f"{message.text} — {message.hint}" if message.hint else message.text
        self._text.setText(text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…")
        self.setAccessibleName(f"{level_name(message.level)}: {message.text}")
        self.setAccessibleDescription(message.hint)
        self._paint()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def close_message(self) -> None:
        """Hide it."""
        self._timer.stop()
        self._message = None
        self.hide()

    def _connect(self) -> None:
        self._bench.messages.added.connect(self.show_message)
        self._bench.messages.cleared.connect(self.close_message)
        self._bench.theme.changed.connect(self._paint)
        self.close_button.clicked.connect(self.close_message)
        self.details_button.clicked.connect(self._show_details)

    def _show_details(self) -> None:
        self.close_message()
        self.details_requested.emit()

    def _paint(self) -> None:
        if self._message is None:
            return
        colors, level = self._bench.theme.colors, self._message.level
        back, text = {
            "error": (colors.error_back, colors.error),
            "warning": (colors.warning_back, colors.warning),
        }.get(level, (colors.selected, colors.text))
        self.setStyleSheet(
            f"#banner {{ background: {back}; border: none; border-bottom: 1px solid {colors.border}; }}"
            f"#banner > QLabel {{ color: {text}; background: transparent; }}"
        )
        size = self.fontMetrics().height() + 2
        self._icon.setPixmap(level_pixmap(level, colors, size, self.devicePixelRatioF()))
