"""A lock on an open file, which the system gives back when its holder dies."""

from __future__ import annotations

import os
import sys


def lock(descriptor: int) -> bool:
    """Lock the file for this open descriptor alone; False where another holds it.

    True, without a lock, on file systems that have none: a folder there is as it was before there were locks.
    """
    if sys.platform == "win32":
        return _lock_windows(descriptor)
    import fcntl

    try:
        # flock, not lockf: it belongs to the descriptor, so two runs in one process exclude each other as well, and
        # closing another descriptor of the same file does not give it back.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _lock_windows(descriptor: int) -> bool:
    import msvcrt

    # One byte far beyond what is written: locked bytes cannot be read by others, who want to see who holds it.
    os.lseek(descriptor, 1 << 40, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
