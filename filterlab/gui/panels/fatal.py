"""Faults of the program itself: an exception that nothing catches becomes a message, and the work goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from filterlab.gui.bench.messages import Messages
from filterlab.gui.painting import let_go
from filterlab.gui.words.i18n import tr


def install_hooks(messages: Messages) -> FaultReporter:
    """Turn faults into messages from now on, until `remove` of the returned reporter is called."""
    reporter = FaultReporter(messages)
    reporter.install()
    return reporter


class FaultReporter(QObject):
    """Replaces `sys.excepthook`, which exceptions in Qt's slots and events reach too, and `threading.excepthook`.

    The traceback is printed on stderr as well. A fault that repeats itself is one message.
    """

    _raised = Signal(object, str)

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._messages = messages
        self._previous: tuple[Any, Any] | None = None
        # A fault in another thread is queued, and becomes a message in the thread of the window.
        self._raised.connect(self._report, Qt.ConnectionType.AutoConnection)

    def install(self) -> None:
        """Turn faults into messages from now on."""
        # Once only: a second time these hooks themselves would be remembered as those to put back.
        if self._previous is None:
            self._previous = sys.excepthook, threading.excepthook
            sys.excepthook = self._take
            threading.excepthook = self._take_from_thread

    def remove(self) -> None:
        """Put the hooks back that were there before."""
        if self._previous is not None:
            sys.excepthook, threading.excepthook = self._previous
            self._previous = None

    def _take_from_thread(self, args: threading.ExceptHookArgs) -> None:
        # SystemExit ends a thread quietly, as Python's own hook has it.
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)  # Ctrl-C and the like
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        # Python keeps the last error, with its frames: a painter in them would stay open, and maps in memory.
        let_go(error)
        if sys.stderr is not None:  # as in a program that Windows starts without a console
            sys.stderr.write(text)
        self._raised.emit(error, text)

    def _report(self, error: Exception, text: str) -> None:
        # A fault while painting comes again at every repaint, and would fill the list within seconds.
        last = self._messages.all[-1] if self._messages.all else None
        if last is None or last.details != text:
            self._messages.error(error, tr("Something went wrong"), text)
