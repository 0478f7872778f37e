from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import Qt, QTimer

from filterlab.errors import Cancelled, FilterLabError
from filterlab.gui.bench.computations import Computations


@pytest.fixture
def asked(bench):
    """Computations and the list of their answers."""
    computations = Computations(bench.messages, bench)
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
        go_on.wait(60)
        stopped.append(cancel())
        if cancel():
            raise Cancelled("a newer question is waiting")

    computations.ask("slow", slow)
    assert started.wait(60)
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
    with qtbot.waitSignal(computations.failed) as failed:
        computations.ask("wrong", lambda cancel: 1 / 0)
    assert failed.args == ["wrong"]
    assert "ZeroDivisionError" in bench.messages.all[0].details
    computations.ask("right", lambda cancel: 3)
    qtbot.waitUntil(lambda: answers == [("right", 3)])


def test_what_the_engine_refuses_in_words_has_no_traceback_among_its_details(asked, bench, qtbot):
    def refuse(cancel):
        raise FilterLabError("there is too little memory")

    with qtbot.waitSignal(asked[0].failed):
        asked[0].ask("large", refuse)
    assert [(message.text, message.details) for message in bench.messages.all] == [
        ("there is too little memory", "")
    ]


def test_a_cancelled_question_says_nothing_even_where_it_fails(asked, bench, qtbot):
    computations, answers = asked
    started, go_on = threading.Event(), threading.Event()

    def wrong(cancel):
        started.set()
        go_on.wait(60)
        raise RuntimeError("nobody asks any more")

    computations.ask("wrong", wrong)
    assert started.wait(60)
    computations.drop()
    go_on.set()
    computations.ask("next", lambda cancel: 1)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("next", 1)]
    assert bench.messages.all == []


def test_news_come_in_their_order_before_the_answer_and_in_the_thread_of_the_window(asked, qtbot):
    computations, answers = asked
    heard = []

    def hear(number):
        heard.append((number, threading.current_thread() is threading.main_thread(), list(answers)))

    def work(question):
        for number in range(3):
            question.tell(hear, number)

    computations.ask("counting", work)
    qtbot.waitUntil(lambda: bool(answers))
    assert heard == [(0, True, []), (1, True, []), (2, True, [])]


def test_news_that_wait_while_a_newer_question_is_asked_are_dropped(asked, qtbot):
    computations, answers = asked
    heard, told = [], threading.Event()

    def work(question):
        question.tell(heard.append, "old")
        told.set()

    computations.ask("old", work)
    assert told.wait(60)  # it is in the queue of the window's thread, which is busy here
    computations.ask("new", lambda question: question.tell(heard.append, "new"))
    qtbot.waitUntil(lambda: bool(answers))
    assert heard == ["new"]


def test_chores_are_done_after_the_work_under_way_whatever_is_asked_meanwhile(asked, qtbot):
    computations, answers = asked
    started, go_on, done = threading.Event(), threading.Event(), []

    def slow(cancel):
        started.set()
        go_on.wait(60)
        done.append("slow")

    computations.ask("slow", slow)
    assert started.wait(60)
    computations.afterwards(lambda: done.append("chore"))
    computations.drop()
    computations.ask("next", lambda cancel: done.append("next"))
    go_on.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert done == ["slow", "chore", "next"]


def test_a_chore_that_raises_becomes_a_message_and_the_thread_goes_on(asked, bench, qtbot):
    computations, answers = asked
    computations.afterwards(lambda: 1 / 0)
    computations.ask("next", lambda cancel: 1)
    qtbot.waitUntil(lambda: answers == [("next", 1)])
    assert ["ZeroDivisionError" in message.details for message in bench.messages.all] == [True]


def test_closing_cannot_begin_while_something_is_sent(asked, qtbot):
    computations, answers = asked
    free = []

    def look(*_):
        other = threading.Thread(target=lambda: free.append(computations._condition.acquire(blocking=False)))
        other.start()
        other.join()

    computations._sent.connect(look, Qt.ConnectionType.DirectConnection)
    computations.ask("one", lambda cancel: 1)
    # The window may have the answer while its sender still looks.
    qtbot.waitUntil(lambda: bool(answers and free))
    assert free == [False]


def test_it_ends_with_the_workbench(asked, bench):
    computations, _ = asked
    bench.close()
    computations._thread.join(60)
    assert not computations._thread.is_alive()


def test_the_window_has_its_turn_between_many_answers_that_come_at_once(asked, bench, qtbot):
    computations, answers = asked
    told, turns = [], []
    beat = QTimer(bench, interval=0)
    beat.timeout.connect(lambda: turns.append(len(told)))

    def receive(number):
        end = time.thread_time() + 0.002
        while time.thread_time() < end:
            pass
        told.append(number)

    flooded = threading.Event()

    def flood(question):
        for number in range(30):
            question.tell(receive, number)
        flooded.set()

    computations.ask("flood", flood)
    assert flooded.wait(60), "all of it waits in the queue before the window looks"
    beat.start()
    qtbot.waitUntil(lambda: bool(answers))
    beat.stop()
    assert told == list(range(30))
    assert [turn for turn in turns if 0 < turn < 30], "the window waited until all had been received"
