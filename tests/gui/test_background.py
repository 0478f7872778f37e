from __future__ import annotations

import os
import sys
import threading

import pytest

from filterlab.gui.bench.background import Background
from filterlab.gui.bench.priority import NICENESS


@pytest.fixture
def background(qapp):
    made = Background()
    yield made
    made.close()


def test_work_is_done_elsewhere_in_order_and_handed_back_here(background, qtbot):
    heard = []

    def done(answer):
        heard.append((answer, threading.current_thread() is threading.main_thread()))

    for i in range(3):
        background.submit(
            lambda i=i: (i, threading.current_thread() is threading.main_thread()), done, pytest.fail
        )
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [((i, False), True) for i in range(3)]


def test_a_failure_comes_with_its_traceback_and_the_next_work_goes_on(background, qtbot):
    failures, answers = [], []
    background.submit(lambda: 1 / 0, pytest.fail, lambda *told: failures.append(told))
    background.submit(lambda: "next", answers.append, pytest.fail)
    qtbot.waitUntil(lambda: answers == ["next"])
    ((error, details),) = failures
    assert isinstance(error, ZeroDivisionError)
    assert "1 / 0" in details


def test_busy_is_told_once_for_all_that_waits(background, qtbot):
    states, gate = [], threading.Event()
    background.busy_changed.connect(states.append)
    for _ in range(2):
        background.submit(gate.wait, lambda _: None, pytest.fail)
    assert background.busy
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert states == [True, False]


def test_closing_ends_what_is_under_way_and_drops_the_rest(background, monkeypatch):
    begun, gate, ran, shutdown = threading.Event(), threading.Event(), [], background._pools[-1].shutdown

    def slow():
        begun.set()
        gate.wait(60)
        ran.append("first")

    def shut_down(*, wait, cancel_futures):
        shutdown(wait=False, cancel_futures=cancel_futures)
        gate.set()  # only now may the first come to its end
        shutdown(wait=wait)

    monkeypatch.setattr(background._pools[-1], "shutdown", shut_down)
    background.submit(slow, lambda _: None, pytest.fail)
    background.submit(lambda: ran.append("second"), lambda _: None, pytest.fail)
    assert begun.wait(60)
    background.close()
    assert ran == ["first"]


def test_what_waits_behind_a_reader_that_is_given_up_keeps_its_order(background, qtbot):
    begun, gate, ran = threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        gate.wait(60)
        ran.append("reader")

    background.submit(slow, pytest.fail, pytest.fail, "large.tif")
    background.submit(lambda: ran.append("older"), lambda _: None, pytest.fail)
    assert begun.wait(60)
    background.cancel()
    background.submit(lambda: ran.append("newer"), lambda _: None, pytest.fail)
    qtbot.waitUntil(lambda: not background.busy)
    assert ran == ["older", "newer"]
    gate.set()


def test_nothing_is_heard_of_what_ended_just_before_closing(background, qtbot):
    heard, ended = [], threading.Event()
    background.submit(ended.set, heard.append, pytest.fail)
    assert ended.wait(60)
    background.close()
    qtbot.wait(20)
    assert heard == []


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
def test_the_thread_gives_way_to_the_window_whatever_the_priority_of_the_program(background, qtbot):
    found = []
    background.submit(
        lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), found.append, pytest.fail
    )
    qtbot.waitUntil(lambda: bool(found))
    own = os.getpriority(os.PRIO_PROCESS, os.getpid())
    assert found == [min(own + NICENESS, 19)], (
        "threads of a program that was started with `nice` would starve"
    )
