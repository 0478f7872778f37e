"""Checking what the system grants this process, before libraries are loaded that would end it for too little.

OpenBLAS, in NumPy and once more in SciPy, starts its threads and takes their memory as soon as it is loaded. Where that
fails it writes to the error stream and exits or interrupts the process; LLVM aborts it. None of that can be caught.
"""

from __future__ import annotations

import importlib.machinery
import mmap
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from types import ModuleType

from filterlab.errors import FilterLabError
from filterlab.machine import processors
from filterlab.text.messages import say

_MEGABYTE = 1 << 20
_BLAS_THREAD = 48  # megabytes of address space of each thread, with its stack
_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # OpenBLAS obeys the first that is set
# Megabytes of address space that importing takes besides the threads, with a reserve for what is computed afterwards.
_NEEDED = {"numpy": 100, "llvmlite": 380, "scipy": 100}
_WITH_BLAS = ("numpy", "scipy")  # each brings an OpenBLAS of its own
_WINDOW_MEMORY, _WINDOW_FILES, _WINDOW_THREADS = 1800, 12, 12  # threads in addition to three per processor


def watch_imports() -> None:
    """Check for room from now on before these libraries are imported: too little gives fewer threads or MemoryError."""
    # In front: the finders behind it load what they find.
    sys.meta_path.insert(0, _Guard())


def check_window() -> None:
    """Raise FilterLabError where the window would get too little, because Qt and its drivers then crash or hang."""
    needs = (
        (_room_for, _WINDOW_MEMORY, "MB of address space (`ulimit -v`)"),
        (_files_open, _WINDOW_FILES, "open files (`ulimit -n`)"),
        (_threads_start, _WINDOW_THREADS + 3 * processors(), "threads (`ulimit -u`)"),
    )
    for granted, count, what in needs:
        if not granted(count):
            raise FilterLabError(
                say("the window needs {:,} {}, and the system grants fewer", count, what), "window"
            )


class _Guard:
    """An import hook in front of Python's own finders; it finds nothing itself."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Check for room before `name` is loaded. Raises MemoryError where loading would end the process."""
        if name in _WITH_BLAS:
            _limit_threads()
        if name in _NEEDED:
            threads = _blas_threads() if name in _WITH_BLAS else 0
            if not _room_for(_NEEDED[name] + _BLAS_THREAD * threads):
                raise MemoryError
        return None


def _limit_threads() -> None:
    """Give OpenBLAS one thread where the threads or the memory would not do for it and for our own loops."""
    more = _blas_threads() - 1
    to_come = [library for library in _NEEDED if library not in sys.modules]
    copies = len(set(_WITH_BLAS).intersection(to_come))
    # With a single thread there is nothing that could be taken away.
    enough = more == 0 or (
        _room_for(2 * sum(_NEEDED[library] for library in to_come) + copies * more * _BLAS_THREAD)
        and _threads_start((copies + 1) * more)
    )
    if not enough:
        os.environ[_BLAS[0]] = "1"


def _blas_threads() -> int:
    """How many threads OpenBLAS will use, the calling one included."""
    for name in _BLAS:
        with suppress(KeyError, ValueError):
            return max(int(os.environ[name]), 1)
    return processors()


def _files_open(count: int) -> bool:
    """Return whether so many more files can be open at once."""
    with ExitStack() as stack:
        try:
            for _ in range(count):
                stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return False
    return True


def _room_for(megabytes: int) -> bool:
    """Return whether so much address space is left. None of it is touched, so no memory is used."""
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows has no such limit
        return True
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
    try:
        mmap.mmap(-1, megabytes * _MEGABYTE, flags=flags).close()
    except (OSError, MemoryError):
        return False
    return True


def _threads_start(count: int) -> bool:
    """Return whether so many more threads can run at the same time."""
    end = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(count):
            # Really started, and all at once: no figure of the system says how many it would grant.
            thread = threading.Thread(target=end.wait)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        return False
    finally:
        end.set()
        for thread in started:
            thread.join()
    return True
