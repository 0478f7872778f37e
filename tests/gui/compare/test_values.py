"""The numbers of a comparison: values under the cursor, statistics, channels, and maps of unequal size."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.compare.sides import paired
from filterlab.text.numbers import brief, exact


def test_the_statistics_are_those_of_both_maps(comparing, of_nodes):
    pair = of_nodes("sobel", "blur", (2, 2))
    x, y = (side.view.planes[2].astype(np.float64) for side in pair.sides)
    apart = x - y
    row = comparing.page.figures.rows[0]
    expected = (np.abs(apart).max(), np.abs(apart).mean(), np.sqrt((apart**2).mean()))
    assert [row.values[i] for i in (0, 2, 3)] == [brief(value, 5) for value in expected]
    assert row.values[4] == "–", "an edge map is no picture"
    assert row.values[5] == brief(np.corrcoef(x.ravel(), y.ravel())[0, 1], 5)
    assert row.where == (2, *np.unravel_index(np.abs(apart).argmax(), apart.shape))
    assert [row.title for row in comparing.page.figures.rows] == ["this channel", "all channels"]


def test_pictures_have_a_signal_to_noise_ratio(comparing, of_nodes):
    pair = of_nodes("image", "blur", (None, None))
    x, y = (side.view.planes.astype(np.float64) for side in pair.sides)
    rms = np.sqrt(((x - y) ** 2).mean())
    assert comparing.page.figures.rows[0].values[4] == f"{brief(-20 * np.log10(rms), 4)} dB"
    assert comparing.page.tools.channels.boxes[0].text() == "RGB"


def test_a_map_that_could_be_a_picture_has_a_signal_to_noise_ratio(
    comparing, of_nodes, opened, picture, settle
):
    clean = fl.Conv2d(weight=np.full((1, 3, 1, 1), 1 / 3))
    nodes = [fl.Node("mean", clean, ("image",)), fl.Node("clean", fl.Clamp(0, 0.5), ("mean",))]
    opened.document.open_pipeline("Open", fl.Pipeline(nodes), None)
    settle(opened)
    pair = of_nodes("mean", "clean")
    assert not pair.a.picture, "its channel is none of the picture's"
    assert comparing.page.figures.rows[0].values[4] == f"{brief(-20 * np.log10(pair.here.rms), 4)} dB"


def test_hovering_says_both_values_and_their_difference_with_all_digits(comparing, of_nodes):
    pair, view = of_nodes("sobel", "blur"), comparing.page.view
    QTest.mouseMove(view.viewport(), view.point_of((20, 31)).toPoint())
    a, b = (side.view.planes[0, 20, 31] for side in pair.sides)
    text = comparing.page.readout.text
    assert text == f"row 20, column 31   A {exact(a)}   B {exact(b)}   A − B {exact(a - b)}"
    assert view.accessibleDescription() == text


def test_the_largest_difference_is_one_click_or_key_away(comparing, of_nodes):
    pair, page = of_nodes("sobel", "blur"), comparing.page
    QTest.mouseClick(page.figures.links[0], Qt.MouseButton.LeftButton)
    assert page.view.cell == pair.here.where[1:]
    QTest.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert page.view.cell != pair.here.where[1:]
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert page.view.cell == pair.here.where[1:]


def test_the_pinned_value_is_the_first_that_is_read(comparing, of_nodes, opened):
    opened.selection.set_pin(Spot("blur", 0, 20, 31))
    pair = of_nodes("sobel", "blur")
    assert comparing.page.view.cell == (20, 31)
    assert exact(pair.b.view.planes[0, 20, 31]) in comparing.page.readout.text


def test_the_chosen_cell_is_read_where_a_jump_moves_the_maps_under_the_cursor(comparing, of_nodes):
    pair, view = of_nodes("sobel", "blur"), comparing.page.view
    view.zoom(view.point_of((5, 5)), 6.0)
    QTest.mouseMove(view.viewport(), view.point_of((5, 5)).toPoint())
    assert view.hover == (5, 5)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.hover is None
    row, col = pair.here.where[1:]
    assert comparing.page.readout.text.startswith(f"row {row}, column {col}")


def test_the_link_of_all_channels_leads_to_their_largest_difference(comparing, of_nodes, qtbot):
    pair, page = of_nodes("sobel", "blur"), comparing.page
    channel, row, col = pair.whole.where
    assert channel == 2, "the blue channel has the edge"
    QTest.mouseClick(page.figures.links[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view.pair.channels == (2, 2))
    assert page.view.cell == (row, col)
    assert page.figures.rows[0].values[0] == page.figures.rows[1].values[0]


def test_channels_change_together_or_each_by_itself(comparing, of_nodes, qtbot):
    of_nodes("sobel", "blur")
    page = comparing.page
    a, b = page.tools.channels.boxes
    QTest.keyClick(page.view, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: page.view.pair.channels == (1, 1))
    page.tools.channels.together.setChecked(False)
    b.setValue(2)
    qtbot.waitUntil(lambda: page.view.pair.channels == (1, 2))
    x, y = page.view.pair.a.view.planes[1], page.view.pair.b.view.planes[2]
    np.testing.assert_array_equal(page.view.pair.apart.planes[0], x - y)
    assert (a.value(), b.value()) == (1, 2)


@pytest.mark.parametrize("wanted", [(None, 0), (7, 1), (None, None)])
def test_channels_that_are_not_there_give_the_nearest(of_nodes, wanted):
    pair = of_nodes("sobel", "blur")
    found = paired(pair.a, pair.b, wanted)
    assert found == {(None, 0): (0, 0), (7, 1): (2, 1), (None, None): (0, 0)}[wanted]


def test_maps_of_unequal_size_are_not_resized_but_said_to_differ(comparing, of_nodes, opened):
    pair, page = of_nodes("relu", "pool"), comparing.page
    assert pair.apart is None
    assert page.note.text == (
        "A has 3 × 48 × 64 values and B has 3 × 24 × 32: there are no cells in common, and nothing is resized. "
        "Below are the statistics of each."
    )
    rows = page.figures.rows
    assert [row.title for row in rows] == ["A", "B"]
    assert rows[1].values[1] == brief(pair.b.view.planes[0].max(), 5)
    QTest.mouseMove(page.view.viewport(), page.view.point_of((20, 31)).toPoint())
    below = pair.b.view.planes[0, 10, 15]
    assert page.readout.text.endswith(f"B {exact(below)}"), "of the cell at the same place of the picture"
    opened.commands.action("compare.difference").trigger()
    assert not page.view.tiles[2].isVisible()
    page.note.buttons[0].click()
    assert page.view.mode == "swipe"
    assert page.view.tiles[0].face.view.size == (48, 64)
    assert page.view.tiles[1].face.view.size == (24, 32)


def test_every_tool_has_a_name_for_screen_readers(comparing, of_nodes):
    of_nodes("sobel", "blur")
    tools = comparing.page.tools
    for widget in (*tools.channels.boxes, tools.channels.together, tools.blinker.seconds, tools.play):
        assert widget.accessibleName()
        assert widget.toolTip()
    assert "largest |A − B|" in comparing.page.figures.accessibleDescription()
    assert "A and B" in comparing.page.legends.accessibleDescription()
