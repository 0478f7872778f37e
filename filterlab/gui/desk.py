"""The window on the screen, which is replaced by a new one over the same work when the language changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.panels import install_hooks
from filterlab.gui.window import MainWindow


class Desk(QObject):
    """Holds the one window of the program, in which faults of the program become messages.

    ready: the first window was painted and is complete.

    A new language needs a new window: texts are translated when widgets are made, in hundreds of places, none of which
    has to know how to change its texts later.
    """

    ready = Signal()

    def __init__(self, theme: str = "") -> None:
        super().__init__()
        self.window = self._make(later=True)
        self.window.installEventFilter(self)
        if theme:
            self.window.bench.theme.set(theme)
        self._hooks = install_hooks(self.window.bench.messages)

    def _make(self, *, later: bool = False) -> MainWindow:
        window = MainWindow(Workbench(), later=later)
        # Later, when control is back in the event loop: the signal comes from a menu of the window that goes.
        window.language_changed.connect(lambda: QTimer.singleShot(0, self, self.renew))
        return window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the first window be completed once it was painted."""
        if event.type() == QEvent.Type.Paint and watched is self.window:
            watched.removeEventFilter(self)
            # Once control is back in the event loop: by then, what the window holds was painted, too.
            QTimer.singleShot(0, self, self._complete)
        return super().eventFilter(watched, event)

    def _complete(self) -> None:
        self.window.complete()
        self.ready.emit()

    def renew(self) -> None:
        """Put a new window in the place of the present one, with its work, history, look and layout."""
        old = self.window
        old.complete()
        old.session.save()
        self.window = self._make()
        old.bench.close()
        self._take_over(old.bench)
        self.window.placement.restore_layout(old.placement.layout_state())
        self.window.lessons_dock.setVisible(old.lessons_dock.isVisible())
        self.window.lessons.take_over(old.lessons)
        self.window.learning.take_over(old.learning)
        self.window.restoring.take_over(old.restoring)
        self._hooks.remove()
        self._hooks = install_hooks(self.window.bench.messages)
        self.window.show()
        old.hide()
        old.deleteLater()
        old.bench.deleteLater()

    def _take_over(self, old: Workbench) -> None:
        bench = self.window.bench
        bench.theme.set(old.theme.name)
        bench.own_work = old.own_work
        bench.document.take_over(old.document)
        bench.look_at(old.open_work())

    def close(self) -> None:
        """Let faults go to stderr alone again."""
        self._hooks.remove()
