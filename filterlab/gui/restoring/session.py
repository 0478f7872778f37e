"""A run of a restoration as the window sees it: its iterations, and the one that is viewed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, SignalInstance

from filterlab.gui.learning.trainer import State, Trainer
from filterlab.gui.restoring.plan import RestoreBegun, RestorePlan, RestoreStep
from filterlab.gui.restoring.record import RestoreRecord
from filterlab.restoration.options import MOST_ITERATIONS


class RestoreSession(QObject):
    """Holds the iterations of the newest run and the place that is viewed; nothing of it is in the document.

    changed: another state, more iterations, another run or place. failed(error, traceback): the run ended, and the
    iterations that it had made stay; where it had made none, those of the run before.
    """

    changed = Signal()
    failed = Signal(object, str)

    def __init__(self, *, closing: SignalInstance, parent: QObject) -> None:
        super().__init__(parent)
        self.trainer = Trainer(closing=closing, parent=self)
        self.record: RestoreRecord | None = None
        self.place = 0
        self._plan: RestorePlan | None = None  # of the run that has been asked for
        self._aside: tuple[RestoreRecord | None, int] | None = None
        self.trainer.produced.connect(self._take)
        self.trainer.changed.connect(lambda state: self.changed.emit())
        self.trainer.failed.connect(self.failed)

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.trainer.state is State.RUNNING

    @property
    def beginning(self) -> bool:
        """Whether a run is under way that has no iteration yet; `record` is then that of the run before."""
        return self.running and (
            self.record is None or self.record.plan is not self._plan or not self.record.count
        )

    def begin(self, plan: RestorePlan) -> None:
        """Start a run in a thread of its own; one under way is left."""
        self._plan = plan
        # One item more than there are iterations: the pictures come first.
        self.trainer.start(plan.course, MOST_ITERATIONS + 1)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the run. What it has come to can still be viewed and kept."""
        self.trainer.stop()

    def _take(self, items: list[RestoreBegun | RestoreStep]) -> None:
        # Whoever views the newest iteration follows the run; whoever has gone back stays.
        for item in items:
            if isinstance(item, RestoreBegun):
                assert self._plan is not None, "items come from a run"
                self.record, self.place = RestoreRecord(self._plan, item), 0
                continue
            assert self.record is not None, "a run begins with its pictures"
            following = self.place == self.record.places[-1]
            self.record.add(item)
            self.place = self.record.count if following else self.record.nearest(self.place)
        self.changed.emit()

    def show(self, place: int) -> None:
        """View the last kept iteration at or before a place. At the newest, the view follows those to come."""
        if self.record is not None and self.record.nearest(place) != self.place:
            self.place = self.record.nearest(place)
            self.changed.emit()

    def move(self, by: int) -> None:
        """View the kept iteration that is `by` places further on (back, if negative)."""
        if self.record is not None:
            places = self.record.places
            self.show(places[min(max(places.index(self.place) + by, 0), len(places) - 1)])

    @property
    def shown(self) -> RestoreStep | None:
        """The iteration in view; None at the blurred picture, and before the first run."""
        return None if self.record is None else self.record.step(self.place)

    # -- other windows and lessons --------------------------------------------------------------------

    def put_aside(self) -> None:
        """Begin anew, as a lesson does, and keep what was come to."""
        # First, for what it still hands on may thin the record, and the place in view with it.
        self.trainer.stop()
        self._aside = self.record, self.place
        self._set(None, 0)

    def take_up(self) -> None:
        """Go on with what was put aside."""
        if self._aside is not None:
            (record, place), self._aside = self._aside, None
            self._set(record, place)

    def take_over(self, old: RestoreSession) -> None:
        """Go on with what another window has come to."""
        self._aside = old._aside
        self._set(old.record, old.place)

    def _set(self, record: RestoreRecord | None, place: int) -> None:
        self.trainer.stop()
        self.record, self.place = record, place
        self.changed.emit()
