"""A lock on an open file, which the system releases when its holder dies."""

from __future__ import annotations

import errno
import os
import sys


def lock(descriptor: int) -> bool:
    """Lock the file for this open descriptor; False where somebody else holds the lock.

    File systems without locks give True and no lock: two runs in one folder then go unnoticed, but each can work.
    """
    if sys.platform == "win32":
        return _lock_windows(descriptor)
    import fcntl

    try:
        # flock and not lockf, because its lock belongs to the descriptor: two runs in one process exclude each other as
        # well, and closing another descriptor of the same file does not release it.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _lock_windows(descriptor: int) -> bool:
    import msvcrt

    # One byte far beyond the content, because others cannot read locked bytes and want to see who holds the lock.
    os.lseek(descriptor, 1 << 40, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EDEADLK)  # any other number: there are no locks here
    return True
