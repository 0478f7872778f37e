from __future__ import annotations

from filterlab.graph import editing
from filterlab.gui.bench.selection import Spot


def test_selection_and_pin_follow_a_renamed_node_and_back(opened, pipeline):
    opened.selection.set_pin(Spot("relu", 1, 2, 3))
    opened.document.edit("Rename", editing.rename(pipeline, "relu", "positive"))
    assert opened.selection.node == "positive"
    assert opened.selection.pin == Spot("positive", 1, 2, 3)
    opened.document.undo()
    assert opened.selection.node == "relu"
    assert opened.selection.pin == Spot("relu", 1, 2, 3)


def test_for_a_removed_node_its_neighbour_is_selected(opened, pipeline):
    opened.selection.set_pin(Spot("relu", 1, 2, 3))
    opened.document.edit("Remove", editing.remove(pipeline, ["relu"]))
    assert opened.selection.node == "pool"
    assert opened.selection.pin is None
