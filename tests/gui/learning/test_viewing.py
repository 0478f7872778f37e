"""Viewing the steps of a run, and the solution of least squares beside them."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


def test_any_step_can_be_viewed_again(d2l, run, qtbot):
    run(d2l)
    qtbot.waitUntil(lambda: d2l.session.record.last_loss is not None)
    final = d2l.weights.kernel.values
    command(d2l, "rewind").trigger()
    assert d2l.session.place == 0
    start = d2l.session.record.start["edge"].weight[0, 0].tolist()
    assert d2l.weights.kernel.values == start
    assert d2l.weights.gradient.values == [], "no step led there"
    d2l.transport.slider.setValue(4)
    assert d2l.session.place == 4
    assert d2l.weights.kernel.values == d2l.session.record.pipeline(4)["edge"].weight[0, 0].tolist()
    assert "step 4 of 10" in d2l.transport.caption.text
    command(d2l, "forward").trigger()
    assert d2l.session.place == 5
    command(d2l, "back").trigger()
    command(d2l, "newest").trigger()
    assert d2l.weights.kernel.values == final
    command(d2l, "best").trigger()
    assert d2l.session.place == 10


def test_the_gradient_shown_led_to_the_step_in_view(d2l, run):
    run(d2l)
    d2l.transport.slider.setValue(3)
    kernels = [np.array(d2l.session.record.pipeline(p)["edge"].weight[0, 0]) for p in (2, 3)]
    np.testing.assert_allclose(
        kernels[0] - 3e-2 * np.array(d2l.weights.gradient.values), kernels[1], atol=1e-6
    )


def test_the_view_follows_a_slow_run(d2l, qtbot):
    pace = d2l.form.method.pace
    with qtbot.waitSignal(d2l.form.method.paced):
        pace.setCurrentIndex(1)
        pace.activated.emit(1)
    set_method(d2l, steps=1000)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count >= 2)
    assert d2l.session.state is State.RUNNING
    command(d2l, "rewind").trigger()
    qtbot.waitUntil(lambda: d2l.session.count >= 4)
    assert d2l.session.place == 0, "who looks back is left there"
    command(d2l, "stop").trigger()


def test_least_squares_is_shown_beside_what_was_learned(d2l, run, qtbot):
    command(d2l, "compare").trigger()
    assert command(d2l, "compare").isChecked()
    run(d2l)
    weights = d2l.weights
    # Loops that were never compiled on this machine are compiled now, which takes a while.
    qtbot.waitUntil(lambda: weights.closest.isVisible())
    np.testing.assert_allclose(weights.closest.values, [[1, -1]], atol=1e-5)
    np.testing.assert_allclose(
        weights.difference.values, np.subtract(weights.kernel.values, weights.closest.values), atol=1e-6
    )
    assert "R² 1" in weights.quality.text()
    d2l.transport.slider.setValue(2)
    np.testing.assert_allclose(
        weights.difference.values, np.subtract(weights.kernel.values, weights.closest.values), atol=1e-6
    )
    command(d2l, "compare").trigger()
    assert not weights.closest.isVisible()
    assert not weights.quality.isVisible()


def test_a_note_says_why_least_squares_has_no_solution(panel, picture, run, qtbot):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.Abs()]), None)
    set_method(panel, steps=2)
    run(panel)
    command(panel, "compare").trigger()
    qtbot.waitUntil(lambda: "directly between" in panel.note.text)
    assert panel.weights.quality.text() == "least squares has no solution here"
    assert not panel.weights.closest.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_kernel_is_painted_in_both_themes(d2l, run, theme, qtbot):
    run(d2l)
    qtbot.waitUntil(lambda: d2l.comparison.error.view is not None)
    d2l._bench.theme.set(theme)
    image = d2l.weights.kernel.grab().toImage()
    (row, col), rect = (0, 0), d2l.weights.kernel.cell_rect(0, 0)
    ratio = image.width() / d2l.weights.kernel.width()
    color = image.pixelColor(round((rect.left() + 3) * ratio), round((rect.top() + 3) * ratio))
    assert d2l.weights.kernel.values[row][col] > 0
    assert color.green() > color.red(), "positive weights are green"


def test_the_curve_has_a_legend_and_axes_that_say_what_they_count(d2l, run, qtbot):
    d2l.resize(1100, 500)
    run(d2l)
    qtbot.waitUntil(lambda: d2l.session.record.last_loss is not None)
    axes = d2l.curve.axes
    assert axes["bottom"].labelText == "step"
    assert axes["left"].labelText == "loss (sum of squares)"
    assert all(axis.label.isVisible() for axis in axes.values())
    assert [text for _, text in d2l.legend.entries] == ["loss", "shown", "best"]
    pens = [pen for pen, _ in d2l.legend.entries]
    assert pens[0].color() == d2l.curve.curves[0].opts["pen"].color()
    assert len({(pen.color().name(), pen.style()) for pen in pens}) == 3, "no two lines look alike"
    assert d2l.curve.best_mark.value() == d2l.session.record.best()


def test_the_legend_takes_on_the_colours_of_the_theme(d2l, run):
    run(d2l)
    seen = set()
    for theme in ("light", "dark"):
        d2l._bench.theme.set(theme)
        seen.add(d2l.legend.entries[0][0].color().name())
        assert d2l.legend.entries[0][0].color() == d2l.curve.curves[0].opts["pen"].color()
    assert len(seen) == 2


def test_titles_of_the_axes_leave_room_for_a_small_curve(d2l, run, qtbot):
    run(d2l)
    d2l.curve.resize(200, 60)
    assert not d2l.curve.axes["left"].label.isVisible()
    d2l.curve.resize(200, 300)
    assert d2l.curve.axes["left"].label.isVisible()


def test_the_loss_is_drawn_on_a_logarithmic_scale_or_a_plain_one(d2l, run):
    run(d2l)
    losses = d2l.session.record.losses
    np.testing.assert_allclose(d2l.curve.curves[0].getData()[1], np.log10(losses))
    d2l.log.setChecked(False)
    np.testing.assert_allclose(d2l.curve.curves[0].getData()[1], losses)


def test_a_tall_panel_gives_the_curve_more_room(d2l, run):
    run(d2l)
    narrow = d2l.curve.width()
    d2l.resize(1100, 800)
    assert d2l.curve.width() > 1.5 * narrow
    d2l.resize(1100, 260)
    assert d2l.curve.width() < 1.2 * narrow
