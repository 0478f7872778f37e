"""A strip that says what is being read, which Esc or its button gives up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from filterlab.gui.bench.background import Background
from filterlab.gui.bench.messages import Messages
from filterlab.gui.words.i18n import tr

PAUSE = 120  # milliseconds: most files are there by then, and a strip for each would only flicker


class LoadingStrip(QFrame):
    """Shown while a file that the person waits for is being read. Nothing says how far a reader is, so the bar runs."""

    def __init__(self, *, background: Background, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background, self._messages = background, messages
        self.setProperty("role", "note")
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.bar = QProgressBar(maximum=0, textVisible=False)
        self.bar.setMaximumHeight(8)
        self.button = QPushButton(tr("Cancel"))
        self.button.setToolTip(tr("Stop reading (Esc)"))
        self.button.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._appear)
        background.loading_changed.connect(self._follow)
        self.hide()

    def cancel(self) -> None:
        """Give up what is being read; the document stays as it is."""
        names = self._background.loading
        self._background.cancel()
        if names:
            self._messages.note(tr("{name} was not opened: cancelled", name=", ".join(names)))

    def _follow(self) -> None:
        names = self._background.loading
        if not names:
            self._timer.stop()
            self._vanish()
            return
        self.label.setText(tr("Opening {name}…", name=", ".join(names)))
        self.setAccessibleName(self.label.text())
        if self.isHidden() and not self._timer.isActive():
            self._timer.start()

    def _appear(self) -> None:
        self.show()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def _vanish(self) -> None:
        if not self.isHidden():
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Esc mean this strip while it is shown: as a shortcut, it would clash with that which unpins."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        free = QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None
        if event.type() not in kinds or not isinstance(event, QKeyEvent) or not free:
            return False
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.cancel()
        return True
