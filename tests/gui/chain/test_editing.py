"""Edits by the keys, marks and commands of the panel."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

import filterlab as fl
from tests.gui.chain.reading import cards, current_name, mark, trigger, wires


def test_remove_selects_the_neighbour(panel, opened):
    opened.selection.select("relu")
    trigger(opened, "layer.remove")
    assert wires(opened) == {"sobel": ("image",), "pool": ("sobel",), "blur": ("image",)}
    assert opened.document.history.undo_label == "Remove relu"
    assert opened.selection.node == "pool"
    assert current_name(panel) == "pool"


def test_delete_removes_all_selected_as_one_step(panel, opened, qtbot, pipeline):
    view = panel.view
    view.setFocus()
    opened.selection.select("sobel")
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_names() == ["sobel", "relu"]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert list(wires(opened)) == ["pool", "blur"]
    assert opened.document.history.undo_label == "Remove 2 layers"
    opened.document.undo()
    assert opened.document.pipeline is pipeline


def test_the_picture_cannot_be_edited(panel, opened):
    opened.selection.select("image")
    opened.commands.refresh()
    for verb in ("remove", "rename", "toggle", "inputs", "duplicate", "move_up", "move_down"):
        assert not opened.commands.action(f"layer.{verb}").isEnabled()
    assert opened.commands.action("layer.add").isEnabled()


def test_duplicate(panel, opened, pipeline):
    opened.selection.select("relu")
    trigger(opened, "layer.duplicate")
    assert opened.selection.node == "relu1"
    assert wires(opened)["relu1"] == ("relu",)
    assert wires(opened)["pool"] == ("relu1",)
    assert opened.document.pipeline["relu1"] is pipeline["relu"]


def test_space_and_the_box_switch_off_and_on(panel, opened, qtbot, settle):
    opened.selection.select("relu")
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert not opened.document.pipeline.node("relu").enabled
    assert not cards(panel)["relu"].enabled
    settle(opened)
    np.testing.assert_array_equal(
        opened.results.maps["relu"].view.array, opened.results.maps["sobel"].view.array
    )
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "switch"))
    assert opened.document.pipeline.node("relu").enabled
    assert opened.document.history.labels[-2:] == ["Switch off relu", "Switch on relu"]


def test_the_eye_hides_a_column_and_no_node(panel, opened, qtbot):
    opened.selection.select("image")
    viewport = panel.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "eye"))
    assert opened.view.look.hidden == {"relu"}
    assert cards(panel)["relu"].hidden
    assert opened.selection.node == "image"
    assert not opened.document.modified
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=mark(panel, "relu", "eye"))
    assert opened.view.look.hidden == frozenset()
    trigger(opened, "layer.hide")
    assert opened.view.look.hidden == {"image"}


def test_keys_move_up_and_down(panel, opened, qtbot):
    opened.selection.select("relu")
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert wires(opened) == {
        "sobel": ("image",),
        "pool": ("sobel",),
        "relu": ("pool",),
        "blur": ("image",),
    }
    assert opened.selection.node == "relu"
    assert current_name(panel) == "relu"
    qtbot.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert wires(opened)["pool"] == ("relu",)


def test_what_is_refused_becomes_a_message(panel, opened, pipeline):
    panel.edits.set_inputs("sobel", ["pool"])
    assert opened.document.pipeline is pipeline
    message = opened.messages.all[-1]
    assert message.level == "error"
    assert "Change the inputs of sobel" in message.text
    assert "cycle" in message.text


def test_undoing_everything_gives_the_same_pipeline(panel, opened, pipeline):
    place = opened.document.history.place
    panel.edits.add(fl.Conv2d)
    panel.edits.branch(fl.Tanh)
    panel.edits.merge(fl.Concat, ["pool", "blur"])
    panel.edits.rename("sobel", "edges")
    panel.edits.toggle(["edges"])
    panel.edits.move("edges", 3)
    panel.edits.remove(["relu", "pool"])
    assert opened.document.history.place == place + 7
    while opened.document.history.place > place:
        opened.document.undo()
    assert opened.document.pipeline is pipeline
    assert list(cards(panel)) == ["image", "sobel", "relu", "pool", "blur"]
