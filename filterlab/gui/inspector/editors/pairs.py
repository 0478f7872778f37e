"""Editors of (height, width): two fields, and a link that keeps them equal."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor, editor_for, set_wrong
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import label_of
from filterlab.parameters import NumberPair, Pairs, Parameter


class LinkButton(QToolButton):
    """A "=" between two fields, which are kept equal while it is down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText("=")
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("=") + 14)
        self.setAccessibleName(tr("keep height and width equal"))
        self.setToolTip(tr("While this is on, height and width stay equal."))
        self.setProperty("role", "link")


class PairFields(QWidget):
    """typed((height, width)), given((height, width)), finished: as those of either field."""

    typed = Signal(object)
    given = Signal(object)
    finished = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, **options: Any) -> None:
        super().__init__(parent)
        self.fields = [NumberField(self, digits=4, **options) for _ in range(2)]
        self.link = LinkButton(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget, stretch in ((self.fields[0], 1), (self.link, 0), (self.fields[1], 1)):
            layout.addWidget(widget, stretch)
        for i, (field, axis) in enumerate(zip(self.fields, (tr("height"), tr("width")), strict=True)):
            field.setAccessibleName(f"{name}, {axis}")
            field.setToolTip(f"{name}, {axis}")
            field.typed.connect(lambda value, i=i: self._take(i, value))
            field.given.connect(lambda _: self.given.emit(self.values))
            field.finished.connect(self.finished)
            set_wrong(field, False)
        self.link.setChecked(True)
        self.link.clicked.connect(self._link)
        self.setFocusProxy(self.fields[0])

    @property
    def values(self) -> tuple[Any, Any]:
        """The content of both fields: (height, width)."""
        return self.fields[0].value(), self.fields[1].value()

    def set_values(self, values: tuple[Any, Any]) -> None:
        """Show a pair. Unequal numbers release the link; equal ones leave it as the person set it."""
        for field, value in zip(self.fields, values, strict=True):
            field.set_value(value)
        if values[0] != values[1]:
            self.link.setChecked(False)

    def _take(self, place: int, value: Any) -> None:
        if self.link.isChecked():
            self._copy(place, value)
        self.typed.emit(self.values)

    def _copy(self, place: int, value: Any) -> None:
        other = self.fields[1 - place]
        if isinstance(value, str):
            # What is no number, or not yet one, is repeated as it was typed.
            other.lineEdit().setText(value)
        else:
            other.set_value(value)

    def _link(self, on: bool) -> None:
        if on and self.values[0] != self.values[1]:
            self._copy(0, self.fields[0].value())
            self.typed.emit(self.values)
            self.given.emit(self.values)
            self.finished.emit()


class _PairEditor(Editor):
    whole = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        kind = parameter.kind
        assert isinstance(kind, (Pairs, NumberPair)), "a pair has two axes"
        low, high = kind.slider or (0, 1)
        may_be_empty = kind.optional or (isinstance(kind, Pairs) and kind.gaps)
        self.pair = PairFields(
            tr(label_of(parameter)),
            self,
            whole=self.whole,
            optional=may_be_empty,
            limits=(kind.minimum if self.whole else 0.01, kind.maximum),
            span=high - low,
            absent=tr("auto") if may_be_empty else "",
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pair)
        self.setFocusProxy(self.pair.fields[0])
        self.pair.given.connect(self._take)
        self.pair.finished.connect(self.finished)

    def _take(self, values: tuple[Any, Any]) -> None:
        self.give(None if self.parameter.kind.optional and values == (None, None) else values)

    def set_value(self, value: Any) -> None:
        self.pair.set_values((None, None) if value is None else value)


@editor_for("pair")
class PairEditor(_PairEditor):
    """Two whole numbers; an axis may be empty where the kind allows gaps."""


@editor_for("number pair")
@editor_for("factors")
class FactorsEditor(_PairEditor):
    """Two numbers with fractions."""

    whole = False
