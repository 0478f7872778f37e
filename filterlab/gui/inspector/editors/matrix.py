"""Editor of a matrix of weights: statistics of its numbers, and a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.arrays import ArrayEditor, Unmade, is_made, recipe_words
from filterlab.gui.inspector.editors.base import editor_for
from filterlab.gui.inspector.editors.table import Numbers, NumbersView
from filterlab.gui.words.i18n import tr
from filterlab.images.statistics import Statistics, statistics
from filterlab.parameters import Parameter
from filterlab.text.numbers import brief

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ROWS = 8
AT_ONCE = (
    1 << 16
)  # numbers whose statistics take less than a millisecond; those of more are found in a thread


@editor_for("matrix")
class MatrixEditor(ArrayEditor):
    """The size, a line of statistics and the table; a very large matrix that is not made yet waits for a click."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        rows, columns = (tr(axis) for axis in self.kind.axes)
        self.box = QCheckBox(tr("given"), self)
        self.box.setVisible(self.kind.optional)
        self.box.setToolTip(tr(parameter.doc))
        self.extent = QLabel(self)
        self.facts = QLabel(self)
        self.facts.setProperty("role", "dim")
        for label in (self.extent, self.facts):
            label.setWordWrap(True)
        self.unmade = Unmade(self)
        self.model = Numbers(rows, columns, self)
        self.table = NumbersView(self.model, MOST_ROWS, self)
        self.table.setAccessibleName(tr("{rows} down, {columns} across", rows=rows, columns=columns))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.box, self.extent, self.facts, self.unmade, self.table):
            layout.addWidget(widget)
        self.setFocusProxy(self.box if self.kind.optional else self.table)
        self.box.clicked.connect(self._give_or_leave_out)
        self._described: object = None
        self.unmade.button.clicked.connect(self.make_numbers)
        self.model.entered.connect(self.give_number)
        self.model.refused.connect(self.refuse)

    def refresh(self) -> None:
        weights = self.weights
        with QSignalBlocker(self.box):
            self.box.setChecked(weights is not None)
        # Rows of settings are counted by their table, and a mean over frequencies and gains says nothing.
        of_settings = bool(self.kind.columns)
        self.extent.setVisible(weights is not None and not of_settings)
        if weights is None:
            for widget in (self.facts, self.unmade, self.table):
                widget.hide()
            return
        rows, columns = self.kind.axes
        n, m = weights.shape
        self.extent.setText(tr("{n} {rows} × {m} {columns}", n=n, m=m, rows=tr(rows), columns=tr(columns)))
        made = is_made(weights)
        self.unmade.setVisible(not made)
        self.facts.setVisible(made and not of_settings)
        self.table.setVisible(made)
        if made:
            self._show_numbers(weights.array)
        else:
            self.unmade.explain(recipe_words(weights), can_be_made=True)

    def _give_or_leave_out(self, given: bool) -> None:
        # One row of the numbers that the layer used while it was left out, so that its output stays.
        self.give([[self.kind.absent] * len(self.kind.columns)] if given else None)
        self.finished.emit()

    def _show_numbers(self, array: NDArray[Any]) -> None:
        self.model.show_array(array)
        if self._described is array:
            return
        self._described = array
        if array.size <= AT_ONCE:
            self._describe(array, statistics(array))
            return
        self.facts.setText("")
        self.bench.background.submit(
            lambda: statistics(array), lambda found: self._describe(array, found), lambda *_: None
        )

    def _describe(self, array: NDArray[Any], found: Statistics) -> None:
        # Statistics from the background come too late for numbers that were replaced meanwhile.
        if isValid(self) and self._described is array:
            numbers = (found.minimum, found.maximum, found.mean, found.std)
            low, high, mean, std = map(brief, numbers)
            self.facts.setText(
                tr("{low} to {high}, mean {mean}, deviation {std}", low=low, high=high, mean=mean, std=std)
            )
