"""Hover, click, wheel and drag."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.wall.menu import WallMenu

NONE = Qt.KeyboardModifier.NoModifier


def wheel(wall, at, turn, keys=NONE):
    at = QPointF(at)
    viewport = wall.view.viewport()
    event = QWheelEvent(
        at,
        viewport.mapToGlobal(at),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def drag(wall, start, stop, button=Qt.MouseButton.MiddleButton):
    viewport = wall.view.viewport()
    for kind, at, pressed in (
        (QEvent.Type.MouseButtonPress, start, button),
        (QEvent.Type.MouseMove, (start + stop) / 2, button),
        (QEvent.Type.MouseMove, stop, button),
        (QEvent.Type.MouseButtonRelease, stop, Qt.MouseButton.NoButton),
    ):
        cause = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        event = QMouseEvent(kind, at, viewport.mapToGlobal(at), cause, pressed, NONE)
        QApplication.sendEvent(viewport, event)


SPOTS = [
    Spot("image", 1, 0, 0),
    Spot("sobel", 0, 20, 31),
    Spot("pool", 0, 0, 0),
    Spot("pool", 0, 23, 31),
]


@pytest.mark.parametrize("spot", SPOTS)
def test_the_value_under_the_cursor(wall, opened, mouse, spot):
    wall.view.reveal(spot.node)
    mouse.move(wall, wall.view.point_of(spot))
    assert opened.selection.hover == spot
    assert opened.selection.pin is None


def test_hover_computes_nothing_and_ends_when_the_cursor_leaves(wall, opened, mouse):
    number = opened.results._computations.newest
    mouse.move(wall, wall.view.point_of(SPOTS[1]))
    QApplication.sendEvent(wall.view.viewport(), QEvent(QEvent.Type.Leave))
    assert opened.selection.hover is None
    assert opened.results._computations.newest == number
    assert not opened.results.busy


@pytest.mark.parametrize("spot", SPOTS)
def test_a_click_pins_and_selects(wall, opened, mouse, spot):
    mouse.click(wall, wall.view.point_of(spot))
    assert opened.selection.pin == spot
    assert opened.selection.node == spot.node


def test_in_a_tile_of_colours_channel_0_is_meant(wall, opened, mouse):
    box = wall.view.tile_rect("image", 0)
    mouse.click(wall, box.center())
    assert opened.selection.pin.channel == 0
    assert (opened.selection.pin.row, opened.selection.pin.col) == (24, 32)


def test_a_click_on_a_header_selects_and_pins_nothing(wall, opened, mouse):
    mouse.click(wall, QPointF(wall.view.tile_rect("relu", 0).left() + 10, 10))
    assert opened.selection.node == "relu"
    assert opened.selection.pin is None


def test_hover_follows_zoomed_pictures(wall, opened, mouse):
    opened.view.set(crop=(8.0, 8.0, 24.0, 32.0))
    for spot in (Spot("sobel", 0, 12, 17), Spot("pool", 1, 5, 6)):
        mouse.move(wall, wall.view.point_of(spot))
        assert opened.selection.hover == spot


def test_the_wheel_scrolls_down_and_with_shift_sideways(opened, show):
    wall = show(opened, tile=400)
    at = wall.view.tile_rect("image", 0).center()
    wheel(wall, at, -240)
    assert (wall.view.offset.x(), wall.view.offset.y()) == (0, 240)
    wheel(wall, at, -120, Qt.KeyboardModifier.ShiftModifier)
    assert (wall.view.offset.x(), wall.view.offset.y()) == (120, 240)
    wheel(wall, at, 10_000)
    assert wall.view.offset.y() == 0


def test_the_scroll_bars_and_the_wall_agree(opened, show):
    wall = show(opened, tile=400)
    across, down = wall._bars
    assert (across.isVisible(), down.isVisible()) == (True, True)
    down.setValue(150)
    assert wall.view.offset.y() == 150
    wall.view.scroll_to(70, 90)
    assert (across.value(), down.value()) == (70, 90)


def test_ctrl_and_wheel_zoom_about_the_cursor_in_all_maps(wall, opened, mouse):
    spot = Spot("pool", 0, 6, 9)
    at = wall.view.point_of(spot)
    for _ in range(6):
        wheel(wall, at, 120, Qt.KeyboardModifier.ControlModifier)
    assert opened.view.look.crop is not None
    assert (wall.view.point_of(spot) - at).manhattanLength() < 1e-6
    mouse.move(wall, at)
    assert opened.selection.hover == spot
    # The same place of another map's tile shows the same point of the picture.
    offset = at - wall.view.tile_rect("pool", 1).topLeft()
    # It is one at which four cells meet.
    cells = [Spot("image", 0, row, col) for row in (12, 13) for col in (18, 19)]
    assert wall.view.spot_at(wall.view.tile_rect("image", 1).topLeft() + offset) in cells
    for _ in range(8):
        wheel(wall, at, -120, Qt.KeyboardModifier.ControlModifier)
    assert opened.view.look.crop is None


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton])
def test_dragging_moves_a_zoomed_picture(wall, opened, button):
    opened.view.set(crop=(8.0, 8.0, 24.0, 32.0))
    spot = Spot("image", 0, 20, 24)
    at = wall.view.point_of(spot)
    drag(wall, at, at + QPointF(30, -20), button)
    assert (wall.view.point_of(spot) - (at + QPointF(30, -20))).manhattanLength() < 1e-6
    assert opened.selection.pin is None


def test_dragging_moves_the_wall_where_nothing_is_zoomed(opened, show):
    wall = show(opened, tile=400)
    at = wall.view.tile_rect("image", 0).center()
    drag(wall, at, at - QPointF(50, 80))
    assert (wall.view.offset.x(), wall.view.offset.y()) == (50, 80)
    assert opened.view.look.crop is None


def test_a_double_click_shows_one_map_and_all_again(wall, opened, qtbot):
    at = wall.view.tile_rect("sobel", 2).center().toPoint()
    qtbot.mouseDClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened.view.look.mode == "single"
    assert list(wall.view.tiles) == [("sobel", 2)]
    qtbot.mouseDClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=wall.view.rect().center())
    assert opened.view.look.mode == "side"


def test_the_wheel_steps_through_channels_of_one_map(wall, opened):
    opened.selection.select("sobel")
    opened.view.set(mode="single")
    wheel(wall, wall.view.rect().center(), -120)
    assert list(wall.view.tiles) == [("sobel", 1)]


def test_the_menu_of_a_tile_saves_copies_pins_and_hides(wall, opened, qtbot):
    at = wall.view.point_of(Spot("sobel", 1, 5, 6))
    menu = wall.menu_at(at)
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(wall.save_requested) as saved:
        actions["Save this map…"].trigger()
    assert saved.args == [[("sobel", 1)]]
    with qtbot.waitSignal(wall.save_requested) as saved:
        actions["Save all maps of sobel…"].trigger()
    assert saved.args == [[("sobel", 0), ("sobel", 1), ("sobel", 2)]]
    actions["Pin this value"].trigger()
    assert opened.selection.pin == Spot("sobel", 1, 5, 6)
    actions["Hide this column"].trigger()
    assert opened.view.look.hidden == {"sobel"}
    menu.deleteLater()


def test_the_context_menu_opens_at_the_cursor_and_at_the_pin(wall, opened, qtbot):
    opened.selection.set_pin(Spot("sobel", 1, 5, 6))
    at = wall.view.tile_rect("image", 0).center().toPoint()
    for reason, text in (("Mouse", "Save all maps of image…"), ("Keyboard", "Save all maps of sobel…")):
        viewport = wall.view.viewport()
        event = QContextMenuEvent(getattr(QContextMenuEvent.Reason, reason), at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = wall.findChildren(WallMenu)[-1]
        assert menu.isVisible()
        assert text in [action.text() for action in menu.actions()]
        menu.close()
        qtbot.waitUntil(lambda: not wall.findChildren(WallMenu))


def test_zoom_commands(wall, opened):
    commands = opened.commands
    commands.action("view.zoom_in").trigger()
    crop = opened.view.look.crop
    assert (crop[0] + crop[2] / 2, crop[1] + crop[3] / 2) == pytest.approx((24, 32))
    commands.action("view.zoom_actual").trigger()
    assert wall.view.lens(wall.view.tile_size()).scale == pytest.approx(1 / wall.view.devicePixelRatioF())
    commands.action("view.zoom_fit").trigger()
    assert opened.view.look.crop is None
    spot = Spot("pool", 0, 3, 4)
    opened.selection.set_pin(spot)
    before = wall.view.point_of(spot)
    commands.action("view.zoom_in").trigger()
    commands.action("view.zoom_in").trigger()
    assert (wall.view.point_of(spot) - before).manhattanLength() < 1e-6
    commands.action("view.zoom_out").trigger()
    commands.action("view.zoom_out").trigger()
    assert opened.view.look.crop is None


def test_tool_tips_tell_what_is_too_small_to_read(wall, opened, pipeline, renew, monkeypatch):
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QToolTip

    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *rest: told.append(text))
    opened.document.edit("bad", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    renew(wall)
    at = wall.view.tile_rect("relu", 1).center().toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, at, wall.view.viewport().mapToGlobal(at))
    QApplication.sendEvent(wall.view.viewport(), event)
    assert told[0].startswith("relu\n0\nMax pooling 60×60")
    assert wall.view.content.strips["relu"].trouble in told[0]


def test_no_tool_tip_covers_a_map_that_has_nothing_to_say(wall, monkeypatch):
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QToolTip

    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *rest: told.append(text))
    tile = wall.view.tile_rect("relu", 1).center().toPoint()
    head = QPoint(tile.x(), 10)
    for at in (tile, head):
        event = QHelpEvent(QEvent.Type.ToolTip, at, wall.view.viewport().mapToGlobal(at))
        QApplication.sendEvent(wall.view.viewport(), event)
    (text,) = told
    assert text.startswith("relu\nReLU")
