"""The base of the dialogs of this package: what is chosen is made in a thread, and shown before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.computations import Computations
from filterlab.gui.look import layouts
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words


class CraftDialog(QDialog):
    """A dialog with OK, Cancel and a line of facts. chosen(what): OK was pressed.

    computations: the thread that `ask` uses; large kernels take seconds.
    """

    chosen = Signal(object)

    def __init__(self, computations: Computations, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._computations = computations
        self.ready = False  # whether what is chosen has been made
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        computations.answered.connect(self._take)

    def ask(self, make: Callable[[], Any]) -> None:
        """Make something in the thread and hand it to `show_made`; what the engine refuses is said."""
        self._set_ready(False)
        layouts.show_words(self.facts, tr("Computing…"), "dim")
        self._computations.ask(self, lambda cancel: _attempted(make))

    def show_made(self, made: Any) -> None:
        """Show what was made, and its facts."""
        raise NotImplementedError(type(self).__name__)

    def refuse(self, error: FilterLabError) -> None:
        """Say why what is chosen cannot be."""
        layouts.show_words(self.facts, error_words(error), "error")
        self._set_ready(False)

    def _take(self, tag: object, made: Any) -> None:
        if tag is not self:
            return
        if isinstance(made, FilterLabError):
            self.refuse(made)
        else:
            self.show_made(made)
            self._set_ready(True)

    def _set_ready(self, ready: bool) -> None:
        self.ready = ready
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def done(self, result: int) -> None:
        """Close it; what is still computed is not wanted."""
        self._computations.drop()
        super().done(result)


def _attempted(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except FilterLabError as error:
        return error
