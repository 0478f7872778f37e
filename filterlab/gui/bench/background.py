"""Reading and writing files in a thread, so that the window goes on meanwhile."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from filterlab.gui.bench.priority import yield_to_window

Done = Callable[[Any], None]
Failed = Callable[[Exception, str], None]


class Background(QObject):
    """Runs functions one after the other in a thread and hands their results back in the window's thread.

    Nothing is superseded here, unlike in `Computations`: files that were asked for are all read and written, in their
    order. What has a name is waited for by the person, who may give it up. busy_changed(bool): whether anything is
    under way. loading_changed: `loading` has changed.
    """

    busy_changed = Signal(bool)
    loading_changed = Signal()
    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools = [_new_pool()]
        self._tasks: list[_Task] = []
        # Queued: emitted in the thread, it is received in the thread of this object, which is the window's.
        self._finished.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """True if anything is under way."""
        return bool(self._tasks)

    @property
    def loading(self) -> list[str]:
        """The names of what the person waits for."""
        return [task.name for task in self._tasks if task.name]

    def submit(self, work: Callable[[], Any], done: Done, failed: Failed, name: str = "") -> None:
        """Run `work()` in the thread, then `done(result)` or `failed(error, traceback)` in this one.

        name: of what is read, if the person waits for it.
        """
        task = _Task(work, done, failed, name)
        self._hold([*self._tasks, task])
        self._start(task)

    def cancel(self) -> None:
        """Give up all that the person waits for: nothing more is heard of it."""
        given_up = [task for task in self._tasks if task.name]
        for task in given_up:
            task.cancelled = True
        if any(task.running for task in given_up):
            self._leave_reader([task for task in self._tasks if not (task.name or task.future.done())])
        self._hold([task for task in self._tasks if not task.name])

    def _leave_reader(self, waiting: list[_Task]) -> None:
        """Go on in another thread: no reader can be stopped in the middle, and it ends by itself."""
        # From the last to the first: where the reader has just ended, the first has begun, and all stay behind it. What
        # waits may not stay behind the reader, or an older state of a file would be written after a newer one.
        moved = [task for task in reversed(waiting) if task.future.cancel()]
        if len(moved) == len(waiting):
            self._pools[-1].shutdown(wait=False)
            self._pools.append(_new_pool())
        for task in reversed(moved):
            self._start(task)

    def _start(self, task: _Task) -> None:
        task.future = self._pools[-1].submit(self._run, task)

    def close(self) -> None:
        """Let the function that runs come to its end (no file is left half-written), and drop the others.

        Nobody hears of any of them.
        """
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)
        # What has just ended is queued for receivers that go, and they would begin new work.
        for task in self._tasks:
            task.cancelled = True

    def _hold(self, tasks: list[_Task]) -> None:
        busy, loading = self.busy, self.loading
        self._tasks = tasks
        if busy != self.busy:
            self.busy_changed.emit(self.busy)
        if loading != self.loading:
            self.loading_changed.emit()

    def _run(self, task: _Task) -> None:
        if task.cancelled:
            return
        task.running = True
        try:
            result = task.work()
        # All of them: what leaves a function of the pool vanishes in its future, which nobody looks at.
        except Exception as error:
            self._finished.emit(task, task.failed, (error, traceback.format_exc()))
        else:
            self._finished.emit(task, task.done, (result,))

    def _hand_back(self, task: _Task, receiver: Callable[..., None], values: tuple[Any, ...]) -> None:
        if task.cancelled:
            return
        # Before the receiver: if that raises, the window must not stay marked as busy.
        self._hold([other for other in self._tasks if other is not task])
        receiver(*values)


@dataclass(eq=False)
class _Task:
    """A function to run, with its receivers."""

    work: Callable[[], Any]
    done: Done
    failed: Failed
    name: str
    running: bool = False
    cancelled: bool = False
    future: Future[None] = field(default_factory=Future)


def _new_pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "filterlab-files", initializer=yield_to_window)
