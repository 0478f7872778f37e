"""Editor of a large matrix of weights: what its numbers are like, and a table of them."""

from __future__ import annotations

from math import prod

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.i18n import tr
from filterlab.gui.inspector.arrays import ArrayPart
from filterlab.gui.inspector.table import Numbers, NumbersView
from filterlab.gui.workbench import Workbench
from filterlab.images.numbers import brief
from filterlab.images.statistics import statistics
from filterlab.layers.base import Parameter

MOST_ROWS = 8
MOST_EDITED = 20_000_000  # numbers; every edit copies them all
MOST_MADE = 4_000_000  # numbers that a recipe may make just to be looked at


class MatrixPart(ArrayPart):
    """The size, a line of statistics and the table; a very large matrix that was not made yet waits for a click."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        rows, columns = (tr(axis) for axis in self.kind.axes)
        self.extent = QLabel(self)
        self.facts = QLabel(self)
        self.facts.setProperty("role", "dim")
        for label in (self.extent, self.facts):
            label.setWordWrap(True)
        self.button = QPushButton(tr("Make the numbers"), self)
        self.model = Numbers(rows, columns, self)
        self.table = NumbersView(self.model, MOST_ROWS, self)
        self.table.setAccessibleName(tr("{rows} down, {columns} across", rows=rows, columns=columns))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.extent, self.facts, self.button, self.table):
            layout.addWidget(widget)
        self.setFocusProxy(self.table)
        self._described: object = None
        self.button.clicked.connect(lambda: self._show_numbers())
        self.model.entered.connect(self.give_number)
        self.model.refused.connect(self.refuse)

    def refresh(self) -> None:
        weights = self.weights
        assert weights is not None, "a matrix is always given"
        rows, columns = self.kind.axes
        text = tr("{n} {rows} × {m} {columns}")
        names = {"rows": tr(rows), "columns": tr(columns)}
        self.extent.setText(text.format(n=weights.shape[0], m=weights.shape[1], **names))
        made = weights.ready or prod(weights.shape) <= MOST_MADE
        self.button.setVisible(not made)
        self.table.setVisible(made)
        if made:
            self._show_numbers()
        else:
            recipe = weights.recipe or {}
            self.facts.setText(tr("to be drawn by “{name}”", name=recipe.get("init", "")))

    def _show_numbers(self) -> None:
        weights = self.weights
        assert weights is not None, "a matrix is always given"
        array = weights.array
        self.button.hide()
        self.table.show()
        self.model.show_array(array)
        if self._described is not array:
            self._described = array
            s = statistics(array)
            low, high, mean, std = (brief(v) for v in (s.minimum, s.maximum, s.mean, s.std))
            self.facts.setText(
                tr("{low} to {high}, mean {mean}, deviation {std}", low=low, high=high, mean=mean, std=std)
            )

    def give_number(self, index: tuple[int, ...], value: float) -> None:
        if self.weights is not None and prod(self.weights.shape) > MOST_EDITED:
            what = tr("the matrix is too large to be edited number by number")
            self.refuse(FilterLabError(what, hint=tr("change it in Python or in its file")))
        else:
            super().give_number(index, value)
