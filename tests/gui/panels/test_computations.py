from __future__ import annotations

import threading

import pytest

from filterlab.errors import Cancelled
from filterlab.gui.panels.computations import Computations


@pytest.fixture
def asked(bench):
    """Computations and the list of their answers."""
    computations = Computations(bench)
    answers = []
    computations.answered.connect(lambda tag, result: answers.append((tag, result)))
    return computations, answers


def test_answers_come_in_the_window_and_are_computed_elsewhere(asked, qtbot):
    computations, answers = asked
    computations.ask("who", lambda cancel: threading.current_thread())
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers[0][1] is not threading.main_thread()


def test_the_newest_question_wins(asked, qtbot):
    computations, answers = asked
    started, go_on = threading.Event(), threading.Event()
    stopped = []

    def slow(cancel):
        started.set()
        go_on.wait(5)
        stopped.append(cancel())
        if cancel():
            raise Cancelled("a newer question is waiting")

    computations.ask("slow", slow)
    assert started.wait(5)
    computations.ask("skipped", lambda cancel: 1)
    computations.ask("newest", lambda cancel: 2)
    go_on.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("newest", 2)]
    assert stopped == [True]


def test_a_late_answer_is_dropped(asked, qtbot):
    computations, answers = asked
    computations.ask("old", lambda cancel: 1)
    computations.drop()
    computations.ask("new", lambda cancel: 2)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("new", 2)]


def test_a_fault_becomes_a_message_and_the_thread_goes_on(asked, bench, qtbot):
    computations, answers = asked
    computations.ask("wrong", lambda cancel: 1 / 0)
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)
    assert "ZeroDivisionError" in bench.messages.all[0].details
    computations.ask("right", lambda cancel: 3)
    qtbot.waitUntil(lambda: answers == [("right", 3)])


def test_it_ends_with_the_workbench(asked, bench):
    computations, _ = asked
    bench.close()
    assert not computations._thread.is_alive()
