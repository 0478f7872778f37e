"""Nodes that are renamed in the field over their name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

import filterlab as fl
from tests.gui.chain.reading import cards, trigger, wires


@pytest.fixture
def rename_field(panel, opened, qtbot):
    """Starts renaming a node with F2 and gives the field."""

    def start(name):
        opened.selection.select(name)
        panel.view.setFocus()
        qtbot.keyClick(panel.view, Qt.Key.Key_F2)
        field = panel.view.viewport().findChild(QLineEdit)
        assert field.text() == name
        return field

    return start


def test_rename_in_place(panel, opened, qtbot, rename_field):
    field = rename_field("relu")
    qtbot.keyClicks(field, "positive")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wires(opened)["pool"] == ("positive",))
    assert opened.selection.node == "positive"
    assert opened.document.history.undo_label == "Rename relu to positive"
    assert cards(panel)["positive"].title == "ReLU"


@pytest.mark.parametrize(
    ("name", "words"),
    [("pool", "there is a node 'pool' already"), ("a b", "not allowed"), ("image", "not allowed")],
)
def test_an_illegal_name_says_why_and_waits(panel, opened, qtbot, rename_field, pipeline, name, words):
    field = rename_field("relu")
    field.selectAll()
    qtbot.keyClicks(field, name)
    assert words in cards(panel)["relu"].error
    assert field.property("wrong")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.wait(20)
    assert opened.document.pipeline is pipeline
    assert field.isVisible()
    field.setText("better")
    assert not cards(panel)["relu"].error
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "better" in wires(opened))


def test_escape_leaves_the_name(panel, opened, qtbot, rename_field, pipeline):
    field = rename_field("relu")
    qtbot.keyClicks(field, "pool")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert opened.document.pipeline is pipeline
    qtbot.waitUntil(lambda: not cards(panel)["relu"].error)


def test_undo_from_elsewhere_leaves_the_field(panel, opened, qtbot, rename_field):
    panel.edits.add(fl.Tanh)
    field = rename_field("relu")
    qtbot.keyClicks(field, "half-typed")
    opened.document.undo()
    assert list(cards(panel)) == ["image", "sobel", "relu", "pool", "blur"]
    assert opened.document.history.redo_label == "Add Tanh"
    qtbot.waitUntil(lambda: panel.view.viewport().findChild(QLineEdit) is None)


def test_a_second_wish_to_rename_is_the_first(panel, opened, rename_field):
    field = rename_field("relu")
    field.setText("typed")
    trigger(opened, "layer.rename")
    assert field.text() == "typed"
    assert panel.view.viewport().findChildren(QLineEdit) == [field]


def test_a_hidden_column_stays_hidden_under_its_new_name(panel, opened):
    opened.view.set(hidden=frozenset({"relu"}))
    panel.edits.rename("relu", "positive")
    assert "positive" in opened.view.look.hidden
