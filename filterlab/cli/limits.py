"""What the system grants this process, looked at before the libraries that end it where they get too little.

OpenBLAS, in NumPy and once more in SciPy, starts its threads and takes their memory as it is loaded. Where that fails
it writes to the error stream and exits, or interrupts, the process; LLVM aborts it. None of that can be caught.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType

_MEGABYTE = 1 << 20
_BLAS_THREAD = 48  # megabytes of address space that each takes, with its stack
_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # the first that is set counts
# Megabytes of address space that importing takes, besides the threads, with some for what is computed then.
_NEEDED = {"numpy": 100, "llvmlite": 380, "scipy": 100}
_COPIES = 2  # of OpenBLAS


def watch_imports() -> None:
    """From now on these libraries are loaded where there is room for them; else MemoryError, and fewer threads."""
    sys.meta_path.insert(0, _Guard())


class _Guard:
    """Stands before Python's own finders, and finds nothing itself."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Look around before `name` is loaded. Raises MemoryError where it would end the process."""
        if name == "numpy":
            _limit_threads()
        if name in _NEEDED:
            threads = 0 if name == "llvmlite" else _blas_threads()
            if not _room_for(_NEEDED[name] + _BLAS_THREAD * threads):
                raise MemoryError
        return None


def _limit_threads() -> None:
    """One thread for OpenBLAS where there are too few for it and for the loops of filters, or too little memory."""
    more = _blas_threads() - 1
    enough = more == 0 or (
        _room_for(2 * sum(_NEEDED.values()) + _COPIES * more * _BLAS_THREAD)
        and _threads_start((_COPIES + 1) * more)
    )
    if not enough:
        os.environ[_BLAS[0]] = "1"


def _blas_threads() -> int:
    """How many OpenBLAS starts, with the one that calls it."""
    for name in _BLAS:
        with suppress(KeyError, ValueError):
            return max(int(os.environ[name]), 1)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _room_for(megabytes: int) -> bool:
    """Whether so much address space is left; none of it is touched."""
    import mmap

    try:
        mmap.mmap(-1, megabytes * _MEGABYTE).close()
    except (OSError, MemoryError):
        return False
    return True


def _threads_start(count: int) -> bool:
    """Whether so many can live side by side."""
    end = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(count):
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
