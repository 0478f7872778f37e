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
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, shown
from filterlab.forking import no_fork
from filterlab.machine import processors
from filterlab.notices import say_once

Cancel = Callable[[], bool]

_inside = threading.local()

CANCEL_BANDS = 8  # bands for each thread where somebody may cancel: between them is where work can stop


PER_PROCESSOR = 4  # threads, and
MOST_THREADS = 64  # that may be asked for anywhere: more than the processors only get in each other's way


@cache
def thread_count() -> int:
    """Threads that the loops use: FILTERLAB_THREADS, or the processors this process may run on.

    What is no sensible number is said once, and not used.
    """
    granted = processors()
    asked = os.environ.get("FILTERLAB_THREADS", "").strip()
    most = max(PER_PROCESSOR * granted, MOST_THREADS)
    # Digits of other scripts are decimal too, superscripts are digits: only 0 to 9 are what somebody meant.
    if asked.isascii() and asked.isdecimal() and len(asked) <= len(str(most)) and 1 <= int(asked) <= most:
        return int(asked)
    if asked:
        say_once(
            f"FILTERLAB_THREADS is {shown(asked)}, not a whole number from 1 to {most}: {granted} used instead"
        )
    return granted


class _Helpers:
    """The threads that take bands beside those that ask for the work: as many as the system grants."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._started = False

    def pool(self) -> ThreadPoolExecutor | None:
        """Their pool, None where there are none."""
        if not self._started:
            with no_fork(), self._lock:
                if not self._started:
                    self._pool = _started_pool(thread_count() - 1)
                    self._started = True
        return self._pool

    def forget(self) -> None:
        """In a forked child they are gone."""
        self._pool, self._started = None, False


_helpers = _Helpers()


def _started_pool(asked: int) -> ThreadPoolExecutor | None:
    """A pool whose threads all live already, so that handing it work never fails for want of one."""
    count = asked
    while count > 0:
        pool, together = ThreadPoolExecutor(count, thread_name_prefix="filterlab"), threading.Event()
        started = 0
        with suppress(RuntimeError, MemoryError):  # the system starts no more
            while started < count:
                pool.submit(together.wait)
                started += 1
        together.set()
        if started == count:
            break
        pool.shutdown()
        count = started
    if count < asked:
        say_once(f"the system grants {count + 1} of {asked + 1} threads: the work takes longer")
    return pool if count > 0 else None


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
    pool = _helpers.pool()
    helpers: list[Future[None]] = []
    try:
        if pool is not None:
            with suppress(RuntimeError):  # the interpreter is on its way out, and gives out no more work
                helpers.extend(pool.submit(take) for _ in range(min(thread_count(), bands) - 1))
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
    """Within this block, loops that this thread starts stop between bands when `cancel()` is true, with Cancelled.

    The innermost block counts; after it the one around it counts again.
    """
    outer: Cancel | None = getattr(_inside, "cancel", None)
    _inside.cancel = cancel
    try:
        yield
    finally:
        _inside.cancel = outer


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
        with no_fork(), self._lock:
            _inside.blas = self._own() + 1
            self._users += 1
            if self._users == 1:
                _take_control()
                self._limit = _blas_controller().limit(limits=1, user_api="blas")

    def leave(self) -> None:
        with no_fork(), self._lock:
            _inside.blas = self._own() - 1
            self._users -= 1
            if self._users == 0:
                self._release()

    def forget_others(self) -> None:
        """In a forked child only the thread that forked can still be inside."""
        before, self._users = self._users, self._own()
        if before and not self._users:
            self._release()

    def _own(self) -> int:
        """How many times this thread is inside."""
        return getattr(_inside, "blas", 0)

    def _release(self) -> None:
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


def _begin_in_child() -> None:
    _helpers.forget()
    _blas.forget_others()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
