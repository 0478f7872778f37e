"""The window on the screen: in another language it is made anew, over the same work."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.panels import install_hooks
from filterlab.gui.window import MainWindow


class Desk(QObject):
    """Holds the one window of the program; faults of the program become messages of it."""

    def __init__(self, theme: str = "") -> None:
        super().__init__()
        self.window = self._make()
        if theme:
            self.window.bench.theme.set(theme)
        self._hooks = install_hooks(self.window.bench.messages)

    def _make(self) -> MainWindow:
        window = MainWindow(Workbench())
        # Not from within the menu that is about to go.
        window.language_changed.connect(lambda: QTimer.singleShot(0, self, self.renew))
        return window

    def renew(self) -> None:
        """A new window in the place of the present one, with its work, history, look and layout."""
        old = self.window
        old.session.save()
        old.bench.close()
        self.window = self._make()
        self._take_over(old.bench)
        self.window.restore_layout(old.layout_state())
        self.window.lessons_dock.setVisible(old.lessons_dock.isVisible())
        self.window.lessons.take_over(old.lessons)
        self.window.learning.take_over(old.learning)
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
        """Faults go where they went before."""
        self._hooks.remove()
