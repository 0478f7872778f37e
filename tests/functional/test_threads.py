"""How many threads compute: what was asked for where that makes sense, and what the system grants."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

import filterlab.functional as F
from filterlab import notices
from filterlab.errors import Cancelled
from filterlab.functional import threads
from filterlab.functional.threads import cancellable, check_wanted, run_bands, thread_count

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
MOST = max(threads.PER_PROCESSOR * PROCESSORS, threads.MOST_THREADS)


@pytest.fixture
def said():
    """What is said during the test."""
    heard: list[str] = []
    known, notices._said = notices._said, {}
    notices.tell(heard.append)
    yield heard
    notices.tell(None)
    notices._said = known


@pytest.fixture
def asked(monkeypatch, said):
    """Sets FILTERLAB_THREADS; the count of the other tests is there again afterwards."""

    def ask(text):
        monkeypatch.setenv("FILTERLAB_THREADS", text)
        thread_count.cache_clear()

    yield ask
    monkeypatch.undo()
    thread_count.cache_clear()


@pytest.fixture
def helpers(monkeypatch):
    """A pool of the test's own."""
    own = threads._Helpers()
    monkeypatch.setattr(threads, "_helpers", own)
    yield own
    if own._pool is not None:
        own._pool.shutdown()


@pytest.mark.parametrize(("text", "count"), [("1", 1), (" 3 ", 3), ("7", 7), (str(MOST), MOST)])
def test_a_number_of_threads_can_be_asked_for(asked, said, text, count):
    asked(text)
    assert thread_count() == count
    assert said == []


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_asked_for_is_a_thread_a_processor(asked, said, text):
    asked(text)
    assert thread_count() == PROCESSORS
    assert said == []


@pytest.mark.parametrize(
    "text",
    ["²", "٣", "0", "-1", "+2", "2.0", "1e3", "two", "1_0", "0x2", "10" * 5, str(MOST + 1), "9" * 5000],
)
def test_what_is_no_sensible_number_is_said_once_and_not_used(asked, said, text):
    asked(text)
    assert thread_count() == PROCESSORS
    np.testing.assert_array_equal(doubled(1000), 2 * np.arange(1000))
    assert len(said) == 1
    assert said[0].startswith("FILTERLAB_THREADS is ")
    assert said[0].endswith(f"not a whole number from 1 to {MOST}: {PROCESSORS} used instead")
    assert len(said[0]) < 300


def doubled(count):
    y = np.zeros(count)

    def work(start, stop):
        y[start:stop] = 2 * np.arange(start, stop)

    run_bands(work, count, per_thread=4)
    return y


@pytest.mark.parametrize("granted", [0, 1, 3])
def test_the_work_is_done_by_as_many_threads_as_the_system_grants(monkeypatch, asked, helpers, said, granted):
    asked("6")
    left, start = [granted], threading.Thread.start

    def grant(thread):
        if left[0] == 0:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", grant)
    for _ in range(3):
        np.testing.assert_array_equal(doubled(1000), 2 * np.arange(1000))
    # Threads of the first attempt end before those of the next begin, which the system grants no more here.
    assert said == ["the system grants 1 of 6 threads: the work takes longer"]


def test_threads_that_end_make_room_for_a_smaller_pool(monkeypatch, asked, helpers, said):
    asked("6")
    start = threading.Thread.start

    def grant(thread):
        if sum(other.name.startswith("own") for other in threading.enumerate()) >= 2:
            raise RuntimeError("can't start new thread")
        thread.name = "own" + thread.name
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", grant)
    np.testing.assert_array_equal(doubled(1000), 2 * np.arange(1000))
    assert helpers.pool()._max_workers == 2
    assert said == ["the system grants 3 of 6 threads: the work takes longer"]


def test_errors_of_any_band_are_raised_and_nobody_works_on(asked, helpers):
    asked("4")
    at_work = []

    def work(start, stop):
        at_work.append(start)
        try:
            if start >= 500:
                raise ValueError(start)
        finally:
            at_work.remove(start)

    with pytest.raises(ValueError, match=r"\d+"):
        run_bands(work, 1000, per_thread=4)
    assert at_work == []


def test_work_that_is_cancelled_stops_between_bands(asked, helpers):
    asked("2")
    done = []

    def work(start, stop):
        done.append(start)

    with cancellable(lambda: len(done) >= 2), pytest.raises(Cancelled):
        run_bands(work, 1000)
    assert len(done) < 16


