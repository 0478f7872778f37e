"""Reading and writing files in a thread, so that the window goes on meanwhile."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
        self._waiting = 0
        self._named: list[_Task] = []
        # Queued: emitted in the thread, it is received in the thread of this object, which is the window's.
        self._finished.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """True if anything is under way."""
        return self._waiting > 0

    @property
    def loading(self) -> list[str]:
        """The names of what the person waits for."""
        return [task.name for task in self._named]

    def submit(self, work: Callable[[], Any], done: Done, failed: Failed, name: str = "") -> None:
        """Run `work()` in the thread, then `done(result)` or `failed(error, traceback)` in this one.

        name: of what is read, if the person waits for it.
        """
        task = _Task(work, done, failed, name)
        self._count(1)
        if name:
            self._named.append(task)
            self.loading_changed.emit()
        self._pools[-1].submit(self._run, task)

    def cancel(self) -> None:
        """Give up all that the person waits for: nothing more is heard of it."""
        given_up, self._named = self._named, []
        for task in given_up:
            task.cancelled = True
        if any(task.running for task in given_up):
            # No reader can be stopped in the middle; it ends by itself, and the next file does not wait for that.
            self._pools[-1].shutdown(wait=False)
            self._pools.append(_new_pool())
        self._count(-len(given_up))
        self.loading_changed.emit()

    def close(self) -> None:
        """Let the function that runs come to its end (no file is left half-written), and drop the others."""
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)

    def _count(self, more: int) -> None:
        busy = self.busy
        self._waiting += more
        if busy != self.busy:
            self.busy_changed.emit(self.busy)

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
        self._count(-1)
        if task in self._named:
            self._named.remove(task)
            self.loading_changed.emit()
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


def _new_pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "filterlab-files", initializer=yield_to_window)
