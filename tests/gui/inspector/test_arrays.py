from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.inspector.editors.table import Numbers
from tests.gui.inspector.test_form import type_into


@pytest.fixture
def normalised(inspect):
    layer = fl.BatchNorm2d([0, 0.1, 0.2], np.ones(3), [1, 2, 3])
    return inspect(layer, (3, 5, 5)).form


def test_one_number_of_a_list(normalised, layer):
    model = normalised.editor("running_mean").model
    assert [model.data(model.index(i, 0)) for i in range(3)] == ["0", "0.1", "0.2"]
    assert model.setData(model.index(1, 0), "1/4")
    np.testing.assert_array_equal(layer().running_mean, np.float32([0, 0.25, 0.2]))


def test_one_number_for_all(normalised, qtbot, layer):
    type_into(qtbot, normalised.editor("weight").all, "0.5")
    assert layer().weight.tolist() == [0.5] * 3
    assert normalised.editor("running_mean").all.value() is None


def test_a_list_that_is_given_first_changes_nothing(normalised, qtbot, layer, bench):
    part = normalised.editor("bias")
    assert part.table.isHidden()
    part.box.click()
    assert layer().bias.tolist() == [0, 0, 0]
    assert part.table.isVisible()
    part.box.click()
    assert layer().bias is None


def test_factors_start_at_one(inspect, layer):
    part = inspect(fl.GroupNorm(2), (4, 5, 5)).form.editor("weight")
    part.box.click()
    assert layer().weight.tolist() == [1] * 4


def test_a_table_whose_columns_have_names_is_given_first_without_a_change(inspect, layer, rng):
    part = inspect(fl.SpectrumMask(), (1, 8, 8)).form.editor("bands")
    assert part.table.isHidden()
    part.box.click()
    assert layer().bands.tolist() == [[1, 1, 1]]
    x = rng.standard_normal((1, 1, 8, 8))
    np.testing.assert_allclose(layer().forward(x), x, atol=1e-12)
    titles = [part.model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)]
    assert titles == ["low", "high", "gain"]
    assert not part.table.isHidden()
    assert part.extent.isHidden()
    assert part.facts.isHidden(), "a mean over frequencies and gains says nothing"
    part.box.click()
    assert layer().bands is None


def test_lists_change_their_length_together(normalised, qtbot, layer):
    for name in ("running_mean", "running_var"):
        type_into(qtbot, normalised.editor(name).length, "2")
        assert normalised.waiting
    assert len(layer().running_mean) == 3
    type_into(qtbot, normalised.editor("weight").length, "2")
    assert not normalised.waiting
    assert layer().running_mean.tolist() == pytest.approx([0, 0.1])
    assert layer().weight.tolist() == [1, 2]


def test_illegal_numbers_are_explained(normalised, layer):
    model = normalised.editor("running_var").model
    model.setData(model.index(0, 0), "-1")
    assert "running var holds -1" in normalised.rows["running_var"].problem.text()
    assert layer().running_var.tolist() == [1, 1, 1]


def test_words_in_a_table_are_refused(normalised, bench, layer):
    before = bench.document.pipeline
    model = normalised.editor("running_mean").model
    assert not model.setData(model.index(0, 0), "x")
    assert bench.document.pipeline is before
    assert "was not changed" in bench.messages.all[-1].text


def test_a_matrix(inspect, layer, qtbot):
    weight = np.arange(12, dtype=np.float32).reshape(3, 4)
    part = inspect(fl.Linear(weight)).form.editor("weight")
    assert part.extent.text() == "3 outputs × 4 inputs"
    assert part.facts.text().startswith("0 to 11, mean 5.5")
    assert (part.model.rowCount(), part.model.columnCount()) == (3, 4)
    part.model.setData(part.model.index(2, 1), "-7.5")
    assert layer().weight[2, 1] == -7.5
    assert part.facts.text().startswith("−7.5 to 11")


def test_the_statistics_of_a_large_matrix_are_found_in_a_thread(inspect, bench, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.matrix.AT_ONCE", 10)
    asked = []
    # The thread itself would sometimes be done before this one looks.
    monkeypatch.setattr(bench.background, "submit", lambda work, done, *_: asked.append((work, done)))
    part = inspect(fl.Linear(np.arange(12, dtype=np.float32).reshape(3, 4))).form.editor("weight")
    assert part.model.rowCount() == 3, "the numbers themselves are there at once"
    assert part.facts.text() == ""
    for work, done in asked:
        done(work())
    assert part.facts.text().startswith("0 to 11, mean 5.5")


def test_a_huge_matrix_waits_to_be_made(inspect, layer, qtbot, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_MADE", 10)
    recipe = {"init": "normal", "shape": [3, 4]}
    part = inspect(fl.Linear(recipe)).form.editor("weight")
    assert part.table.isHidden()
    assert "normal" in part.unmade.words.text()
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(part.table.isVisible)
    qtbot.waitUntil(lambda: "deviation" in part.facts.text())
    assert layer().params()["weight"] == recipe
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_EDITED", 10)
    part.model.setData(part.model.index(0, 0), "5")
    assert layer().params()["weight"] == recipe


def test_a_matrix_that_could_not_be_made_can_be_asked_for_again(inspect, bench, qtbot, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_MADE", 10)
    part = inspect(fl.Linear({"init": "normal", "shape": [3, 4]})).form.editor("weight")
    make = part.weights._make

    def fail():
        raise MemoryError

    part.weights._make = fail
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    assert not part.unmade.button.isEnabled()
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)
    part.weights._make = make
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(part.table.isVisible)


def test_a_table_keeps_its_shape_until_views_know_that_it_changes():
    model, rows = Numbers("row", "column"), []
    model.show_array(np.zeros((3, 4)))
    model.modelAboutToBeReset.connect(lambda: rows.append(model.rowCount()))
    model.modelReset.connect(lambda: rows.append(model.rowCount()))
    model.show_array(np.zeros((2, 4)))
    assert rows == [3, 2]


def test_class_names(inspect, layer, qtbot, bench, settle):
    inspector = inspect(fl.Softmax(labels=["a", "b"]), (3, 1, 1))
    editor = inspector.form.editor("labels")
    assert "labels has 2 names for 3 classes" in inspector.formula.problem.text()
    editor.lines.appendPlainText(" c ")
    assert layer().labels == ("a", "b", "c")
    assert editor.count.text() == "3 names"
    settle(bench)
    assert inspector.formula.problem.text() == ""
    editor.lines.clear()
    assert layer().labels is None
    bench.document.undo()
    assert layer().labels == ("a", "b")
    assert editor.lines.toPlainText() == "a\nb"


def test_the_classes_of_imagenet_are_offered_to_a_thousand_outputs(inspect, layer, bench, settle):
    editor = inspect(fl.Softmax(), (1000, 1, 1)).form.editor("labels")
    assert not editor.preset.isHidden()
    editor.preset.click()
    settle(bench)
    assert (layer().labels[0], layer().labels[999], len(layer().labels)) == ("tench", "toilet tissue", 1000)
    assert editor.count.text() == "1000 names"
    assert editor.preset.isHidden()
    bench.document.undo()
    assert layer().labels is None


def test_the_classes_of_imagenet_are_not_offered_to_others(inspect):
    assert inspect(fl.Softmax(), (999, 1, 1)).form.editor("labels").preset.isHidden()
