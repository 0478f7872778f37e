"""A run of learning as the window sees it: its steps, the one that is viewed, and how near that is to the target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from filterlab.errors import Cancelled, FilterLabError, ParameterError
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.messages import Messages
from filterlab.gui.learning.classes import BatchStep, ClassLesson, ClassPlan
from filterlab.gui.learning.course import Course
from filterlab.gui.learning.plan import Assignment, LearningPlan
from filterlab.gui.learning.record import Record
from filterlab.gui.learning.repeating import learn_command
from filterlab.gui.learning.trainer import State, Trainer
from filterlab.gui.words.i18n import tr
from filterlab.learning.classify.training import Epoch
from filterlab.learning.fit.closest import Closest
from filterlab.learning.starts import check_learned, with_learned
from filterlab.learning.targets import Judged
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say


@dataclass(frozen=True)
class HeldRun:
    """What a session has learned, or nothing. The fields are those of the session and of its trainer."""

    lesson: Assignment | ClassLesson | None = None
    record: Record | None = None
    place: int = 0
    comparing: bool = False
    closest: Closest | FilterLabError | None = None
    state: State = State.IDLE
    pace: float = 0.0


class LearningSession(QObject):
    """Holds the steps of the newest run and the place that is viewed; only `keep` changes the document.

    place: as in `Record`. changed: another state, another run, more steps or another place. judged(Judged): how near
    the place in view is to the target, a moment after it came into view. failed(error, traceback): the run ended, and
    its last good step stays. comparing: whether least squares is computed, too; closest: its result, or the error that
    says why there is none.
    """

    changed = Signal()
    judged = Signal(object)
    failed = Signal(object, str)

    def __init__(
        self, *, document: Document, messages: Messages, closing: SignalInstance, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.trainer = Trainer(closing=closing, parent=self)
        self.lesson: Assignment | ClassLesson | None = None
        self.record: Record | None = None
        self.place = 0
        self._asked: int | None = None  # the place that is being judged, or was judged last
        self._computations = Computations(messages, self)
        self._computations.answered.connect(self._take_judgement)
        self.comparing = False
        self.closest: Closest | FilterLabError | None = None
        self._fits = Computations(messages, self)
        self._fits.answered.connect(self._take_closest)
        self.trainer.produced.connect(self._take)
        self.trainer.progressed.connect(self._take_batches)
        self.trainer.changed.connect(self._follow)
        self.trainer.failed.connect(self.failed)

    @property
    def state(self) -> State:
        """The state of the trainer."""
        return self.trainer.state

    @property
    def plan(self) -> LearningPlan | ClassPlan | None:
        """The plan of the run."""
        return None if self.lesson is None else self.lesson.plan

    @property
    def count(self) -> int:
        """The number of steps made."""
        return self.record.count if self.record is not None else 0

    @property
    def shown(self) -> Pipeline | None:
        """The pipeline at the place in view."""
        return None if self.record is None else self.record.pipeline(self.place)

    @property
    def shown_epoch(self) -> Epoch | None:
        """The epoch that led to the place in view; None at place 0, and where no classifier is trained."""
        epochs = self.record.epochs if self.record is not None else []
        return epochs[self.place - 1] if epochs and self.place else None

    def held(self) -> HeldRun:
        """What has been learned so far."""
        own = (self.lesson, self.record, self.place, self.comparing, self.closest)
        return HeldRun(*own, self.state, self.trainer.pace)

    def take_up(self, run: HeldRun) -> None:
        """Continue with what was learned in another window, or before a lesson; a run under way is stopped."""
        self.trainer.stop()
        self.lesson, self.record, self.place, self._asked = run.lesson, run.record, run.place, None
        self.comparing, self.closest = run.comparing, run.closest
        self.trainer.take_over(run.state, run.pace)
        self.changed.emit()
        self._judge()
        self._fit()

    # -- running --------------------------------------------------------------------------------------

    def begin(self, plan: LearningPlan | ClassPlan, *, pause_after: int | None = None) -> None:
        """Start a new run. Raises FilterLabError where something is missing; the run before it then stays."""
        plan.check()
        lesson = plan.lesson()  # before anything is changed: it may raise as well
        self._start(lesson, lesson.course, plan.steps, pause_after)

    def solve(self, plan: LearningPlan) -> None:
        """Start a run of one step, which leads to the least-squares weights. Raises FilterLabError as `begin`."""
        plan.check()
        lesson = plan.lesson()
        self._start(lesson, lesson.solution, 1, solved=True)

    def _start(
        self,
        lesson: Assignment | ClassLesson,
        course: Course,
        limit: int,
        pause_after: int | None = None,
        *,
        solved: bool = False,
    ) -> None:
        self.lesson, self.record = lesson, Record(lesson.start)
        self.record.limit, self.record.solved = limit, solved
        self.place, self._asked, self.closest = 0, None, None
        self.trainer.start(course, limit, pause_after=pause_after)
        self.changed.emit()
        self._judge()
        self._fit()

    def go_on(self) -> None:
        """Make as many steps again as were asked for at first, from the newest on."""
        record, lesson = self.record, self.lesson
        if not self.may_go_on or record is None or lesson is None:
            return
        self.show(record.count)  # the view follows the steps to come
        lesson.start = record.pipeline(record.count)
        record.limit = record.count + lesson.plan.steps
        self.trainer.start(lesson.course, lesson.plan.steps)
        self.changed.emit()

    @property
    def may_go_on(self) -> bool:
        """Whether a run has ended, or was stopped, before it has converged."""
        # Not for classes, whose rate has fallen to nothing by the last epoch.
        over = self.state in (State.ENDED, State.STOPPED)
        return over and isinstance(self.lesson, Assignment) and not (self.solved or self.converged)

    @property
    def solved(self) -> bool:
        """Whether the one step of the run is the solution of least squares."""
        return self.record is not None and self.record.solved

    @property
    def solution(self) -> Closest | None:
        """The answer of least squares where its weights are in view, so that their certainty is known."""
        if not self.solved or not self.place or not isinstance(self.lesson, Assignment):
            return None
        return self.lesson.found

    @property
    def converged(self) -> bool:
        """Whether the run has ended because no further step would lower the loss."""
        record, lesson = self.record, self.lesson
        if self.state is not State.ENDED or record is None or not isinstance(lesson, Assignment):
            return False
        # Fewer steps than asked for, yet ended: L-BFGS stops where no direction leads downwards any more.
        return lesson.convergence.reached or record.count < record.limit

    @property
    def falling(self) -> bool:
        """Whether the loss was still falling when the run ended at its number of steps."""
        lesson = self.lesson
        ended = self.state is State.ENDED and not self.solved and not self.converged
        return ended and isinstance(lesson, Assignment) and lesson.convergence.falling

    def _take(self, steps: list[Any]) -> None:
        assert self.record is not None, "steps come from a run"
        # Whoever views the newest step follows the run; whoever has gone back stays, as near as steps are still kept.
        following = self.place == self.record.places[-1]
        for step in steps:
            self.record.add(step)
        self.place = self.record.places[-1] if following else self.record.nearest(self.place)
        self.changed.emit()
        self._judge()

    def _take_batches(self, steps: list[BatchStep]) -> None:
        assert self.record is not None, "steps come from a run"
        for step in steps:
            self.record.add_batch(step)
        self.changed.emit()

    def _follow(self, state: State) -> None:
        self.changed.emit()
        if state is not State.RUNNING:
            self._judge()  # steps that came while another one was being judged were skipped

    # -- looking --------------------------------------------------------------------------------------

    def show(self, place: int) -> None:
        """View the last kept step at or before `place`. At the newest, the view follows the steps to come."""
        if self.record is not None:
            self.place = self.record.nearest(place)
            self.changed.emit()
            self._judge()

    def move(self, by: int) -> None:
        """View the kept step that is `by` places further on (back, if negative)."""
        if self.record is not None:
            places = self.record.places
            index = places.index(self.place) + by
            self.show(places[min(max(index, 0), len(places) - 1)])

    def _judge(self) -> None:
        if not isinstance(self.lesson, Assignment) or self.record is None or self._asked == self.place:
            return
        if self._asked is not None and self.state is State.RUNNING:
            # `Computations` drops an unfinished answer for a newer question. Asking at every step would therefore show
            # nothing at all while steps are quicker than judging; `_take_judgement` asks for the newest instead.
            return
        self._asked = self.place
        work = partial(self.lesson.judge, self.record.pipeline(self.place))
        self._computations.ask((self.lesson, self.place), partial(_explained, work))

    def _take_judgement(self, tag: tuple[Assignment, int], found: Judged | FilterLabError) -> None:
        lesson, place = tag
        if lesson is not self.lesson:
            return
        # An answer for a place that is no longer in view is shown all the same: while a run goes on, the picture moves.
        if isinstance(found, Judged):
            self._learn_loss(place, found.loss)
            self.judged.emit(found)
        if place == self.place:
            self._asked = place
        else:  # the run or the person has moved on meanwhile
            self._asked = None
            self._judge()

    def _learn_loss(self, place: int, loss: float) -> None:
        """Record the loss at the newest place, which the run itself reports only with the next step."""
        record = self.record
        if record is not None and place == record.count and record.last_loss is None:
            record.last_loss = loss
            self.changed.emit()

    # -- least squares --------------------------------------------------------------------------------

    def compare(self, on: bool) -> None:
        """Choose whether least squares is computed beside every run."""
        self.comparing = on
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        if not self.comparing or self.closest is not None or self.lesson is None:
            return
        if isinstance(self.lesson, Assignment):
            self._fits.ask(self.lesson, partial(_explained, self.lesson.closest))
        else:
            what = say(
                "least squares finds a kernel between two pictures, not one that distinguishes classes"
            )
            self.closest = ParameterError(what, "least squares", parameter="nodes")

    def _take_closest(self, lesson: Assignment, found: Closest | FilterLabError) -> None:
        if lesson is self.lesson:
            self.closest = found
            self.changed.emit()

    # -- keeping --------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise ParameterError where the document, as it is now, cannot take what is learned."""
        if self.record is not None and self.plan is not None:
            check_learned(self._document.pipeline, self.record.start, self.plan.nodes)

    @property
    def best(self) -> int:
        """The place with the smallest loss, or of the best validation accuracy; 0 before the first step."""
        return self.record.best() if self.record is not None else 0

    def keep_best(self) -> None:
        """Put the weights of the best step into the document, and view it. Raises ParameterError as `keep`."""
        self.show(self.best)
        self.keep()

    def keep(self) -> None:
        """Put the weights of the step in view into the document. Raises ParameterError where they do not fit."""
        shown, plan = self.shown, self.plan
        if shown is None or plan is None:
            return
        document = self._document
        pipeline = with_learned(document.pipeline, shown, plan.nodes)
        if all(pipeline[name] == document.pipeline[name] for name in plan.nodes):
            return  # kept already: a second edit would be a step of the history that changes nothing
        words = tr("Keep step {number} of learning", number=self.place)
        if self.solved:
            document.edit(tr("Keep the least-squares kernel"), pipeline)
        else:
            document.edit(words, pipeline, command=learn_command(plan, self.place, document.path))
        document.seal()


def _explained(work: Callable[[Any], Any], cancel: Any) -> Any:
    """Return the result of `work(cancel)`, or the FilterLabError that it raised. Cancelled is raised on."""
    # `Computations` would put the error among the messages, but here it is an answer that belongs into the panel.
    try:
        return work(cancel)
    except Cancelled:
        raise
    except FilterLabError as error:
        return error
