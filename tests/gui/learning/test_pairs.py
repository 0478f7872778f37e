"""Learning from a pair whose target is shifted, cropped or of another exposure, and the certainty of the answer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from filterlab.resources import samples
from tests.gui.learning.conftest import command

BLUR = fl.kernels.gaussian(5, sigma=1).astype(np.float32)
BLUR /= BLUR.sum()


@pytest.fixture
def before():
    return fl.read_image(samples()["camera"])[:, 100:228, 100:228]


@pytest.fixture
def pair(panel, before):
    """Offers the picture and a target made of it by a blur and by what is asked: `pair(change)`."""

    def show(change, layer=None):
        document = panel._bench.document
        document.show_picture("Open", Picture("before", before))
        layer = layer or fl.Filter2d(np.zeros((5, 5)))
        document.open_pipeline("Open", fl.Pipeline([("k", layer)]), None)
        after = fl.Pipeline([("k", fl.Filter2d(BLUR))]).run(before)["k"]
        panel.form.target.choose(kind="picture", picture=Picture("after", change(after)))
        return panel

    return show


@pytest.fixture
def solve(qtbot):
    def run(panel):
        button = panel.transport._buttons["learn.solve"]
        qtbot.waitUntil(button.isVisible)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: panel.session.state is State.ENDED)
        qtbot.waitUntil(lambda: panel.weights.quality.isVisible())

    return run


def noisy(after):
    return after + 0.01 * np.random.default_rng(1).normal(size=after.shape).astype(np.float32)


def kernel_of(panel):
    return np.asarray(panel.session.shown["k"].kernel)


def test_a_solution_shows_its_standard_errors(pair, solve, qtbot):
    panel = pair(noisy)
    solve(panel)
    grid = panel.weights.kernel
    errors = np.array(grid.errors)
    assert errors.shape == (5, 5)
    assert (np.abs(kernel_of(panel) - BLUR) < 5 * errors).all()
    assert np.array(grid.distinct)[2, 2]
    assert "±" in grid._cell_text(2, 2, 1.0)
    assert panel.weights.gradient.isHidden(), "of a solution there is none"
    where = grid.cell_rect(2, 2).center()
    tip = grid._tip_at(QHelpEvent(QHelpEvent.Type.ToolTip, where, grid.mapToGlobal(where)))
    assert tip.startswith("row 2, column 2: 0.1")
    assert " ± 0.00" in tip
    command(panel, "rewind").trigger()
    assert grid.errors == [], "the start has none"
    assert panel.weights.gradient.isVisible()


def test_the_errors_of_a_larger_kernel_stand_beside_it(pair, solve):
    panel = pair(noisy, fl.Filter2d(np.zeros((7, 7))))
    solve(panel)
    view = panel.weights
    assert view.error.isVisible()
    np.testing.assert_array_equal(view.error.values, view.kernel.errors)
    command(panel, "rewind").trigger()
    assert not view.error.isVisible()


def test_weights_that_cannot_be_told_from_zero_stand_in_brackets(pair, solve, before):
    panel = pair(lambda after: noisy(before))
    solve(panel)
    grid = panel.weights.kernel
    doubtful = ~np.array(grid.distinct)
    assert doubtful.sum() > 15
    row, col = np.argwhere(doubtful)[0]
    assert grid._cell_text(row, col, 1.0).startswith("(")
    where = grid.cell_rect(row, col).center()
    assert "cannot be told from 0" in grid._tip_at(QHelpEvent(QHelpEvent.Type.ToolTip, where, QPoint()))
    assert "grid" not in grid.text


def test_the_best_fit_beside_a_run_has_errors_too(pair, run, qtbot):
    panel = pair(noisy)
    run(panel)
    command(panel, "compare").trigger()
    qtbot.waitUntil(lambda: panel.weights.closest.errors != [])
    assert panel.weights.kernel.errors == [], "descent has none"


@pytest.mark.parametrize("constraint", ["sparse", "separable"])
def test_one_switch_asks_for_few_weights_or_a_separable_kernel(pair, solve, before, constraint):
    panel = pair(lambda after: before if constraint == "sparse" else after)
    panel.form.method.constraints.tick(constraint)
    solve(panel)
    words = panel.weights.quality.text()
    if constraint == "sparse":
        assert "24 of 25 weights are zero" in words
        assert (kernel_of(panel) != 0).sum() == 1
    else:
        assert "to first order" in words
        np.testing.assert_allclose(kernel_of(panel), BLUR, atol=1e-4)


def test_a_target_of_another_size_is_offered_to_be_laid_over_the_picture(pair, solve, qtbot):
    panel = pair(lambda after: after[:, 10:100, 7:120])
    qtbot.waitUntil(lambda: [b.text() for b in panel.note.buttons] == ["Find where the target lies"])
    qtbot.mouseClick(panel.note.buttons[0], Qt.MouseButton.LeftButton)
    assert panel.form.target.register.isChecked()
    solve(panel)
    np.testing.assert_allclose(kernel_of(panel), BLUR, atol=1e-4)
    assert "shift -10.00, -7.00 (rows down, columns to the right)" in panel.weights.quality.text()
    command(panel, "keep").trigger()
    kept = panel._bench.document.pipeline["k"]
    np.testing.assert_allclose(kept.kernel, BLUR, atol=1e-4)
    assert kept.padding == "same", "only the weights are kept"


def test_gradient_descent_learns_from_the_overlap(pair, run, qtbot):
    panel = pair(lambda after: np.roll(after, (3, -2), (1, 2))[:, 4:-4, 4:-4])
    panel.form.target.register.click()
    run(panel)
    qtbot.waitUntil(lambda: "shift -1.00, -6.00" in panel.weights.quality.text())
    np.testing.assert_allclose(kernel_of(panel), BLUR, atol=5e-3)


def test_a_target_that_lies_nowhere_is_refused_with_the_reason(pair, qtbot, before):
    panel = pair(lambda after: np.random.default_rng(3).random((1, 90, 80), dtype=np.float32))
    panel.form.target.register.click()
    command(panel, "start").trigger()
    qtbot.waitUntil(lambda: "no shift was found with confidence" in panel.note.text)


def test_gain_and_offset_are_taken_out_of_the_target(pair, solve, qtbot):
    panel = pair(lambda after: 0.6 * after + 0.2)
    panel.form.target.camera.click()
    solve(panel)
    np.testing.assert_allclose(kernel_of(panel), BLUR, atol=1e-4)
    assert "target = (0.600" in panel.weights.quality.text()
    assert "only their sum tells gain from kernel" in panel.weights.quality.text()


def test_the_camera_is_known_only_beside_a_single_kernel(pair, qtbot):
    panel = pair(lambda after: after)
    document = panel._bench.document
    document.open_pipeline("Open", fl.Pipeline([("k", fl.Filter2d(BLUR)), fl.Abs()]), None)
    panel.form.target.camera.click()
    qtbot.waitUntil(lambda: "least squares finds one kernel" in panel.note.text)


def test_the_boxes_stand_only_beside_a_picture(pair, panel):
    pair(lambda after: after)
    boxes = panel.form.target.register, panel.form.target.camera
    assert all(box.isVisible() for box in boxes)
    panel.form.target.choose(kind="preset")
    assert not any(box.isVisible() for box in boxes)
