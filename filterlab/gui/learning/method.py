"""How to learn: loss, optimizer and their numbers."""

from __future__ import annotations

import inspect
from math import inf
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
from filterlab.learning.descent.constraints import CONSTRAINTS
from filterlab.learning.descent.optimizers import RULES
from filterlab.learning.descent.schedules import SCHEDULES
from filterlab.learning.starts import STARTS

LBFGS = "lbfgs"
MOST = 1_000_000_000  # of steps, pictures, cells and seeds
PACES = (0.0, 0.1, 0.5, 2.0)  # seconds that a step takes at least


class MethodForm(QWidget):
    """A row for each number; those that the chosen optimizer does not know are hidden.

    changed: another answer. paced(seconds): another pace, which is no part of the answers.
    """

    changed = Signal()
    paced = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = False
        self.start = self._combo(tr("Start from"), _starts(), tr("The weights from which learning starts"))
        self.loss = self._combo(tr("Loss"), _losses(), tr("The quantity that is minimised"))
        self.optimizer = self._combo(
            tr("Optimizer"), _optimizers(), tr("How the weights are updated from the gradient")
        )
        self.lr = self._number(
            tr("Learning rate"), 3e-2, tr("The learning rate: how far a step goes"), above=True
        )
        self.steps = self._number(tr("Steps"), 100, tr("How many steps to make"), whole=True, low=1)
        self.momentum = self._number(
            tr("Momentum"), 0.0, tr("The share of the previous step that is carried on, 0 to 1"), high=0.999
        )
        self.nesterov = QCheckBox(tr("Nesterov"), self)
        self.nesterov.setToolTip(tr("Evaluate the gradient ahead, by the momentum (Nesterov)"))
        self.weight_decay = self._number(tr("Weight decay"), 0.0, tr("Pulls the weights towards zero"))
        self.seed = self._number(
            tr("Seed"), 0, tr("The seed of all random numbers: the same seed gives the same run"), whole=True
        )
        self.schedule = self._combo(
            tr("Schedule"), _schedules(), tr("How the learning rate changes from step to step")
        )
        self.crop = self._number(
            tr("Parts of"),
            None,
            tr("Side of the random crop that each step sees, in cells; empty: the whole picture"),
            whole=True,
            low=1,
        )
        self.batch = self._number(tr("Batch"), 32, tr("How many pictures a step sees"), whole=True, low=1)
        self.constraints = CheckList(tr("Constraints"), tr("What each kernel must satisfy after every step"))
        self.constraints.offer(CONSTRAINTS, words=_constraints())
        self.pace = self._combo(tr("Pace"), _paces(), tr("How quickly one step follows another"))
        self._lay_out()
        self._connect()
        self.loss.show_data("mse")
        self.optimizer.show_data("adam")
        self._show_options()

    def _connect(self) -> None:
        for combo in (self.start, self.loss, self.optimizer, self.schedule):
            combo.activated.connect(self._choose)
        self.nesterov.toggled.connect(lambda: self.changed.emit())
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
            if widget is self.nesterov:
                self.form.addRow("", widget)
            else:
                self.form.addRow(label, widget)

    def _widgets(self) -> tuple[Any, ...]:
        numbers = (self.momentum, self.nesterov, self.weight_decay)
        first = (self.start, self.loss, self.optimizer, self.lr, self.steps, *numbers)
        return (*first, self.schedule, self.constraints, self.crop, self.batch, self.seed, self.pace)

    def _combo(self, name: str, choices: dict[Any, tuple[str, str]], tip: str) -> QuietCombo:
        combo = QuietCombo(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        for data, (words, doc) in choices.items():
            combo.addItem(words, data)
            combo.setItemData(combo.count() - 1, doc, Qt.ItemDataRole.ToolTipRole)
        return combo

    def _number(
        self,
        name: str,
        value: float | None,
        tip: str,
        *,
        whole: bool = False,
        low: float = 0,
        high: float | None = None,
        above: bool = False,
    ) -> NumberField:
        span, optional = 100.0 if whole else 1.0, value is None
        limits = (low, MOST if whole else high)
        field = NumberField(
            self, whole=whole, limits=limits, span=span, above=above, optional=optional, absent=tr("all")
        )
        field.set_value(value)
        field.setAccessibleName(name)
        field.setToolTip(tip)
        field.typed.connect(lambda typed: self._check(field))
        return field

    def _choose(self) -> None:
        self._show_options()
        self.changed.emit()

    def _check(self, field: NumberField) -> None:
        set_wrong(field, self._complaint(field) is not None)
        self.changed.emit()

    @property
    def options(self) -> list[str]:
        """The names of those rows that the chosen optimizer knows."""
        rule = RULES.get(self.optimizer.currentData())
        known = inspect.signature(rule).parameters if rule is not None else {}
        return [name for name in ("momentum", "nesterov", "weight_decay") if name in known]

    def _show_options(self) -> None:
        for name in ("momentum", "nesterov", "weight_decay"):
            self.form.setRowVisible(getattr(self, name), name in self.options)
        descent = self.optimizer.currentData() != LBFGS
        for widget, shown in (
            (self.lr, descent),
            (self.schedule, descent),
            (self.crop, descent and not self.training),
            (self.batch, self.training),
            (self.loss, not self.training),
        ):
            self.form.setRowVisible(widget, shown)

    def set_locked(self, on: bool) -> None:
        """Whether a run goes on: all but its pace has to wait."""
        for widget in self._widgets():
            widget.setEnabled(not on or widget is self.pace)

    def set_training(self, on: bool) -> None:
        """Whether classes are learned, in passes over many pictures; the usual numbers differ."""
        if on == self.training:
            return
        self.training = on
        start, steps, rate, schedule = (
            ("keep", 10, 2e-3, "cosine") if on else ("random", 100, 3e-2, "constant")
        )
        self.start.show_data(start)
        self.schedule.show_data(schedule)
        self._offer_lbfgs(not on)
        self.steps.set_value(steps)
        self.lr.set_value(rate)
        label = self.form.labelForField(self.steps)
        assert isinstance(label, QLabel), "each row has one"
        label.setText(tr("Epochs") if on else tr("Steps"))
        self._show_options()

    def _offer_lbfgs(self, on: bool) -> None:
        """It sees all pictures at every step, which is no way to train on many."""
        place, model = self.optimizer.findData(LBFGS), self.optimizer.model()
        assert isinstance(model, QStandardItemModel), "a list has one"
        model.item(place).setEnabled(on)
        if not on and self.optimizer.currentIndex() == place:
            self.optimizer.show_data("adam")

    def take_over(self, old: MethodForm) -> None:
        """Give the answers of another form, without a signal."""
        self.set_training(old.training)
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

    def set_rate(self, rate: float) -> None:
        """Put another learning rate into its field."""
        self.lr.set_value(rate)
        self._check(self.lr)

    # -- answers --------------------------------------------------------------------------------------

    def answers(self) -> dict[str, Any]:
        """The fields of a `Plan`, or of a `ClassPlan`. Raises ParameterError naming a field without legal number."""
        fields = [f for f in self._widgets() if isinstance(f, NumberField) and self.form.isRowVisible(f)]
        for field in fields:
            complaint = self._complaint(field)
            if complaint is not None:
                raise complaint
        options: dict[str, Any] = {}
        for name in self.options:
            value = self.nesterov.isChecked() if name == "nesterov" else getattr(self, name).value()
            if value:
                options[name] = value
        options |= self._more()
        rest = {"batch": self.batch.value()} if self.training else {"loss": self.loss.currentData()}
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
        """What differs from the defaults of `learn` besides the optimizer's own options."""
        more: dict[str, Any] = {}
        if self.constraints.ticked:
            more["constraints"] = self.constraints.ticked
        if self.optimizer.currentData() == LBFGS:
            return more
        if self.training or self.schedule.currentData() != "constant":
            more["schedule"] = self.schedule.currentData()
        if self.crop.value() is not None and not self.training:
            more["crop"] = self.crop.value()
        return more

    def _complaint(self, field: NumberField) -> ParameterError | None:
        value, (low, high) = field.value(), field.limits
        if value is None:
            return None
        assert low is not None, "each of these fields has one"
        if isinstance(value, int if field.whole else (int, float)):
            enough = value > low if field.above else value >= low
            if enough and value <= (inf if high is None else high):
                return None
        name = field.accessibleName()
        rule = tr("above {low:g}", low=low) if field.above else tr("at least {low:g}", low=low)
        if high is not None:
            rule = tr("{low:g} to {high}", low=low, high=high)
        noun = tr("a whole number") if field.whole else tr("a number")
        return ParameterError(
            tr("{name} is {value!r}", name=name, value=value), "learn", f"{noun}, {rule}", parameter=name
        )


def _starts() -> dict[str, tuple[str, str]]:
    words = {
        "keep": (tr("present weights"), tr("Continue from the present weights of the nodes")),
        "random": (tr("random weights"), tr("Random numbers of a normal distribution, by the seed")),
        "zeros": (tr("zeros"), tr("All weights are zero; a chain of layers cannot learn from such a start")),
    }
    return {start: words[start] for start in ("random", *(s for s in STARTS if s != "random"))}


def _losses() -> dict[str, tuple[str, str]]:
    return {
        "mse": (tr("mean of squares"), tr("The mean of the squared errors")),
        "sse": (tr("sum of squares"), tr("The sum of the squared errors, which grows with the picture")),
        "l1": (tr("mean of magnitudes"), tr("The mean of the absolute errors: outliers count less")),
    }


def _schedules() -> dict[str, tuple[str, str]]:
    words = {
        "constant": (tr("constant"), tr("The same rate at every step")),
        "step": (tr("in steps"), tr("Divide the learning rate by ten after each third of the steps")),
        "exponential": (tr("exponential"), tr("Decays to a hundredth of the learning rate at the end")),
        "cosine": (tr("cosine"), tr("Half a wave down to zero")),
    }
    return {name: words.get(name, (name, "")) for name in SCHEDULES}


def _constraints() -> dict[str, str]:
    return {
        "zero_sum": tr("sum is 0"),
        "unit_sum": tr("sum is 1"),
        "symmetric": tr("symmetric"),
        "nonnegative": tr("none below 0"),
    }


def _optimizers() -> dict[str, tuple[str, str]]:
    words = {
        "sgd": (tr("gradient descent"), tr("Steps against the gradient, with momentum where it is set")),
        "adam": (tr("Adam"), tr("Adapts the learning rate of each weight; Kingma and Ba 2015")),
        "adamw": (tr("AdamW"), tr("Adam with the decay taken from the weights themselves")),
        "rmsprop": (tr("RMSprop"), tr("The gradient over the root of its running square")),
        LBFGS: (tr("L-BFGS"), tr("Chooses its own step size: for few weights and whole pictures")),
    }
    return {name: words.get(name, (name, "")) for name in (*RULES, LBFGS)}


def _paces() -> dict[float, tuple[str, str]]:
    words = {s: tr("{n:g} steps a second", n=1 / s) if s else tr("full speed") for s in PACES}
    return {seconds: (text, "") for seconds, text in words.items()}
