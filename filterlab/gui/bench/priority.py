"""Threads that compute must not keep the window waiting: for the processor, or for Python's lock."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

SWITCH_SECONDS = (
    0.0005  # a thread that wants Python's lock gets it after so long; Python's own 5 ms add up in a repaint
)
NICENESS = 5


def answer_quickly() -> None:
    """Let the window's thread have Python's lock soon after it asks for it."""
    sys.setswitchinterval(SWITCH_SECONDS)


def yield_to_window() -> None:
    """This thread, and those that it starts, run when the window's thread does not want to. Where the system can."""
    if sys.platform == "linux":  # elsewhere the number of a thread is not one of a process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
