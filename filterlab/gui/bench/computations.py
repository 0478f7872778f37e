"""Answers computed in a thread of their own, where only the newest question counts."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from filterlab.errors import Cancelled
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.priority import yield_to_window

Cancel = Callable[[], bool]
Receiver = Callable[..., object]

# Seconds of receiving at a time: a deep network sends its maps by the hundred, and Qt hands on all that has come before
# it looks at the mouse again.
SLICE = 0.01


class PendingQuestion:
    """A question on its way through the thread. Called, it says whether its answer is no longer wanted.

    The engine's functions take it as their `cancel`.
    """

    def __init__(self, computations: Computations, number: int, tag: object, work: Work) -> None:
        self._computations, self.number, self.tag, self.work = computations, number, tag, work

    def __call__(self) -> bool:
        # Read without the lock: a number that is a moment old costs one more check, no wrong answer.
        return self.number != self._computations.newest

    def tell(self, receive: Receiver, *values: object) -> None:
        """Call `receive(*values)` in the thread of the window, if this is still the newest question by then."""
        self._computations.send(self.number, receive, values)


Work = Callable[[PendingQuestion], Any]


class Computations(QObject):
    """A thread that works on the newest question and leaves off when a newer one is asked.

    A question that was asked ends in one of four ways. answered(tag, result): its work returned. failed(tag): its
    work raised, and the error is among the messages. Superseded by a newer question, or cancelled by `drop`:
    nothing more is heard of it, however far it had come.
    """

    answered = Signal(object, object)
    failed = Signal(object)
    _sent = Signal(object, object, object)

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._condition = threading.Condition()
        self._next: PendingQuestion | None = None
        self._chores: list[Callable[[], None]] = []
        self.newest = 0
        self._closing = False
        self._come: deque[tuple[int | None, Receiver, tuple[object, ...]]] = deque()
        self._receiving = QTimer(self, interval=0)
        self._receiving.timeout.connect(self._receive)
        # Queued, so that receivers run in the window's thread, in the order in which the thread sent to them.
        self._sent.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)
        # A daemon: `close` gives up waiting after a while, and a layer that is stuck must not keep the process alive.
        self._thread = threading.Thread(target=self._loop, name="filterlab-numbers", daemon=True)
        self._thread.start()

    def ask(self, tag: object, work: Work) -> None:
        """Compute `work(question)`, which should call `question()` now and then and raise Cancelled when it is true."""
        with self._condition:
            self.newest += 1
            # Replaces a question that has not begun, so that a drag never builds up a queue.
            self._next = PendingQuestion(self, self.newest, tag, work)
            self._condition.notify()

    def drop(self) -> None:
        """Cancel: no answer is wanted any more."""
        with self._condition:
            self.newest += 1
            # The number alone stops the work under way; a question that has not begun must be taken away as well.
            self._next = None

    def afterwards(self, chore: Callable[[], None]) -> None:
        """Run `chore()` in the thread after the work under way and before the next; no question supersedes it."""
        with self._condition:
            self._chores.append(chore)
            self._condition.notify()

    def close(self, seconds: float = 2.0) -> None:
        """End the thread. It ends when its work looks up, and is not waited for longer than this."""
        with self._condition:
            self._closing, self._next = True, None
            self.newest += 1
            self._condition.notify()
        self._thread.join(seconds)

    def send(self, number: int | None, receive: Receiver, values: tuple[object, ...]) -> None:
        """Send values to a receiver on behalf of the question with this number; see `PendingQuestion.tell`.

        Without a number they come from a chore, and no question supersedes them.
        """
        # Once closing, this object may be destroyed at any moment: a signal of it would end the process. The lock is
        # held over both, so that `close` cannot come between them; the receivers run later, without it.
        with self._condition:
            if not self._closing:
                self._sent.emit(number, receive, values)

    def _hand_on(self, number: int | None, receive: Receiver, values: tuple[object, ...]) -> None:
        self._come.append((number, receive, values))
        # Not by another queued call: Qt would make that within the same pass through its queue.
        self._receiving.start()

    def _receive(self) -> None:
        """Hand on what has come, for a moment; the rest waits until the window has answered the person."""
        end = time.perf_counter() + SLICE
        while self._come and time.perf_counter() < end:
            number, receive, values = self._come.popleft()
            # It was the newest when it was sent, but may have waited in the queue behind a click that asked again.
            if number is None or number == self.newest:
                receive(*values)
        if not self._come:
            self._receiving.stop()

    def _loop(self) -> None:
        yield_to_window()
        while self._serve():
            pass

    def _serve(self) -> bool:
        """Wait for something to do and do it; return False at the end.

        Its names go out of scope after each round: a thread that waits must not keep a question, and the maps that
        its work refers to, alive.
        """
        with self._condition:
            while self._next is None and not self._chores and not self._closing:
                self._condition.wait()
            if self._closing:
                return False
            question, self._next = self._next, None
            chores, self._chores = self._chores, []
        for chore in chores:
            self._do(chore)
        if question is not None:
            self._run(question)
        return True

    def _do(self, chore: Callable[[], None]) -> None:
        # A chore that raised would end the thread, and no question would be answered any more.
        try:
            chore()
        except Exception as error:
            self.send(None, self._report, (error, traceback.format_exc()))

    def _run(self, question: PendingQuestion) -> None:
        try:
            result = question.work(question)
        except Cancelled:
            return
        except Exception as error:
            question.tell(self._fail, question.tag, error, traceback.format_exc())
        else:
            # By way of `tell`, so that an answer that was superseded at the last moment is dropped, too.
            question.tell(self.answered.emit, question.tag, result)

    def _fail(self, tag: object, error: Exception, details: str) -> None:
        self._report(error, details)
        self.failed.emit(tag)

    def _report(self, error: Exception, details: str) -> None:
        self._messages.error(error, details=details)
