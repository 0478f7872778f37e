"""Keeping threads that compute from making the window wait, for the processor or for Python's lock."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

# A thread that wants Python's lock gets it after this time. A repaint asks for it many times, and with Python's own
# 5 ms each of them the window would stutter while something is computed.
SWITCH_SECONDS = 0.0005
NICENESS = 5


def answer_quickly() -> None:
    """Let the window's thread have Python's lock soon after it asks for it."""
    sys.setswitchinterval(SWITCH_SECONDS)


def yield_to_window() -> None:
    """Give this thread, and those that it starts, a lower priority than the window's, where the system can."""
    if sys.platform == "linux":  # elsewhere `setpriority` does not take the id of a thread
        with suppress(OSError):
            thread = threading.get_native_id()
            # Relative: the whole program may have been started with a priority of its own.
            own = os.getpriority(os.PRIO_PROCESS, os.getpid())
            os.setpriority(os.PRIO_PROCESS, thread, own + NICENESS)
