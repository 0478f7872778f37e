"""What this machine has, and grants: processors, memory, open files."""

from __future__ import annotations

import ctypes
import os
import re
from contextlib import suppress
from math import inf

_MMAP_THRESHOLD = -3  # the number of the setting in malloc.h


def processors() -> int:
    """How many processors this process may run on, which may be fewer than there are (`taskset`, containers)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> float:
    """Bytes of memory that the machine has; infinity where the system does not say, as on Windows."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return inf


def free_memory() -> float:
    """Bytes that can be had without moving other programs to the disk; infinity where the system does not say."""
    with suppress(OSError, ValueError, StopIteration):
        with open("/proc/meminfo", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("MemAvailable:"))
        return float(line.split()[1]) * 1024
    return inf


def peak_memory() -> int:
    """The most bytes of memory that this process has taken until now; 0 where the system does not say."""
    # Not getrusage on Linux, where a child that was started by a large process begins with that one's peak.
    errors = (OSError, ValueError, StopIteration)
    with suppress(*errors), open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return int(next(line for line in file if line.startswith("VmHWM:")).split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS


def open_files() -> float:
    """How many files this process may have open at once; infinity where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return inf
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return inf if soft == resource.RLIM_INFINITY else float(soft)


def bytes_from(text: str) -> int | None:
    """The bytes that a size such as 800M or 4G stands for, K, M and G being powers of 1024; None for anything else."""
    match = re.fullmatch(r"([0-9]{1,15})([KMG]?)B?", text.strip().upper())
    return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2]] if match else None


def size_text(size: int) -> str:
    """A number of bytes as `bytes_from` reads it, in the largest unit that divides it."""
    for shift, unit in ((30, "G"), (20, "M"), (10, "K")):
        if size and size % (1 << shift) == 0:
            return f"{size >> shift}{unit}"
    return str(size)


def return_freed_memory() -> None:
    """Let blocks of a megabyte and more go back to the system when they are freed, where the C library is glibc.

    Else it keeps such as are freed for later ones, up to 32 MB each, and gaps between them add up.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, 1 << 20)
