"""Tab goes from field to field in the order in which they are seen, not in which they were made."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

LINE = 10  # pixels by which the middles of fields in one line may differ


class Body(QWidget):
    """Holds fields. Tab goes through them line by line, then to what comes after. entered(field): by Tab."""

    entered = Signal(QWidget)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Go to the field that is seen next. Qt's own order is the one in which the fields were made."""
        # Looked up at each Tab: fields come and go, and wrap into other lines when the panel becomes narrow.
        present, fields = QApplication.focusWidget(), fields_in_order(self)
        if present not in fields:
            return super().focusNextPrevChild(forward)
        place = fields.index(present) + (1 if forward else -1)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        if 0 <= place < len(fields):
            fields[place].setFocus(reason)
            self.entered.emit(fields[place])
            return True
        outside = _outside(self, forward)
        if outside is not None:
            outside.setFocus(reason)
        return outside is not None


def fields_in_order(widget: QWidget) -> list[QWidget]:
    """The widgets within a widget that take the focus by Tab: line by line, from left to right."""
    fields = [child for child in widget.findChildren(QWidget) if _takes_focus(child)]
    places = {field: field.mapTo(widget, QPoint(0, field.height() // 2)) for field in fields}
    ordered: list[QWidget] = []
    line: list[QWidget] = []
    for field in sorted(fields, key=lambda field: places[field].y()):
        if line and places[field].y() - places[line[0]].y() > LINE:
            ordered += sorted(line, key=lambda field: places[field].x())
            line = []
        line.append(field)
    return ordered + sorted(line, key=lambda field: places[field].x())


def _outside(widget: QWidget, forward: bool) -> QWidget | None:
    """The widget outside of another that takes the focus after it, or before it, in the order of the window."""
    step = QWidget.nextInFocusChain if forward else QWidget.previousInFocusChain
    candidate = step(widget)
    while candidate is not None and candidate is not widget:
        if not widget.isAncestorOf(candidate) and _takes_focus(candidate):
            return candidate
        candidate = step(candidate)
    return None


def _takes_focus(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.focusProxy() is None and widget.isVisible() and widget.isEnabled()
