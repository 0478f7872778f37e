"""Everything can be done by keyboard alone: every link is reached by arrows, every button by Tab or a command."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSlider

from filterlab.gui.bench.selection import Spot
from filterlab.gui.explain.canvas import MOVES, _nearest

NODES = ["conv", "grouped", "pool", "adaptive", "norm", "sum", "gap", "flat", "linear", "soft"]


def reached(items):
    """The keys of all links that arrows lead to from the first."""
    found, waiting = {items[0].key}, [items[0]]
    while waiting:
        item = waiting.pop()
        for move in MOVES.values():
            after = _nearest(item, items, move)
            if after is not None and after.key not in found:
                found.add(after.key)
                waiting.append(after)
    return found


@pytest.mark.parametrize("size", [(1100, 260), (760, 200), (420, 170)])
@pytest.mark.parametrize("level", ["overview", "unit", "window"])
def test_arrows_reach_every_link(panel, pin, level, size):
    panel.resize(*size)
    panel.show_level(level)
    for node in NODES:
        pin(node, 1)
        items = panel.canvas.live
        assert reached(items) == {item.key for item in items}, node


@pytest.mark.parametrize("level", ["overview", "unit", "window"])
def test_enter_follows_what_the_arrows_are_on(panel, pin, shown, qtbot, level):
    panel.show_level(level)
    for node in ("grouped", "pool", "linear"):
        pin(node, 1)
        panel.canvas.current = None
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
            qtbot.keyClick(panel.canvas, key)
        item = panel.canvas.focused
        qtbot.keyClick(panel.canvas, Qt.Key.Key_Return)
        assert shown.selection.pin == (item.go or Spot(node, 1, 0, 0))


def test_the_item_with_the_focus_is_scrolled_to_and_described(panel, pin, qtbot):
    panel.resize(500, 170)
    panel.show()
    pin("soft", 1)
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_End)
    rect, bar = panel.canvas.focused.rect, panel.sheets.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() + panel.sheets.viewport().height() >= rect.bottom > bar.value())
    assert panel.canvas.accessibleDescription() == panel.canvas.focused.description


def test_weights_are_lit_by_arrows_too(panel, pin, shown, qtbot):
    pin("conv", 1, 8, 9)
    panel.activateWindow()
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Home)
    assert shown.overlays.touch is not None
    assert panel.status.text().startswith("image [0, 7, 8]")
    first = shown.overlays.touch
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert shown.overlays.touch != first


def test_breadcrumbs_by_tab_and_enter(panel, pin, shown, qtbot):
    pin("pool", 0, 3, 3)
    panel.activateWindow()
    panel.crumbs.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(panel.crumbs.hasFocus)
    way = [Spot(*crumb.where[:4]) for crumb in panel.chain.crumbs]
    qtbot.keyClick(panel.crumbs, Qt.Key.Key_Tab)
    qtbot.keyClick(panel.crumbs, Qt.Key.Key_Return)
    assert shown.selection.pin == way[1]
    pin.wait()
    panel.crumbs.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return):
        qtbot.keyClick(panel.crumbs, key)
    assert shown.selection.pin == way[2]


def test_tab_goes_round_all_that_takes_part(panel, pin, qtbot):
    pin("conv", 1, 8, 9)
    panel.resize(1300, 260)
    panel.activateWindow()
    seen, widget = [], panel.tools.levels["overview"]
    for _ in range(40):
        seen.append(widget)
        widget = widget.nextInFocusChain()
    focusable = [w for w in seen if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(panel)]
    assert panel.canvas in focusable
    assert panel.crumbs in focusable
    assert panel.tools.player.slider in focusable
    assert panel.tools.player.speeds in focusable


def test_everything_has_a_name_for_screen_readers(panel, pin):
    pin("conv", 1, 8, 9)
    for kind in (QAbstractButton, QComboBox, QSlider):
        for widget in panel.tools.findChildren(kind):
            assert widget.accessibleName() or widget.text(), widget


def test_every_button_is_a_command_too(panel, shown):
    for name in ("overview", "unit", "window", "regions", "back", "forward", "down", "copy", "play"):
        assert not shown.commands.action(f"explain.{name}").shortcut().isEmpty(), name
