"""Runs that end when they have converged, say so where they have not, and the exact answer that is offered first."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning import LearningStage
from filterlab.gui.learning.trainer import State
from filterlab.resources import samples
from tests.gui.learning.conftest import command, set_method

BLUR = fl.kernels.gaussian(5, sigma=1.0)


@pytest.fixture
def photograph():
    return Picture("camera", fl.read_image(samples()["camera"])[:, ::4, ::4])


@pytest.fixture
def sobel(panel, photograph):
    """A kernel of 3 x 3 that is to become Sobel's; the right kernel."""
    document = panel._bench.document
    document.show_picture("Open", photograph)
    document.open_pipeline("Open", fl.Pipeline([("k", fl.Filter2d(np.zeros((3, 3))))]), None)
    panel.form.target.choose(kind="preset", preset="sobel")
    return fl.kernels.make("sobel")


@pytest.fixture
def blur(panel, photograph):
    """A kernel of 5 x 5 that is to become the blur between two pictures; the right kernel."""
    document = panel._bench.document
    document.show_picture("Open", photograph)
    document.open_pipeline("Open", fl.Pipeline([("k", fl.Filter2d(np.zeros((5, 5))))]), None)
    after = fl.Pipeline([("k", fl.Filter2d(BLUR))]).run(photograph.pixels)["k"]
    panel.form.target.choose(kind="picture", picture=Picture("blurred", after))
    return BLUR


def kernel_of(pipeline):
    return np.asarray(pipeline["k"].kernel)


@pytest.mark.parametrize("known", ["sobel", "blur"])
def test_a_run_as_it_is_offered_ends_with_the_right_kernel(panel, known, request, run):
    true = request.getfixturevalue(known)
    run(panel)
    assert panel.session.state is State.ENDED
    assert panel.session.count < panel.session.record.limit
    assert panel.transport.caption.text.endswith("converged")
    np.testing.assert_allclose(kernel_of(panel.session.shown), true, atol=2e-3)


@pytest.mark.parametrize("known", ["sobel", "blur"])
def test_a_run_that_its_steps_cut_off_is_not_called_done(panel, known, request, run, qtbot):
    true = request.getfixturevalue(known)
    set_method(panel, optimizer="adam", lr=0.03, steps=100)
    run(panel)
    assert (panel.session.state, panel.session.count) == (State.ENDED, 100)
    assert np.abs(kernel_of(panel.session.shown) - true).max() > 0.05, "the kernel is wrong"
    assert panel.transport.caption.text.endswith("still falling: go on")
    qtbot.waitUntil(lambda: "still falls after 100 steps" in panel.note.text)
    (button,) = panel.note.buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.session.state is State.ENDED)
    assert panel.session.count == 200
    losses = panel.session.record.losses
    assert losses[199] < losses[99] < losses[0]
    assert "step 200 of 200" in panel.transport.caption.text


def test_going_on_leads_to_convergence(panel, sobel, run, qtbot):
    set_method(panel, optimizer="lbfgs", steps=8)
    run(panel)
    assert command(panel, "go_on").isEnabled()
    for _ in range(30):
        if panel.session.converged:
            break
        command(panel, "go_on").trigger()
        qtbot.waitUntil(lambda: panel.session.state is State.ENDED)
    assert panel.session.converged
    assert not command(panel, "go_on").isEnabled()
    np.testing.assert_allclose(kernel_of(panel.session.shown), sobel, atol=2e-3)


def test_a_stopped_run_can_go_on(d2l, qtbot):
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > 0)
    command(d2l, "stop").trigger()
    count = d2l.session.count
    command(d2l, "go_on").trigger()
    assert d2l.session.state is State.RUNNING
    qtbot.waitUntil(lambda: d2l.session.count > count)
    command(d2l, "stop").trigger()


def test_a_loss_that_does_not_settle_is_offered_a_smaller_rate(panel, sobel, run, qtbot):
    set_method(panel, optimizer="adam", lr=0.3, steps=200, crop=8)
    run(panel)
    qtbot.waitUntil(lambda: panel.note.text != "")
    told = panel.transport.caption.text
    assert told.endswith(("not converged", "still falling: go on"))
    panel.session.lesson.convergence._losses.clear()
    panel.session.lesson.convergence._losses.extend([1.0, 2.0] * 30)
    panel.check()
    assert "has not come to rest" in panel.note.text
    assert panel.note.buttons[0].text() == "Use the rate 0.03"


# -- the best step ------------------------------------------------------------------------------------


