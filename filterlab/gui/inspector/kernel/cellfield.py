"""The line edit that opens over a cell of the grid."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.words.i18n import tr
from filterlab.kernels.text import number_text, parse_number

_AFTER = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_ALONG = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
# Only where a number is typed anew: within a number that is being mended they move the cursor, as in spreadsheets.
_ACROSS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}


class CellField(QLineEdit):
    """Enter, Tab and the arrows take the number and go on; Esc leaves the cell as it was.

    entered(number): another number was typed. left(rows, columns, along): go on by so many cells; along: by Tab, which
    goes along a row, or by Enter, which ends it. refused(error): what was typed is no number.
    """

    entered = Signal(float)
    left = Signal(int, int, bool)
    refused = Signal(object)

    def __init__(self, grid: QWidget) -> None:
        super().__init__(grid)
        self._grid = grid  # which may not stay the parent: a grid of one cell is too small for the field
        self._inside = False
        self._old = ""
        self.setAccessibleName(tr("number in the cell"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self.textEdited.connect(lambda: set_wrong(self, False))

    def open(self, rect: QRect, value: Any, text: str | None) -> None:
        """Open over a cell. text: what was typed already, instead of the number that is there."""
        self._inside = text is None
        self._old = number_text(value)
        self.setText(self._old if text is None else text)
        set_wrong(self, False)
        self.place(rect)
        self.show()
        self.raise_()
        self.setFocus()
        if text is None:
            self.selectAll()

    def place(self, rect: QRect) -> None:
        """Cover a cell, wide enough to type a number, but within the parent."""
        longest = max(map(self.fontMetrics().horizontalAdvance, ("−0.00000", self._old)))
        width = max(rect.width(), longest + 12)
        height = max(rect.height(), self.fontMetrics().height() + 6)
        around = self.parentWidget() or self._grid
        corner = self._grid.mapTo(around, rect.topLeft())
        left = min(corner.x(), max(around.width() - width, 0))
        top = min(corner.y(), max(around.height() - height, 0))
        self.setGeometry(QRect(left, top, width, height))

    def event(self, event: QEvent) -> bool:
        # Not in keyPressEvent, which Tab does not reach where it can move the focus.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            move = _AFTER.get(key) or (None if self._inside else _ACROSS.get(key))
            if key == Qt.Key.Key_F2:
                self._inside = True
                return True
            if move is not None:
                if self._take():
                    self.left.emit(*move, key in _ALONG)
                return True
            if key == Qt.Key.Key_Escape:
                self._close()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        # The field's own context menu takes the focus only for a while. Elsewhere, what is no number is dropped.
        if (
            self.isVisible()
            and event.reason() != Qt.FocusReason.PopupFocusReason
            and not self._take(stay=False)
        ):
            self.hide()

    def _take(self, *, stay: bool = True) -> bool:
        """Hand the number over and close; stay open, and give False, where it is no number."""
        # What is typed anew counts even where it is the same: the selection may hold other cells.
        if self._inside and self.text() == self._old:
            self._close(stay=stay)
            return True
        try:
            number = parse_number(self.text())
        except FilterLabError as error:
            set_wrong(self, True)
            self.refused.emit(error)
            return False
        self._close(stay=stay)
        self.entered.emit(number)
        return True

    def _close(self, *, stay: bool = True) -> None:
        self.hide()
        if stay:
            self._grid.setFocus()
