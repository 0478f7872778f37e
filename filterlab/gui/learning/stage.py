"""The place of the learning panel: among the other panels, or in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from filterlab.gui.commands import Commands
from filterlab.gui.learning.panel import LearningPanel
from filterlab.gui.words.i18n import tr

SHARE = 0.9  # of the screen that the window takes


class LearningWindow(QWidget):
    """A window of its own. closed: it was closed, by the person or the system."""

    closed = Signal()

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Learning"))
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)
        for command in commands:
            if command.everywhere:
                self.addAction(command.action)  # the keys of a window act in that window only

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say so."""
        super().closeEvent(event)
        self.closed.emit()


class LearningStage(QWidget):
    """Holds the panel, or a note while that is in a window of its own. wanted: bring this to the front."""

    wanted = Signal()

    def __init__(self, panel: LearningPanel, commands: Commands) -> None:
        super().__init__()
        self.panel, self._commands = panel, commands
        self.window_: LearningWindow | None = None
        commands.add(
            "learn.window",
            tr("Learning in its own window"),
            lambda: self.set_apart(self.window_ is None),
            menu=tr("Lea&rn"),
            shortcut="Ctrl+Alt+Shift+L",
            tip=tr("Show the learning panel large, in a window of its own, or put it back"),
            checked=lambda: self.window_ is not None,
        ).setIconText(tr("Own window"))
        panel.transport.add_button(commands, "learn.window")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self._note = self._make_note()
        column.addWidget(self._note)
        panel.wanted.connect(self._bring)

    def _make_note(self) -> QWidget:
        note = QWidget()
        column = QVBoxLayout(note)
        label = QLabel(tr("Learning is shown in its own window."))
        label.setProperty("role", "dim")
        back = QPushButton(tr("Put it back here"))
        back.clicked.connect(lambda: self.set_apart(False))
        column.addStretch(1)
        for widget in (label, back):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        note.hide()
        return note

    def set_apart(self, on: bool) -> None:
        """Move the panel into a window of its own, or back."""
        if on == (self.window_ is not None):
            return
        layout = self.layout()
        assert layout is not None, "it was laid out"
        if on:
            self.window_ = LearningWindow(self._commands, self.window())
            # Queued by Qt until the event is over: the panel must not move while its window is closing.
            self.window_.closed.connect(lambda: self.set_apart(False), Qt.ConnectionType.QueuedConnection)
            room = self.screen().availableSize() * SHARE
            self.window_.resize(room)
            own = self.window_.layout()
            assert own is not None, "it was made with one"
            own.addWidget(self.panel)
        else:
            window, self.window_ = self.window_, None
            layout.addWidget(self.panel)
            assert window is not None, "the panel was apart"
            window.hide()
            window.deleteLater()
        self._note.setVisible(on)
        self.panel.show()
        if self.window_ is not None:
            self.window_.show()
        self._commands.refresh()

    def _bring(self) -> None:
        if self.window_ is None:
            self.wanted.emit()
        else:
            self.window_.raise_()
            self.window_.activateWindow()
