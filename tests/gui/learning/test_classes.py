"""Training a classifier in the panel."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.errors import Cancelled
from filterlab.gui.learning.classes import BatchStep
from filterlab.gui.learning.targetchooser import LONGEST
from filterlab.gui.learning.trainer import State
from filterlab.gui.look.strip import shortened
from tests.gui.learning.conftest import command, set_method


@pytest.fixture
def bars(tmp_path):
    """A .npz file of 8 x 8 pictures of upright and level bars, 30 of each, with noise."""
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
    with qtbot.waitSignal(panel.form.target.changed):
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
    assert "100.0% of the validation pictures" in trained.classes.words.text
    assert trained.results.currentWidget() is trained.classes
    assert "epoch 10 of 10" in trained.transport.caption.text


def test_an_epoch_in_view_is_kept(trained, run):
    run(trained)
    trained.transport.slider.setValue(2)
    epoch = trained.session.record.epochs[1]
    assert trained.classes.matrix.counts == epoch.confusion.tolist()
    command(trained, "keep").trigger()
    pipeline = trained._bench.document.pipeline
    np.testing.assert_array_equal(pipeline["conv1"].weight, epoch.pipeline["conv1"].weight)
    trained._bench.document.undo()
    command(trained, "best").trigger()
    best = max(e.validation_accuracy for e in trained.session.record.epochs)
    assert trained.session.shown_epoch.validation_accuracy == best
    command(trained, "rewind").trigger()
    assert trained.classes.matrix.counts == []


def test_loss_and_accuracy_are_drawn_for_both_parts(trained, run):
    run(trained)
    losses = [curve.getData()[1] for curve in trained.curve.curves]
    held_back = [epoch.validation_loss for epoch in trained.session.record.epochs]
    np.testing.assert_allclose(losses[1], np.log10(held_back))
    trained.measure.setCurrentIndex(trained.measure.findData("accuracy"))
    trained.measure.activated.emit(1)
    own, other = (curve.getData()[1] for curve in trained.curve.curves)
    assert trained.curve.curves[0].getData()[0][0] == 1
    passes = trained.session.record.epochs
    np.testing.assert_allclose(own, [epoch.accuracy for epoch in passes])
    np.testing.assert_allclose(other, [epoch.validation_accuracy for epoch in passes])
    assert "validation" in trained.curve.text_at(3)


def test_single_steps_of_an_epoch_are_drawn(trained, run, qtbot):
    set_method(trained, batch=8, steps=3)
    run(trained)
    record = trained.session.record
    assert record.steps_per_epoch == 6, "48 pictures, 8 a step"
    assert (len(record.batch_losses), record.steps_into_epoch) == (18, 0)
    means = [np.mean(record.batch_losses[i : i + 6]) for i in (0, 6, 12)]
    np.testing.assert_allclose(means, record.losses, rtol=1e-6)
    places, heights = trained.curve._batches.getData()
    np.testing.assert_allclose(places[[0, 17]], [0.5 / 6, 17.5 / 6])
    np.testing.assert_allclose(heights, np.log10(record.batch_losses))
    trained.measure.setCurrentIndex(trained.measure.findData("accuracy"))
    trained.measure.activated.emit(1)
    assert len(trained.curve._batches.getData()[0]) == 0


def test_the_caption_says_how_far_an_epoch_has_come(trained, run):
    run(trained)
    record = trained.session.record
    trained.session.trainer.state = State.RUNNING
    trained.session._take_batches([BatchStep(record.steps_per_epoch, 0.5)] * 2)
    assert trained.transport.caption.text.endswith(f"running (batch 2 of {record.steps_per_epoch})")
    trained.session.trainer.state = State.ENDED


def test_training_can_be_stopped(trained, qtbot):
    set_method(trained, steps=100_000)
    command(trained, "start").trigger()
    qtbot.waitUntil(lambda: trained.session.count > 0)
    command(trained, "stop").trigger()
    assert trained.session.state is State.STOPPED
    qtbot.waitUntil(lambda: not any(t.is_alive() for t in trained.session.trainer._threads))
    assert 0 < trained.session.count < 100_000


def test_a_network_for_other_classes_is_explained(trained):
    other = fl.Pipeline([("flat", fl.Flatten()), ("scores", fl.Linear(np.ones((3, 64))))])
    trained._bench.document.edit("Replace", other)
    command(trained, "start").trigger()
    assert "the output of the network is 3, but there are 2 classes" in trained.note.text
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
    assert (method.start.currentData(), method.steps.value()) == ("random", 1000)


@pytest.fixture
def folder(tmp_path):
    """Two classes of five pictures each, all of different sizes."""
    rng = np.random.default_rng(1)
    for name, tone in (("dark", 0.1), ("light", 0.8)):
        (tmp_path / name).mkdir()
        for i in range(5):
            picture = rng.normal(tone, 0.02, (12 + i, 20 - i))
            fl.write_image(tmp_path / name / f"{i}.png", picture, range=(0, 1))
    return tmp_path


def test_pictures_of_different_sizes_are_brought_to_one(panel, folder, run, qtbot):
    target = panel.form.target
    assert not target.picture_size.isVisible()
    target.read(folder, "classes")
    qtbot.waitUntil(lambda: "give a size to resize all of them to" in panel.note.text)
    assert "dark/1.png is 13x19" in panel.note.text
    assert target.picture_size.isVisible()
    (button,) = panel.note.buttons
    assert button.text() == "Resize all to 32 × 32"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.form.input.text == "10 pictures of 2 classes, 1 × 32 × 32")
    assert target.classes_button.text() == shortened(folder.name, LONGEST)
    for field, number in zip(target.picture_size.fields, ("8", "6"), strict=True):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, number)
    qtbot.keyClick(target.picture_size.fields[1], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.form.input.text == "10 pictures of 2 classes, 1 × 8 × 6")
    qtbot.waitUntil(lambda: [b.text() for b in panel.note.buttons] == ["Use a network for these classes"])
    # The note may still be that about pictures of 32 x 32.
    panel.note.buttons[0].click()
    assert panel.form.problem() is None, "the network is for pictures of 8 x 6"
    run(panel)
    assert panel.session.state is State.ENDED


def test_a_size_that_is_not_allowed_is_marked_and_not_used(panel, folder, qtbot):
    target = panel.form.target
    target.resize_to((8, 8))
    target.read(folder, "classes")
    qtbot.waitUntil(lambda: "1 × 8 × 8" in panel.form.input.text)
    field = target.picture_size.fields[0]
    for text in ("0", "-3", "2.5", "wide", ""):
        field.lineEdit().setText(text)
        field.lineEdit().textEdited.emit(text)
        assert field.property("wrong") == "true"
        target._take_size()
    assert not panel._bench.background.busy
    assert target.target.classes.x.shape[2:] == (8, 8)


def test_a_broken_picture_is_named(panel, folder, qtbot):
    (folder / "light" / "broken.png").write_text("no picture")
    panel.form.target.resize_to((8, 8))
    panel.form.target.read(folder, "classes")
    qtbot.waitUntil(lambda: panel.note.text.startswith("light/broken.png: it is not a picture"))
    assert panel.form.target.classes_button.text() == "Choose…"


def test_folders_of_one_class_and_of_none_are_refused(panel, folder, tmp_path, qtbot):
    panel.form.target.resize_to((8, 8))
    for file in (folder / "dark").iterdir():
        file.unlink()
    panel.form.target.read(folder, "classes")
    qtbot.waitUntil(lambda: "all pictures are of one class, 'light'" in panel.note.text)
    for file in (folder / "light").iterdir():
        file.unlink()
    panel.form.target.read(folder, "classes")
    qtbot.waitUntil(lambda: "no folder in it holds pictures" in panel.note.text)
    assert panel.note.buttons == []


def test_of_two_folders_the_newest_counts(panel, bars, folder, qtbot):
    target = panel.form.target
    target.resize_to((8, 8))
    target.read(folder, "classes")
    target.read(bars, "classes")
    qtbot.waitUntil(lambda: not panel._bench.background.busy)
    assert target.classes_button.text() == "bars.npz"
    assert target.target.classes.labels == ("level", "upright")


def test_lbfgs_is_not_offered_for_classes(panel, trained):
    method = trained.form.method
    place = method.optimizer.findData("lbfgs")
    assert not method.optimizer.model().item(place).isEnabled()
    trained.form.target.choose(kind="preset")
    assert method.optimizer.model().item(place).isEnabled()
    set_method(trained, optimizer="lbfgs")
    trained.form.target.choose(kind="classes")
    assert method.answers()["optimizer"] == "adam"


def test_least_squares_does_not_distinguish_classes(trained, run, qtbot):
    run(trained)
    assert not trained.weights.compare.isVisible()
    command(trained, "compare").trigger()
    qtbot.waitUntil(lambda: "not one that distinguishes classes" in trained.note.text)
    command(trained, "compare").trigger()
    qtbot.waitUntil(lambda: trained.note.text == "")


def test_the_digits_that_come_along_are_in_the_menu(panel, qtbot):
    digits = panel.form.target.classes_button.menu().actions()[-1]
    assert digits.text() == "Handwritten digits"
    with qtbot.waitSignal(panel.form.target.changed):
        digits.trigger()
    assert panel.form.target.target.classes.labels == tuple("0123456789")
    assert panel.form.input.text == "1797 pictures of 10 classes, 1 × 8 × 8"


def test_closing_stops_reading(bench, panel, folder, qtbot, monkeypatch):
    inside, left = threading.Event(), threading.Event()

    def read(path, size, cancel):
        inside.set()
        while not cancel():
            left.wait(0.01)
        left.set()
        raise Cancelled("stopped while pictures were read", "classes")

    monkeypatch.setattr("filterlab.gui.learning.targetchooser.read_classes", read)
    panel.form.target.read(folder, "classes")
    assert panel.form.target.classes_button.text() == "reading…"
    assert inside.wait(120)
    bench.close()
    assert left.wait(120)
