"""What is to be undone, and how: the answers of the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log10
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLabel, QScrollArea, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.editors.numbers import QuietSlider
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.look import layouts
from filterlab.gui.look.strip import shortened
from filterlab.gui.restoring.plan import OPEN, OUTPUT, TARGET, LearnedKernel, RestorePlan
from filterlab.gui.words.i18n import tr
from filterlab.images import IMAGE_SUFFIXES, read_picture
from filterlab.layers.base.layer import Layer
from filterlab.learning.fit.blurring import blurring_nodes, border_of
from filterlab.parameters import Choice, Integer, Parameter
from filterlab.pipeline import Pipeline
from filterlab.restoration.options import BORDER, FREE, ITERATIONS, METHOD, NOISE, STRENGTH

NONE, KNOWN, FILE = "none", "known", "file"  # the true pictures
FRESH = ":"  # before the name of a node whose learned weights are meant; no name has it
POSITIONS = 200  # of the slider of the strength
LEAST, MOST = -8.0, 1.0  # decimal logarithms of the strengths at its ends
LONGEST = 18  # characters of a name


class RestoreForm(QScrollArea):
    """A row for each answer, made from the declarations of the engine.

    changed: another answer. weighed: the strength was changed, which one wants to see at once. failed(error): a file
    could not be read. learned: returns what was learned last.
    """

    changed = Signal()
    weighed = Signal()
    failed = Signal(object)

    def __init__(self, bench: Workbench, learned: Callable[[], LearnedKernel]) -> None:
        super().__init__()
        self._bench, self._learned = bench, learned
        self._suggested: object = None  # the run of learning that was suggested last, and for which picture
        self._truth: Picture | None = None  # from a file
        self._reading: object = None  # stands for the newest reading; any other has been superseded
        self._fields: dict[NumberField, Parameter] = {}
        self._automatic: float | None = None  # the strength that was found last
        self.picture = self._list(tr("Picture"), tr("The blurred picture"))
        self.kernel = self._list(tr("Kernel"), tr("The layer whose kernel has blurred it"))
        self.kernel.setPlaceholderText(tr("no layer has one"))
        self.method, self.border = self._combo(METHOD), self._combo(BORDER)
        self.method.widen()  # else the names of two methods would look the same
        self.noise = self._number(NOISE, tr("estimated"))
        self.strength = self._number(STRENGTH, tr("automatic"))
        self.iterations = self._number(ITERATIONS, tr("automatic"))
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, POSITIONS)
        self.slider.setAccessibleName(tr("{name}, slider", name=tr(STRENGTH.title)))
        self.slider.setToolTip(tr("Less keeps more detail and more noise; an empty field chooses by itself"))
        self.slider.setMinimumWidth(36)
        self.truth = self._list(
            tr("True picture"), tr("The picture before the blur, where it is known: the gain is then told")
        )
        self._lay_out()
        self._connect()
        self.refresh()

    # -- building -------------------------------------------------------------------------------------

    def _list(self, name: str, tip: str) -> QuietCombo:
        combo = QuietCombo(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        return combo

    def _combo(self, parameter: Parameter) -> QuietCombo:
        kind, combo = parameter.kind, self._list(tr(parameter.title), tr(parameter.doc))
        assert isinstance(kind, Choice), "only a choice is shown as a list"
        for option, title, sentence in zip(kind.options, kind.titles, kind.sentences, strict=True):
            combo.addItem(tr(title), option)
            combo.setItemData(combo.count() - 1, tr(sentence), Qt.ItemDataRole.ToolTipRole)
        combo.show_data(parameter.default)
        return combo

    def _number(self, parameter: Parameter, absent: str) -> NumberField:
        kind: Any = parameter.kind
        field = NumberField(
            self,
            whole=isinstance(kind, Integer),
            optional=True,
            limits=(kind.minimum, kind.maximum),
            span=100.0 if isinstance(kind, Integer) else 0.1,
            above=getattr(kind, "open_minimum", False),
            absent=absent,
            digits=10,
        )
        self._fields[field] = parameter
        field.setAccessibleName(tr(parameter.title))
        field.setToolTip(tr(parameter.doc))
        return field

    def _lay_out(self) -> None:
        holder, strength = QWidget(), QWidget()
        layouts.row(strength, (self.strength, 1), (self.slider, 1), margins=(0, 0, 0, 0), spacing=8)
        strength.setFocusProxy(self.strength)
        self._form = QFormLayout(holder)
        self._form.setContentsMargins(0, 0, 4, 0)
        self._form.setHorizontalSpacing(8)
        self._form.setVerticalSpacing(4)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for words, widget in (
            (self.picture.accessibleName(), self.picture),
            (self.kernel.accessibleName(), self.kernel),
            (tr(METHOD.title), self.method),
            (tr(BORDER.title), self.border),
            (tr(NOISE.title), self.noise),
            (tr(STRENGTH.title), strength),
            (tr(ITERATIONS.title), self.iterations),
            (self.truth.accessibleName(), self.truth),
        ):
            label = QLabel(words)
            label.setBuddy(widget)
            self._form.addRow(label, widget)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # It scrolls downwards only, so that it must be wide enough for all rows.
        self.setMinimumWidth(holder.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A little more than it needs."""
        return QSize(self.minimumWidth() + 6 * self.fontMetrics().averageCharWidth(), 200)

    def _connect(self) -> None:
        for combo in (self.picture, self.kernel):
            combo.activated.connect(self._choose_picture)
        self.method.activated.connect(self._choose_method)
        self.border.activated.connect(lambda: self.changed.emit())
        self.truth.activated.connect(self._choose_truth)
        for field in self._fields:
            field.typed.connect(lambda typed, field=field: self._check(field))
        self.strength.given.connect(self._weigh)
        self.slider.valueChanged.connect(self._slide)
        self._bench.document.changed.connect(self._follow)
        self._bench.selection.node_changed.connect(self._follow_selection)
        self._bench.closing.connect(self._stop_reading)

    # -- what there is --------------------------------------------------------------------------------

    def _follow(self, *_: object) -> None:
        # Who shows the form again, or asks it for its answers, refreshes it first.
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Offer the kernels and pictures that there are now, and keep the answers that still make sense."""
        document, learned = self._bench.document, self._learned()
        names = [name for name in blurring_nodes(document.pipeline) if not _undoes(document.pipeline[name])]
        kernels = [(tr("{node}, as learned", node=name), FRESH + name) for name in learned.nodes]
        offer(self.kernel, [*kernels, *((name, name) for name in names)], self._selected(names))
        pictures = [(tr("the open picture"), OPEN), (tr("the output of the layer"), OUTPUT)]
        pictures += [(tr("the target of learning"), TARGET)] if learned.pair is not None else []
        offer(self.picture, pictures, OPEN)
        self._offer_truths()
        self.changed.emit()

    def suggest(self) -> None:
        """Choose what was learned, once for each picture that is opened; else the kernel of the selected layer."""
        self.refresh()
        learned, selected = self._learned(), self._bench.selection.node
        news = learned.run, self._bench.document.picture
        if learned.nodes and news != self._suggested:
            self._suggested = news
            self.kernel.show_data(FRESH + learned.nodes[0])
            paired = learned.pair is not None and learned.picture is self._bench.document.picture
            self.picture.show_data(TARGET if paired else OPEN)
        # The selected layer may be chosen as learned, while its own weights are still those before learning.
        elif selected != self._node and self.kernel.findData(selected) >= 0:
            self.kernel.show_data(selected)
        self._choose_picture()

    def _selected(self, names: list[str]) -> str | None:
        selected = self._bench.selection.node
        return selected if selected in names else names[-1] if names else None

    def _follow_selection(self) -> None:
        """Take the kernel of the layer that the person has selected, if it has one."""
        index = self.kernel.findData(self._bench.selection.node)
        if index >= 0 and self.isVisible() and index != self.kernel.currentIndex():
            self.kernel.setCurrentIndex(index)
            self._choose_picture()

    def _offer_truths(self) -> None:
        source = self.picture.currentData()
        truths = [(tr("not known"), NONE)]
        truths += [] if source == OPEN else [(tr("what the layer reads"), KNOWN)]
        if self._truth is not None:
            truths.append((shortened(self._truth.name, LONGEST), self._truth.name))
        truths.append((tr("a picture from a file…"), FILE))
        offer(self.truth, truths, NONE if source == OPEN else KNOWN)

    def _choose_picture(self) -> None:
        """Take the border with which the layer has made the picture; what a camera saw beyond is unknown."""
        node, made = self._node, self.picture.currentData() == OUTPUT
        border = border_of(self._pipeline[node]) if made and node else "unknown"
        # A constant border, for example, is none of those that are offered.
        self.border.show_data(border if self.border.findData(border) >= 0 else "unknown")
        self._offer_truths()
        if self.truth.currentData() in (NONE, KNOWN):
            self.truth.show_data(NONE if self.picture.currentData() == OPEN else KNOWN)
        self.changed.emit()

    def _choose_method(self) -> None:
        for widget in (self.strength, self.slider):
            widget.setEnabled(self.method.currentData() not in FREE)
        self.show_strength(self._automatic)
        self.changed.emit()

    # -- numbers --------------------------------------------------------------------------------------

    def _check(self, field: NumberField) -> None:
        set_wrong(field, self._complaint(field) is not None)
        self.changed.emit()

    def _complaint(self, field: NumberField) -> FilterLabError | None:
        try:
            self._fields[field].read(field.value(), "restore")
        except FilterLabError as error:
            return error
        return None

    def _slide(self, position: int) -> None:
        self.strength.set_value(float(f"{10 ** (LEAST + (MOST - LEAST) * position / POSITIONS):.3g}"))
        self._check(self.strength)
        self.weighed.emit()

    def _weigh(self, value: object) -> None:
        self._place_slider()
        if self._complaint(self.strength) is None:
            self.weighed.emit()

    def show_strength(self, strength: float | None) -> None:
        """Show the strength that was chosen automatically, where the slider then begins."""
        self._automatic = strength
        words = tr("automatic") if strength is None else tr("automatic: {n:.1e}", n=strength)
        words = words if self.strength.isEnabled() else tr("none")
        self.strength.lineEdit().setPlaceholderText(words)
        self._place_slider()

    def _place_slider(self) -> None:
        typed = self.strength.value()
        value = typed if isinstance(typed, int | float) else self._automatic
        if value is not None and value > 0:
            with QSignalBlocker(self.slider):
                self.slider.setValue(round((log10(value) - LEAST) / (MOST - LEAST) * POSITIONS))

    # -- the true picture -----------------------------------------------------------------------------

    def _choose_truth(self) -> None:
        if self.truth.currentData() == FILE:
            self.ask_truth()
        else:
            self.changed.emit()

    def ask_truth(self) -> QFileDialog:
        """Show the dialog for the true picture."""
        folder = str(self._bench.settings.value("folder/open", ""))
        masks = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        title = tr("The picture before the blur")
        dialog = QFileDialog(self, title, folder, tr("Pictures") + f" ({masks})")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read_truth(Path(name)))
        dialog.rejected.connect(self._forget_wish)
        dialog.open()
        return dialog

    def _forget_wish(self) -> None:
        # The entry that opens the dialog is no answer by itself.
        self.truth.setCurrentIndex(0)
        self.changed.emit()

    def read_truth(self, path: Path) -> None:
        """Read the true picture in the background."""
        token = self._reading = object()

        def done(picture: Picture) -> None:
            if self._reading is token:
                self._truth = picture
                self._offer_truths()
                self.truth.show_data(picture.name)
                self.changed.emit()

        def fail(error: Exception, details: str) -> None:
            if self._reading is not token:
                return
            self._forget_wish()
            if isinstance(error, FilterLabError):
                self.failed.emit(error)
            else:
                self._bench.messages.error(error, tr("{name} was not opened", name=path.name), details)

        self._bench.background.submit(
            lambda: Picture(path.name, read_picture(path).values, path), done, fail, path.name
        )

    def _stop_reading(self) -> None:
        self._reading = None

    # -- answers --------------------------------------------------------------------------------------

    def take_over(self, old: RestoreForm) -> None:
        """Take over the answers of another form over the same document."""
        self._truth, self._suggested = old._truth, old._suggested
        self.refresh()
        pairs = ((self.picture, old.picture), (self.kernel, old.kernel), (self.method, old.method))
        for mine, theirs in (*pairs, (self.border, old.border)):
            # The lists of a form that was never shown are empty.
            if theirs.currentIndex() >= 0:
                mine.show_data(theirs.currentData())
        self._choose_method()
        self._offer_truths()
        self.truth.show_data(old.truth.currentData())
        # As text, so that an answer that is not allowed is taken over, too.
        for field, other in zip(self._fields, old._fields, strict=True):
            field.lineEdit().setText(other.lineEdit().text())
        self.show_strength(old._automatic)

    @property
    def _node(self) -> str:
        return str(self.kernel.currentData() or "").removeprefix(FRESH)

    @property
    def _pipeline(self) -> Pipeline:
        fresh = str(self.kernel.currentData() or "").startswith(FRESH)
        return self._learned().pipeline if fresh else self._bench.document.pipeline

    def plan(self) -> RestorePlan:
        """The answers as one value. Raises FilterLabError naming what is missing."""
        if not self.isVisible():
            self.refresh()
        # What a method does not know is kept for the others, and not asked of it.
        used = {field: p for field, p in self._fields.items() if field.isEnabled()}
        numbers = {p.name: p.read(field.value(), "restore") for field, p in used.items()}
        plan = RestorePlan(
            self._pipeline,
            self._bench.document.picture,
            self._node,
            self.picture.currentData(),
            self._learned(),
            self._truth if self._truth is not None and self.truth.currentData() == self._truth.name else None,
            known=self.truth.currentData() == KNOWN,
            method=self.method.currentData(),
            border=self.border.currentData(),
            **numbers,
        )
        plan.check()
        return plan


def _undoes(layer: Layer) -> bool:
    """Whether the kernel of a layer undoes a blur, so that it has hardly blurred a picture."""
    recipe = getattr(layer.raw().get("kernel"), "recipe", None)
    return isinstance(recipe, Mapping) and "wiener" in recipe


def offer(combo: QuietCombo, entries: list[tuple[str, Any]], usual: Any) -> None:
    """List these entries, and keep the chosen one if it is among them; else choose the usual one. No signal."""
    listed = [(combo.itemText(i), combo.itemData(i)) for i in range(combo.count())]
    if entries == listed:
        return  # called at every edit, which must not close the open list under the mouse
    chosen = combo.currentData()
    with QSignalBlocker(combo):
        combo.clear()
        for words, data in entries:
            combo.addItem(words, data)
    datas = [data for _, data in entries]
    combo.show_data(chosen if chosen in datas else usual)
