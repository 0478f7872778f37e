"""Learning in a thread of its own: started, paused, stepped, stopped."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from enum import Enum
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from filterlab.errors import Cancelled
from filterlab.gui.bench.priority import yield_to_window
from filterlab.gui.learning.course import Course

if TYPE_CHECKING:
    from filterlab.gui.bench.workbench import Workbench

INTERVAL = 0.05  # seconds between two reports to the window


class State(Enum):
    """What a trainer does. ENDED: all steps were made, or no step lowers the loss."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    STOPPED = "stopped"
    FAILED = "failed"


class _Run:
    """One course under way. allowed: items that may be drawn before it pauses, None for any number.

    drawing: an item is being made. held: it has to wait in the middle of that, where it tells of its parts.
    """

    def __init__(self, course: Course, total: int, allowed: int | None, pace: float) -> None:
        self.course, self.total, self.allowed, self.pace = course, total, allowed, pace
        self.condition = threading.Condition()
        self.cancelled = self.drawing = self.held = False
        self.told = 0.0
        self.items: deque[Any] = deque()
        self.parts: deque[Any] = deque()
        self.outcome: State | None = None
        self.error: Exception | None = None
        self.details = ""

    def wait(self) -> bool:
        """Wait until the next step may be made; False when the run was cancelled."""
        with self.condition:
            until = time.monotonic() + self.pace
            while not self.cancelled:
                if self.allowed == 0:
                    self.condition.wait()
                elif (left := until - time.monotonic()) > 0 and self.allowed is None:
                    self.condition.wait(left)
                else:
                    break
            if self.allowed:
                self.allowed -= 1
            self.drawing = not self.cancelled
            return self.drawing

    def hold(self) -> None:
        """Wait while the run is held in the middle of an item."""
        with self.condition:
            while self.held and not self.cancelled:
                self.condition.wait()

    def add(self, item: Any) -> None:
        """Take an item that was made."""
        with self.condition:
            self.drawing = False
        self.items.append(item)

    def change(self, **values: Any) -> None:
        """Change some attributes and let the thread know."""
        with self.condition:
            for name, value in values.items():
                setattr(self, name, value)
            self.condition.notify_all()


class Trainer(QObject):
    """Draws the items of a course in a thread, not more of them than are wanted.

    came(list): the items since the last report, at most about 20 reports a second. advanced(list): what the course
    has told of the item that it is making, its parts. changed(State). failed(error, traceback): the state is FAILED.
    It belongs to the workbench and ends with it. A stopped run reports nothing more; what its thread is in the middle
    of is left off as soon as the engine asks.
    """

    came = Signal(object)
    advanced = Signal(object)
    changed = Signal(object)
    failed = Signal(object, str)
    _news = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.state = State.IDLE
        self.pace = 0.0  # seconds that a step takes at least
        self._run: _Run | None = None
        self._threads: list[threading.Thread] = []
        self._news.connect(self._report, Qt.ConnectionType.QueuedConnection)
        bench.closing.connect(self.close)

    # -- wishes ---------------------------------------------------------------------------------------

    def start(self, course: Course, total: int, *, pause_after: int | None = None) -> None:
        """Begin anew, for at most `total` items. pause_after: how many to draw before pausing."""
        self._leave()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._run = _Run(course, total, pause_after, self.pace)
        self._set(State.RUNNING if pause_after is None else State.PAUSED)
        thread = threading.Thread(
            target=self._work, args=(self._run,), name="filterlab-learning", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def pause(self) -> None:
        """Make no further step until `resume` or `step`."""
        if self._run is not None and self.state is State.RUNNING:
            self._run.change(allowed=0, held=True)
            self._drain(self._run)
            self._set(State.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._run is not None and self.state is State.PAUSED:
            self._run.change(allowed=None, held=False)
            self._set(State.RUNNING)

    def step(self) -> None:
        """Make one step of a paused run, or finish the one in whose middle it was paused."""
        run = self._run
        if run is not None and self.state is State.PAUSED:
            halfway = run.drawing and run.held
            run.change(allowed=(run.allowed or 0) + (not halfway), held=False)

    def stop(self) -> None:
        """Leave off; what came so far is reported first."""
        if self._run is not None:
            self._drain(self._run)
            self._leave()
            self._set(State.STOPPED)

    def set_pace(self, seconds: float) -> None:
        """Let a step take at least so long, from now on."""
        self.pace = seconds
        if self._run is not None:
            self._run.change(pace=seconds)

    def take_over(self, old: Trainer) -> None:
        """Be where another one was, which has ended: a run that it was in the middle of is stopped."""
        self.state = State.STOPPED if old.state in (State.RUNNING, State.PAUSED) else old.state
        self.pace = old.pace

    def close(self) -> None:
        """End the thread."""
        self._leave()
        for thread in self._threads:
            thread.join(2.0)

    def _leave(self) -> None:
        if self._run is not None:
            self._run.change(cancelled=True)
            self._run = None

    # -- the thread -----------------------------------------------------------------------------------

    def _work(self, run: _Run) -> None:
        yield_to_window()
        outcome = State.ENDED
        try:
            self._draw(run)
        except Cancelled:
            outcome = State.STOPPED
        except Exception as error:
            outcome = State.FAILED
            run.error, run.details = error, traceback.format_exc()
        run.outcome = outcome
        self._tell(run)

    def _draw(self, run: _Run) -> None:
        def tell(part: Any) -> None:
            run.parts.append(part)
            self._tell_now_and_then(run)
            run.hold()

        course = islice(run.course(lambda: run.cancelled, tell), run.total)
        for drawn in count(1):
            item = next(course, None) if drawn <= run.total and run.wait() else None
            if item is None:
                return
            run.add(item)
            self._tell_now_and_then(run)

    def _tell_now_and_then(self, run: _Run) -> None:
        """What is not told now is told when more comes, or at the end."""
        now = time.monotonic()
        if now - run.told >= INTERVAL or run.allowed == 0:
            run.told = now
            self._tell(run)

    def _tell(self, run: _Run) -> None:
        if not run.cancelled:
            self._news.emit(run)

    # -- in the window's thread -----------------------------------------------------------------------

    def _report(self, run: _Run) -> None:
        if run is not self._run:
            return
        outcome = run.outcome  # before draining: after it nothing more is added
        self._drain(run)
        if outcome is None:
            return
        self._run = None
        self._set(outcome)
        if run.error is not None:
            self.failed.emit(run.error, run.details)

    def _drain(self, run: _Run) -> None:
        items, parts = _emptied(run.items), _emptied(run.parts)  # in this order: no item without its parts
        if items:
            self.came.emit(items)
        if parts:
            self.advanced.emit(parts)

    def _set(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit(state)


def _emptied(queue: deque[Any]) -> list[Any]:
    """What is in it, which another thread goes on adding to."""
    return [queue.popleft() for _ in range(len(queue))]
