"""Rows for declared parameters that belong to no layer, with the values that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.row import ParameterRow
from filterlab.parameters import Parameter


class ParameterRows(QWidget):
    """A row for each parameter. values: those that are not the default.

    changed: a legal value was given. refused(error): one that is not legal, beside which `values` are as before.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.rows: dict[str, ParameterRow] = {}
        self.values: dict[str, Any] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_parameters(
        self, parameters: Sequence[Parameter], values: Mapping[str, Any] | None = None
    ) -> None:
        """Show other parameters, with these values and the defaults of all others."""
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows, self.values = {}, dict(values or {})
        for parameter in parameters:
            row = self.rows[parameter.name] = ParameterRow(parameter, self._bench, self)
            self._layout.addWidget(row)
            row.editor.edited.connect(self._take)
            row.reset.connect(partial(self._put, parameter.name, parameter.default))
            self._show(parameter.name)

    def _show(self, name: str) -> None:
        row = self.rows[name]
        value = row.parameter.kind.read(self.values.get(name, row.parameter.default), name)
        row.show_value(value, name not in self.values)

    def _take(self, changes: Mapping[str, Any], label: str, merge: object) -> None:
        for name, value in changes.items():
            self._put(name, value)

    def _put(self, name: str, value: Any) -> None:
        row = self.rows[name]
        try:
            read = row.parameter.kind.read(value, name)
        except FilterLabError as error:
            row.complain(error)
            self.refused.emit(error)
            return
        row.complain(None)
        if read == row.parameter.default:
            self.values.pop(name, None)
        else:
            self.values[name] = row.parameter.kind.to_json(read)
        self._show(name)
        self.changed.emit()
