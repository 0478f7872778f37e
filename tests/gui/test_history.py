from __future__ import annotations

from filterlab.gui.bench.history import Gesture, History


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_undo_and_redo_walk_the_values():
    history = History(0, "start")
    history.push(1, "one")
    history.push(2, "two")
    assert (history.undo_label, history.redo_label) == ("two", None)
    assert history.jump(history.place - 1) == 1
    assert (history.undo_label, history.redo_label) == ("one", "two")
    assert history.jump(0) == 0
    assert history.jump(-5) == 0
    assert history.jump(99) == 2


def test_an_edit_forgets_what_was_undone():
    history = History(0)
    history.push(1, "one")
    history.jump(0)
    history.push(2, "two")
    assert history.labels == ["", "two"]
    assert history.redo_label is None


def test_quick_edits_of_one_thing_are_one_step():
    clock = Clock()
    history = History(0, clock=clock)
    for value in range(1, 6):
        clock.now += 0.2
        history.push(value, "drag", merge="stride")
    assert history.labels == ["", "drag"]
    assert history.value == 5
    clock.now += 5
    history.push(6, "drag", merge="stride")
    assert history.labels == ["", "drag", "drag"]


def test_a_slow_drag_is_one_step_too():
    clock = Clock()
    history, drag = History(0, clock=clock), Gesture()
    for value in range(1, 4):
        clock.now += 60
        history.push(value, "paint", merge=drag)
    history.push(4, "paint", merge=Gesture())
    assert history.labels == ["", "paint", "paint"]


def test_a_seal_or_another_key_starts_a_new_step():
    history = History(0)
    history.push(1, "a", merge="a")
    history.push(2, "b", merge="b")
    history.seal()
    history.push(3, "b", merge="b")
    assert history.labels == ["", "a", "b", "b"]


def test_an_undone_step_does_not_swallow_the_next_edit():
    history = History(0)
    history.push(1, "a", merge="a")
    history.push(2, "b")
    history.jump(1)
    history.push(3, "a", merge="a")
    assert history.labels == ["", "a", "a"]


def test_costly_values_push_the_oldest_out():
    history = History(10, cost=sum, max_cost=100)
    for value in (50, 40, 30):
        history.push(value, str(value))
    assert history.value == 30
    assert history.jump(0) == 40
