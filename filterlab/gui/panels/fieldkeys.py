"""Keys for a field to type into above a list to choose from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class FieldKeys(QObject):
    """While the field has the focus, arrow and page keys move in the list. entered: Enter. left: Esc."""

    entered = Signal()
    left = Signal()

    def __init__(self, field: QLineEdit, list_: QAbstractItemView) -> None:
        super().__init__(field)
        self._list = list_
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass these keys to the list, or emit them, instead of letting the field have them."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in _MOVES:
            # Called directly: the list has no focus, so that Qt would never deliver a key to it.
            self._list.keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            return False
        return True
