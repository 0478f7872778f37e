from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

import filterlab as fl
from filterlab.explain.trail import trail
from filterlab.fields.maps import FieldMap
from filterlab.gui.bench.selection import Spot
from filterlab.gui.panels import RegionPanel
from filterlab.images.parts.patched import PatchedView
from filterlab.images.views import MapView
from filterlab.text.numbers import exact


@pytest.fixture
def panel(opened, qtbot):
    widget = RegionPanel(opened)
    qtbot.addWidget(widget)
    widget.resize(900, 220)
    widget.show()
    return widget


def rows_of(panel):
    table = panel.table
    return [[table.item(r, c).text() for c in range(table.columnCount())] for r in range(table.rowCount())]


def test_nothing_pinned_says_what_to_do(panel):
    assert panel.hint.isVisible()
    assert "Click a value" in panel.hint.text()
    assert not panel.table.isVisible()


def test_rows_are_the_input_regions_of_the_pinned_value(opened, panel, pipeline):
    opened.selection.set_pin(Spot("pool", 1, 0, 10))
    panel.refresh()
    assert panel.table.isVisible()
    assert rows_of(panel) == [
        ["pool", "0", "10", "1 × 1", "none"],
        ["relu", "0 … 1", "20 … 21", "2 × 2", "none"],
        ["sobel", "0 … 1", "20 … 21", "2 × 2", "none"],
        ["image", "−1 … 2", "19 … 22", "4 × 4", "4 of 16 cells, 25 %"],
    ]
    for stop in panel.stops[1:]:
        assert stop.region == pipeline.input_region("pool", 0, 10, of=stop.node)


def test_the_value_has_all_its_digits(opened, panel, pipeline, picture):
    opened.selection.set_pin(Spot("blur", 0, 3, 4))
    panel.refresh()
    value = pipeline.run(picture.pixels)["blur"][0, 3, 4]
    text = panel.title.text().partition(" = ")[2].replace("−", "-")
    assert np.float32(float(text)) == value
    assert panel.title.text().startswith("blur [0, 3, 4] = ")
    assert "receptive field 3 × 3, stride 1 × 1, padding 1 × 1" in panel.field.text()


def test_a_click_follows_a_row_and_back_returns(opened, panel, qtbot):
    start = Spot("pool", 2, 0, 10)
    opened.selection.set_pin(start)
    panel.refresh()
    item = panel.table.item(3, 0)
    qtbot.mouseClick(
        panel.table.viewport(), Qt.MouseButton.LeftButton, pos=panel.table.visualItemRect(item).center()
    )
    assert opened.selection.pin == Spot("image", 2, 0, 20)
    assert opened.selection.node == "image"
    qtbot.mouseClick(panel.back_button, Qt.MouseButton.LeftButton)
    assert opened.selection.pin == start
    assert not panel.back_button.isEnabled()


def test_enter_follows_the_row_of_the_keyboard(opened, panel, qtbot):
    opened.selection.set_pin(Spot("pool", 0, 5, 6))
    panel.refresh()
    panel.table.setCurrentCell(2, 0)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert opened.selection.pin == Spot("sobel", 0, 10, 12)


def test_the_row_of_the_value_itself_leads_nowhere(opened, panel):
    opened.selection.set_pin(Spot("pool", 0, 5, 6))
    panel.refresh()
    panel.follow(0)
    assert opened.selection.pin == Spot("pool", 0, 5, 6)
    assert not panel.back_button.isEnabled()


def test_a_followed_channel_exists(opened, panel, settle, qtbot):
    weight = np.ones((5, 3, 1, 1), np.float32)
    opened.document.edit("mix", fl.Pipeline([("mix", fl.Conv2d(weight=weight))]))
    settle(opened)
    opened.selection.set_pin(Spot("mix", 4, 5, 6))
    panel.refresh()
    panel.follow(1)
    assert opened.selection.pin == Spot("image", 2, 5, 6)


def test_the_pin_goes_before_the_cursor(opened, panel):
    opened.selection.set_hover(Spot("relu", 0, 1, 2))
    panel.refresh()
    assert panel.title.text().startswith("relu [0, 1, 2]")
    assert not panel.unpin_button.isEnabled()
    opened.selection.set_pin(Spot("sobel", 0, 1, 2))
    panel.refresh()
    assert panel.title.text().startswith("sobel [0, 1, 2]")


def test_it_follows_the_selection_by_itself(opened, panel, qtbot):
    opened.selection.set_pin(Spot("sobel", 0, 7, 8))
    assert not panel.title.text().startswith("sobel [0, 7, 8]")
    qtbot.waitUntil(lambda: panel.title.text().startswith("sobel [0, 7, 8]"))
    assert panel.unpin_button.isEnabled()


