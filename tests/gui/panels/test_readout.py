from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.panels import Readout
from filterlab.gui.panels.readout import duration
from filterlab.text.numbers import brief, exact


@pytest.fixture
def readout(opened, qtbot):
    widget = Readout(opened)
    qtbot.addWidget(widget)
    widget.resize(1200, 30)
    widget.show()
    return widget


def entries_of(readout):
    return {entry.name: entry.values for entry in readout.values._entries}


def short(array, row, col):
    return " ".join(brief(v) for v in array[:4, row, col])


def test_values_of_every_map_under_the_cursor(opened, readout, pipeline, picture):
    maps = pipeline.run(picture.pixels)
    opened.selection.set_hover(Spot("sobel", 1, 21, 31))
    shown = entries_of(readout)
    assert readout.values.text.startswith("row 21, column 31")
    assert shown["image"] == short(picture.pixels, 21, 31)
    assert shown["relu"] == short(maps["relu"], 21, 31)
    assert shown["blur"] == short(maps["blur"], 21, 31)
    assert shown["pool"] == short(maps["pool"], 10, 15)
    assert f"[1, 21, 31] = {exact(maps['sobel'][1, 21, 31])}" in readout.values.text


def test_a_map_of_stride_two_without_padding_is_read_where_it_lies(opened, readout, picture, settle):
    rng = np.random.default_rng(0)
    pipeline = fl.Pipeline(
        [
            fl.Node("valid", fl.Conv2d(weight=rng.normal(size=(6, 3, 5, 5)).astype(np.float32)), ("image",)),
            fl.Node("half", fl.MaxPool2d(3, stride=2, padding=1), ("valid",)),
        ]
    )
    opened.document.edit("other", pipeline)
    settle(opened)
    maps = pipeline.run(picture.pixels)
    # The middle of cell (4, 6) of `half`: row 2 * 4 of `valid`, two rows further down in the picture.
    opened.selection.set_hover(Spot("half", 0, 4, 6))
    shown = entries_of(readout)
    assert readout.values.text.startswith("row 10, column 14")
    assert shown["valid"] == short(maps["valid"], 8, 12) + " …"
    assert shown["image"] == short(picture.pixels, 10, 14)
    # At the border of the picture the valid map has no cell.
    opened.selection.set_hover(Spot("image", 0, 0, 0))
    assert entries_of(readout)["valid"] == "outside"


def test_the_pin_is_read_while_the_cursor_is_elsewhere(opened, readout):
    opened.selection.set_pin(Spot("image", 0, 5, 6))
    opened.selection.set_hover(Spot("image", 0, 1, 2))
    assert readout.values.text.startswith("row 1, column 2")
    opened.selection.set_hover(None)
    assert readout.values.text.startswith("row 5, column 6")
    opened.selection.set_pin(None)
    assert readout.values.text == "point at a map to read its values; zoom with Ctrl and the wheel"


def test_a_vector_is_read_by_its_position(opened, readout, picture, settle):
    opened.document.edit("v", fl.Pipeline([("gap", fl.GlobalAvgPool2d()), ("flat", fl.Flatten())]))
    settle(opened)
    opened.selection.set_hover(Spot("flat", 2, 0, 0))
    value = opened.results.maps["flat"].view.array[2]
    assert readout.values.text == f"flat [2] = {exact(value)}"


def test_outdated_values_are_faint_and_new_ones_come_by_themselves(opened, readout, pipeline, picture, qtbot):
    opened.selection.set_hover(Spot("image", 0, 20, 20))
    changed = pipeline.with_layers({"blur": fl.Filter2d(fl.kernels.box(5))})
    opened.document.edit("blur", changed)
    assert next(e for e in readout.values._entries if e.name == "blur").faint
    new = short(changed.run(picture.pixels)["blur"], 20, 20)
    qtbot.waitUntil(lambda: entries_of(readout)["blur"] == new)


def test_the_tool_tip_has_every_map(opened, readout):
    opened.selection.set_hover(Spot("image", 0, 20, 20))
    position = QPoint(5, 5)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, position, readout.values.mapToGlobal(position))
    QApplication.sendEvent(readout.values, event)
    for name in ("image", "sobel", "relu", "pool", "blur"):
        assert f"<b>{name}</b>" in QToolTip.text()
    QToolTip.hideText()


def test_a_narrow_bar_paints(opened, readout):
    opened.selection.set_hover(Spot("image", 0, 20, 20))
    for width in (80, 200, 2000):
        readout.resize(width, 30)
        assert not readout.grab().isNull()


def test_it_tells_when_all_is_done(opened, readout, pipeline, settle):
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(4)}))
    settle(opened)
    assert readout.state.text.startswith("up to date in ")
    assert not readout.state.button.isVisible()


def test_it_counts_the_layers_that_fail(opened, readout, pipeline, settle):
    opened.document.edit("relu", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    settle(opened)
    assert readout.state.text == "2 layers cannot be computed"


def test_stop_and_compute(opened, readout, pipeline, settle, qtbot):
    readout.state._patience.setInterval(0)
    opened.results._timer.timeout.disconnect()  # so that nothing is computed
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    qtbot.waitUntil(lambda: readout.state.text == "computing")
    opened.results.progressed.emit(3, 8)
    assert readout.state.text == "computing 3 of 8"
    assert readout.state.button.text() == "Stop"
    qtbot.mouseClick(readout.state.button, Qt.MouseButton.LeftButton)
    assert not opened.results.busy
    assert (readout.state.text, readout.state.button.text()) == ("stopped", "Compute")
    opened.results._timer.timeout.connect(opened.results._start)
    qtbot.mouseClick(readout.state.button, Qt.MouseButton.LeftButton)
    settle(opened)
    assert opened.results.maps["pool"].view.size == (16, 21)
    assert not readout.state.button.isVisible()


def test_short_work_does_not_flicker(opened, readout, pipeline, settle):
    before = readout.state.text
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    assert opened.results.busy
    assert readout.state.text == before
    assert not readout.state.button.isVisible()
    settle(opened)


def test_commands_make_sense_when_they_do(opened, readout):
    opened.commands.refresh()
    assert opened.commands.action("results.refresh").isEnabled()
    assert not opened.commands.action("results.stop").isEnabled()


def test_without_a_picture(opened, readout):
    opened.document.show_picture("Close", None)
    assert readout.state.text == "no picture"
    assert readout.values.text == ""


def test_zoom_and_file(opened, readout, pipeline, tmp_path):
    assert not readout.zoom.isVisible()
    opened.view.set(crop=(4.0, 6.0, 12.0, 16.0))
    assert readout.zoom.text() == "zoom 4×"
    opened.document.mark_saved(tmp_path / "edges.json")
    assert readout.file.text() == "edges.json"
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    assert readout.file.text() == "edges.json • modified"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.009, "9 ms"), (0.0001, "1 ms"), (1.23, "1.2 s"), (125, "2 min 5 s")]
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_places_above_and_left_of_the_picture_have_a_minus_sign(opened, readout, settle):
    opened.document.edit("pad", fl.Pipeline([("pad", fl.Pad(3))]))
    settle(opened)
    opened.selection.set_hover(Spot("pad", 0, 1, 0))
    assert readout.values.text.startswith("row −2, column −3")
    assert "-" not in readout.values.text


def test_zoom_counts_from_the_whole_view(opened, readout, settle):
    opened.document.edit("pad", fl.Pipeline([("pad", fl.Pad(((48, 0), (64, 0))))]))
    settle(opened)
    opened.view.set(crop=(4.0, 6.0, 12.0, 16.0))
    assert readout.zoom.text() == "zoom 8×"
