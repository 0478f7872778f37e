"""Starting, pausing, stepping and stopping a run, and the runs that fail."""

from __future__ import annotations

import threading

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt

from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


def test_it_learns_the_edge_detector_of_the_book_in_ten_steps(d2l, run, qtbot):
    document = d2l._bench.document
    before = document.pipeline
    run(d2l)
    assert d2l.session.state is State.ENDED
    assert d2l.session.count == 10
    np.testing.assert_allclose(d2l.weights.kernel.values, [[1, -1]], atol=0.1)
    losses = d2l.session.record.losses
    assert losses == sorted(losses, reverse=True)
    assert document.pipeline is before, "nothing is kept unasked"
    assert len(d2l.curve.curves[0].getData()[0]) == 10
    assert "step 10 of 10" in d2l.transport.caption.text
    qtbot.waitUntil(lambda: d2l.comparison.error.view is not None)
    shown = d2l.session.shown.run(document.picture.pixels)["edge"]
    qtbot.waitUntil(lambda: np.array_equal(d2l.comparison.prediction.view.array, shown))
    np.testing.assert_allclose(
        d2l.comparison.error.view.array, shown - d2l.comparison.target.view.array, atol=1e-7
    )


def test_the_same_seed_gives_the_same_run_and_another_seed_another_run(d2l, run):
    finals = []
    for seed in (1, 1, 2):
        set_method(d2l, seed=seed)
        run(d2l)
        finals.append(d2l.session.record.losses)
    assert finals[0] == finals[1] != finals[2]


def test_showing_the_panel_gives_it_the_keyboard(d2l, qtbot):
    command(d2l, "show").trigger()
    qtbot.waitUntil(lambda: d2l.transport.focusProxy().hasFocus())
    assert d2l.transport.focusProxy().text() == "Start"


def test_steps_are_made_one_by_one_and_then_all(d2l, qtbot):
    for made in (1, 2, 3):
        command(d2l, "step").trigger()
        qtbot.waitUntil(lambda made=made: d2l.session.count == made)
        assert d2l.session.state is State.PAUSED
    assert command(d2l, "start").text() == "Continue learning"
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.state is State.ENDED)
    assert d2l.session.count == 10


def test_no_step_is_made_during_a_pause(d2l, qtbot):
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > 3)
    assert not d2l.form.target.isEnabled()
    assert not d2l.form.method.lr.isEnabled()
    assert d2l.form.method.pace.isEnabled()
    command(d2l, "pause").trigger()
    assert d2l.session.state is State.PAUSED
    assert d2l.form.method.lr.isEnabled()
    # A step that was under way may still arrive; then the thread waits for a wish.
    qtbot.waitUntil(lambda: bool(d2l.session.trainer._run.condition._waiters))
    QCoreApplication.processEvents()
    count = d2l.session.count
    qtbot.wait(150)
    assert d2l.session.count == count
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > count)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    assert d2l.session.count > count


def test_a_run_stops_at_once_and_makes_no_further_step(d2l, qtbot):
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > 0)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    count = d2l.session.count
    qtbot.waitUntil(lambda: not any(t.is_alive() for t in d2l.session.trainer._threads))
    assert d2l.session.count == count


def test_stopping_does_not_wait_for_a_step_that_never_ends(d2l, qtbot, monkeypatch):
    inside, leave = threading.Event(), threading.Event()

    def learn(pipeline, *args, cancel, **options):
        inside.set()
        leave.wait(120)
        assert cancel(), "it is asked to leave off"
        yield from ()

    monkeypatch.setattr("filterlab.gui.learning.plan.learn", learn)
    command(d2l, "start").trigger()
    assert inside.wait(120)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    assert "stopped" in d2l.transport.caption.text
    assert command(d2l, "start").isEnabled()
    (thread,) = d2l.session.trainer._threads
    assert thread.is_alive(), "the step is still under way"
    leave.set()
    qtbot.waitUntil(lambda: not thread.is_alive())
    assert d2l.session.count == 0


def test_other_answers_end_a_paused_run(d2l, qtbot):
    command(d2l, "step").trigger()
    qtbot.waitUntil(lambda: d2l.session.count == 1)
    set_method(d2l, lr=1e-2)
    assert d2l.session.state is State.STOPPED
    assert command(d2l, "start").text() == "Start learning"


def test_divergence_is_explained_and_the_last_good_step_stays(d2l, run, qtbot):
    set_method(d2l, lr=1e6, steps=1000)
    run(d2l)
    assert d2l.session.state is State.FAILED
    assert "rate" in d2l.note.text
    assert "Traceback" not in d2l.note.text
    assert d2l.session.count > 0
    assert np.isfinite(d2l.session.shown["edge"].weight).all()
    assert not [m for m in d2l._bench.messages.all if m.level == "error"]
    (better,) = d2l.note.buttons
    qtbot.mouseClick(better, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: d2l.session.state is State.ENDED)
    assert d2l.form.method.lr.value() < 1
    assert d2l.note.text == ""
    np.testing.assert_allclose(d2l.weights.kernel.values, [[1, -1]], atol=1e-3)


def test_a_note_says_that_the_loss_grew(d2l, run, qtbot):
    set_method(d2l, optimizer="adam", lr=50, steps=9)
    run(d2l)
    assert d2l.session.state is State.ENDED
    qtbot.waitUntil(lambda: "The loss grew from" in d2l.note.text)
    (button,) = d2l.note.buttons
    assert button.text() == "Use the rate 5"
    for _ in range(3):
        d2l.note.buttons[0].click()
        qtbot.waitUntil(lambda: d2l.session.state is State.ENDED)
    qtbot.waitUntil(lambda: "grew" not in d2l.note.text)
    assert d2l.session.plan.lr == 0.05


def test_nan_in_a_picture_is_not_blamed_on_the_rate(d2l, stripes, run):
    broken = stripes[0].pixels.copy()
    broken[0, 2, 3] = np.nan
    d2l._bench.document.show_picture("Open", Picture("broken", broken))
    for optimizer in ("sgd", "lbfgs"):
        set_method(d2l, optimizer=optimizer)
        run(d2l)
        assert d2l.session.state is State.FAILED
        assert "NaN" in d2l.note.text
        assert d2l.note.buttons == []
