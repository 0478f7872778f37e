"""Reading and writing files in a thread, so that the window goes on meanwhile."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from filterlab.gui.bench.priority import yield_to_window

Done = Callable[[Any], None]
Failed = Callable[[Exception, str], None]


class Background(QObject):
    """Runs functions one after the other in a thread and hands their results back in the window's thread.

    Nothing is superseded here, unlike in `Computations`: files that were asked for are all read and written, in their
    order. busy_changed(bool): whether anything is under way.
    """

    busy_changed = Signal(bool)
    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "filterlab-files", initializer=yield_to_window)
        self._waiting = 0
        # Queued: emitted in the thread, it is received in the thread of this object, which is the window's.
        self._finished.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """True if anything is under way."""
        return self._waiting > 0

    def submit(self, work: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run `work()` in the thread, then `done(result)` or `failed(error, traceback)` in this one."""
        self._waiting += 1
        if self._waiting == 1:
            self.busy_changed.emit(True)
        self._pool.submit(self._run, work, done, failed)

    def close(self) -> None:
        """Let the function that runs come to its end (no file is left half-written), and drop the others."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, work: Callable[[], Any], done: Done, failed: Failed) -> None:
        try:
            result = work()
        # All of them: what leaves a function of the pool vanishes in its future, which nobody looks at.
        except Exception as error:
            self._finished.emit(failed, (error, traceback.format_exc()))
        else:
            self._finished.emit(done, (result,))

    def _hand_back(self, receiver: Callable[..., None], values: tuple[Any, ...]) -> None:
        # Before the receiver: if that raises, the window must not stay marked as busy.
        self._waiting -= 1
        if self._waiting == 0:
            self.busy_changed.emit(False)
        receiver(*values)
