"""Numbers for a panel, worked out in a thread of its own: the newest question replaces the one under way."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from filterlab.errors import Cancelled, FilterLabError
from filterlab.gui.bench.priority import yield_to_window
from filterlab.gui.bench.workbench import Workbench

Cancel = Callable[[], bool]
Work = Callable[[Cancel], Any]


class Computations(QObject):
    """One thread for the questions of one panel.

    answered(tag, result): the answer to the newest question. Answers to older ones are dropped. A fault becomes a
    message. It belongs to the workbench and ends with it.
    """

    answered = Signal(object, object)
    _came = Signal(int, object, object)
    _failed = Signal(int, object, str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._messages = bench.messages
        self._condition = threading.Condition()
        self._next: tuple[int, object, Work] | None = None
        self._newest = 0
        self._closing = False
        self._came.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._report, Qt.ConnectionType.QueuedConnection)
        bench.closing.connect(self.close)
        self._thread = threading.Thread(target=self._loop, name="filterlab-numbers", daemon=True)
        self._thread.start()

    def ask(self, tag: object, work: Work) -> None:
        """Compute `work(cancel)`; it should ask `cancel()` now and then and raise Cancelled when that is true."""
        with self._condition:
            self._newest += 1
            self._next = self._newest, tag, work
            self._condition.notify()

    def drop(self) -> None:
        """No answer is wanted any more."""
        with self._condition:
            self._newest += 1
            self._next = None

    def close(self) -> None:
        """End the thread."""
        with self._condition:
            self._closing, self._next = True, None
            self._newest += 1
            self._condition.notify()
        self._thread.join(2.0)

    def _loop(self) -> None:
        yield_to_window()
        while self._serve():
            pass

    def _serve(self) -> bool:
        """Wait for a question and answer it; False at the end. Nothing is held between questions: maps are large."""
        with self._condition:
            while self._next is None and not self._closing:
                self._condition.wait()
            if self._next is None:
                return False
            (number, tag, work), self._next = self._next, None
        self._run(number, tag, work)
        return True

    def _run(self, number: int, tag: object, work: Work) -> None:
        try:
            result = work(lambda: number != self._newest)
        except Cancelled:
            return
        except Exception as error:
            if not self._closing:
                self._failed.emit(number, error, traceback.format_exc())
        else:
            if not self._closing:
                self._came.emit(number, tag, result)

    def _hand_on(self, number: int, tag: object, result: object) -> None:
        if number == self._newest:
            self.answered.emit(tag, result)

    def _report(self, number: int, error: Exception, details: str) -> None:
        if number == self._newest:
            # What the engine refuses in words (no memory, say) is no fault whose place anybody looks for.
            self._messages.error(error, details="" if isinstance(error, FilterLabError) else details)
