"""The panel as a person uses it, on real widgets."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

import filterlab as fl
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


def test_the_same_seed_gives_the_same_run_and_another_another(d2l, run):
    finals = []
    for seed in (1, 1, 2):
        set_method(d2l, seed=seed)
        run(d2l)
        finals.append(d2l.session.record.losses)
    assert finals[0] == finals[1] != finals[2]


def test_showing_it_gives_it_the_keyboard(d2l, qtbot):
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


def test_a_pause_stops_the_steps_until_it_goes_on(d2l, qtbot):
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > 3)
    assert not d2l.form.target.isEnabled()
    assert not d2l.form.method.lr.isEnabled()
    assert d2l.form.method.pace.isEnabled()
    command(d2l, "pause").trigger()
    assert d2l.session.state is State.PAUSED
    assert d2l.form.method.lr.isEnabled()
    qtbot.wait(150)  # a step that was under way may still arrive
    count = d2l.session.count
    qtbot.wait(150)
    assert d2l.session.count == count
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > count)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    assert d2l.session.count > count


def test_stopping_is_at_once_and_nothing_comes_after_it(d2l, qtbot):
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    qtbot.waitUntil(lambda: d2l.session.count > 0)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    count = d2l.session.count
    qtbot.waitUntil(lambda: not any(t.is_alive() for t in d2l.session.trainer._threads), timeout=5000)
    assert d2l.session.count == count


def test_stopping_does_not_wait_for_a_step_that_takes_for_ever(d2l, qtbot, monkeypatch):
    inside, leave = threading.Event(), threading.Event()

    def learn(pipeline, *args, cancel, **options):
        inside.set()
        leave.wait(30)
        assert cancel(), "it is asked to leave off"
        yield from ()

    monkeypatch.setattr("filterlab.gui.learning.plan.learn", learn)
    command(d2l, "start").trigger()
    assert inside.wait(30)
    command(d2l, "stop").trigger()
    assert d2l.session.state is State.STOPPED
    assert "stopped" in d2l.transport.caption.text
    assert command(d2l, "start").isEnabled()
    (thread,) = d2l.session.trainer._threads
    assert thread.is_alive(), "the step is still under way"
    leave.set()
    qtbot.waitUntil(lambda: not thread.is_alive())
    assert d2l.session.count == 0


def test_any_step_can_be_looked_at_again(d2l, run, qtbot):
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


def test_the_gradient_is_that_of_the_step_that_was_made(d2l, run):
    run(d2l)
    d2l.transport.slider.setValue(3)
    kernels = [np.array(d2l.session.record.pipeline(p)["edge"].weight[0, 0]) for p in (2, 3)]
    np.testing.assert_allclose(
        kernels[0] - 3e-2 * np.array(d2l.weights.gradient.values), kernels[1], atol=1e-6
    )


def test_a_kept_step_is_one_edit_that_undo_takes_back(d2l, run):
    document = d2l._bench.document
    before, place = document.pipeline, document.history.place
    run(d2l)
    d2l.transport.slider.setValue(7)
    assert command(d2l, "keep").text() == "Keep step 7"
    command(d2l, "keep").trigger()
    assert document.history.place == place + 1
    assert document.history.undo_label == "Keep step 7 of learning"
    np.testing.assert_array_equal(document.pipeline["edge"].weight, d2l.session.shown["edge"].weight)
    document.undo()
    assert document.pipeline is before
    assert d2l.session.count == 10, "the run is still there"


def test_a_step_is_kept_once(d2l, run):
    history = d2l._bench.document.history
    run(d2l)
    for _ in range(3):
        command(d2l, "keep").trigger()
    place = history.place
    command(d2l, "back").trigger()
    command(d2l, "keep").trigger()
    assert history.place == place + 1
    assert history.undo_label == "Keep step 9 of learning"
    d2l._bench.document.undo()
    assert history.undo_label == "Keep step 10 of learning"
    d2l._bench.document.undo()
    assert history.undo_label != "Keep step 10 of learning"


def test_it_is_told_when_what_has_learned_is_gone_or_changed(d2l, run, qtbot):
    document = d2l._bench.document
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    document.edit("Replace", fl.Pipeline([("other", fl.Conv2d(weight=np.ones((1, 1, 1, 2))))]))
    qtbot.waitUntil(lambda: "edge, which was being learned, is no longer in the pipeline" in d2l.note.text)
    assert d2l.session.state is State.RUNNING, "it goes on: the edit may be undone"
    document.undo()
    qtbot.waitUntil(lambda: d2l.note.text == "")
    document.edit("Replace", fl.Pipeline([("edge", fl.Conv2d(weight=np.ones((1, 1, 3, 3)), padding=1))]))
    qtbot.waitUntil(lambda: "edge is no longer what it was when learning began" in d2l.note.text)
    command(d2l, "keep").trigger()
    document.undo()
    qtbot.waitUntil(lambda: d2l.note.text == "")
    command(d2l, "stop").trigger()


def test_it_is_told_when_the_steps_are_of_another_picture(d2l, run, qtbot):
    document, after = d2l._bench.document, d2l._bench.document.picture
    run(d2l)
    document.show_picture("Open", Picture("another", after.pixels * 0.5))
    qtbot.waitUntil(lambda: "These steps learn from stripes" in d2l.note.text)
    place = document.history.place
    command(d2l, "keep").trigger()
    assert document.history.place == place + 1, "they can be kept all the same"
    run(d2l)
    qtbot.waitUntil(lambda: d2l.note.text == "")
    assert d2l.session.plan.picture.name == "another"


def test_what_was_edited_meanwhile_stays_when_a_step_is_kept(d2l, run):
    document = d2l._bench.document
    run(d2l)
    document.edit("Add", fl.Pipeline([*document.pipeline, ("abs", fl.Abs())]))
    command(d2l, "keep").trigger()
    assert "abs" in document.pipeline
    np.testing.assert_allclose(document.pipeline["edge"].weight[0, 0], [[1, -1]], atol=0.1)
    document.edit("Replace", fl.Pipeline([("edge", fl.Conv2d(weight=np.ones((1, 1, 3, 3))))]))
    kept = document.pipeline
    command(d2l, "keep").trigger()
    assert document.pipeline is kept
    assert "no longer what it was" in d2l.note.text


def test_sizes_that_do_not_match_are_explained_and_mended_by_padding(d2l, stripes, run, qtbot):
    d2l.form.target.choose(picture=stripes[0])
    command(d2l, "start").trigger()
    assert d2l.session.state is State.IDLE
    assert "the target is 6x8, the output 6x7" in d2l.note.text
    assert "crop the target" in d2l.note.text
    (same, crop) = d2l.note.buttons
    assert (same.text(), crop.text()) == ('Use padding "same"', "Crop the target")
    qtbot.mouseClick(same, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "press Start" in d2l.note.text)
    assert d2l._bench.document.history.undo_label == 'Use padding "same"'
    run(d2l)
    assert d2l.session.count == 10


def test_sizes_that_do_not_match_are_mended_by_cropping(d2l, stripes, run, qtbot):
    pipeline = d2l._bench.document.pipeline
    d2l.form.target.choose(picture=stripes[0])
    qtbot.waitUntil(lambda: len(d2l.note.buttons) == 2)
    qtbot.mouseClick(d2l.note.buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "press Start" in d2l.note.text)
    assert d2l._bench.document.pipeline is pipeline
    run(d2l)
    np.testing.assert_allclose(d2l.weights.kernel.values, [[1, 0]], atol=0.2)


def test_pictures_of_another_size_are_explained(d2l):
    d2l.form.target.choose(picture=Picture("other", np.zeros((1, 30, 40), np.float32)))
    command(d2l, "start").trigger()
    assert "before and after must be of one size" in d2l.note.text
    assert d2l.note.buttons == []


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


def test_a_known_kernel_teaches(panel, picture, run):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.Abs()]), None)
    panel.form.output.setCurrentIndex(panel.form.output.findData("f"))
    panel.form.output.activated.emit(1)
    panel.form.target.choose(kind="preset", preset="sobel")
    set_method(panel, optimizer="lbfgs", steps=60)
    run(panel)
    np.testing.assert_allclose(panel.weights.kernel.values, fl.kernels.sobel(3), atol=0.02)


def test_least_squares_stands_beside_what_was_learned(d2l, run, qtbot):
    command(d2l, "compare").trigger()
    assert command(d2l, "compare").isChecked()
    run(d2l)
    weights = d2l.weights
    # Loops that were never compiled on this machine are compiled now, which takes a while.
    qtbot.waitUntil(lambda: weights.closest.isVisible(), timeout=120_000)
    np.testing.assert_allclose(weights.closest.values, [[1, -1]], atol=1e-5)
    np.testing.assert_allclose(
        weights.difference.values, np.subtract(weights.kernel.values, weights.closest.values), atol=1e-6
    )
    assert "R² 1" in weights.quality.text
    d2l.transport.slider.setValue(2)
    np.testing.assert_allclose(
        weights.difference.values, np.subtract(weights.kernel.values, weights.closest.values), atol=1e-6
    )
    command(d2l, "compare").trigger()
    assert not weights.closest.isVisible()
    assert not weights.quality.isVisible()


def test_where_least_squares_has_no_answer_the_reason_is_told(panel, picture, run, qtbot):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.Abs()]), None)
    set_method(panel, steps=2)
    run(panel)
    command(panel, "compare").trigger()
    qtbot.waitUntil(lambda: "directly between" in panel.note.text)
    assert panel.weights.quality.text == "least squares has no solution here"
    assert not panel.weights.closest.isVisible()


def test_another_pipeline_teaches(panel, picture, run, tmp_path, qtbot):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3)))]), None)
    path = tmp_path / "teacher.json"
    fl.Pipeline([fl.Filter2d(fl.kernels.sharpen())]).save(path)
    with qtbot.waitSignal(panel.form.target.changed):
        dialog = panel.form.target.ask_pipeline()
        dialog.fileSelected.emit(str(path))
        dialog.close()
    assert panel.form.target.pipeline_button.text() == "teacher.json"
    set_method(panel, optimizer="lbfgs", steps=60)
    run(panel)
    np.testing.assert_allclose(panel.weights.kernel.values, fl.kernels.sharpen(), atol=0.05)


def test_a_target_from_a_file_that_cannot_be_read_is_told(panel, tmp_path, qtbot):
    bad = tmp_path / "bad.png"
    bad.write_text("nothing")
    target = panel.form.target.target
    panel.form.target.read(bad, "picture")
    qtbot.waitUntil(lambda: "picture" in panel.note.text)
    assert panel.form.target.target is target
    good = tmp_path / "good.png"
    fl.write_image(good, np.zeros((1, 4, 5), np.float32))
    with qtbot.waitSignal(panel.form.target.changed):
        dialog = panel.form.target.ask_picture()
        assert isinstance(dialog, QFileDialog)
        dialog.fileSelected.emit(str(good))
        dialog.close()
    assert panel.form.target.target.picture.shape[1:] == (4, 5)


def test_a_loss_that_has_grown_in_the_end_is_told(d2l, run, qtbot):
    set_method(d2l, optimizer="adam", lr=50, steps=9)
    run(d2l)
    assert d2l.session.state is State.ENDED
    qtbot.waitUntil(lambda: "The loss grew from" in d2l.note.text)
    (button,) = d2l.note.buttons
    assert button.text() == "Use the rate 5"
    for _ in range(3):
        d2l.note.buttons[0].click()
        qtbot.waitUntil(lambda: d2l.session.state is State.ENDED)
    qtbot.waitUntil(lambda: d2l.note.text == "")
    assert d2l.session.plan.lr == 0.05


def test_a_picture_with_nan_is_no_matter_of_the_rate(d2l, stripes, run):
    broken = stripes[0].pixels.copy()
    broken[0, 2, 3] = np.nan
    d2l._bench.document.show_picture("Open", Picture("broken", broken))
    for optimizer in ("sgd", "lbfgs"):
        set_method(d2l, optimizer=optimizer)
        run(d2l)
        assert d2l.session.state is State.FAILED
        assert "NaN" in d2l.note.text
        assert d2l.note.buttons == []


def test_a_picture_of_one_cell_has_something_to_learn(panel, run):
    document = panel._bench.document
    document.show_picture("Open", Picture("one", np.full((1, 1, 1), 0.5, np.float32)))
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3)))]), None)
    set_method(panel, steps=30)
    run(panel)
    assert panel.session.state is State.ENDED
    assert panel.session.record.losses[-1] < panel.session.record.losses[0]


def test_a_kernel_that_comes_in_another_size_is_told(panel, picture, qtbot):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(np.ones((2, 2)), padding=0))]), None)
    qtbot.waitUntil(lambda: "is 3x3, but that of f is 2x2" in panel.note.text)
    document.edit("Size", fl.Pipeline([("f", fl.Filter2d(np.ones((3, 3)), padding=0))]))
    qtbot.waitUntil(lambda: "press Start" in panel.note.text)


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        ("steps", "1e30", "a whole number, 1 to 1000000000"),
        ("seed", "-1", "a whole number, 0 to 1000000000"),
        ("momentum", "1", "a number, at least 0 and below 1"),
        ("lr", "0", "a number, above 0"),
        ("crop", "0", "a whole number, 1 to 1000000000"),
    ],
)
def test_numbers_beyond_their_limits_are_told(d2l, field, text, rule, qtbot):
    set_method(d2l, optimizer="sgd", **{field: text})
    qtbot.waitUntil(lambda: rule in d2l.note.text)
    method = d2l.form.method
    widget = method.options[field] if field in method.options else getattr(method, field)
    assert widget.property("wrong") == "true"
    command(d2l, "start").trigger()
    assert d2l.session.state is State.IDLE


def test_what_is_missing_is_told(panel, picture, qtbot):
    document = panel._bench.document
    qtbot.waitUntil(lambda: "there is no picture" in panel.note.text)
    assert not command(panel, "start").isEnabled()
    document.show_picture("Open", picture)
    qtbot.waitUntil(lambda: "no layer" in panel.note.text)
    document.open_pipeline("Open", fl.Pipeline([fl.ReLU()]), None)
    qtbot.waitUntil(lambda: "no node is chosen" in panel.note.text)
    document.edit("Add", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.ReLU()]))
    qtbot.waitUntil(lambda: "press Start" in panel.note.text)
    set_method(panel, lr="fast")
    qtbot.waitUntil(lambda: "Learning rate is 'fast'" in panel.note.text)


def test_the_selected_node_learns_unless_others_are_ticked(panel, picture, qtbot):
    bench = panel._bench
    bench.document.show_picture("Open", picture)
    chain = fl.Pipeline([("a", fl.Filter2d(fl.kernels.box(3))), ("b", fl.Filter2d(fl.kernels.box(3)))])
    bench.document.open_pipeline("Open", chain, None)
    assert panel.form.nodes.all == ["a", "b"]
    assert panel.form.nodes.ticked == ("b",)
    bench.selection.select("a")
    assert panel.form.nodes.ticked == ("a",)
    panel.form.nodes.tick("b")
    bench.selection.select("b")
    assert panel.form.nodes.ticked == ("a", "b")


def test_other_answers_end_a_paused_run(d2l, qtbot):
    command(d2l, "step").trigger()
    qtbot.waitUntil(lambda: d2l.session.count == 1)
    set_method(d2l, lr=1e-2)
    assert d2l.session.state is State.STOPPED
    assert command(d2l, "start").text() == "Start learning"


def test_rows_that_an_optimizer_does_not_know_are_hidden(panel):
    method = panel.form.method
    for optimizer, momentum, rate in (("sgd", True, True), ("adam", False, True), ("lbfgs", False, False)):
        set_method(panel, optimizer=optimizer)
        assert method.form.isRowVisible(method.options["momentum"]) == momentum
        assert method.form.isRowVisible(method.lr) == rate
    set_method(panel, optimizer="sgd", momentum=0.9)
    method.options["nesterov"].setChecked(True)
    assert method.answers()["options"] == {"momentum": 0.9, "nesterov": True}


def test_schedules_and_constraints_reach_the_learner(d2l, run):
    set_method(d2l, optimizer="sgd", schedule="cosine", steps=50)
    d2l.form.method.constraints.tick("zero_sum")
    run(d2l)
    assert d2l.session.state is State.ENDED
    for place in (1, 20, 50):
        assert abs(d2l.session.record.pipeline(place)["edge"].weight.sum()) < 1e-6
    assert "zero_sum" in d2l.session.plan.options["constraints"]
    d2l.form.method.constraints.tick("unit_sum")
    run(d2l)
    assert d2l.session.state is State.FAILED
    assert "choose one of them" in d2l.note.text


def test_random_parts_of_the_picture_serve_as_well(panel, picture, run):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3), padding=0))]), None)
    set_method(panel, crop=16, lr=0.05, steps=300)
    run(panel)
    assert panel.session.record.losses[-1] < panel.session.record.losses[0] / 10
    set_method(panel, optimizer="lbfgs")
    assert "crop" not in panel.form.plan().options, "the whole picture, always"


def test_the_window_follows_while_it_learns_slowly(d2l, qtbot):
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_paints_in_both_themes(d2l, run, theme, qtbot):
    run(d2l)
    qtbot.waitUntil(lambda: d2l.comparison.error.view is not None)
    d2l._bench.theme.set(theme)
    image = d2l.weights.kernel.grab().toImage()
    (row, col), rect = (0, 0), d2l.weights.kernel.cell_rect(0, 0)
    ratio = image.width() / d2l.weights.kernel.width()
    color = image.pixelColor(round((rect.left() + 3) * ratio), round((rect.top() + 3) * ratio))
    assert d2l.weights.kernel.values[row][col] > 0
    assert color.green() > color.red(), "positive weights are green"
