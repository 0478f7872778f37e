"""The exit statuses of the command, and printing the line that explains one."""

from __future__ import annotations

import sys

from filterlab.cli.faults import one_line

DONE, SOME_FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """Print one line on the error stream."""
    print("filterlab: " + one_line(message), file=sys.stderr)
