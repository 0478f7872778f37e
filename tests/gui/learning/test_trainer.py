"""A trainer, with courses that wait for the test."""

from __future__ import annotations

import threading

import pytest

from filterlab.errors import Cancelled
from filterlab.gui.learning.trainer import State, Trainer

PATIENCE = 120  # seconds after which a test that went wrong ends


class Course:
    """Items of three parts. `let(n)`: n more parts may be made; `inside`: one is being waited for."""

    def __init__(self):
        self.inside = threading.Event()
        self._may = threading.Semaphore(0)

    def let(self, parts):
        for _ in range(parts):
            self._may.release()

    def __call__(self, cancel, report):
        for item in range(1, 100):
            for part in range(1, 4):
                self.inside.set()
                self._may.acquire(timeout=PATIENCE)
                if cancel():
                    raise Cancelled("stopped", "course")
                report((item, part))
            yield item


@pytest.fixture
def trainer(bench, monkeypatch):
    """A trainer that reports everything at once, and what it has reported: `.items` and `.parts`."""
    monkeypatch.setattr("filterlab.gui.learning.trainer.INTERVAL", 0)
    made = Trainer(closing=bench.closing, parent=bench)
    made.items, made.parts = [], []
    made.produced.connect(made.items.extend)
    made.progressed.connect(made.parts.extend)
    return made


@pytest.fixture
def course():
    """A course, which is let go at the end of the test."""
    made = Course()
    yield made
    made.let(1000)


def test_parts_of_an_item_are_reported_while_it_is_made(trainer, course, qtbot):
    trainer.start(course, 99)
    course.let(2)
    qtbot.waitUntil(lambda: trainer.parts == [(1, 1), (1, 2)])
    assert trainer.items == []
    course.let(2)
    qtbot.waitUntil(lambda: trainer.parts[-1] == (2, 1))
    assert trainer.items == [1]
    trainer.stop()


def test_a_pause_holds_in_the_middle_of_an_item(trainer, course, qtbot):
    trainer.start(course, 99)
    course.let(1)
    qtbot.waitUntil(lambda: len(trainer.parts) == 1)
    trainer.pause()
    course.let(100)
    # The part under way comes to its end, and no further one is begun.
    qtbot.waitUntil(lambda: len(trainer.parts) == 2)
    qtbot.wait(100)
    assert (len(trainer.parts), trainer.items) == (2, [])
    trainer.step()
    qtbot.waitUntil(lambda: trainer.items == [1])
    qtbot.wait(100)
    assert (trainer.state, trainer.items) == (State.PAUSED, [1])
    trainer.step()
    qtbot.waitUntil(lambda: trainer.items == [1, 2])
    trainer.resume()
    qtbot.waitUntil(lambda: len(trainer.items) > 5)
    trainer.stop()


def test_stopping_in_the_middle_of_an_item_waits_for_nothing(trainer, course, qtbot):
    """The course waits for the test, which stops the trainer first: waiting for the thread would never end."""
    trainer.start(course, 99)
    assert course.inside.wait(PATIENCE)
    trainer.stop()
    assert trainer.state is State.STOPPED
    (thread,) = trainer._threads
    assert thread.is_alive()
    course.let(1)
    qtbot.waitUntil(lambda: not thread.is_alive())
    qtbot.wait(50)
    assert (trainer.items, trainer.parts, trainer.state) == ([], [], State.STOPPED)


def test_a_held_run_can_be_stopped(trainer, course, qtbot):
    trainer.start(course, 99)
    course.let(1)
    qtbot.waitUntil(lambda: len(trainer.parts) == 1)
    trainer.pause()
    course.let(1)
    qtbot.waitUntil(lambda: len(trainer.parts) == 2)
    trainer.stop()
    course.let(1)
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in trainer._threads))
    assert trainer.items == []


def test_another_run_takes_the_place_of_the_one_under_way(trainer, course, qtbot):
    other = Course()
    other.let(1000)
    trainer.start(course, 99)
    assert course.inside.wait(PATIENCE)
    trainer.start(other, 2)
    qtbot.waitUntil(lambda: trainer.state is State.ENDED)
    assert trainer.items == [1, 2]
    course.let(1000)
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in trainer._threads))
    assert trainer.items == [1, 2]


def test_closing_the_workbench_ends_a_run(bench, qtbot):
    inside, left = threading.Event(), threading.Event()

    def endless(cancel, report):
        inside.set()
        while not cancel():
            left.wait(0.01)
        left.set()
        raise Cancelled("stopped", "course")
        yield

    trainer = Trainer(closing=bench.closing, parent=bench)
    trainer.start(endless, 99)
    assert inside.wait(PATIENCE)
    bench.close()
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in trainer._threads))
    assert left.is_set()
