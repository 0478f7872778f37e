"""The targets: kernels, pipelines and pictures, and the ways to make them fit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


def test_a_known_kernel_is_learned(panel, picture, run):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.Abs()]), None)
    panel.form.output.setCurrentIndex(panel.form.output.findData("f"))
    panel.form.output.activated.emit(1)
    panel.form.target.choose(kind="preset", preset="sobel")
    set_method(panel, optimizer="lbfgs", steps=60)
    run(panel)
    np.testing.assert_allclose(panel.weights.kernel.values, fl.kernels.sobel(3), atol=0.02)


def test_another_pipeline_is_imitated(panel, picture, run, tmp_path, qtbot):
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


def test_a_target_file_that_cannot_be_read_is_explained(panel, tmp_path, qtbot):
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


def test_a_kernel_of_another_size_is_explained(panel, picture, qtbot):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(np.ones((2, 2)), padding=0))]), None)
    qtbot.waitUntil(lambda: "is 3x3, but that of f is 2x2" in panel.note.text)
    document.edit("Size", fl.Pipeline([("f", fl.Filter2d(np.ones((3, 3)), padding=0))]))
    qtbot.waitUntil(lambda: "finds the best kernel at once" in panel.note.text)


def test_sizes_that_do_not_match_are_explained_and_fixed_by_padding(d2l, stripes, run, qtbot):
    d2l.form.target.choose(picture=stripes[0])
    command(d2l, "start").trigger()
    assert d2l.session.state is State.IDLE
    assert "the target is 6x8, the output 6x7" in d2l.note.text
    assert "crop the target" in d2l.note.text
    (same, crop) = d2l.note.buttons
    assert (same.text(), crop.text()) == ('Use padding "same"', "Crop the target")
    qtbot.mouseClick(same, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "finds the best kernel at once" in d2l.note.text)
    assert d2l._bench.document.history.undo_label == 'Use padding "same"'
    run(d2l)
    assert d2l.session.count == 10


def test_sizes_that_do_not_match_are_fixed_by_cropping(d2l, stripes, run, qtbot):
    pipeline = d2l._bench.document.pipeline
    d2l.form.target.choose(picture=stripes[0])
    qtbot.waitUntil(lambda: len(d2l.note.buttons) == 2)
    qtbot.mouseClick(d2l.note.buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "finds the best kernel at once" in d2l.note.text)
    assert d2l._bench.document.pipeline is pipeline
    run(d2l)
    np.testing.assert_allclose(d2l.weights.kernel.values, [[1, 0]], atol=0.2)


def test_pictures_of_another_size_are_explained(d2l):
    d2l.form.target.choose(picture=Picture("other", np.zeros((1, 30, 40), np.float32)))
    command(d2l, "start").trigger()
    assert "before and after must be of one size" in d2l.note.text
    assert d2l.note.buttons == []
