"""One pool of threads for the hot loops.

Numba's own threads ("workqueue") abort the process when two Python threads enter them at once. So the loops are
compiled to run without the interpreter's lock, over bands of rows on this pool. BLAS is held to one thread meanwhile,
or its threads and ours would compete for the same cores.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, shown
from filterlab.forking import no_fork
from filterlab.machine import processors
from filterlab.notices import say_once

Cancel = Callable[[], bool]

_inside = threading.local()

# Work can stop only between two bands, so bands begin small and grow while they end soon.
LONGEST_BAND = 0.05  # seconds that a band should take at most
SMALLEST_ROWS = 1 << 14  # values that are worth handing to another thread, at some operations each
GROWTH = 4  # times the items, after a band that took less than LONGEST_BAND / (2 * GROWTH)

PER_PROCESSOR = 4  # threads, and
# So many may be asked for on any machine, though more threads than processors only slow each other down.
MOST_THREADS = 64


@cache
def thread_count() -> int:
    """Return how many threads the loops use: FILTERLAB_THREADS, or the processors that this process may run on.

    A value that is not a sensible number is not used; a notice says so, once.
    """
    granted = processors()
    asked = os.environ.get("FILTERLAB_THREADS", "").strip()
    most = max(PER_PROCESSOR * granted, MOST_THREADS)
    # The length before int(), which raises ValueError for thousands of digits.
    # Only 0 to 9: isdecimal alone is true of digits in other scripts, which nobody means here.
    if asked.isascii() and asked.isdecimal() and len(asked) <= len(str(most)) and 1 <= int(asked) <= most:
        return int(asked)
    if asked:
        say_once(
            f"FILTERLAB_THREADS is {shown(asked)}, not a whole number from 1 to {most}: {granted} used instead"
        )
    return granted


class _Helpers:
    """The threads that take bands beside the thread that asks for the work: as many as the system grants."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._started = False

    def pool(self) -> ThreadPoolExecutor | None:
        """Return their pool, None where there are no such threads."""
        # Looked at without the lock first, on which every call would otherwise queue.
        if not self._started:
            # A child forked while the threads start would have the lock taken, and nobody to release it.
            with no_fork(), self._lock:
                if not self._started:
                    self._pool = _started_pool(thread_count() - 1)
                    self._started = True
        return self._pool

    def forget(self) -> None:
        """Start anew in a forked child, which has none of the parent's threads."""
        self._pool, self._started = None, False


_helpers = _Helpers()


