"""The Learn panel: the form, the run, and its weights, losses and errors at each step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from filterlab.errors import FilterLabError
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.learning.actions import LearningActions
from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.curves import curves_of, measure_words
from filterlab.gui.learning.plan import LearningPlan
from filterlab.gui.learning.record import log_of
from filterlab.gui.learning.session import HeldRun, LearningSession
from filterlab.gui.learning.setup import SetupForm, form_over
from filterlab.gui.learning.targetchooser import USUAL_SIDE
from filterlab.gui.learning.trainer import State
from filterlab.gui.learning.transport import Transport
from filterlab.gui.learning.views.comparison import ComparisonView
from filterlab.gui.learning.views.confusion import ClassView
from filterlab.gui.learning.views.legend import CurveLegend
from filterlab.gui.learning.views.weights import WeightsView
from filterlab.gui.learning.wording import (
    file_error_words,
    fit_words,
    growth_words,
    mend_words,
    outdated_words,
    part_words,
    run_words,
    solvable_words,
    unfinished_words,
)
from filterlab.gui.look.note import Fix, ObstacleNote
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.learning.descent.learning import DivergenceError
from filterlab.learning.descent.optimizers import OPTIMIZERS
from filterlab.learning.fit.closest import Closest
from filterlab.learning.targets import Judged, Mend, mends, network_for
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from filterlab.gui.learning.views.curve import LossCurve

TALL = 32  # lines of text; from this height on there is room for two rows beside the curve
PAUSE = 60  # milliseconds between a change and the check, so that a burst of changes is checked once


class LearningPanel(QWidget):
    """Sets up a run, shows it, and lets its steps be kept. wanted: bring the panel to the front."""

    wanted = Signal()
    curve: LossCurve

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._built = False
        self._failure: FilterLabError | None = None
        self._solvable = False  # as of the last check
        self.session = LearningSession(
            document=bench.document, messages=bench.messages, closing=bench.closing, parent=bench
        )
        self.commands = LearningActions(
            commands=bench.commands,
            session=self.session,
            ready=lambda: self.form.ready,
            solvable=lambda: self._solvable,
            begin=self.begin,
            solve=self.solve,
            show=self.bring_to_front,
            refused=self._refuse,
        )
        self.form = form_over(bench, bench.document)
        self._aside: tuple[SetupForm, HeldRun] | None = None  # the person's own, while a lesson is played
        self.note = ObstacleNote()
        self.transport = Transport(bench.commands)
        self.weights = WeightsView(bench.theme, bench.commands)
        self.comparison = ComparisonView(bench.theme)
        self.classes = ClassView(bench.theme)
        self.results = QStackedWidget()
        for view in (self.comparison, self.classes):
            self.results.addWidget(view)
        self.measure = self._make_measure()
        self.log = QCheckBox(tr("log"))
        self.log.setAccessibleName(tr("Logarithmic loss"))
        self.log.setToolTip(tr("Plots the logarithm of the loss, so that the last steps can be seen, too"))
        self.log.setChecked(True)
        self.legend = CurveLegend(bench.theme)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.check)
        self._lay_out()
        self._connect()
        self.refresh()

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.form)
        self._curve_column = QWidget()
        column = QVBoxLayout(self._curve_column)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.legend, 1)
        head.addWidget(self.measure)
        head.addWidget(self.log)
        column.addLayout(head)
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._sides.setChildrenCollapsible(False)
        for splitter, part, share in (
            (self._split, self._curve_column, 4),
            (self._split, self._sides, 12),
            (self._sides, self.weights, 4),
            (self._sides, self.results, 8),
        ):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.indexOf(part), share)
        self._split.setStretchFactor(0, 0)
        self._share_room()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 4, 8, 4)
        outer.setSpacing(4)
        outer.addWidget(self.transport)
        outer.addWidget(self.note)
        outer.addWidget(self._scrolled(), 1)

    def _share_room(self) -> None:
        """Put weights and maps side by side, or in a tall panel one above the other, beside a wide curve."""
        tall = self.height() > TALL * self.fontMetrics().height()
        wanted = Qt.Orientation.Vertical if tall else Qt.Orientation.Horizontal
        form = self.form.sizeHint().width()
        if self._sides.orientation() != wanted:
            self._sides.setOrientation(wanted)
        elif self.isVisible():
            return  # the person may have moved the handles since
        half = (self.width() - form) // 2
        self._split.setSizes([form, half, half] if tall else [form, 190, 680])
        self._sides.setSizes([1, 1] if tall else [240, 440])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange the parts anew where the height has changed much."""
        super().resizeEvent(event)
        self._share_room()

    def _make_measure(self) -> QuietCombo:
        combo = QuietCombo()
        combo.setAccessibleName(tr("Curves"))
        combo.setToolTip(tr("What is plotted over the epochs, for training and validation pictures"))
        combo.addItem(tr("loss"), "loss")
        combo.addItem(tr("accuracy"), "accuracy")
        combo.hide()
        return combo

    def _scrolled(self) -> QScrollArea:
        """The columns in an area that scrolls sideways where the window is narrow."""
        area = QScrollArea(widgetResizable=True)
        area.setWidget(self._split)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(self.form.minimumWidth())
        return area

    def _build(self) -> None:
        """Make the curve when the panel is first shown."""
        # Its library takes a quarter of a second to load, which the start of the program need not wait for.
        from filterlab.gui.learning.views.curve import LossCurve

        self._built = True
        self.curve = LossCurve(self._bench.theme)
        self.curve.pointed.connect(self.legend.show_values)
        self._bench.theme.changed.connect(self._show_legend)  # after the curve, whose pens it shows
        self.curve.picked.connect(self.session.show)
        layout = self._curve_column.layout()
        assert layout is not None, "it was laid out"
        layout.addWidget(self.curve)
        policy = self.curve.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the other columns would jump at the first step
        self.curve.setSizePolicy(policy)
        self.curve.setVisible(self.session.count > 0)

    def _show_legend(self) -> None:
        self.legend.show_entries([] if self.curve.isHidden() else self.curve.legend())

    def _connect(self) -> None:
        self.session.changed.connect(self.refresh)
        self.session.judged.connect(self._take_judged)
        self.session.failed.connect(self._fail)
        self.session.trainer.changed.connect(self._follow_state)
        self.form.changed.connect(self._check_soon)
        self.form.edited.connect(self._take_edit)
        self.form.target.failed.connect(self._refuse)
        self._bench.document.changed.connect(self._forget)
        self._bench.view.changed.connect(self._follow_view)
        self._bench.lesson_began.connect(self._put_aside)
        self._bench.lesson_ended.connect(self._take_up)
        self.transport.moved.connect(self._scrub)
        self.form.method.paced.connect(self.session.trainer.set_pace)
        self.weights.changed.connect(self._show_weights)
        self.log.toggled.connect(self._show_curve)
        self.measure.activated.connect(self._show_curve)

    def bring_to_front(self) -> None:
        """Show the panel and give it the keyboard."""
        self.wanted.emit()
        first = self.transport if self.form.ready else self.form.target
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- wishes ---------------------------------------------------------------------------------------

    def begin(self, pause_after: int | None = None) -> None:
        """Start a run with the answers of the form, or say what is missing. pause_after: steps to make first."""
        self.wanted.emit()  # the command has a key, which may be pressed anywhere in the window
        self._failure = None
        try:
            self.session.begin(self.form.plan(), pause_after=pause_after)
        except FilterLabError:
            self.check()

    def solve(self) -> None:
        """Find the kernel by least squares with the answers of the form, or say what is missing."""
        self.wanted.emit()
        self._failure = None
        try:
            plan = self.form.plan()
            if isinstance(plan, LearningPlan):
                self.session.solve(plan)
        except FilterLabError:
            self.check()

    def _scrub(self, index: int) -> None:
        record = self.session.record
        if record is not None:
            self.session.show(record.places[min(index, len(record.places) - 1)])

    def _take_edit(self) -> None:
        self._failure = None
        self._check_soon()
        # Continued, the run would use the answers it was started with, not those that the form now shows.
        if self.session.state is State.PAUSED:
            self.session.trainer.stop()

    def make_fit(self, mend: Mend) -> None:
        """Make the target fit, by an edit of the pipeline or by a change of the target."""
        if mend.pipeline is not None:
            self._bench.document.edit(tr('Use padding "{padding}"', padding=mend.kind), mend.pipeline)
            self._bench.document.seal()  # a step of the history by itself, not merged with edits before or after
        else:
            self.form.target.choose(**{mend.kind: True})

    def use_rate(self, rate: float) -> None:
        """Start a new run with another learning rate."""
        self.form.method.set_rate(rate)
        self.begin()

    def use_network(self) -> None:
        """Replace the pipeline by a small network for the chosen classes, as one edit."""
        # Not those that the button was made for: the note follows a moment later, and their size may be another now.
        data = self.form.target.target.classes
        if data is None:
            return
        self._bench.document.edit(
            tr("Network for {n} classes", n=len(data.labels)), Pipeline.of(network_for(data))
        )
        self._bench.document.seal()

    def take_over(self, old: LearningPanel) -> None:
        """Take over the answers and the steps of a panel whose window is gone, over the same document."""
        self.form.take_over(old.form)
        self.log.setChecked(old.log.isChecked())
        self._failure = old._failure
        self.session.take_up(old.session.held())
        if old._aside is not None:
            self._hold(*old._aside)

    def _hold(self, form: SetupForm, run: HeldRun) -> None:
        # A document of its own, which stands still: with that of the window, it would lose answers about nodes that the
        # lesson does not have.
        own = self._bench.own_work
        document = Document(own.work if own else self._bench.document.work, parent=self)
        kept = form_over(self._bench, document)
        kept.setParent(self)
        kept.hide()
        kept.take_over(form)
        self._aside = kept, run

    def _put_aside(self) -> None:
        self._hold(self.form, self.session.held())
        self._failure = None
        self.session.take_up(HeldRun())

    def _take_up(self) -> None:
        if self._aside is None:
            return
        (form, run), self._aside = self._aside, None
        self._failure = None
        self.form.take_over(form)
        self.session.take_up(run)
        form.deleteLater()

    # -- what stands in the way -----------------------------------------------------------------------

    def _check_soon(self) -> None:
        # A running timer is not restarted, so that the note is brought up to date even while changes keep coming.
        if not self._timer.isActive():
            self._timer.start()

    def check(self) -> None:
        """Say what keeps learning from starting, what ended it, or what has changed since."""
        self._timer.stop()
        session = self.session
        problem = None if session.state is State.RUNNING else self.form.problem()
        self._offer_solving(problem)
        if self._failure is not None:
            self.note.say(file_error_words(self._failure), self._fixes_of_failure(self._failure), error=True)
        elif problem is not None:
            self.note.say(error_words(problem), self._fixes_of_problem(problem), error=True)
        else:
            words, fixes = self._remark()
            self.note.say("\n".join(filter(None, (words, part_words(session, self.form.part)))), fixes)

    def _remark(self) -> tuple[str, list[Fix]]:
        """What is to be said where nothing stands in the way, and ways to go on."""
        session = self.session
        if session.record is None:
            words = tr("Choose a target and press Start. The pipeline changes when you keep a step.")
            return (solvable_words() if self._solvable else words), []
        if session.comparing and isinstance(session.closest, FilterLabError):
            return error_words(session.closest), []
        if session.state is State.ENDED and session.record.grew():
            return growth_words(session.record), self._smaller_rate()
        if outdated := outdated_words(session, self._bench.document.picture):
            return outdated, []
        if session.state is State.ENDED and session.may_go_on:
            go_on: list[Fix] = [(tr("Go on"), session.go_on)]
            return unfinished_words(session), go_on if session.falling else self._smaller_rate()
        return "", []

    def _follow_view(self) -> None:
        if self._bench.document.picture is not None and self._bench.document.picture.large:
            self._check_soon()

    def _offer_solving(self, problem: FilterLabError | None) -> None:
        if self.session.state is State.RUNNING:
            return  # the answers are locked
        plan = self.form.plan() if problem is None else None
        self._solvable = isinstance(plan, LearningPlan) and plan.solvable
        self.transport.offer_solving(self._solvable)
        self._bench.commands.refresh()

    def _smaller_rate(self) -> list[Fix]:
        plan = self.session.plan
        if plan is None or OPTIMIZERS[plan.optimizer].full_batch:
            return []
        rate = float(f"{plan.lr / 10:.1g}")  # one digit, as a person would type it
        return [(tr("Use the rate {n:g}", n=rate), partial(self.use_rate, rate))]

    def _fixes_of_failure(self, failure: FilterLabError) -> list[Fix]:
        if isinstance(failure, DivergenceError):
            return [(tr("Use the rate {n:g}", n=failure.rate), partial(self.use_rate, failure.rate))]
        if failure.parameter == "size":
            words = tr("Resize all to {side} × {side}", side=USUAL_SIDE)
            return [(words, partial(self.form.target.resize_to, (USUAL_SIDE, USUAL_SIDE)))]
        return []

    def _fixes_of_problem(self, problem: FilterLabError) -> list[Fix]:
        plan = self.form.plan() if problem.parameter in ("target", "classes") else None
        if isinstance(plan, ClassPlan):
            if plan.classes is None or plan.fits():
                return []
            return [(tr("Use a network for these classes"), self.use_network)]
        if plan is None or not problem.node:
            return []
        found = mends(plan.pipeline, plan.output, plan.picture.shape, plan.target_shape())
        if plan.may_register():
            found = [Mend("registered"), *found]
        return [(mend_words(mend), partial(self.make_fit, mend)) for mend in found]

    def _refuse(self, error: FilterLabError) -> None:
        self._failure = error
        self.check()

    def _forget(self, *_: object) -> None:
        # What the document refused before, it may take now. A rate that diverged stays too large, and the note about it
        # offers a smaller one.
        if not isinstance(self._failure, DivergenceError):
            self._failure = None
        self._check_soon()

    def _fail(self, error: Exception, details: str) -> None:
        if isinstance(error, FilterLabError):
            self._refuse(error)
        else:
            self._bench.messages.error(error, tr("learning ended"), details)

    # -- showing --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what changed while the panel was hidden."""
        if not self._built:
            self._build()
        super().showEvent(event)
        self.refresh()
        self._check_soon()

    def _follow_state(self, state: State) -> None:
        # The record says what was learned with which answers; changing them during the run would make that untrue.
        self.form.set_locked(state is State.RUNNING)
        self.check()

    def refresh(self) -> None:
        """Show the run as it is now."""
        self.commands.name_actions()
        self._bench.commands.refresh()
        self._check_soon()
        record, session = self.session.record, self.session
        for view in (self.weights, self.results):
            view.setVisible(record is not None)
        self._curve_column.setHidden(session.solved)  # of a solution there is no course to plot
        if record is None or session.plan is None:
            self.log.hide()
            if self._built:
                self.curve.hide()
                self._show_legend()
            self.transport.show_place(0, 0, "")
            return
        if not self.isVisible():
            return  # `showEvent` catches up
        self.transport.show_place(record.places.index(session.place), len(record.places), run_words(session))
        self.weights.offer(record.start, session.plan.nodes)
        self._show_weights()
        self._show_curve()
        training = isinstance(session.plan, ClassPlan)
        self.results.setCurrentWidget(self.classes if training else self.comparison)
        self.weights.compare.setVisible(not training)
        self.classes.show_epoch(session.shown_epoch)

    def _show_weights(self) -> None:
        record, shown, chosen = self.session.record, self.session.shown, self.weights.chosen
        if record is None or shown is None or chosen is None:
            return
        node, parameter = chosen
        session, solution = self.session, self.session.solution
        certainty = None if solution is None else solution.certainty(parameter)
        gradient = record.gradient(session.place, node, parameter)
        self.weights.show_weights(shown[node].trainable()[parameter], gradient, certainty)
        found, best, difference, certainty = session.closest, None, None, None
        if isinstance(found, Closest):
            best, certainty = found.pipeline[node].trainable()[parameter], found.certainty(parameter)
            difference = found.difference(shown, node, parameter)
        self.weights.show_closest(best, difference, certainty, on=session.comparing)
        self.weights.show_words(fit_words(session))

    def _show_curve(self) -> None:
        record, plan = self.session.record, self.session.plan
        if not self._built or record is None or plan is None:
            return
        self.curve.setVisible(bool(record.losses or record.batch_losses) and not record.solved)
        self.measure.setVisible(bool(record.epochs))
        accuracy = bool(record.epochs) and self.measure.currentData() == "accuracy"
        self.log.setVisible(not accuracy and not record.solved)
        log = self.log.isChecked() and not accuracy
        # A step reports the loss before its update, and is drawn where it began; an epoch is drawn where it ended.
        first = 1 if record.epochs else 0
        self.curve.show_losses(*curves_of(record, accuracy=accuracy, log=log), log=log, first=first)
        if not accuracy:
            heights = [log_of(v) for v in record.batch_losses] if log else record.batch_losses
            self.curve.show_batches(heights, record.steps_per_epoch)
        self.curve.name_axes(tr("epoch") if record.epochs else tr("step"), measure_words(plan, accuracy))
        self.curve.mark(float(self.session.place))
        self.curve.mark_best(record.best())
        self._show_legend()

    def _take_judged(self, judged: Judged) -> None:
        plan = self.session.plan
        if isinstance(plan, LearningPlan):
            pictures = picture_nodes(plan.pipeline, plan.picture.shape[0])
            self.comparison.show_judged(judged, picture=plan.output in pictures)
            self.weights.show_words(fit_words(self.session))  # by now it is known how the target lies
