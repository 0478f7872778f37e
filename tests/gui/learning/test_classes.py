"""Learning to tell classes of pictures apart, in the panel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


@pytest.fixture
def bars(tmp_path):
    """A .npz of 8 x 8 pictures of upright and level bars, 30 of each, in noise."""
    rng = np.random.default_rng(3)
    x = rng.normal(0, 0.1, (60, 8, 8)).astype(np.float32)
    for i, place in enumerate(rng.integers(0, 8, 60)):
        if i < 30:
            x[i, :, place] += 1
        else:
            x[i, place] += 1
    path = tmp_path / "bars.npz"
    np.savez(path, x=x, y=np.array(["upright"] * 30 + ["level"] * 30))
    return path


@pytest.fixture
def trained(panel, bars, qtbot):
    """The panel with the labelled pictures chosen and a network made for them."""
    with qtbot.waitSignal(panel.form.target.changed, timeout=10_000):
        dialog = panel.form.target.ask_classes(folder=False)
        dialog.fileSelected.emit(str(bars))
        dialog.close()
    command(panel, "start").trigger()
    qtbot.mouseClick(panel.note.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "press Start" in panel.note.text)
    return panel


def test_a_network_learns_two_classes_from_a_file(trained, run):
    assert trained._bench.document.history.undo_label == "Network for 2 classes"
    assert trained.form.target.classes_button.text() == "bars.npz"
    assert trained.form.input.text == "60 pictures of 2 classes, 1 × 8 × 8"
    assert trained.form.nodes.ticked == tuple(trained.form.nodes.all), "the whole network learns"
    set_method(trained, lr=0.01)
    run(trained)
    assert trained.session.state is State.ENDED
    assert trained.session.count == 10
    matrix = np.array(trained.classes.matrix.counts)
    assert matrix.sum() == 12, "a fifth is held back"
    assert np.trace(matrix) == 12
    assert "100.0% of those held back" in trained.classes.words.text
    assert trained.results.currentWidget() is trained.classes
    assert "pass 10 of 10" in trained.transport.caption.text


def test_a_pass_that_was_looked_at_is_kept(trained, run):
    run(trained)
    trained.transport.slider.setValue(2)
    epoch = trained.session.record.passes[1]
    assert trained.classes.matrix.counts == epoch.confusion.tolist()
    command(trained, "keep").trigger()
    pipeline = trained._bench.document.pipeline
    np.testing.assert_array_equal(pipeline["conv1"].weight, epoch.pipeline["conv1"].weight)
    trained._bench.document.undo()
    command(trained, "best").trigger()
    best = max(e.validation_accuracy for e in trained.session.record.passes)
    assert trained.session.shown_pass.validation_accuracy == best
    command(trained, "rewind").trigger()
    assert trained.classes.matrix.counts == []


def test_loss_and_accuracy_are_drawn_for_both_parts(trained, run):
    run(trained)
    losses = [curve.getData()[1] for curve in trained.curve.curves]
    held_back = [epoch.validation_loss for epoch in trained.session.record.passes]
    np.testing.assert_allclose(losses[1], np.log10(held_back))
    trained.measure.setCurrentIndex(trained.measure.findData("accuracy"))
    trained.measure.activated.emit(1)
    own, other = (curve.getData()[1] for curve in trained.curve.curves)
    assert trained.curve.curves[0].getData()[0][0] == 1
    passes = trained.session.record.passes
    np.testing.assert_allclose(own, [epoch.accuracy for epoch in passes])
    np.testing.assert_allclose(other, [epoch.validation_accuracy for epoch in passes])
    assert "held back" in trained.curve.text_at(3)


def test_training_can_be_stopped(trained, qtbot):
    set_method(trained, steps=100_000)
    command(trained, "start").trigger()
    qtbot.waitUntil(lambda: trained.session.count > 0, timeout=20_000)
    command(trained, "stop").trigger()
    assert trained.session.state is State.STOPPED
    qtbot.waitUntil(lambda: not any(t.is_alive() for t in trained.session.trainer._threads))


def test_a_network_for_other_classes_is_explained(trained):
    other = fl.Pipeline([("flat", fl.Flatten()), ("scores", fl.Linear(np.ones((3, 64))))])
    trained._bench.document.edit("Replace", other)
    command(trained, "start").trigger()
    assert "there are 2 classes" in trained.note.text
    assert [button.text() for button in trained.note.buttons] == ["Use a network for these classes"]


def test_a_file_without_labels_is_explained(panel, tmp_path, qtbot):
    path = tmp_path / "bare.npz"
    np.savez(path, x=np.zeros((4, 8, 8)))
    panel.form.target.read(path, "classes")
    qtbot.waitUntil(lambda: "none of y, labels" in panel.note.text)


def test_rows_of_pictures_make_room_for_those_of_classes(trained):
    method = trained.form.method
    assert method.form.isRowVisible(method.batch)
    assert not method.form.isRowVisible(method.loss)
    assert (method.start.currentData(), method.steps.value()) == ("keep", 10)
    trained.form.target.choose(kind="preset")
    assert not method.form.isRowVisible(method.batch)
    assert (method.start.currentData(), method.steps.value()) == ("random", 100)
