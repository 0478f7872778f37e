"""The list of marks, and the numbers of the chosen one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QSizePolicy, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.look import layouts
from filterlab.gui.spectrum.marks import Mark, SpectrumMarks
from filterlab.gui.spectrum.view import mark_words
from filterlab.gui.words.i18n import tr

_HALF = (-0.5, 0.5)
_LIMITS: dict[str, tuple[float, float]] = {
    "u": _HALF,
    "v": _HALF,
    "radius": (0.0, 1.0),
    "low": (0.0, 1.0),
    "high": (0.0, 1.0),
    "gain": (-inf, inf),
    "edge": (0.0, 1.0),
}


class MarkList(QListWidget):
    """Notches and bands in words. removed: Delete was pressed."""

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Notches and bands"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_marks(self, marks: SpectrumMarks, chosen: int | None) -> None:
        """Show other marks, of which one is chosen."""
        words = [mark_words(mark) for mark in marks.all]
        # While a mark is dragged only its own line changes: a list that is filled anew loses its place.
        self.blockSignals(True)
        while self.count() > len(words):
            self.takeItem(self.count() - 1)
        for i, text in enumerate(words):
            if i == self.count():
                self.addItem(text)
            self.item(i).setText(text)
        self.setCurrentRow(-1 if chosen is None else chosen)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the chosen mark."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class MarkFields(QWidget):
    """The numbers of the chosen mark, and the width of all edges.

    edited(marks): another number was given. settled: a field was left.
    """

    edited = Signal(object)
    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._marks = SpectrumMarks()
        self._chosen: int | None = None
        self.fields: dict[str, NumberField] = {}
        self._labels: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        for line, (name, title, tip) in enumerate(_titles()):
            self._add(grid, line, name, title, tip)
        grid.setRowStretch(len(_LIMITS), 1)
        grid.setColumnStretch(1, 1)
        self.show_marks(SpectrumMarks(), None)

    def _add(self, grid: QGridLayout, line: int, name: str, title: str, tip: str) -> None:
        low, high = _LIMITS[name]
        field = NumberField(limits=(low, high), span=2.0 if name == "gain" else 0.2, above=name == "radius")
        label = layouts.label("dim", title)
        label.setBuddy(field)
        field.setAccessibleName(title)
        for widget in (label, field):
            widget.setToolTip(tip)
        field.typed.connect(lambda value: set_wrong(field, self._changed(name, value) is None))
        field.given.connect(lambda value: self._give(name, value))
        field.finished.connect(self._leave)
        grid.addWidget(label, line, 0)
        grid.addWidget(field, line, 1)
        self.fields[name], self._labels[name] = field, label

    def show_marks(self, marks: SpectrumMarks, chosen: int | None) -> None:
        """Show the numbers of another mark, or of none."""
        self._marks, self._chosen = marks, chosen
        mark = None if chosen is None else marks.all[chosen]
        values = {"edge": marks.edge, **({} if mark is None else mark._asdict())}
        for name, field in self.fields.items():
            for widget in (field, self._labels[name]):
                widget.setVisible(name in values)
            if name in values:
                field.set_value(values[name])
                set_wrong(field, False)

    def _leave(self) -> None:
        # What is no number is not kept.
        self.show_marks(self._marks, self._chosen)
        self.settled.emit()

    def _give(self, name: str, value: object) -> None:
        marks = self._changed(name, value)
        set_wrong(self.fields[name], marks is None)
        if marks is not None and marks != self._marks:
            self.edited.emit(marks)

    def _changed(self, name: str, value: object) -> SpectrumMarks | None:
        """The marks with another number; None where it is not allowed."""
        low, high = _LIMITS[name]
        if not isinstance(value, int | float) or not low <= value <= high:
            return None
        marks = replace(self._marks, edge=float(value)) if name == "edge" else self._moved(name, float(value))
        try:
            marks.layer()
        except FilterLabError:
            return None  # a gain that float32 cannot hold, for example
        return None if any(band.low > band.high for band in marks.bands) else marks

    def _moved(self, name: str, value: float) -> SpectrumMarks:
        """The marks with another number of the chosen one."""
        assert self._chosen is not None, "the field is hidden otherwise"
        mark: Mark = self._marks.all[self._chosen]
        return self._marks.with_mark(self._chosen, mark._replace(**{name: value}))


def _titles() -> Iterable[tuple[str, str, str]]:
    """(name, title, tip) of the fields, from top to bottom."""
    yield "u", "u", tr("Frequency along the rows, in cycles a pixel")
    yield "v", "v", tr("Frequency down the columns, in cycles a pixel")
    yield "radius", tr("Radius"), tr("Radius of the notch, in cycles a pixel")
    yield "low", tr("From"), tr("Lowest frequency of the band, in cycles a pixel")
    yield "high", tr("To"), tr("Highest frequency of the band, in cycles a pixel")
    yield "gain", tr("Gain"), tr("What the waves are multiplied by: 0 takes them out, 1 leaves them")
    yield "edge", tr("Edge"), tr("Width of the smooth edge around all notches and bands, in cycles a pixel")
