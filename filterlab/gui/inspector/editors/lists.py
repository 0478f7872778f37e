"""Editor of a list of numbers, one for each channel."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.arrays import ArrayEditor
from filterlab.gui.inspector.editors.base import editor_for, set_wrong
from filterlab.gui.inspector.editors.table import Numbers, NumbersView
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.slices import axis_length, constant, with_length
from filterlab.parameters import Parameter
from filterlab.run.ledger import Row

MOST_ROWS = 6


@editor_for("list")
class ListEditor(ArrayEditor):
    """A box that says whether the list is given, its length, one number for all, and a table of the numbers."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        axis = tr(self.kind.axes[0])
        self.box = QCheckBox(tr("given"), self)
        self.box.setVisible(self.kind.optional)
        self.box.setToolTip(tr(parameter.doc))
        self.length = NumberField(self, whole=True, limits=(1, None), digits=4)
        self.all = NumberField(self, limits=(self.kind.minimum, self.kind.maximum), digits=6, optional=True)
        self.model = Numbers(axis, "", self)
        self.table = NumbersView(self.model, MOST_ROWS, self)
        self._name_all(axis)
        self._lay_out(axis)
        self.setFocusProxy(self.box if self.kind.optional else self.length)
        self.box.clicked.connect(self._give_or_leave_out)
        self.length.given.connect(self._set_length)
        self.all.given.connect(self._set_all)
        self.model.entered.connect(self.give_number)
        self.model.refused.connect(self.refuse)
        for field in (self.length, self.all):
            field.finished.connect(self.finished)
            set_wrong(field, False)

    def _name_all(self, axis: str) -> None:
        self.length.setAccessibleName(tr("how many numbers"))
        self.length.setToolTip(tr("How many numbers there are, one for each of the {axis}", axis=axis))
        self.all.setAccessibleName(tr("one number for all"))
        self.all.setToolTip(tr("Type a number here to set all cells"))
        self.all.lineEdit().setPlaceholderText(tr("all"))
        self.table.setAccessibleName(tr("numbers, one for each of the {axis}", axis=axis))

    def _lay_out(self, axis: str) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        words = QLabel(axis, self)
        words.setProperty("role", "dim")
        words.setWordWrap(True)
        self.head: list[QWidget] = [self.length, words, self.all]
        layout.addWidget(self.box, 0, 0)
        for column, widget in enumerate(self.head, 1):
            layout.addWidget(widget, 0, column)
        layout.setColumnStretch(2, 1)
        layout.addWidget(self.table, 1, 0, 1, 4)

    def refresh(self) -> None:
        weights = self.weights
        with QSignalBlocker(self.box):
            self.box.setChecked(weights is not None)
        for widget in (*self.head, self.table):
            widget.setVisible(weights is not None)
        if weights is None:
            self.model.show_array(None)
            return
        array = weights.array
        self.length.set_value(len(array))
        same = array.min() == array.max()
        self.all.set_value(array[0] if same else None)
        self.model.show_array(array)

    def _give_or_leave_out(self, given: bool) -> None:
        assert self.layer is not None, "a list belongs to a layer"
        if not given:
            self.give(None)
        else:
            row = self.bench.results.rows.get(self.node)
            channels = row.shape[0] if isinstance(row, Row) else None  # of the output, where they are known
            length = axis_length(self.layer, self.kind.axes[0], channels) or 1
            # The numbers that the layer used while the list was left out, so that its output stays.
            self.give(constant(length, self.kind.absent))
        self.finished.emit()

    def _set_length(self, value: Any) -> None:
        if self.weights is None:
            return
        if isinstance(value, int) and value > 0:
            # A length that was mistyped must not fill the memory.
            self.give(with_length(self.weights.array, min(value, 1_000_000)))
        else:
            self.give([])  # not legal, which the layer's own message says

    def _set_all(self, value: Any) -> None:
        if isinstance(value, (int, float)) and self.weights is not None:
            self.give(constant(self.weights.shape[0], value))
        elif isinstance(value, str):
            self.give([value])  # text, which the layer refuses in its own words
