"""The first two levels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QWidget

import filterlab as fl
from filterlab.explain.explainer import Explainer
from filterlab.gui.bench.selection import Spot
from tests.gui.explain.conftest import number


@pytest.fixture
def unit(panel, pin):
    panel.show_level("unit")
    return pin


@pytest.fixture
def overview(panel, pin):
    panel.show_level("overview")
    return pin


def test_partial_maps_are_those_of_the_engine(panel, unit, items, network, picture):
    unit("conv", 2, 8, 9)
    expected = Explainer(network, picture.pixels).partial_maps("conv", 2)
    found = items("partial")
    assert len(found) == len(expected) == 3
    for item, partial in zip(found, expected, strict=True):
        np.testing.assert_array_equal(item.thumb.view.array[0], partial.array)


@pytest.mark.parametrize("cell", [("conv", 2, 8, 9), ("grouped", 1, 3, 3), ("sum", 0, 4, 4)])
def test_what_the_channels_give_adds_up(panel, unit, items, cell):
    unit(*cell)
    texts = [item.text for item in panel.canvas.sheet.items]
    sum_text = next(text for text in texts if text.startswith("Σ"))
    bias = number(sum_text.split("bias ")[1].split(" =")[0]) if "bias" in sum_text else 0
    total = number(sum_text.split("= ")[1])
    assert sum(number(item.text) for item in items("part")) + bias == total
    assert float(total) == pytest.approx(panel.answer.account.explanation.value, abs=1e-3)


def test_input_maps_lead_to_what_is_read_there(panel, unit, items, shown, qtbot):
    unit("conv", 2, 8, 9)
    item = items("input")[1]
    qtbot.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, item.rect.middle)))
    assert shown.selection.pin == Spot("image", 1, 8, 9)


def test_pooling_shows_its_input_and_the_winner(panel, unit, items, network, picture):
    unit("pool", 1, 4, 5)
    (item,) = items("input")
    winner = next(t for t in network.explain(picture.pixels, "pool", 1, 4, 5).terms if t.wins)
    assert item.go == Spot(*winner.where[:4])
    assert item.thumb.marks == ((8, 10, 10, 12),)


def test_adaptive_windows_are_drawn_uneven(unit, items, network):
    unit("adaptive", 0, 1, 1)
    (item,) = items("input")
    regions = [network.input_region("adaptive", row, 0, of="relu", size=(48, 64)) for row in range(5)]
    assert item.thumb.rows == tuple(sorted({e for r in regions for e in (r.top, r.bottom)}))
    assert len({b - a for a, b in zip(item.thumb.rows, item.thumb.rows[1:], strict=False)}) > 1


def test_vectors_are_listed(panel, unit, items):
    unit("soft", 1)
    assert len(items("term")) == 36


def test_the_overview_has_all_maps_and_lines_from_those_that_are_read(panel, overview, items):
    overview("grouped", 3, 4, 4)
    assert [item.key[1:] for item in items("input")] == [("conv", c) for c in range(4)]
    assert [item.key[1:] for item in items("output")] == [("grouped", c) for c in range(4)]
    assert len(panel.canvas.sheet.edges) == 2
    assert [item.faint for item in items("input")] == [True, True, False, False]
    assert [item.wins for item in items("output")] == [False, False, False, True]


def test_hovering_a_map_draws_its_lines(panel, overview, items, shown, qtbot):
    overview("grouped", 3, 4, 4)
    item = items("output")[0]
    qtbot.mouseMove(panel.canvas, QPoint(*map(round, item.rect.middle)))
    qtbot.waitUntil(lambda: shown.selection.hover == Spot("grouped", 0, 4, 4))
    qtbot.waitUntil(lambda: panel.answer.spot == Spot("grouped", 0, 4, 4))
    assert [item.faint for item in items("input")] == [False, False, True, True]
    assert shown.selection.pin == Spot("grouped", 3, 4, 4)
    item = items("output")[0]
    qtbot.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, item.rect.middle)))
    assert shown.selection.pin == Spot("grouped", 0, 4, 4)


def test_input_maps_of_the_overview_are_links(panel, overview, items, shown, qtbot):
    overview("sum", 1, 4, 4)
    go = {}
    for index in range(8):
        item = items("input")[index]
        go[item.key[1:]] = item.go
    assert go["conv", 1] == Spot("conv", 1, 4, 4)
    assert go["relu", 1] == Spot("relu", 1, 4, 4)
    assert go["conv", 2] == Spot("conv", 2, 0, 0)


def test_vectors_of_the_overview_are_values(panel, overview, items):
    overview("soft", 1)
    assert len(items("input")) == len(items("output")) == 20
    assert all(item.kind == "cell" for item in items("output"))


def test_levels_by_command_come_to_the_front(panel, pin, shown, qtbot):
    pin("conv", 0, 3, 3)
    for level in ("overview", "unit", "window", "regions"):
        with qtbot.waitSignal(panel.wanted):
            shown.commands.action(f"explain.{level}").trigger()
        assert panel.level == level
        assert panel.tools.levels[level].isChecked()
    assert panel.regions.table.isVisible()
    qtbot.mouseClick(panel.tools.levels["unit"], Qt.MouseButton.LeftButton)
    assert panel.level == "unit"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("level", ["overview", "unit", "window", "regions"])
@pytest.mark.parametrize("size", [(1100, 260), (360, 150)])
def test_all_can_be_painted_for_every_node(panel, pin, shown, network, theme, level, size):
    shown.theme.set(theme)
    panel.show_level(level)
    panel.resize(*size)
    for node in network:
        shown.selection.set_pin(Spot(node.name, 1, 0, 0))
        if level != "regions":
            pin.wait()
        assert not panel.grab().isNull()
    shown.theme.set("light")


@pytest.mark.parametrize("level", ["overview", "unit", "window"])
def test_a_pixel_has_all_levels(panel, pin, items, level):
    panel.show_level(level)
    pin("image", 2, 30, 40)
    assert panel.canvas.sheet.items
    assert not items("input")
    assert not panel.grab().isNull()


def test_a_value_of_all_of_a_map_sees_all_of_it(panel, unit, items):
    unit("gap", 1)
    (item,) = items("input")
    assert item.thumb.marks == ((0, 0, 48, 64),)


def test_what_is_copied_is_no_part_of_a_sum(panel, unit, items):
    for node in ("flat", "relu", "pool"):
        unit(node, 1, 0, 0)
        assert len(items("input")) == 1
        assert not items("partial")


def test_a_hint_is_shown_where_nothing_is_pointed_to(panel, pin, items, qtbot):
    pin("conv", 1, 8, 9)
    assert panel.status.text().startswith("Click a number")
    panel.canvas.pointed.emit(items("kernel")[0])
    assert "times the weight" in panel.status.text()
    panel.canvas.pointed.emit(None)
    panel.show_level("overview")
    assert panel.status.text().startswith("Point to a map")
    panel.show_level("window")
    pin("image", 0, 8, 9)
    assert panel.status.text() == "This is a pixel of the picture: no layer lies before it."


@pytest.mark.parametrize("width", [300, 500, 700, 1100])
def test_every_tool_is_a_button_or_in_the_menu(panel, pin, qtbot, width):
    pin("conv", 1, 8, 9)
    panel.resize(width, 260)
    qtbot.waitUntil(lambda: panel.tools.width() < width)
    tools = panel.tools
    tools.menu.aboutToShow.emit()
    listed = {action.objectName() for action in tools.menu.actions()}
    hidden = tools.hidden_tools()
    assert bool(hidden) == tools.more.isVisible() == (width < 1100)
    for name in ("back", "forward", "down", "copy"):
        found = [b for b in tools.findChildren(QToolButton) if b.defaultAction() is not None]
        button = next(b for b in found if b.defaultAction().objectName() == f"explain.{name}")
        assert button.isVisible() != (f"explain.{name}" in listed)
    assert tools.player.play_button.isVisible() != ("explain.play" in listed)
    for tool in hidden:
        assert tool.entries or tool.widget is tools.player.slider, (
            "the wall and the arrow keys move the window"
        )
    for widget in tools.findChildren(QWidget):
        if widget.isVisible():
            assert widget.mapTo(tools, QPoint(widget.width(), 0)).x() <= tools.width()


@pytest.mark.parametrize("level", ["overview", "unit", "window"])
def test_an_answer_about_a_pipeline_that_was_replaced_is_not_laid_out_again(
    panel, pin, shown, qtbot, settle, level
):
    panel.show_level("unit")
    pin("adaptive", 2, 1, 3)
    # As soon as the fields are those of the new pipeline, before the panel has followed: so lessons end.
    shown.results.surveyed.connect(lambda: panel.show_level(level))
    unfit = {"conv": fl.Conv2d(weight=np.ones((4, 3, 99, 99)))}  # so that "adaptive" has neither map nor size
    shown.document.edit("a kernel larger than the picture", shown.document.pipeline.with_layers(unfit))
    settle(shown)
    qtbot.waitUntil(lambda: panel.answer is None)
