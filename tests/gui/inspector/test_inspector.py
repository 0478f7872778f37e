from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.inspector import Inspector
from filterlab.gui.inspector.form import LayerForm


@pytest.fixture
def inspector(opened, qtbot):
    made = Inspector(opened)
    qtbot.addWidget(made)
    made.resize(340, 800)
    made.show()
    return made


def test_the_picture_has_facts(inspector, opened, settle):
    labels = inspector.facts.labels
    assert labels["name"].text() == "test picture"
    assert "64 × 48" in labels["size"].text()
    assert labels["channels"].text() == "3 (red, green, blue)"
    assert labels["numbers"].text() == "float32, 0 to 1"
    assert "pasted" in labels["path"].text()
    pixels = np.full((1, 4, 5), 2, np.float32)
    opened.document.show_picture("x", Picture("other", pixels, Path("a", "b.png")))
    settle(opened)
    assert labels["numbers"].text() == "float32, 2 to 2"
    assert labels["path"].text() == str(Path("a", "b.png"))


def test_without_a_picture_there_is_a_hint(bench, qtbot):
    made = Inspector(bench)
    qtbot.addWidget(made)
    made.show()
    assert made.hint.isVisible()
    assert made.facts.isHidden()
    assert made.formula.isHidden()
    assert made.kernel_editor() is None


def test_it_shows_what_is_selected(inspector, opened):
    opened.selection.select("pool")
    assert inspector.form.layer_type is fl.MaxPool2d
    assert inspector.header.name.text() == "pool"
    assert inspector.header.title.text() == "MAX POOLING"
    opened.selection.select("relu")
    assert inspector.form.rows == {}
    opened.selection.select("image")
    assert inspector.form is None
    assert inspector.facts.isVisible()


def test_another_node_is_shown_from_its_top_and_an_edited_one_where_it_was(inspector, opened, qtbot):
    inspector.resize(340, 260)
    inspector.show()
    bar = inspector.verticalScrollBar()
    opened.selection.select("sobel")
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(80)
    changed = opened.document.pipeline["sobel"].replace(stride=2)
    opened.document.edit("Change", opened.document.pipeline.with_layers({"sobel": changed}))
    assert bar.value() == 80
    opened.selection.select("blur")  # of the same type, so that the form stays
    assert bar.value() == 0


def test_nodes_of_one_type_share_the_editors(inspector, opened):
    opened.selection.select("sobel")
    form = inspector.form
    opened.selection.select("blur")
    assert inspector.form is form
    np.testing.assert_array_equal(inspector.kernel_editor().session.kernel, fl.kernels.box(3))


def test_the_form_of_a_type_is_made_once(inspector, opened):
    opened.selection.select("sobel")
    form = inspector.form
    opened.selection.select("pool")
    assert form.isHidden()
    assert inspector.form is not form
    assert inspector.kernel_editor() is None
    opened.selection.select("blur")
    assert inspector.form is form
    assert form.isVisible()
    np.testing.assert_array_equal(inspector.kernel_editor().session.kernel, fl.kernels.box(3))


def test_forms_are_made_before_they_are_asked_for(inspector, opened, qtbot):
    def forms():
        return {form.layer_type: form for form in inspector.findChildren(LayerForm)}

    qtbot.waitUntil(lambda: forms().keys() == {fl.Filter2d, fl.ReLU, fl.MaxPool2d})
    qtbot.waitUntil(lambda: not any(form.make_more() for form in forms().values()))
    ready = forms()
    assert all(form.isHidden() for form in ready.values())
    opened.selection.select("pool")
    assert inspector.form is ready[fl.MaxPool2d]


def test_a_form_that_is_put_aside_does_not_keep_what_has_gone(inspector, opened, pipeline, qtbot):
    opened.selection.select("sobel")
    form = inspector.form
    inspector.kernel_editor().open_large()
    large = inspector.kernel_editor().large
    opened.selection.select("pool")
    assert not large.isVisible(), "it would show a kernel of which nothing else is seen"
    opened.document.edit("x", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    assert form in inspector.findChildren(LayerForm), "its layer is still there"
    opened.document.edit("x", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.prewitt(3))}))
    with qtbot.waitSignal(form.destroyed):
        pass
    opened.selection.select("sobel")
    np.testing.assert_array_equal(inspector.kernel_editor().session.kernel, fl.kernels.prewitt(3))


def test_groups_that_were_folded_elsewhere_are_folded_in_a_form_that_comes_back(inspector, opened, qtbot):
    opened.selection.select("sobel")
    assert not inspector.form.sections["border"].folded
    opened.selection.select("pool")
    qtbot.mouseClick(inspector.form.sections["border"].heading, Qt.MouseButton.LeftButton)
    opened.selection.select("blur")
    assert inspector.form.sections["border"].folded


def test_a_name_is_changed_in_the_header(inspector, opened, qtbot):
    opened.selection.select("relu")
    name = inspector.header.name
    name.selectAll()
    qtbot.keyClicks(name, "rectified")
    assert "relu" in opened.document.pipeline
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert opened.document.pipeline.node("pool").inputs == ("rectified",)
    assert opened.selection.node == "rectified"
    opened.document.undo()
    assert inspector.header.name.text() == "relu"


def test_a_wrong_name_is_explained_and_forgotten(inspector, opened, qtbot):
    opened.selection.select("relu")
    header = inspector.header
    header.name.selectAll()
    qtbot.keyClicks(header.name, "a b")
    assert header.name.property("wrong") == "true"
    assert "letters, digits" in header.problem.text()
    qtbot.keyClick(header.name, Qt.Key.Key_Return)
    assert header.name.text() == "relu"
    assert "relu" in opened.document.pipeline


def test_the_formula_has_the_numbers_of_the_document(inspector, opened, settle, pipeline):
    opened.selection.select("pool")
    card = inspector.formula
    assert "⌊(48 − 2) / 2⌋ + 1 = <b>24</b>" in card.formula.text()
    assert "field 4 × 4" in card.costs.text()
    opened.document.edit("x", pipeline.with_layers({"pool": fl.MaxPool2d(5, 4)}))
    settle(opened)
    assert "⌊(48 − 5) / 4⌋ + 1 = <b>11</b>" in card.formula.text()
    assert "the last 3 rows are skipped" in card.notes.text()


def test_the_formula_says_why_nothing_fits(inspector, opened, settle, pipeline):
    opened.document.edit("x", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    settle(opened)
    opened.selection.select("relu")
    assert "the window of 60 is larger than the input of 48" in inspector.formula.problem.text()
    opened.selection.select("pool")
    assert "waits for relu" in inspector.formula.problem.text()


def test_a_shape_that_stays(inspector, opened):
    opened.selection.select("relu")
    assert inspector.formula.formula.text() == "the shape stays 3 × 48 × 64"


@pytest.mark.parametrize("width", [300, 380])
@pytest.mark.parametrize("node", ["sobel", "pool", "image"])
def test_nothing_is_wider_than_the_panel(inspector, opened, node, width):
    opened.selection.select(node)
    inspector.resize(500, 800)
    QCoreApplication.processEvents()
    inspector.resize(width, 800)
    QCoreApplication.processEvents()
    assert inspector.widget().width() <= inspector.viewport().width()
    assert inspector.horizontalScrollBar().maximum() == 0


def test_what_does_not_fit_is_said_before_the_survey(inspector, opened, pipeline):
    opened.selection.select("pool")
    opened.document.edit("x", pipeline.with_layers({"pool": fl.MaxPool2d(99)}))
    assert "the window of 99" in inspector.formula.problem.text()
    assert inspector.formula.formula.text() == ""
