"""A run of learning as the window sees it: what came, which step is looked at, and how near it is to the target."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from filterlab.errors import Cancelled, FilterLabError, ParameterError
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.learning.classes import ClassLesson, ClassPlan, PassPart
from filterlab.gui.learning.plan import Assignment, LearningPlan
from filterlab.gui.learning.record import Record
from filterlab.gui.learning.trainer import State, Trainer
from filterlab.gui.words.i18n import tr
from filterlab.learning.classify.training import Epoch
from filterlab.learning.fit.closest import Closest
from filterlab.learning.starts import check_learned, with_learned
from filterlab.learning.targets import Judged
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say


class LearningSession(QObject):
    """The document is touched by `keep` only.

    changed: another state, another run, more steps or another place. judged(Judged): of the place that is looked
    at, some time after it is. failed(error, traceback): the last good step stays.
    """

    changed = Signal()
    judged = Signal(object)
    failed = Signal(object, str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.trainer = Trainer(bench)
        self.lesson: Assignment | ClassLesson | None = None
        self.record: Record | None = None
        self.place = 0
        self._asked: int | None = None  # the place that is being judged
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take_judgement)
        self.comparing = False
        self.closest: Closest | FilterLabError | None = (
            None  # what least squares gives, or why it gives nothing
        )
        self._fits = Computations(bench.messages, bench)
        self._fits.answered.connect(self._take_closest)
        self.trainer.came.connect(self._take)
        self.trainer.advanced.connect(self._advance)
        self.trainer.changed.connect(self._follow)
        self.trainer.failed.connect(self.failed)

    @property
    def state(self) -> State:
        """What the trainer does."""
        return self.trainer.state

    @property
    def plan(self) -> LearningPlan | ClassPlan | None:
        """That of the run."""
        return None if self.lesson is None else self.lesson.plan

    @property
    def count(self) -> int:
        """How many steps were made."""
        return self.record.count if self.record is not None else 0

    @property
    def shown(self) -> Pipeline | None:
        """The pipeline at the place that is looked at."""
        return None if self.record is None else self.record.pipeline(self.place)

    @property
    def shown_pass(self) -> Epoch | None:
        """What the pass before the place that is looked at has led to."""
        passes = self.record.passes if self.record is not None else []
        return passes[self.place - 1] if passes and self.place else None

    def take_over(self, old: LearningSession) -> None:
        """Go on with what another one has learned, whose window is gone."""
        self.lesson, self.record, self.place = old.lesson, old.record, old.place
        self.comparing, self.closest = old.comparing, old.closest
        self.trainer.take_over(old.trainer)
        self.changed.emit()
        self._judge()
        self._fit()

    # -- running --------------------------------------------------------------------------------------

    def begin(self, plan: LearningPlan | ClassPlan, *, pause_after: int | None = None) -> None:
        """Start anew. Raises FilterLabError where that makes no sense; the run before stays then."""
        plan.check()
        lesson = plan.lesson()
        self.lesson, self.record = lesson, Record(lesson.start)
        self.place, self._asked, self.closest = 0, None, None
        self.trainer.start(lesson.course, plan.steps, pause_after=pause_after)
        self.changed.emit()
        self._judge()
        self._fit()

    def _take(self, steps: list[Any]) -> None:
        assert self.record is not None, "steps come from a run"
        following = self.place == self.record.places[-1]
        for step in steps:
            self.record.add(step)
        self.place = self.record.places[-1] if following else self.record.nearest(self.place)
        self.changed.emit()
        self._judge()

    def _advance(self, parts: list[PassPart]) -> None:
        assert self.record is not None, "parts come from a run"
        for part in parts:
            self.record.add_part(part)
        self.changed.emit()

    def _follow(self, state: State) -> None:
        self.changed.emit()
        if state is not State.RUNNING:
            self._judge()

    # -- looking --------------------------------------------------------------------------------------

    def show(self, place: int) -> None:
        """Look at the kept step at or before `place`; at the newest, the view follows those to come."""
        if self.record is not None:
            self.place = self.record.nearest(place)
            self.changed.emit()
            self._judge()

    def move(self, by: int) -> None:
        """Look at another of the kept steps."""
        if self.record is not None:
            places = self.record.places
            index = places.index(self.place) + by
            self.show(places[min(max(index, 0), len(places) - 1)])

    def _judge(self) -> None:
        if not isinstance(self.lesson, Assignment) or self.record is None or self._asked == self.place:
            return
        if self._asked is not None and self.state is State.RUNNING:
            return  # each would take the place of the one before, and none be seen
        self._asked = self.place
        work = partial(self.lesson.judge, self.record.pipeline(self.place))
        self._computations.ask((self.lesson, self.place), partial(_explained, work))

    def _take_judgement(self, tag: tuple[Assignment, int], found: Judged | FilterLabError) -> None:
        lesson, place = tag
        if lesson is not self.lesson:
            return
        if isinstance(found, Judged):
            self._learn_loss(place, found.loss)
            self.judged.emit(found)
        if place == self.place:
            self._asked = place
        else:
            self._asked = None
            self._judge()

    def _learn_loss(self, place: int, loss: float) -> None:
        """The loss at the newest place is known before the next step tells it."""
        record = self.record
        if record is not None and place == record.count and record.last_loss is None:
            record.last_loss = loss
            self.changed.emit()

    # -- least squares --------------------------------------------------------------------------------

    def compare(self, on: bool) -> None:
        """Whether what least squares gives is worked out beside every run."""
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
        """Raise ParameterError where the document cannot take what is learned, as it is now."""
        if self.record is not None and self.plan is not None:
            check_learned(self._bench.document.pipeline, self.record.start, self.plan.nodes)

    def keep(self) -> None:
        """Put what was learned at this place into the document. Raises ParameterError where it does not fit there."""
        shown, plan = self.shown, self.plan
        if shown is None or plan is None:
            return
        document = self._bench.document
        pipeline = with_learned(document.pipeline, shown, plan.nodes)
        if all(pipeline[name] == document.pipeline[name] for name in plan.nodes):
            return  # it was kept already
        document.edit(tr("Keep step {number} of learning", number=self.place), pipeline)
        document.seal()


def _explained(work: Callable[[Any], Any], cancel: Any) -> Any:
    """What `work(cancel)` gives, or the error that says why it gives nothing; Cancelled passes."""
    try:
        return work(cancel)
    except Cancelled:
        raise
    except FilterLabError as error:
        return error
