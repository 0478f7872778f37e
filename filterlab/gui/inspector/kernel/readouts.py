"""The readouts of a kernel: its frequency response, its sums and its rank."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from filterlab.gui.inspector.kernel.floating import Floating
from filterlab.gui.inspector.kernel.response import ResponseView
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.theme import Theme
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.words.i18n import tr
from filterlab.kernels.editing import facts
from filterlab.text.numbers import brief


class Readouts(QWidget):
    """The response of the session's kernel, which can be enlarged, and a line of facts."""

    def __init__(self, session: KernelSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.response = ResponseView(session, theme, self)
        self.facts = QLabel(self)
        self.facts.setProperty("role", "dim")
        self.facts.setWordWrap(True)
        self.enlarge = IconButton("maximize-2", theme)
        for set_words in (self.enlarge.setToolTip, self.enlarge.setAccessibleName):
            set_words(tr("Show the frequency response large"))
        self.large: Floating | None = None
        line = QHBoxLayout()
        line.addWidget(self.facts, 1)
        line.addWidget(self.enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.response)
        column.addLayout(line)
        self.enlarge.clicked.connect(self._enlarge)
        self.response.opened.connect(self._enlarge)
        session.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the facts about the session's kernel as it is now."""
        found = facts(self._session.kernel)
        parts = (
            tr("sum {n}", n=brief(found.total)),
            tr("sum of |k| {n}", n=brief(found.absolute)),
            _rank_words(found.rank),
        )
        self.facts.setText(" · ".join(parts))

    def _enlarge(self) -> None:
        if self.large is None:
            view = ResponseView(self._session, self._theme)
            self.large = Floating(tr("Frequency response"), view, self)
        self.large.show_large(QSize(860, 540))


def _rank_words(rank: int) -> str:
    if rank == 0:
        return tr("rank 0: all cells are 0")
    return tr("rank 1: separable") if rank == 1 else tr("rank {n}", n=rank)