def test_one_click_takes_the_best_step(panel, sobel, run, qtbot):
    # With this rate the loss goes up and down, and the last step is not the best.
    set_method(panel, optimizer="adam", lr=0.5, steps=61, seed=1)
    run(panel)
    qtbot.waitUntil(lambda: panel.session.record.last_loss is not None)
    record = panel.session.record
    losses = [*record.losses, record.last_loss]
    best = int(np.argmin(losses))
    assert 0 < best < 61, "else this shows nothing"
    action = command(panel, "keep_best")
    assert action.iconText() == f"Keep best: {best}"
    button = panel.transport._buttons["learn.keep_best"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    document = panel._bench.document
    assert document.history.undo_label == f"Keep step {best} of learning"
    np.testing.assert_array_equal(kernel_of(document.pipeline), kernel_of(record.pipeline(best)))
    assert panel.session.place == best, "it is in view"


def test_there_is_no_best_step_before_a_run(panel, sobel):
    assert not command(panel, "keep_best").isEnabled()


# -- least squares ------------------------------------------------------------------------------------


def test_least_squares_is_the_first_button_where_it_is_exact(panel, blur, qtbot):
    button = panel.transport._buttons["learn.solve"]
    qtbot.waitUntil(button.isVisible)
    others = [b for name, b in panel.transport._buttons.items() if name != "learn.solve"]
    assert button.x() < min(b.x() for b in others)
    assert "finds the best kernel at once" in panel.note.text, "it says why"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.session.state is State.ENDED)
    assert panel.session.count == 1
    np.testing.assert_allclose(kernel_of(panel.session.shown), blur, atol=1e-4)
    assert panel.transport.caption.text.startswith("least squares")
    qtbot.waitUntil(lambda: "loss" in panel.transport.caption.text)
    command(panel, "keep").trigger()
    document = panel._bench.document
    assert document.history.undo_label == "Keep the least-squares kernel"
    np.testing.assert_allclose(kernel_of(document.pipeline), blur, atol=1e-4)


@pytest.mark.parametrize(
    "answers",
    [
        {"loss": "l1"},
        {"optimizer": "sgd", "weight_decay": 0.1},
    ],
    ids=["another loss", "weight decay"],
)
def test_least_squares_is_not_offered_for_another_loss(panel, blur, qtbot, answers):
    button = panel.transport._buttons["learn.solve"]
    qtbot.waitUntil(button.isVisible)
    set_method(panel, **answers)
    qtbot.waitUntil(button.isHidden)
    assert not command(panel, "solve").isEnabled()


def test_least_squares_keeps_a_constraint(panel, blur, qtbot):
    button = panel.transport._buttons["learn.solve"]
    panel.form.method.constraints.tick("nonnegative")
    panel.form.method.constraints.tick("radial")
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.session.state is State.ENDED)
    np.testing.assert_allclose(kernel_of(panel.session.shown), blur, atol=1e-4)
    found = panel.session.solution.fitted
    assert not (found.kernel - found.kernel.T).any()


def test_least_squares_is_not_offered_for_constraints_that_contradict_each_other(panel, blur, qtbot):
    button = panel.transport._buttons["learn.solve"]
    qtbot.waitUntil(button.isVisible)
    for name in ("separable", "sparse"):
        panel.form.method.constraints.tick(name)
    qtbot.waitUntil(button.isHidden)


def test_gradient_descent_sends_what_it_cannot_keep_to_least_squares(panel, blur, qtbot):
    panel.form.method.constraints.tick("separable")
    command(panel, "start").trigger()
    qtbot.waitUntil(lambda: "solve by least squares" in panel.note.text)


def test_least_squares_is_not_offered_for_more_than_one_linear_layer(panel, photograph, qtbot):
    document = panel._bench.document
    document.show_picture("Open", photograph)
    document.open_pipeline("Open", fl.Pipeline([("k", fl.Filter2d(BLUR)), fl.ReLU()]), None)
    qtbot.waitUntil(lambda: "press Start" in panel.note.text)
    assert panel.transport._buttons["learn.solve"].isHidden()


# -- its own window -----------------------------------------------------------------------------------


def test_the_panel_goes_into_a_window_of_its_own_and_back(d2l, run, qtbot):
    stage = LearningStage(d2l, d2l._bench.commands)
    qtbot.addWidget(stage)
    stage.resize(900, 250)
    stage.show()
    command(d2l, "window").trigger()
    window = d2l.window()
    assert window is not stage
    assert window.isVisible()
    assert window.height() > 2 * stage.height()
    run(d2l)
    assert d2l.curve.isVisible(), "it goes on there"
    assert d2l._bench.commands.action("learn.step") in window.actions(), "with its keys"
    (back,) = (b for b in stage.findChildren(QPushButton) if b.text() == "Put it back here")
    assert back.isVisible()
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert d2l.window() is stage
    assert d2l.isVisible()
    assert not back.isVisible()


def test_closing_the_window_puts_the_panel_back(d2l, qtbot):
    stage = LearningStage(d2l, d2l._bench.commands)
    qtbot.addWidget(stage)
    stage.show()
    command(d2l, "window").trigger()
    d2l.window().close()
    qtbot.waitUntil(lambda: d2l.window() is stage)
    assert d2l.isVisible()
    assert not command(d2l, "window").isChecked()
    with qtbot.waitSignal(stage.wanted):
        command(d2l, "show").trigger()


def test_a_solution_has_no_curve(panel, sobel, run, qtbot):
    run(panel)
    assert panel.curve.isVisible()
    qtbot.waitUntil(lambda: command(panel, "solve").isEnabled())
    command(panel, "solve").trigger()
    qtbot.waitUntil(lambda: panel.session.state is State.ENDED and panel.session.count == 1)
    assert not panel.curve.isVisible()
    assert not panel.log.isVisible()
    assert panel.legend.entries == []
    run(panel)
    assert panel.curve.isVisible()
    assert panel.legend.entries
