"""Editor of padding: a name, one number, one for each axis, or one for each side."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from filterlab.functional.geometry import PADDING_NAMES
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor, editor_for, set_wrong
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import label_of
from filterlab.layers.base.kinds import Padding
from filterlab.parameters import Parameter

# For each form of giving the numbers, the field that each side (top, bottom, left, right) reads.
_FORMS = {"all": (0, 0, 0, 0), "axes": (0, 0, 2, 2), "sides": (0, 1, 2, 3)}


@editor_for("padding")
class PaddingEditor(Editor):
    """A list of the forms, and as many fields as the chosen one has."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        kind = parameter.kind
        assert isinstance(kind, Padding), "padding has sides"
        name = tr(label_of(parameter))
        self.combo = QuietCombo(self)
        self._fill_combo(kind)
        self.fields = [
            NumberField(self, whole=True, limits=(kind.minimum, kind.maximum), digits=3) for _ in range(4)
        ]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.combo, 0, 0, 1, 2)
        for i, field in enumerate(self.fields):
            layout.addWidget(field, 1 + i // 2, i % 2)
            field.given.connect(self._take)
            field.finished.connect(self.finished)
            set_wrong(field, False)
        self._name = name
        self._value: Any = None
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._choose)
        self._arrange("all")

    def _fill_combo(self, kind: Padding) -> None:
        if kind.optional:
            self.combo.addItem(tr("none"), "none")
        for text, form in (
            (tr("one number"), "all"),
            (tr("height, width"), "axes"),
            (tr("each side"), "sides"),
        ):
            self.combo.addItem(text, form)
        for word in PADDING_NAMES if kind.named else ():
            self.combo.addItem(tr(word), word)

    @property
    def form(self) -> str:
        """The chosen form: "all", "axes", "sides", "none" or a name such as "same"."""
        return str(self.combo.currentData())

    def set_value(self, value: Any) -> None:
        self._value = value
        if value is None or isinstance(value, str):
            form = value or "none"
        else:
            sides = (*value[0], *value[1])
            form = self._form_of(sides)
            for field, number in zip(self.fields, sides, strict=True):
                field.set_value(number)
        self.combo.show_data(form)
        self._arrange(form)

    def _form_of(self, sides: tuple[int, ...]) -> str:
        """The chosen form where it can express these numbers, else the simplest that can."""
        forms = [f for f, reads in _FORMS.items() if all(sides[i] == sides[r] for i, r in enumerate(reads))]
        return self.form if self.form in forms else forms[0]

    def _arrange(self, form: str) -> None:
        reads = _FORMS.get(form, ())
        names = {
            "all": (tr("all sides"),) * 4,
            "axes": (tr("top and bottom"), "", tr("left and right"), ""),
            "sides": (tr("top"), tr("bottom"), tr("left"), tr("right")),
        }.get(form, ("",) * 4)
        layout = self.layout()
        assert isinstance(layout, QGridLayout), "made in the constructor"
        for i, field in enumerate(self.fields):
            field.setVisible(i in reads)
            field.setAccessibleName(f"{self._name}, {names[i]}")
            field.setToolTip(f"{self._name}, {names[i]}")
        # Height and width stand beside each other here, as in the editors of pairs.
        layout.addWidget(self.fields[2], *((1, 1) if form == "axes" else (2, 0)))

    def _choose(self) -> None:
        form = self.form
        if form in _FORMS:
            self._start_from(self._value)
        self._arrange(form)
        self._take()
        self.finished.emit()

    def _start_from(self, value: Any) -> None:
        """Fill the fields with 0 where a name, or nothing, stood for the padding."""
        if isinstance(value, tuple):
            return
        for field in self.fields:
            field.set_value(0)

    def _take(self) -> None:
        form = self.form
        if form not in _FORMS:
            self.give(None if form == "none" else form)
            return
        top, bottom, left, right = (self.fields[i].value() for i in _FORMS[form])
        self.give(((top, bottom), (left, right)))
