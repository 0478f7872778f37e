"""The first layer that does not fit is gone to, and mended by a button."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.chain import ChainPanel
from filterlab.gui.wall import Wall


@pytest.fixture
def long(pipeline):
    """A network whose fault is far down: behind it, all layers wait."""
    layers = [(f"relu{number}", fl.ReLU()) for number in range(30)]
    odd = ("odd", fl.Conv2d(np.ones((2, 1, 3, 3), np.float32)))
    return fl.Pipeline([*layers, odd, *((f"behind{number}", fl.ReLU()) for number in range(30))])


@pytest.fixture
def panel(opened, qtbot):
    panel = ChainPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(260, 500)
    panel.show()
    return panel


def test_graph_and_wall_go_to_the_first_cause_of_what_was_opened(opened, panel, long, settle, qtbot):
    wall = Wall(opened)
    qtbot.addWidget(wall)
    wall.resize(900, 500)
    wall.show()
    opened.document.open_pipeline("Open", long, None)
    settle(opened)
    assert opened.selection.node == "odd"
    card = panel.view.visualRect(panel.model.index(panel.model.row_of("odd")))
    assert panel.view.viewport().rect().contains(card.center())
    qtbot.waitUntil(lambda: "odd" in {column.node for column in wall.view.columns_on_screen()})
    qtbot.waitUntil(lambda: "it is given 3 channels and takes 1" in panel.note.text)


def test_a_picture_that_does_not_fit_leads_to_the_cause_too(opened, panel, long, settle):
    opened.document.show_picture("Grey", Picture("grey", np.zeros((1, 20, 20), np.float32)))
    opened.document.open_pipeline("Open", long, None)
    settle(opened)
    assert opened.selection.node != "odd"
    assert panel.note.text == ""
    opened.document.show_picture("Colour", Picture("colour", np.zeros((3, 20, 20), np.float32)))
    settle(opened)
    assert opened.selection.node == "odd"


def test_an_edit_does_not_take_the_selection_away(opened, panel, pipeline, settle, qtbot):
    opened.selection.select("sobel")
    opened.document.edit("Larger", pipeline.with_layers({"pool": fl.MaxPool2d(60)}))
    settle(opened)
    assert opened.selection.node == "sobel"
    qtbot.waitUntil(lambda: "the window of 60 is larger" in panel.note.text)


def test_a_button_mends_it_in_one_step_that_can_be_undone(opened, panel, long, settle, qtbot):
    opened.document.open_pipeline("Open", long, None)
    settle(opened)
    qtbot.waitUntil(lambda: len(panel.note.buttons) > 0)
    assert [button.text() for button in panel.note.buttons] == ["Make grey", "Input channels to 3"]
    button = panel.note.buttons[0]
    steps = len(opened.document.history.labels)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(opened)
    assert panel.note.text == ""
    assert opened.results.problem("behind29") is None
    assert opened.document.history.labels[-1] == "Make grey, for odd"
    assert len(opened.document.history.labels) == steps + 1
    opened.document.undo()
    settle(opened)
    assert opened.document.pipeline == long
    qtbot.waitUntil(lambda: panel.note.text != "")


def test_the_layer_can_take_the_channels_that_it_is_given(opened, panel, long, settle, qtbot):
    opened.document.open_pipeline("Open", long, None)
    settle(opened)
    qtbot.waitUntil(lambda: len(panel.note.buttons) == 2)
    qtbot.mouseClick(panel.note.buttons[1], Qt.MouseButton.LeftButton)
    settle(opened)
    assert opened.document.pipeline["odd"].in_channels == 3
    assert opened.results.problem("behind29") is None


def test_no_card_moves_when_the_note_comes(opened, panel, pipeline, settle, qtbot):
    opened.selection.select("image")
    cards = [panel.view.visualRect(panel.model.index(row)) for row in range(panel.model.rowCount())]
    places = [panel.view.mapTo(panel, card.topLeft()) for card in cards]
    opened.document.edit("Larger", pipeline.with_layers({"pool": fl.MaxPool2d(60)}))
    settle(opened)
    qtbot.waitUntil(panel.note.isVisible)
    cards = [panel.view.visualRect(panel.model.index(row)) for row in range(panel.model.rowCount())]
    assert [panel.view.mapTo(panel, card.topLeft()) for card in cards] == places


def test_sizes_stand_on_the_buttons(opened, panel, settle, qtbot):
    window = fl.Filter2d(np.ones((71, 71), np.float32), padding=0)
    opened.document.open_pipeline("Open", fl.Pipeline([("odd", window)]), None)
    settle(opened)
    qtbot.waitUntil(lambda: len(panel.note.buttons) > 0)
    texts = [button.text() for button in panel.note.buttons]
    assert texts == ["Crop the kernel to 47 × 63", "Resize to 96 × 128"]
    assert panel.note.minimumSizeHint().width() <= panel.view.width()
