"""The form: the input, the target, the nodes that learn, and how they do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError, ParameterError
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.selection import Selection
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.learning.checklist import CheckList
from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.method import MethodForm
from filterlab.gui.learning.plan import CLASSES, LearningPlan
from filterlab.gui.learning.targetchooser import TargetChooser
from filterlab.gui.look.strip import Caption
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words
from filterlab.learning.parts import LearnedPart, Seen
from filterlab.learning.starts import trainable_nodes

LAST = ""  # instead of the name of a node: whichever node is the last
SHARE = 2  # half of the memory for maps may be taken by a step of learning from a part of a picture


class SetupForm(QScrollArea):
    """Follows the document and the selection. changed: other answers. edited: the person has changed them.

    seen: what the window shows of the picture, None for all. room: the bytes that maps may take.
    """

    changed = Signal()
    edited = Signal()

    def __init__(
        self,
        *,
        document: Document,
        selection: Selection,
        target: TargetChooser,
        seen: Callable[[], Seen | None],
        room: Callable[[], int],
    ) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._seen, self._room = seen, room
        self._chosen = False  # whether the person has ticked nodes; if not, the selected one learns
        self.input = Caption()
        self.target = target
        self.output = QuietCombo()
        self.output.setAccessibleName(tr("Compared node"))
        self.output.setToolTip(tr("The node whose map is to match the target"))
        self.nodes = CheckList(
            tr("Nodes that learn"), tr("The nodes whose weights change; the others stay as they are")
        )
        self.method = MethodForm()
        self._lay_out()
        document.changed.connect(self.refresh)
        selection.node_changed.connect(self.refresh)
        self.target.changed.connect(self._choose_target)
        self.output.activated.connect(self._choose_output)
        self.nodes.changed.connect(self._choose_nodes)
        self.method.changed.connect(self._edit)
        self.refresh()

    def _lay_out(self) -> None:
        holder = QWidget()
        form = self._form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(4)
        for words, widget in (
            (tr("Input"), self.input),
            (tr("Target"), self.target),
            (tr("Size"), self.target.picture_size),
            (tr("Learns"), self.nodes),
            (tr("Compared"), self.output),
        ):
            label = QLabel(words)
            label.setBuddy(widget)
            form.addRow(label, widget)
        for form_part in (form, self.method.form):
            form_part.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self.method)
        column.addStretch(1)
        self._align(form)
        self.setWidget(holder)
        # It scrolls downwards only, so it must be wide enough for all rows: asked while all of them are visible.
        bar = self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(holder.minimumSizeHint().width() + bar)
        self._show_rows()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _align(self, form: QFormLayout) -> None:
        # The two layouts do not know of each other, and the person should see one form.
        forms = (form, self.method.form)
        labels = [
            label
            for part in forms
            for row in range(part.rowCount())
            if (item := part.itemAt(row, QFormLayout.ItemRole.LabelRole)) is not None
            and isinstance(label := item.widget(), QLabel)
        ]
        width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self.minimumWidth() + 4 * self.fontMetrics().averageCharWidth(), 200)

    def set_locked(self, on: bool) -> None:
        """Lock the answers while a run is under way."""
        for widget in (self.target, self.target.picture_size, self.output, self.nodes):
            widget.setEnabled(not on)
        self.method.set_locked(on)

    def take_over(self, old: SetupForm) -> None:
        """Take over the answers of another form over the same document."""
        self.target.take_over(old.target)
        self.method.take_over(old.method)
        self._show_rows()
        self.refresh()
        # Only now: the list of nodes depends on the output, and `refresh` filled both from the document.
        self.output.show_data(old.output.currentData())
        self._chosen = old._chosen
        self.nodes.offer(old.nodes.all, old.nodes.ticked)
        self.refresh()

    # -- following ------------------------------------------------------------------------------------

    def refresh(self, *_: object) -> None:
        """Offer the nodes of the document, and keep the answers that still make sense."""
        pipeline = self._document.pipeline
        self.input.show_text(self._input_words())
        self._offer_outputs([step.name for step in pipeline.steps])
        able = trainable_nodes(pipeline, self.compared) if self.compared else []
        # What the person ticked stays, as far as it can learn. Otherwise the node that was clicked learns, and of a
        # classifier all nodes.
        kept = [name for name in self.nodes.ticked if name in able] if self._chosen else []
        if not kept:
            self._chosen = False
            selected = self._selection.node
            kept = [selected] if selected in able else able[-1:]
            kept = able if self.training else kept
        self.nodes.offer(able, kept)
        self.changed.emit()

    def _input_words(self) -> str:
        picture, classes = self._document.picture, self.target.target.classes
        if self.training:
            if classes is None:
                return tr("none yet")
            words = tr("{n} pictures of {count} classes", n=len(classes.y), count=len(classes.labels))
            return f"{words}, {shape_words(classes.x.shape[1:])}"
        return tr("none yet") if picture is None else f"{picture.name}, {shape_words(picture.shape)}"

    def _offer_outputs(self, names: list[str]) -> None:
        # Only if they differ: this runs at every edit, and would close the open list under the mouse.
        chosen = self.output.currentData()
        if [self.output.itemData(i) for i in range(1, self.output.count())] != names:
            self.output.clear()
            self.output.addItem(tr("last node"), LAST)
            for name in names:
                self.output.addItem(name, name)
        self.output.show_data(chosen if chosen in names else LAST)

    def _choose_target(self) -> None:
        self.method.set_training(self.training)
        self._show_rows()
        self.refresh()
        self._edit()

    def _show_rows(self) -> None:
        self._form.setRowVisible(self.target.picture_size, self.training)
        self._form.setRowVisible(self.output, not self.training)

    def _choose_output(self) -> None:
        self.refresh()
        self._edit()

    def _choose_nodes(self) -> None:
        self._chosen = True
        self._edit()

    def _edit(self) -> None:
        self.edited.emit()
        self.changed.emit()

    @property
    def compared(self) -> str:
        """The node whose map is compared with the target; "" where there is no node."""
        steps = self._document.pipeline.steps
        chosen = "" if self.training else self.output.currentData()
        return chosen or (steps[-1].name if steps else "")

    @property
    def training(self) -> bool:
        """Whether a classifier is trained."""
        return self.target.target.kind == CLASSES

    @property
    def ready(self) -> bool:
        """Whether there is anything to learn from."""
        document = self._document
        return self.training or (document.picture is not None and len(document.pipeline) > 0)

    # -- answers --------------------------------------------------------------------------------------

    def plan(self) -> LearningPlan | ClassPlan:
        """The answers as one value. Raises FilterLabError naming what is missing."""
        if self.training:
            return self._class_plan()
        picture, pipeline = self._document.picture, self._document.pipeline
        if picture is None:
            raise ParameterError("there is no picture", "learn", "open one", parameter="picture")
        if not len(pipeline):
            raise ParameterError("there is no layer that can learn", "learn", "add a Filter2d or Conv2d")
        return LearningPlan(
            pipeline,
            picture,
            self.target.target,
            self.compared,
            self.nodes.ticked,
            seen=self._seen(),
            memory=self._room() // SHARE,
            **self.method.answers(),
        )

    def _class_plan(self) -> ClassPlan:
        answers, pipeline = self.method.answers(), self._document.pipeline
        return ClassPlan(pipeline, self.target.target.classes, self.nodes.ticked, **answers)

    def problem(self) -> FilterLabError | None:
        """Why learning cannot start; None if it can."""
        try:
            self.plan().check()
        except FilterLabError as error:
            return error
        return None

    @property
    def part(self) -> LearnedPart | None:
        """What would be learned from of pictures that are larger than memory; None where that is all, or nothing."""
        try:
            plan = self.plan()
            return plan.part if isinstance(plan, LearningPlan) else None
        except FilterLabError:
            return None


def form_over(bench: Workbench, document: Document) -> SetupForm:
    """A form over a document, which reads files, and looks at the part of the picture, as the window does."""

    def room() -> int:
        return bench.results.room

    target = TargetChooser(
        background=bench.background,
        messages=bench.messages,
        settings=bench.settings,
        closing=bench.closing,
        room=room,
    )
    return SetupForm(
        document=document,
        selection=bench.selection,
        target=target,
        seen=lambda: bench.view.look.crop,
        room=room,
    )