def _started_pool(asked: int) -> ThreadPoolExecutor | None:
    """A pool whose threads all run already, so that giving it work cannot fail for want of a thread later."""
    count = asked
    while count > 0:
        pool, together = ThreadPoolExecutor(count, thread_name_prefix="filterlab"), threading.Event()
        started = 0
        with suppress(RuntimeError, MemoryError):  # the system starts no more threads
            while started < count:
                # The executor starts a thread only for work that no idle thread can take: so all are kept busy until
                # the last runs.
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

    smallest: items that are worth handing to another thread; below twice that everything runs in the calling one.
    per_thread: bands for each thread at least; more of them even out bands of unequal cost.
    `work` must release the interpreter lock for most of its time, and its results must not depend on where one band
    ends and the next begins. An exception in it is raised here as soon as the bands under way are done, and so is
    Cancelled where the caller is inside `cancellable` and its work is not wanted any more.
    """
    # A thread that is alone would only count bands. Where each item may be long, it does, to be stopped between them.
    least = GROWTH**2 * smallest if smallest > 1 and thread_count() == 1 else 2 * smallest
    # A band that splits its own work runs it alone: waiting for the pool from inside it would lock up.
    if count < least or getattr(_inside, "band", False):
        check_wanted()
        with np.errstate(all="ignore"):
            work(0, count)
        return
    cancel: Cancel | None = getattr(_inside, "cancel", None)
    dealer = _Dealer(count, max(smallest, 1), per_thread)

    def take() -> None:
        size = dealer.smallest
        try:
            while band := dealer.deal(size):
                began = perf_counter()
                _band(work, *band, lambda: dealer.stopped or (cancel is not None and cancel()))
                took = perf_counter() - began
                if took > LONGEST_BAND:
                    size = max(size // GROWTH, 1)
                elif took * 2 * GROWTH <= LONGEST_BAND:
                    size *= GROWTH
        except BaseException as error:
            # Ctrl-C too, which meets the calling thread alone: the others must not go on for it.
            dealer.stop(error)

    # The calling thread takes bands as well: it would only wait, and small work is done before another wakes.
    pool = _helpers.pool()
    helpers: list[Future[None]] = []
    try:
        if pool is not None:
            with suppress(RuntimeError):  # the interpreter is on its way out, and gives out no more work
                helpers.extend(
                    pool.submit(take) for _ in range(min(thread_count(), count // dealer.smallest) - 1)
                )
        take()
    except BaseException as error:  # Ctrl-C between two steps of `take`
        dealer.stop(error)
    finally:
        for helper in helpers:
            # Wait for all, so that no band still writes when an error is raised; but after Ctrl-C nobody reads what
            # they write, and one of them may be compiling its loop, which takes seconds.
            if not helper.cancel() and not isinstance(dealer.error, KeyboardInterrupt):
                helper.exception()
    failure, dealer.error = dealer.error, None
    try:
        if failure is not None:
            raise failure
    finally:
        del failure  # else it would hold, through its traceback, itself and all arrays here


class _Dealer:
    """Deals out the items 0 to `count` in bands, none so long that other threads would run out of work meanwhile."""

    def __init__(self, count: int, smallest: int, per_thread: int) -> None:
        self.smallest = smallest
        self._next, self._count = 0, count
        # A thread that is alone is not to be evened out with others.
        parts = thread_count() * per_thread if thread_count() > 1 else 1
        self._most = max(-(-count // parts), smallest)
        self._lock = threading.Lock()
        self.stopped = False
        self.error: BaseException | None = None  # the first that stopped it

    def deal(self, size: int) -> tuple[int, int] | None:
        """Return the next band (start, stop) of at most `size` items; None where there are none left."""
        with self._lock:
            left = self._count - self._next
            if self.stopped or not left:
                return None
            # Half of a fair share: bands shrink towards the end, so that no thread is left alone with a long one.
            # A thread that is alone waits for nobody.
            alone = thread_count() == 1
            share = left if alone else max(left // (2 * thread_count()), self.smallest)
            size = min(size, share, self._most, left)
            self._next += size
            return self._next - size, self._next

    def stop(self, error: BaseException) -> None:
        """Deal no more, because of this error; the first one is kept."""
        with self._lock:
            self.error = self.error or error
            self.stopped = True


def check_wanted() -> None:
    """Raise Cancelled where the work of this thread is not wanted any more; long bands call it from time to time."""
    stopped: Cancel | None = getattr(_inside, "stopped", None) or getattr(_inside, "cancel", None)
    if stopped is not None and stopped():
        raise Cancelled("stopped before it was done")


def by_rows(function: Callable[..., Any], *maps: Any) -> Any:
    """Return function(*maps) as large as the first map, computed on bands of rows, which it must not combine.

    maps: (N, C, H, W), all of one shape and dtype.
    """
    y = np.empty_like(maps[0])

    def band(start: int, stop: int) -> None:
        y[:, :, start:stop] = function(*(x[:, :, start:stop] for x in maps))

    run_bands(band, y.shape[2], smallest=max(SMALLEST_ROWS // max(y[:, :, 0].size, 1), 1))
    return y


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


def _band(work: Callable[[int, int], Any], start: int, stop: int, stopped: Cancel) -> None:
    _inside.band, _inside.stopped = True, stopped
    try:
        check_wanted()
        # Infinities are numbers here; NumPy's warnings about them are set for each thread.
        with np.errstate(all="ignore"):
            work(start, stop)
    finally:
        _inside.band, _inside.stopped = False, None


class _BlasThreads:
    """Holds BLAS to one thread while anyone is inside; several threads may be inside at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limit: Any = None

    def enter(self) -> None:
        with no_fork(), self._lock:
            # The limit holds for the whole process: the first inside sets it, the last to leave takes it back.
            if self._users == 0:
                _take_control()
                self._limit = _blas_controller().limit(limits=1, user_api="blas")
            # Counted only now: nobody leaves where this raised, and nobody after would set the limit.
            _inside.blas = self._own() + 1
            self._users += 1

    def leave(self) -> None:
        with no_fork(), self._lock:
            _inside.blas = self._own() - 1
            self._users -= 1
            if self._users == 0:
                self._release()

    def forget_others(self) -> None:
        """Count anew in a forked child, where only the thread that forked can still be inside."""
        before, self._users = self._users, self._own()
        if before and not self._users:
            self._release()

    def _own(self) -> int:
        """The number of times that this thread has entered and not left."""
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
    # threadpoolctl 3.7 and later lets only one thread set limits and silently ignores all others. Our calls come from
    # any thread, one at a time.
    for library in _blas_controller().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Within this block BLAS uses one thread, so that bands on the pool may call it. Several threads may be inside."""
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
