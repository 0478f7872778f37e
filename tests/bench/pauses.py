"""Pauses of the window's event loop, and what its thread was doing meanwhile."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from types import FrameType

from PySide6.QtCore import QTimer

BEAT = 1  # milliseconds
LONG = 0.05  # seconds; a pause that a person notices
_DEEPEST = 14  # calls of a stack that are shown
_OWN = "filterlab"


class Heartbeat:
    """A timer beats every millisecond; the longest pause between two beats is the longest that a click would wait.

    stacks: where the thread of the window was in pauses of more than 50 ms, by how often it was seen there; they are
    looked up by a second thread every 5 ms, which takes time itself, so that pauses are longer then.
    """

    def __init__(self, *, look: bool = False) -> None:
        self.stacks: Counter[str] = Counter()
        self.longest = self.longest_worked = 0.0
        self._main = threading.get_ident()
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer(interval=BEAT)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        if look:
            threading.Thread(target=self._look, daemon=True).start()

    def restart(self) -> None:
        """Measure anew."""
        self._beat()
        self.longest = self.longest_worked = 0.0

    def take(self) -> tuple[float, float]:
        """The longest pause since `restart`, in milliseconds: by the clock, and of the thread's own work.

        Where other programs run, too, the second says what the window is to blame for.
        """
        self._beat()
        return 1000 * self.longest, 1000 * self.longest_worked

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self.longest_worked = max(self.longest_worked, worked - self._worked)
        self._last, self._worked = now, worked

    def _look(self) -> None:
        while True:
            time.sleep(0.005)
            if time.perf_counter() - self._last > LONG:
                self.stacks[_stack_of(sys._current_frames().get(self._main))] += 1


def _stack_of(frame: FrameType | None) -> str:
    # Without `traceback`, which reads files meanwhile: a frame that is held after its function has returned drops its
    # widgets in this thread, and Qt ends the process.
    lines: list[str] = []
    while frame is not None:
        code = frame.f_code
        if _OWN in code.co_filename:
            lines.append(f"{code.co_filename.rpartition(_OWN)[2]}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return "\n      ".join(reversed(lines[:_DEEPEST]))
