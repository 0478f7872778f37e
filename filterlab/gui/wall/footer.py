"""The line below the wall: the hidden columns, and the horizontal scroll bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QToolButton, QWidget

from filterlab.gui.words.i18n import tr


class Footer(QWidget):
    """The line itself; each of its parts is hidden while there is nothing to show in it."""

    def __init__(self, bar: QScrollBar, parent: QWidget) -> None:
        super().__init__(parent)
        self.hidden = QToolButton(self)
        # Not by a click, which would take the wall's keys away from it.
        self.hidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hidden.setAutoRaise(True)
        self.hidden.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self.hidden)
        # The scroll bar takes what the other parts leave, or all where they are hidden.
        row.addWidget(bar, 1)

    def show_state(self, hidden: tuple[str, ...]) -> None:
        """Show how many columns are hidden."""
        self.hidden.setVisible(bool(hidden))
        text = tr("{count} hidden: show", count=len(hidden))
        self.hidden.setText(text)
        self.hidden.setToolTip(tr("Show all columns; hidden: {names}", names=", ".join(hidden)))
        self.hidden.setAccessibleName(text)
