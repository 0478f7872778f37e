"""The newest message, in a strip above the maps."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from filterlab.gui.bench.messages import Messages, Remark
from filterlab.gui.look.icons import level_pixmap
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.messages import level_name
from filterlab.gui.words.i18n import tr

NOTE_SECONDS = 6.0
READING = 8000  # milliseconds in which a warning or error is read
MOST_LETTERS = 300  # a longer text is cut here; the list of messages has all of it


class Banner(QFrame):
    """Shows one message without stopping anything.

    A note disappears by itself after a few seconds. A warning or error stays until it is closed or a newer message
    comes; where that is a note that comes so soon that it cannot have been read, it comes back after the note.
    details_requested: the person wants to read the whole list.
    """

    details_requested = Signal()

    def __init__(self, *, messages: Messages, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages, self._theme = messages, theme
        self._message: Remark | None = None
        self._unread: Remark | None = None  # the warning or error in whose place a note is shown
        self._shown = QElapsedTimer()
        self.setObjectName("banner")
        # Never higher than its text needs: the room belongs to the maps.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._icon = QLabel()
        # Plain text: messages quote the names of files and nodes, which QLabel might take for HTML.
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
        """The message that is shown; None while the banner is hidden."""
        return self._message

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text.text()

    def show_message(self, message: Remark) -> None:
        """Show a message in place of the one that is shown."""
        # A save that succeeds right after an error must not wipe the error away unread, nor be hidden by it.
        before = self._message
        if message.level != "note":
            self._unread = None
        elif before is not None and before.level != "note" and not self._shown.hasExpired(READING):
            self._unread = before
        self._message = message
        self._shown.start()
        # The time of a note that is replaced must not end the new message early.
        self._timer.stop()
        if message.level == "note":
            self._timer.start()
        text = f"{message.text} — {message.hint}" if message.hint else message.text
        self._text.setText(text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…")
        self.setAccessibleName(f"{level_name(message.level)}: {message.text}")
        self.setAccessibleDescription(message.hint)
        self._paint()
        self.show()
        # A screen reader reads what has the focus; only an alert makes it read what appears elsewhere.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def close_message(self) -> None:
        """Hide it, or show the one in whose place it was shown."""
        self._timer.stop()
        self._message, unread = None, self._unread
        if unread is not None:
            self.show_message(unread)
        else:
            self.hide()

    def _withdraw(self, message: Remark) -> None:
        if message is self._message:
            self.close_message()

    def _clear(self) -> None:
        self._unread = None
        self.close_message()

    def _connect(self) -> None:
        self._messages.added.connect(self.show_message)
        self._messages.cleared.connect(self._clear)
        self._messages.withdrawn.connect(self._withdraw)
        self._theme.changed.connect(self._paint)
        self.close_button.clicked.connect(self.close_message)
        self.details_button.clicked.connect(self._show_details)

    def _show_details(self) -> None:
        self._clear()
        self.details_requested.emit()

    def _paint(self) -> None:
        if self._message is None:
            return
        colors, level = self._theme.colors, self._message.level
        back, text = {
            "error": (colors.error_back, colors.error),
            "warning": (colors.warning_back, colors.warning),
        }.get(level, (colors.selected, colors.text))
        # By the name of this widget, so that the rules do not reach its buttons.
        self.setStyleSheet(
            f"#banner {{ background: {back}; border: none; border-bottom: 1px solid {colors.border}; }}"
            f"#banner > QLabel {{ color: {text}; background: transparent; }}"
        )
        size = self.fontMetrics().height() + 2
        # Made for the colours of the theme, and for the resolution of the screen that the window is on now.
        self._icon.setPixmap(level_pixmap(level, colors, size, self.devicePixelRatioF()))
