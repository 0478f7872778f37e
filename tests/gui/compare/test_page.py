"""The page in the window: it takes the place of the wall, and gives it back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from filterlab.gui.bench.work import Work
from filterlab.gui.compare.view import side_names
from filterlab.gui.look.toolrow import ToolRow
from filterlab.gui.window import MainWindow
from tests.gui.compare.conftest import shown


@pytest.fixture
def window(opened, qtbot):
    found = MainWindow(opened)
    found.resize(1366, 768)
    with qtbot.waitActive(found):
        found.show()
    yield found
    opened.document.restore(Work(), saved=True)
    found.close()
    found.deleteLater()


def test_keys_lead_to_the_page_through_it_and_back(window, opened, settle, qtbot):
    settle(opened)
    wall, comparing = window.wall, window.comparing
    wall.refresh()
    wall.view.setFocus()
    for node, key in (("sobel", Qt.Key.Key_A), ("blur", Qt.Key.Key_B)):
        opened.selection.select(node)
        QTest.keyClick(wall.view, key)
    shown(comparing, qtbot, "sobel", "blur")
    view = comparing.page.view
    assert window.centre.currentWidget() is comparing.page
    assert view.hasFocus()
    for key, mode in ((Qt.Key.Key_3, "difference"), (Qt.Key.Key_1, "swipe")):
        QTest.keyClick(view, key)
        assert view.mode == mode
    QTest.keyClick(view, Qt.Key.Key_L)
    assert view.cell == view.pair.here.where[1:]
    pin = opened.selection.pin
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.centre.currentWidget() is wall
    assert wall.view.hasFocus()
    assert opened.selection.pin == pin, "Esc goes back, and does not unpin"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_a_small_screen_with_the_list_of_nodes(window, opened, pipeline, settle, qtbot, theme):
    opened.theme.set(theme)
    settle(opened)
    document = opened.document
    document.edit("Edit", type(pipeline)(pipeline.nodes[:3]))
    settle(opened)
    opened.commands.action("compare.step").trigger()
    shown(window.comparing, qtbot, "pool", "pool")
    page = window.comparing.page
    assert (window.width(), window.height()) == (1366, 768), "the page does not make the window larger"
    assert page.view.width() >= 400
    assert page.view.height() >= 300
    assert page.figures.geometry().bottom() <= page.height()


def test_modes_without_room_are_in_the_menu_of_the_row(window, opened, settle, qtbot):
    settle(opened)
    comparing = window.comparing
    comparing.choose("sobel", 0, False)
    comparing.choose("blur", 0, True)
    shown(comparing, qtbot, "sobel", "blur")
    row = comparing.page.tools.findChild(ToolRow)
    row.setFixedWidth(row.minimumSizeHint().width())
    qtbot.waitUntil(row.more.isVisible)
    row.menu.aboutToShow.emit()
    found = [action for action in row.menu.actions() if not action.isSeparator()]
    assert [action.text() for action in found[:3]] == ["Swipe", "Blink", "Difference"]
    found[2].trigger()
    assert comparing.page.view.mode == "difference"


def test_a_command_says_how_two_filters_are_compared(window, opened):
    command = opened.commands.action("compare.how")
    assert command.isEnabled()
    command.trigger()
    words = opened.messages.all[-1].text
    for name in ("compare.first", "compare.with_first"):
        assert opened.commands.action(name).text() in words


def test_the_mean_of_three_channels_is_compared_as_it_is_shown(window, opened, settle, qtbot):
    settle(opened)
    window.wall.refresh()
    assert window.wall.view.content.strips["sobel"].mean
    window.comparing.choose("sobel", None, False)
    assert "mean" in opened.messages.all[-1].text
    assert window.banner.message is opened.messages.all[-1]
    window.comparing.choose("image", None, True)
    assert window.banner.message is None, "the other map is chosen"
    pair = shown(window.comparing, qtbot, "sobel", "image")
    mean = opened.results.maps["sobel"].view.array.mean(axis=0)
    np.testing.assert_array_equal(pair.a.view.array, mean[None])
    assert side_names(pair)[0] == "sobel · mean"
    window.comparing.swap()
    pair = shown(window.comparing, qtbot, "image", "sobel")
    assert [side.mean for side in pair.sides] == [False, True]


def test_the_tile_that_was_chosen_as_a_is_marked(window, opened, settle):
    settle(opened)
    wall = window.wall
    wall.refresh()
    plain = wall.grab_wall()
    window.comparing.choose("sobel", 1, False)
    marked = {key for key, tile in wall.view.tiles.items() if tile.face.mark == "A"}
    assert marked == {("sobel", wall.view.content.strips["sobel"].entry(1))}
    assert wall.grab_wall() != plain
    opened.document.edit("Remove", opened.document.pipeline.__class__())
    assert not [tile for tile in wall.view.tiles.values() if tile.face.mark]
