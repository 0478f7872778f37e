"""How to learn: the loss, the optimizer and their options."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QWidget

from filterlab.errors import ParameterError
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.learning.checklist import CheckList
from filterlab.gui.words.i18n import tr
from filterlab.learning.descent.optimizers import OPTIMIZER, OPTIMIZERS, Optimizer, asked_options, takes
from filterlab.learning.descent.schedules import SCHEDULE
from filterlab.learning.options import BATCH, CROP, EPOCHS, LOSS, MOST, RATE, SEED, STEPS
from filterlab.learning.starts import START
from filterlab.learning.wishes import CONSTRAINT
from filterlab.parameters import Choice, Flag, Integer, Kind, Number, Pairs, Parameter

ENOUGH = 1000  # steps after which learning asks whether to go on, if it has not converged
PACES = (0.0, 0.1, 0.5, 2.0)  # the least time that a step takes, in seconds


class MethodForm(QWidget):
    """A row for each option of learning. Those that the chosen optimizer does not have are hidden.

    The rows are made from the declarations of the learner. options: the fields of the optimizers' own options, by name.
    training: whether a classifier is trained. changed: another answer. paced(seconds): another pace; it is no answer,
    because it changes what is seen of a run and not what is learned.
    """

    changed = Signal()
    paced = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.training = False
        self._kinds: dict[NumberField, Kind] = {}  # what each field accepts
        self.start = self._combo(START)
        self.loss = self._combo(LOSS)
        self.optimizer = self._combo(OPTIMIZER)
        self.lr = self._number(RATE, 3e-2)
        self.steps = self._number(STEPS, ENOUGH)
        self.steps.setToolTip(_steps_words())
        self.options = {name: self._option(declared) for name, declared in asked_options().items()}
        self.seed = self._number(SEED, 0)
        self.schedule = self._combo(SCHEDULE)
        self.crop = self._number(CROP, None)
        self.batch = self._number(replace(BATCH, kind=replace(BATCH.kind, optional=False)), 32)
        assert isinstance(CONSTRAINT.kind, Choice), "constraints are declared as a choice"
        self.constraints = CheckList(tr(CONSTRAINT.title), tr(CONSTRAINT.doc))
        names, titles = CONSTRAINT.kind.options, CONSTRAINT.kind.titles
        self.constraints.offer(names, words=dict(zip(names, map(tr, titles), strict=True)))
        self.pace = QuietCombo(self)
        self.pace.setAccessibleName(tr("Pace"))
        self.pace.setToolTip(tr("How quickly one step follows another"))
        for seconds in PACES:
            words = tr("{n:g} steps a second", n=1 / seconds) if seconds else tr("full speed")
            self.pace.addItem(words, seconds)
        self._lay_out()
        self._connect()
        # Its runs are the shortest by far: a kernel is exact after tens of steps, where others take thousands.
        self.optimizer.show_data("lbfgs")
        self._show_options()

    def _connect(self) -> None:
        for combo in (self.start, self.loss, self.optimizer, self.schedule):
            combo.activated.connect(self._choose)
        self.constraints.changed.connect(self.changed)
        self.pace.activated.connect(lambda: self.paced.emit(self.pace.currentData()))

    def _lay_out(self) -> None:
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(8)
        self.form.setVerticalSpacing(4)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for widget in self._widgets():
            label = QLabel(widget.accessibleName(), self)
            label.setBuddy(widget)
            if isinstance(widget, QCheckBox):  # its own text is its label
                self.form.addRow("", widget)
            else:
                self.form.addRow(label, widget)

    def _widgets(self) -> tuple[Any, ...]:
        first = (self.start, self.loss, self.optimizer, self.lr, self.steps, *self.options.values())
        return (*first, self.schedule, self.constraints, self.crop, self.batch, self.seed, self.pace)

    def _combo(self, parameter: Parameter) -> QuietCombo:
        kind, combo = parameter.kind, QuietCombo(self)
        assert isinstance(kind, Choice), "only a choice is shown as a list"
        combo.setAccessibleName(tr(parameter.title))
        combo.setToolTip(tr(parameter.doc))
        for option, title, sentence in zip(kind.options, kind.titles, kind.sentences, strict=True):
            combo.addItem(tr(title), option)
            combo.setItemData(combo.count() - 1, tr(sentence), Qt.ItemDataRole.ToolTipRole)
        combo.widen()
        combo.show_data(parameter.default)
        return combo

    def _option(self, parameter: Parameter) -> NumberField | QCheckBox:
        if not isinstance(parameter.kind, Flag):
            return self._number(parameter, parameter.default)
        box = QCheckBox(tr(parameter.title), self)
        box.setToolTip(tr(parameter.doc))
        box.toggled.connect(lambda: self.changed.emit())
        return box

    def _number(self, parameter: Parameter, value: float | None) -> NumberField:
        kind = _typed(parameter.kind)
        whole = isinstance(kind, Integer)
        field = NumberField(
            self,
            whole=whole,
            limits=(kind.minimum, kind.maximum),
            span=100.0 if whole else 1.0,
            above=isinstance(kind, Number) and kind.open_minimum,
            below=isinstance(kind, Number) and kind.open_maximum,
            optional=kind.optional,
            absent=tr("all"),
        )
        self._kinds[field] = kind
        field.set_value(value)
        field.setAccessibleName(tr(parameter.title))
        field.setToolTip(tr(parameter.doc))
        field.typed.connect(lambda typed: self._check(field))
        return field

    def _choose(self) -> None:
        self._show_options()
        self.changed.emit()

    def _check(self, field: NumberField) -> None:
        set_wrong(field, self._complaint(field) is not None)
        self.changed.emit()

    @property
    def _chosen(self) -> type[Optimizer]:
        return OPTIMIZERS[self.optimizer.currentData()]

    def _show_options(self) -> None:
        for name, widget in self.options.items():
            self.form.setRowVisible(widget, takes(self._chosen, name))
        descent = not self._chosen.full_batch
        for row, shown in (
            (self.lr, descent),
            (self.schedule, descent),
            (self.crop, descent and not self.training),
            (self.batch, self.training),
            (self.loss, not self.training),
        ):
            self.form.setRowVisible(row, shown)

    def set_locked(self, on: bool) -> None:
        """Lock the answers while a run is under way; the pace can be changed at any time."""
        for widget in self._widgets():
            widget.setEnabled(not on or widget is self.pace)

    def set_training(self, on: bool) -> None:
        """Choose between training a classifier, in epochs, and learning from one picture; sets the usual numbers."""
        if on == self.training:
            return
        self.training = on
        # A network made for the pictures has random weights already. A kernel is given random ones, or there might be
        # nothing to learn.
        start, steps, rate, schedule = (
            ("keep", 10, 2e-3, "cosine") if on else ("random", ENOUGH, 3e-2, "constant")
        )
        self.start.show_data(start)
        self.schedule.show_data(schedule)
        self._offer_full_batch(not on)
        self.steps.set_value(steps)
        self.lr.set_value(rate)
        label = self.form.labelForField(self.steps)
        assert isinstance(label, QLabel), "each row has one"
        label.setText(tr("Epochs") if on else tr("Steps"))
        self.steps.setToolTip(tr(EPOCHS.doc) if on else _steps_words())
        self._show_options()

    def _offer_full_batch(self, on: bool) -> None:
        # An optimizer that evaluates all pictures at every step is too slow where there are many.
        model = self.optimizer.model()
        assert isinstance(model, QStandardItemModel), "the model of a combo box without another"
        for name, kind in OPTIMIZERS.items():
            if kind.full_batch:
                model.item(self.optimizer.findData(name)).setEnabled(on)
        if not on and self._chosen.full_batch:
            self.optimizer.show_data("adam")

    def take_over(self, old: MethodForm) -> None:
        """Take over the answers of another form, without a signal."""
        self.set_training(old.training)
        # Field by field and as text, so that an answer that is not allowed is taken over, too, instead of being lost.
        for mine, theirs in zip(self._widgets(), old._widgets(), strict=True):
            with QSignalBlocker(mine):
                if isinstance(mine, QuietCombo):
                    mine.show_data(theirs.currentData())
                elif isinstance(mine, NumberField):
                    mine.lineEdit().setText(theirs.lineEdit().text())
                elif isinstance(mine, QCheckBox):
                    mine.setChecked(theirs.isChecked())
                else:
                    for name in mine.all:
                        mine.tick(name, name in theirs.ticked)
        self._show_options()

    def reset_options(self) -> None:
        """Reset the options of all optimizers to their defaults."""
        for name, widget in self.options.items():
            default = asked_options()[name].default
            widget.setChecked(default) if isinstance(widget, QCheckBox) else widget.set_value(default)

    def set_rate(self, rate: float) -> None:
        """Change the learning rate."""
        self.lr.set_value(rate)
        self._check(self.lr)

    # -- answers --------------------------------------------------------------------------------------

    def answers(self) -> dict[str, Any]:
        """The fields of a `LearningPlan` or `ClassPlan`. Raises ParameterError naming a field that is not allowed."""
        fields = [f for f in self._widgets() if isinstance(f, NumberField) and self.form.isRowVisible(f)]
        for field in fields:
            complaint = self._complaint(field)
            if complaint is not None:
                raise complaint
        options: dict[str, Any] = {}
        for name, widget in self.options.items():
            value = widget.isChecked() if isinstance(widget, QCheckBox) else widget.value()
            # The default shown is that of the first optimizer that has the option. Whoever leaves it there wants the
            # default of the chosen one, so it is left out.
            if takes(self._chosen, name) and value != asked_options()[name].default:
                options[name] = value
        options |= self._more()
        rest = {"batch": self.batch.value()} if self.training else {"loss": self.loss.currentData()}
        # A hidden rate means nothing to the optimizer, which nevertheless accepts none but a positive one.
        return {
            **rest,
            "start": self.start.currentData(),
            "optimizer": self.optimizer.currentData(),
            "lr": self.lr.value() if self.form.isRowVisible(self.lr) else 1.0,
            "steps": self.steps.value(),
            "seed": self.seed.value(),
            "options": options,
        }

    def _more(self) -> dict[str, Any]:
        """Further arguments of `learn` that differ from its defaults."""
        more: dict[str, Any] = {}
        if self.constraints.ticked:
            more["constraints"] = self.constraints.ticked
        if self._chosen.full_batch:
            return more
        # `train_classifier` has another default than `learn`, so it is always told.
        if self.training or self.schedule.currentData() != "constant":
            more["schedule"] = self.schedule.currentData()
        if self.crop.value() is not None and not self.training:
            more["crop"] = self.crop.value()
        return more

    def _complaint(self, field: NumberField) -> ParameterError | None:
        try:
            self._kinds[field].read(field.value(), field.accessibleName())
        except ParameterError as error:
            error.where = "learn"
            return error
        return None


def _steps_words() -> str:
    return tr("The most steps to make: learning ends before, once it has converged")


def _typed(kind: Kind) -> Kind:
    """What one field accepts: one side where a size is asked for, and no more than `MOST`."""
    if isinstance(kind, Pairs):
        return Integer(minimum=kind.minimum, maximum=MOST, optional=kind.optional)
    if isinstance(kind, Integer):
        return replace(kind, maximum=min(kind.maximum or MOST, MOST))
    return kind
