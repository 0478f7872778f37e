"""The wall without a mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture
def press(wall, qtbot):
    wall.setFocus()
    return lambda key, keys=Qt.KeyboardModifier.NoModifier: qtbot.keyClick(wall.view, key, keys)


def test_arrows_move_the_pin_by_a_cell_and_with_shift_by_ten(opened, press):
    opened.selection.set_pin(Spot("sobel", 1, 20, 30))
    press(KEY.Key_Right)
    press(KEY.Key_Down)
    assert opened.selection.pin == Spot("sobel", 1, 21, 31)
    press(KEY.Key_Left, SHIFT)
    press(KEY.Key_Up, SHIFT)
    assert opened.selection.pin == Spot("sobel", 1, 11, 21)


def test_the_pin_stays_on_its_map(opened, press):
    opened.selection.set_pin(Spot("pool", 0, 23, 0))
    press(KEY.Key_Left)
    press(KEY.Key_Down, SHIFT)
    assert opened.selection.pin == Spot("pool", 0, 23, 0)
    press(KEY.Key_Right, SHIFT)
    press(KEY.Key_Right, SHIFT)
    press(KEY.Key_Right, SHIFT)
    press(KEY.Key_Right, SHIFT)
    assert opened.selection.pin.col == 31


def test_control_and_arrows_step_through_channels_and_columns(opened, press):
    opened.selection.set_pin(Spot("sobel", 0, 4, 5))
    press(KEY.Key_Down, CONTROL)
    assert opened.selection.pin == Spot("sobel", 1, 4, 5)
    press(KEY.Key_Right, CONTROL)
    assert opened.selection.node == "relu"
    press(KEY.Key_Left, CONTROL)
    press(KEY.Key_Left, CONTROL)
    press(KEY.Key_Left, CONTROL)
    assert opened.selection.node == "image"


def test_escape_unpins(opened, press):
    opened.selection.set_pin(Spot("sobel", 0, 4, 5))
    press(KEY.Key_Escape)
    assert opened.selection.pin is None


def test_return_pins_the_middle_then_shows_the_map_alone(wall, opened, press):
    opened.selection.select("relu")
    press(KEY.Key_Return)
    assert opened.selection.pin == Spot("relu", 0, 24, 32)
    press(KEY.Key_Return)
    assert opened.view.look.mode == "single"
    assert list(wall.view.tiles) == [("relu", 1)]


def test_one_map_steps_by_page_keys_and_arrows(wall, opened, press):
    opened.selection.select("sobel")
    opened.view.set(mode="single")
    press(KEY.Key_PageDown)
    press(KEY.Key_Down)
    assert list(wall.view.tiles) == [("sobel", 2)]
    press(KEY.Key_PageUp)
    assert list(wall.view.tiles) == [("sobel", 1)]
    press(KEY.Key_Right)
    assert opened.selection.node == "relu"
    press(KEY.Key_PageDown, CONTROL)
    assert opened.selection.node == "pool"


def test_the_pin_follows_the_channel_of_one_map(opened, press):
    opened.selection.set_pin(Spot("sobel", 0, 4, 5))
    opened.commands.action("view.mode_single").trigger()
    press(KEY.Key_PageDown)
    assert opened.selection.pin == Spot("sobel", 1, 4, 5)


def test_keys_scroll_where_nothing_is_pinned(wall, opened, press):
    opened.view.set(tile=400)
    press(KEY.Key_Down)
    press(KEY.Key_Right)
    assert (wall.view.offset.x(), wall.view.offset.y()) == (60, 60)
    press(KEY.Key_End)
    assert wall.view.offset.y() == wall.view.scroll_range()[1]
    press(KEY.Key_Home)
    press(KEY.Key_PageDown)
    assert 0 < wall.view.offset.y() < wall.view.height()
    press(KEY.Key_End, CONTROL)
    assert wall.view.offset.x() == wall.view.scroll_range()[0]


def test_digits_choose_the_mode(opened, press, qtbot, wall):
    for key, mode in ((KEY.Key_1, "overview"), (KEY.Key_3, "single"), (KEY.Key_2, "side")):
        assert opened.commands.action(f"view.mode_{mode}").shortcut().toString() == chr(key)
        assert opened.commands.action(f"view.mode_{mode}") in wall.view.actions()


def test_a_pin_that_moves_out_of_sight_is_followed(wall, opened, press):
    opened.view.set(tile=400)
    opened.selection.set_pin(Spot("image", 2, 47, 10))
    press(KEY.Key_Down)
    rect = wall.view.tile_rect("image", 3)
    assert rect.top() >= wall.view.head - 1
    assert rect.bottom() <= wall.view.height() + 1


def test_the_pinned_value_is_told_in_words(wall, opened):
    assert wall.view.accessibleName() == "Feature maps"
    assert wall.view.accessibleDescription() == "Nothing is pinned"
    value = opened.results.maps["sobel"].view.array[0, 3, 4]
    opened.selection.set_pin(Spot("sobel", 0, 3, 4))
    place, _, number = wall.view.accessibleDescription().rpartition(": ")
    assert place == "sobel, channel 0, row 3, column 4"
    assert np.float32(float(number.replace("−", "-"))) == value
    opened.selection.set_pin(Spot("sobel", 0, 300, 4))
    assert wall.view.accessibleDescription() == "Nothing is pinned"


def test_keys_step_through_a_vector(bench, show, qtbot):
    pipeline = fl.Pipeline([fl.Flatten(), ("scores", fl.Softmax(labels=tuple("abcdef")))])
    bench.document.open_pipeline("v", pipeline, None)
    bench.document.show_picture("p", Picture("p", np.arange(6, dtype=np.float32).reshape(1, 2, 3) / 6))
    wall = show(bench)
    bench.selection.set_pin(Spot("scores", 2, 0, 0))
    qtbot.keyClick(wall.view, KEY.Key_Down)
    assert bench.selection.pin == Spot("scores", 3, 0, 0)
    qtbot.keyClick(wall.view, KEY.Key_Down, SHIFT)
    assert bench.selection.pin == Spot("scores", 5, 0, 0)


def test_the_whole_frame_of_the_focus_is_painted(wall, qtbot):
    painted = []

    class Watch(QObject):
        def eventFilter(self, watched, event):  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                painted.append(event.rect())
            return False

    watch = Watch()
    wall.view.clearFocus()
    qtbot.wait(20)
    viewport = wall.view.viewport()
    viewport.installEventFilter(watch)
    frame = QPoint(viewport.width() // 2, 0)

    def color():
        return wall.view.viewport().grab().toImage().pixelColor(frame).name()

    wall.view.setFocus()
    qtbot.waitUntil(lambda: viewport.rect() in painted)
    assert color() == wall.bench.theme.colors.accent
    painted.clear()
    wall.view.clearFocus()
    qtbot.waitUntil(lambda: viewport.rect() in painted)
    assert color() != wall.bench.theme.colors.accent


def test_maps_that_are_zoomed_into_follow_the_pin(opened, show, qtbot):
    opened.view.set(crop=(10.0, 10.0, 12.0, 16.0))
    wall = show(opened)
    opened.selection.set_pin(Spot("sobel", 0, 11, 12))
    for key, place in ((KEY.Key_Up, (8, 12)), (KEY.Key_Left, (8, 9))):
        for _ in range(3):
            qtbot.keyClick(wall.view, key)
        assert opened.selection.pin[2:] == place
    assert opened.view.look.crop == pytest.approx((8, 9, 12, 16), abs=0.5)
    before = opened.view.look.crop
    qtbot.keyClick(wall.view, KEY.Key_Right)
    assert opened.view.look.crop == before, "nothing moves for a cell that is in view"
    qtbot.keyClick(wall.view, KEY.Key_Down, SHIFT)
    lens, tile = wall.view.lens(wall.view.tile_size()), wall.view.tile_size()
    x, y = lens.pixel(wall.view.content.strips["sobel"].place, *opened.selection.pin[2:])
    assert 0 <= x < tile[0]
    assert 0 <= y < tile[1]