def test_unpin_by_button_and_command(opened, panel, qtbot):
    for act in (
        lambda: qtbot.mouseClick(panel.unpin_button, Qt.MouseButton.LeftButton),
        opened.commands.action("edit.unpin").trigger,
    ):
        opened.selection.set_pin(Spot("sobel", 0, 7, 8))
        opened.commands.refresh()
        panel.refresh()
        act()
        assert opened.selection.pin is None
    opened.commands.refresh()
    assert not opened.commands.action("edit.unpin").isEnabled()


def test_copy_gives_title_and_table(opened, panel, qtbot):
    opened.selection.set_pin(Spot("pool", 1, 0, 10))
    panel.refresh()
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == panel.title.text()
    assert lines[-1].split("\t") == ["image", "−1 … 2", "19 … 22", "4 × 4", "4 of 16 cells, 25 %"]


def test_a_value_that_vanished_is_told(opened, panel, pipeline, settle):
    opened.selection.set_pin(Spot("pool", 0, 20, 20))
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(8)}))
    settle(opened)
    panel.refresh()
    assert "pool has no such value now" in panel.hint.text()
    assert panel.hint.isVisible()


def test_an_outdated_value_says_so(opened, panel, pipeline):
    opened.selection.set_pin(Spot("pool", 0, 2, 2))
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.AvgPool2d(2)}))
    panel.refresh()
    assert "before the last change" in panel.title.text()


def test_a_value_that_is_new_before_its_map_is_not_called_outdated(opened, panel, pipeline, qtbot):
    opened.selection.set_pin(Spot("sobel", 0, 20, 30))
    opened.document.edit("Blur", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3))}))
    opened.results.stop()
    panel.refresh()
    old, new = opened.results.maps["sobel"], opened.document.pipeline.run(opened.document.picture.pixels)
    patched = PatchedView(old.view, MapView(new["sobel"][:, 20:30, 30:40]), (20, 30))
    opened.results.maps["sobel"] = replace(old, view=patched, renewed=True)
    opened.results.parts_ready.emit()
    words = f"sobel [0, 20, 30] = {exact(new['sobel'][0, 20, 30])}"
    qtbot.waitUntil(lambda: panel.title.text() == words)
    opened.selection.set_pin(Spot("sobel", 0, 19, 30))
    panel.refresh()
    assert "before the last change" in panel.title.text()


def test_branches_of_unequal_stride_have_regions_and_no_field(opened, panel, settle):
    nodes = [
        fl.Node("half", fl.MaxPool2d(2), ("image",)),
        fl.Node("twice", fl.Upsample(2), ("half",)),
        fl.Node("pooled", fl.AdaptiveAvgPool2d((7, 9)), ("twice",)),
    ]
    pipeline = fl.Pipeline(nodes)
    opened.document.edit("net", pipeline)
    settle(opened)
    opened.selection.set_pin(Spot("pooled", 0, 3, 3))
    panel.refresh()
    assert panel.stops == trail(pipeline, FieldMap(pipeline, (48, 64)), "pooled", 3, 3)
    assert [stop.node for stop in panel.stops] == ["pooled", "twice", "half", "image"]


def test_a_vector_sees_all(opened, panel, settle):
    opened.document.edit("v", fl.Pipeline([("gap", fl.GlobalAvgPool2d()), ("flat", fl.Flatten())]))
    settle(opened)
    opened.selection.set_pin(Spot("flat", 2, 0, 0))
    panel.refresh()
    assert panel.title.text().startswith("flat [2] = ")
    assert rows_of(panel)[-1] == ["image", "0 … 47", "0 … 63", "48 × 64", "none"]
    assert "receptive field: the whole picture" in panel.text()


def test_without_a_picture(opened, panel):
    opened.document.show_picture("Close", None)
    panel.refresh()
    assert "Open a picture" in panel.hint.text()


def test_what_was_pinned_while_it_was_hidden_is_shown_afterwards(opened, panel, qtbot):
    panel.hide()
    opened.selection.set_pin(Spot("sobel", 0, 7, 8))
    qtbot.wait(60)
    assert not panel.stops
    panel.show()
    assert panel.title.text().startswith("sobel [0, 7, 8]")


def test_of_a_long_name_the_middle_is_left_out_and_the_value_stays(opened, panel, settle, pipeline):
    name = "start" + 80 * "x" + "end"
    opened.document.edit("Rename", fl.Pipeline([fl.Node(name, fl.ReLU(), ("image",))]))
    settle(opened)
    opened.selection.set_pin(Spot(name, 0, 1, 2))
    panel.resize(420, 220)
    panel.refresh()
    assert panel.minimumSizeHint().width() < 420
    assert panel.title.text().startswith("sta")
    assert "… " not in panel.title.text()
    assert panel.title.text().partition(" [")[2] == panel.text().splitlines()[0].partition(" [")[2]
    assert name in panel.text()
    assert panel.table.columnWidth(0) <= 420 / 3