@pytest.mark.parametrize(
    "slow",
    [
        lambda x: F.bilateral(x, 9),
        lambda x: F.warp(x, np.eye(2, 3), x.shape[1:]),
    ],
)
def test_a_thread_that_is_alone_is_stopped_between_bands_of_wide_rows(asked, helpers, slow):
    asked("1")
    looks = []
    with cancellable(lambda: looks.append(None) or len(looks) > 1), pytest.raises(Cancelled):
        slow(np.zeros((20, 30, 1000)))


def test_work_too_small_for_the_pool_is_cancelled_too():
    done = []
    with cancellable(lambda: True), pytest.raises(Cancelled):
        run_bands(lambda start, stop: done.append(start), 1)
    assert done == []


def test_a_limit_of_blas_that_cannot_be_set_is_set_by_the_next(monkeypatch):
    class Controller:
        lib_controllers = ()
        limits = 0

        def limit(self, **_):
            self.limits += 1
            if self.limits == 1:
                raise MemoryError
            return self

        def restore_original_limits(self):
            self.limits = 0

    controller, blas = Controller(), threads._BlasThreads()
    monkeypatch.setattr(threads, "_blas_controller", lambda: controller)
    with pytest.raises(MemoryError):
        blas.enter()
    blas.enter()
    assert controller.limits == 2
    blas.leave()
    assert controller.limits == 0


def test_work_stays_cancellable_after_a_block_within_a_block(asked, helpers):
    asked("2")
    with cancellable(lambda: True):
        with cancellable(None):
            run_bands(lambda start, stop: None, 1000)
        with pytest.raises(Cancelled):
            run_bands(lambda start, stop: None, 1000)


def test_slow_bands_stay_small_so_that_they_can_be_stopped(asked, helpers):
    asked("2")
    done = []

    def work(start, stop):
        done.extend(range(start, stop))
        time.sleep(0.001 * (stop - start))

    with cancellable(lambda: bool(done)), pytest.raises(Cancelled):
        run_bands(work, 100_000)
    assert len(done) < 1000


def test_an_interrupted_caller_stops_its_helpers(asked, helpers):
    asked("2")
    caller, begun, done = threading.current_thread(), threading.Event(), []

    def work(start, stop):
        if threading.current_thread() is caller:
            begun.set()
            raise KeyboardInterrupt
        # Else the helpers could have done everything before the caller has its turn.
        begun.wait(60)
        done.extend(range(start, stop))
        time.sleep(0.001 * (stop - start))

    with pytest.raises(KeyboardInterrupt):
        run_bands(work, 10_000)
    helpers.pool().submit(int).result()
    assert len(done) < 10_000


def test_a_long_band_can_ask_whether_it_is_wanted(asked, helpers):
    asked("2")
    looks = []

    def work(start, stop):
        for _ in range(100):
            looks.append(start)
            check_wanted()

    with cancellable(lambda: len(looks) > 10), pytest.raises(Cancelled):
        work(0, 1)
    with cancellable(lambda: len(looks) > 30), pytest.raises(Cancelled):
        run_bands(work, 2)
    assert len(looks) < 50


def test_a_band_is_wanted_until_its_end_whoever_has_nothing_left_to_do(asked, helpers):
    asked("2")
    caller, ended = threading.current_thread(), []

    def work(start, stop):
        if threading.current_thread() is not caller:
            time.sleep(0.05)
            check_wanted()
        ended.append(start)

    for _ in range(3):
        run_bands(work, 2)
    assert len(ended) == 6
    check_wanted()


def test_every_item_is_dealt_once_whatever_the_bands_take(asked, helpers):
    asked("3")
    for count, smallest in ((1, 1), (7, 3), (1000, 1), (1001, 10), (5000, 4999)):
        seen = np.zeros(count, int)

        def work(start, stop, seen=seen):
            seen[start:stop] += 1

        run_bands(work, count, smallest=smallest)
        assert (seen == 1).all()


def test_a_band_that_splits_its_own_work_does_not_wait_for_itself(asked, helpers):
    asked("3")
    y = np.zeros(60)

    def work(start, stop):
        part = y[start:stop]

        def inner(first, last):
            part[first:last] += 1

        run_bands(inner, len(part))

    run_bands(work, len(y))
    assert (y == 1).all()
