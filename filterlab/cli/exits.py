"""The exit statuses of the command, and the line that goes with one."""

from __future__ import annotations

import sys

from filterlab.cli.faults import one_line

DONE, SOME_FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """One line on the error stream."""
    print("filterlab: " + one_line(message), file=sys.stderr)
