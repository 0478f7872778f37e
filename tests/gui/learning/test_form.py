"""The answers of the form: what is missing, what is refused, and what reaches the learner."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


def test_a_note_says_what_is_missing(panel, picture, qtbot):
    document = panel._bench.document
    qtbot.waitUntil(lambda: "there is no picture" in panel.note.text)
    assert not command(panel, "start").isEnabled()
    document.show_picture("Open", picture)
    qtbot.waitUntil(lambda: "no layer" in panel.note.text)
    document.open_pipeline("Open", fl.Pipeline([fl.ReLU()]), None)
    qtbot.waitUntil(lambda: "no node is chosen" in panel.note.text)
    document.edit("Add", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3))), fl.ReLU()]))
    qtbot.waitUntil(lambda: "press Start" in panel.note.text)
    set_method(panel, optimizer="adam", lr="fast")
    qtbot.waitUntil(lambda: "Learning rate is 'fast'" in panel.note.text)


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        ("steps", "1e30", "a whole number, 1 to 1000000000"),
        ("seed", "-1", "a whole number, 0 to 1000000000"),
        ("momentum", "-1", "a number, at least 0"),
        ("lr", "0", "a number, above 0"),
        ("crop", "0", "a whole number, 1 to 1000000000"),
    ],
)
def test_numbers_beyond_their_limits_are_refused(d2l, field, text, rule, qtbot):
    set_method(d2l, optimizer="sgd", **{field: text})
    qtbot.waitUntil(lambda: rule in d2l.note.text)
    method = d2l.form.method
    widget = method.options[field] if field in method.options else getattr(method, field)
    assert widget.property("wrong") == "true"
    command(d2l, "start").trigger()
    assert d2l.session.state is State.IDLE


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


def test_options_that_an_optimizer_does_not_have_are_hidden(panel):
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


def test_random_crops_of_the_picture_can_be_learned_from(panel, picture, run):
    document = panel._bench.document
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3), padding=0))]), None)
    set_method(panel, crop=16, lr=0.05, steps=300)
    run(panel)
    assert panel.session.record.losses[-1] < panel.session.record.losses[0] / 10
    set_method(panel, optimizer="lbfgs")
    assert "crop" not in panel.form.plan().options, "the whole picture, always"


def test_a_picture_of_one_cell_can_be_learned_from(panel, run):
    document = panel._bench.document
    document.show_picture("Open", Picture("one", np.full((1, 1, 1), 0.5, np.float32)))
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3)))]), None)
    set_method(panel, steps=30)
    run(panel)
    assert panel.session.state is State.ENDED
    assert panel.session.record.losses[-1] < panel.session.record.losses[0]


def test_every_choice_is_wide_enough_for_its_longest_words(panel):
    method = panel.form.method
    for combo in (panel.form.target.kind, method.start, method.loss, method.optimizer, method.schedule):
        widest = max(combo.fontMetrics().horizontalAdvance(combo.itemText(i)) for i in range(combo.count()))
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        option.rect = QRect(QPoint(0, 0), combo.minimumSizeHint())
        field = combo.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
        )
        assert field.width() >= widest, combo.accessibleName()
