"""One pool of threads for the hot loops.

Numba's own threads abort the process when two Python threads enter them at once, so the loops are compiled
without the interpreter lock and run over bands of rows on this pool. BLAS is held to one thread meanwhile:
its threads and ours would fight over the same cores.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from filterlab.errors import Cancelled

Cancel = Callable[[], bool]

_inside = threading.local()

CANCEL_BANDS = 8  # bands for each thread where somebody may cancel: between them is where work can stop


@cache
def thread_count() -> int:
    """Threads that the loops use: FILTERLAB_THREADS, or the processors this process may run on."""
    asked = os.environ.get("FILTERLAB_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_count(), thread_name_prefix="filterlab")


def run_bands(work: Callable[[int, int], Any], count: int, *, smallest: int = 1, per_thread: int = 1) -> None:
    """Call `work(start, stop)` on bands that cover range(count), side by side on the pool.

    smallest: a band has at least so many items; below twice that everything runs in the calling thread.
    per_thread: bands for each thread; more of them even out bands of unequal cost.
    `work` must release the interpreter lock for most of its time. An exception in it is raised here, and
    Cancelled where the caller is inside `cancellable` and its work is not wanted any more.
    """
    cancel: Cancel | None = getattr(_inside, "cancel", None)
    if cancel is not None:
        per_thread = max(per_thread, CANCEL_BANDS)
    bands = min(thread_count() * per_thread, max(count // max(smallest, 1), 1))
    # A band that splits its own work runs it alone: waiting for the pool from inside it would lock up.
    if bands == 1 or getattr(_inside, "band", False):
        with np.errstate(all="ignore"):
            work(0, count)
        return
    edges = [count * i // bands for i in range(bands + 1)]
    turns = itertools.count()

    def take() -> None:
        for number in turns:
            if number >= bands:
                return
            _band(work, edges[number], edges[number + 1], cancel)

    # The calling thread takes bands as well: it would only wait, and small work is done before another wakes.
    helpers: list[Future[None]] = [_pool().submit(take) for _ in range(min(thread_count(), bands) - 1)]
    try:
        take()
    finally:
        for helper in helpers:
            if not helper.cancel():
                helper.exception()  # wait for all, so that no band still writes when an error is raised
    for helper in helpers:
        if not helper.cancelled():
            helper.result()


@contextmanager
def cancellable(cancel: Cancel | None) -> Iterator[None]:
    """Within this block, loops that this thread starts stop between bands when `cancel()` is true, with Cancelled."""
    _inside.cancel = cancel
    try:
        yield
    finally:
        _inside.cancel = None


def _band(work: Callable[[int, int], Any], start: int, stop: int, cancel: Cancel | None) -> None:
    if cancel is not None and cancel():
        raise Cancelled("stopped before it was done")
    _inside.band = True
    try:
        # Infinities are numbers here; NumPy's warnings about them are set for each thread.
        with np.errstate(all="ignore"):
            work(start, stop)
    finally:
        _inside.band = False


class _BlasThreads:
    """Holds BLAS to one thread while anyone is inside; several threads may be inside at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limit: Any = None

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                _take_control()
                self._limit = _blas_controller().limit(limits=1, user_api="blas")

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                _take_control()
                self._limit.restore_original_limits()


_blas = _BlasThreads()


@cache
def _blas_controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _take_control() -> None:
    # threadpoolctl 3.7 and later lets one thread alone set limits and ignores all others without a word.
    # Ours come from any thread, one at a time.
    for library in _blas_controller().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Within this block BLAS uses one thread, so that bands on the pool may call it."""
    _blas.enter()
    try:
        yield
    finally:
        _blas.leave()
