"""The window slides."""

from __future__ import annotations

from PySide6.QtCore import Qt

from filterlab.gui.bench.selection import Spot
from filterlab.gui.explain.player import REDUCED


def pins_of(bench):
    seen = []
    bench.selection.pin_changed.connect(lambda: seen.append(bench.selection.pin))
    return seen


def test_it_steps_through_the_positions_row_by_row(panel, shown, qtbot):
    shown.selection.set_pin(Spot("adaptive", 2, 0, 5))
    seen = pins_of(shown)
    panel.player.set_speed(32)
    panel.player.play()
    qtbot.waitUntil(lambda: len(seen) >= 4)
    panel.player.pause()
    assert seen[:4] == [Spot("adaptive", 2, *cell) for cell in ((0, 6), (1, 0), (1, 1), (1, 2))]
    count = len(seen)
    qtbot.wait(100)
    assert len(seen) == count
    assert not panel.player.playing


def test_it_begins_again_at_the_end(panel, shown):
    shown.selection.set_pin(Spot("adaptive", 2, 4, 6))
    panel.player.step(1)
    assert shown.selection.pin == Spot("adaptive", 2, 0, 0)
    panel.player.step(-1)
    assert shown.selection.pin == Spot("adaptive", 2, 4, 6)


def test_buttons_slider_and_keys(panel, shown, qtbot):
    shown.selection.set_pin(Spot("adaptive", 2, 0, 0))
    shown.commands.refresh()
    bar = panel.tools.player
    assert bar.slider.maximum() == 34
    qtbot.mouseClick(bar.next_button, Qt.MouseButton.LeftButton)
    assert shown.selection.pin == Spot("adaptive", 2, 0, 1)
    bar.slider.setValue(20)
    assert shown.selection.pin == Spot("adaptive", 2, 2, 6)
    shown.commands.action("explain.previous").trigger()
    assert shown.selection.pin == Spot("adaptive", 2, 2, 5)
    assert bar.slider.value() == 19
    qtbot.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    assert panel.player.playing
    assert bar.play_button.accessibleName() == "Pause"
    shown.commands.action("explain.play").trigger()
    assert not panel.player.playing
    bar.speeds.setCurrentIndex(0)
    assert panel.player.speed == 1


def test_the_cursor_takes_over_while_it_is_on_the_map(panel, pin, shown, qtbot):
    pin("adaptive", 2, 0, 0)
    panel.player.set_speed(32)
    panel.player.play()
    shown.selection.set_hover(Spot("adaptive", 2, 3, 3))
    seen = pins_of(shown)
    pin.wait()
    assert panel.answer.spot == Spot("adaptive", 2, 3, 3)
    qtbot.wait(120)
    assert not seen
    shown.selection.set_hover(None)
    qtbot.waitUntil(lambda: len(seen) > 1)
    panel.player.pause()


def test_a_link_an_edit_and_a_missing_map_pause(panel, pin, items, shown, settle):
    pin("conv", 2, 5, 5)
    panel.player.play()
    panel.follow(Spot("image", 0, 5, 5))
    assert not panel.player.playing
    panel.player.play()
    shown.document.show_picture("Close", None)
    assert not panel.player.playing
    shown.selection.set_pin(None)
    assert not panel.player.can_play()
    panel.player.play()
    assert not panel.player.playing


def test_a_vector_has_nowhere_to_slide(panel, pin):
    pin("soft", 1)
    assert not panel.player.can_play()
    assert not panel.tools.player.play_button.isEnabled()


def test_nothing_moves_unasked_with_reduced_motion(panel, pin, shown):
    pin("conv", 2, 5, 5)
    panel.player.set_reduced_motion(False)
    panel.player.autoplay()
    assert panel.player.playing
    shown.commands.action("explain.reduced_motion").trigger()
    assert not panel.player.playing
    assert shown.settings.value(REDUCED) in (True, "true")
    panel.player.autoplay()
    assert not panel.player.playing
    panel.player.play()
    assert panel.player.playing
    panel.player.pause()


def test_steps_of_the_player_are_one_stop_of_the_way_back(panel, pin, shown):
    pin("relu", 0, 1, 1)
    pin("conv", 2, 5, 5)
    for _ in range(3):
        panel.player.step(1)
    panel.go(-1)
    assert shown.selection.pin == Spot("relu", 0, 1, 1)
