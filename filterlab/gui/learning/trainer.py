"""Running a course in a thread of its own: start, pause, single steps, stop."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from enum import Enum
from itertools import count, islice
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from filterlab.errors import Cancelled
from filterlab.gui.bench.priority import yield_to_window
from filterlab.gui.learning.course import Course

INTERVAL = 0.05  # seconds between two reports to the window


class State(Enum):
    """The state of a trainer. ENDED: all steps were made, or no further step reduces the loss."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    STOPPED = "stopped"
    FAILED = "failed"


class _Run:
    """One run of a course, which the thread and the window share.

    allowed: the number of items that may still be drawn before it pauses, None for no limit. drawing: an item is being
    made. held: the thread waits in the middle of an item, the next time that the course reports on it.
    """

    # Every start makes a new run, and the thread of an abandoned one keeps only its own: whatever it still does there
    # touches nothing that the window looks at. So nobody needs to wait until it has ended.

    def __init__(self, course: Course, total: int, allowed: int | None, pace: float) -> None:
        self.course, self.total, self.allowed, self.pace = course, total, allowed, pace
        self.condition = threading.Condition()
        self.cancelled = self.drawing = self.held = False
        self.reported_at = 0.0
        # Appending to and popping from a deque is atomic: the window empties them while the thread fills them.
        self.items: deque[Any] = deque()
        self.reports: deque[Any] = deque()
        self.outcome: State | None = None
        self.error: Exception | None = None
        self.details = ""

    def wait(self) -> bool:
        """Wait until the next item may be drawn. Return False if the run was cancelled."""
        with self.condition:
            until = time.monotonic() + self.pace
            while not self.cancelled:
                # The condition is checked anew after each wait: a wish of the person ends it early.
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
        """Wait while the run is paused in the middle of an item."""
        with self.condition:
            while self.held and not self.cancelled:
                self.condition.wait()

    def add(self, item: Any) -> None:
        """Add an item that was made."""
        with self.condition:
            self.drawing = False
        self.items.append(item)

    def change(self, **values: Any) -> None:
        """Change some attributes and wake the thread."""
        with self.condition:
            for name, value in values.items():
                setattr(self, name, value)
            self.condition.notify_all()


class Trainer(QObject):
    """Draws the items of a course in a thread, as many as are wanted.

    produced(list): the items since the last such signal, about 20 signals a second at most. progressed(list): what the
    course has reported on items that it was making. changed(State). failed(error, traceback): the state is FAILED.
    closing: ends the thread when it is emitted. A stopped run emits nothing more; its thread ends as soon as the engine
    next asks whether it was cancelled.
    """

    # `Computations` does not serve here: it drops an answer when a newer question is asked, and a run is one question
    # with thousands of answers, which can be paused between and within them.

    produced = Signal(object)
    progressed = Signal(object)
    changed = Signal(object)
    failed = Signal(object, str)
    _news = Signal(object)

    def __init__(self, *, closing: SignalInstance, parent: QObject) -> None:
        super().__init__(parent)
        self.state = State.IDLE
        self.pace = 0.0  # the least time that a step takes, in seconds
        self._run: _Run | None = None
        self._threads: list[threading.Thread] = []
        # Emitted in the thread, received in the thread of this object, which is the window's.
        self._news.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        closing.connect(self.close)

    # -- wishes ---------------------------------------------------------------------------------------

    def start(self, course: Course, total: int, *, pause_after: int | None = None) -> None:
        """Start a new run of at most `total` items. pause_after: the number to draw before pausing."""
        self._leave()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._run = _Run(course, total, pause_after, self.pace)
        self._set(State.RUNNING if pause_after is None else State.PAUSED)
        # A daemon: a step of the engine that never asks whether it was cancelled must not keep the process alive.
        thread = threading.Thread(
            target=self._work, args=(self._run,), name="filterlab-learning", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def pause(self) -> None:
        """Make no further step until `resume` or `step` is called."""
        if self._run is not None and self.state is State.RUNNING:
            self._run.change(allowed=0, held=True)
            self._drain(self._run)
            self._set(State.PAUSED)

    def resume(self) -> None:
        """Continue after a pause."""
        if self._run is not None and self.state is State.PAUSED:
            self._run.change(allowed=None, held=False)
            self._set(State.RUNNING)

    def step(self) -> None:
        """Make one step of a paused run, or finish the step during which it was paused."""
        run = self._run
        if run is not None and self.state is State.PAUSED:
            halfway = run.drawing and run.held
            run.change(allowed=(run.allowed or 0) + (not halfway), held=False)

    def stop(self) -> None:
        """Stop the run, after handing on everything it has produced."""
        if self._run is not None:
            self._drain(self._run)
            self._leave()
            self._set(State.STOPPED)

    def set_pace(self, seconds: float) -> None:
        """Set the least time that a step takes, from now on."""
        self.pace = seconds
        if self._run is not None:
            self._run.change(pace=seconds)

    def take_over(self, state: State, pace: float) -> None:
        """Go on from the state of another trainer; a run that it had under way counts as stopped."""
        self._leave()
        self.pace = pace
        self._set(State.STOPPED if state in (State.RUNNING, State.PAUSED) else state)

    @property
    def working(self) -> bool:
        """Whether a thread is still at work, if only at the end of a run that was stopped."""
        return any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """End the threads."""
        self._leave()
        # They are given a moment: a thread still running while Qt is taken down may emit a signal of a deleted object.
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
        run.outcome = outcome  # last, because `_receive` reads the error once it sees an outcome
        self._notify(run)

    def _draw(self, run: _Run) -> None:
        def report(news: Any) -> None:
            run.reports.append(news)
            self._notify_at_intervals(run)
            run.hold()

        course = islice(run.course(lambda: run.cancelled, report), run.total)
        # After the last item there is no wait: a run that was paused there has ended.
        for drawn in count(1):
            item = next(course, None) if drawn <= run.total and run.wait() else None
            if item is None:
                return
            run.add(item)
            self._notify_at_intervals(run)

    def _notify_at_intervals(self, run: _Run) -> None:
        # Steps may take microseconds, and a signal for each would keep the window from doing anything else. Whatever is
        # not announced now is announced with the next item or at the end. Before a pause there is no next item.
        now = time.monotonic()
        if now - run.reported_at >= INTERVAL or run.allowed == 0:
            run.reported_at = now
            self._notify(run)

    def _notify(self, run: _Run) -> None:
        if not run.cancelled:
            self._news.emit(run)

    # -- in the window's thread -----------------------------------------------------------------------

    def _receive(self, run: _Run) -> None:
        if run is not self._run:
            return  # it was stopped or replaced while the signal was in the queue
        outcome = run.outcome  # read before draining: once it is set, the thread adds nothing more
        self._drain(run)
        if outcome is None:
            return
        self._run = None
        self._set(outcome)
        if run.error is not None:
            self.failed.emit(run.error, run.details)

    def _drain(self, run: _Run) -> None:
        # Items first: the reports on an item are queued before it, so those on every item taken here are taken, too.
        items, reports = _emptied(run.items), _emptied(run.reports)
        if items:
            self.produced.emit(items)
        if reports:
            self.progressed.emit(reports)

    def _set(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit(state)


def _emptied(queue: deque[Any]) -> list[Any]:
    """Remove and return what a queue holds now."""
    # Its length is read once: the other thread goes on adding, and the loop must not chase it.
    return [queue.popleft() for _ in range(len(queue))]
