"""Links, back and forward, breadcrumbs, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

import filterlab as fl
from filterlab.explain.drawing.outline import outline
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain import ExplainPanel
from filterlab.gui.explain.panel import LEVEL
from filterlab.gui.explain.player import SPEED, USUAL


def click(panel, qtbot, item):
    qtbot.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, item.rect.middle)))


def shown_spots(panel):
    return [Spot(*crumb.where[:4]) for crumb in panel.chain.crumbs]


@pytest.mark.parametrize(
    "cell", [("conv", 1, 8, 9), ("grouped", 2, 4, 6), ("pool", 0, 3, 3), ("mean", 2, 0, 0)]
)
@pytest.mark.parametrize("role", ["patch", "kernel", "product"])
def test_every_cell_pins_the_cell_that_it_reads(panel, pin, items, shown, qtbot, cell, role):
    pin(*cell)
    for index in range(len(items(role))):
        item = items(role)[index]
        click(panel, qtbot, item)
        where = item.term.where if item.term else None
        expected = Spot(*cell) if item.go is None else item.go
        assert shown.selection.pin == expected
        if where is not None and not where.padding:
            assert expected == Spot(*where[:4])
        pin(*cell)


@pytest.mark.parametrize("node", ["linear", "soft", "sum", "gap"])
def test_every_row_of_a_list_is_a_link(panel, pin, items, shown, qtbot, node):
    pin(node, 1, 0, 0)
    for index in range(len(items("term"))):
        item = items("term")[index]
        panel.sheets.ensureVisible(*map(round, item.rect.middle))
        click(panel, qtbot, item)
        assert shown.selection.pin == Spot(*item.key[1][:4])
        pin(node, 1, 0, 0)


def test_a_channel_s_part_shows_its_window(panel, pin, items, shown, qtbot):
    pin("conv", 1, 8, 9)
    click(panel, qtbot, items("part")[2])
    assert {item.key[2] for item in items("patch")} == {2}
    assert shown.selection.pin == Spot("conv", 1, 8, 9)


def test_back_and_forward(panel, pin, shown, qtbot):
    commands = shown.commands
    pin("pool", 0, 3, 3)
    first = shown.selection.pin
    commands.action("explain.down").trigger()
    pin.wait()
    second = shown.selection.pin
    assert second.node == "relu"
    panel.down()
    pin.wait()
    third = shown.selection.pin
    assert third == second._replace(node="conv")
    for name, expected in (("back", second), ("back", first), ("forward", second), ("forward", third)):
        commands.refresh()
        assert commands.action(f"explain.{name}").isEnabled()
        commands.action(f"explain.{name}").trigger()
        assert shown.selection.pin == expected
    commands.refresh()
    assert not commands.action("explain.forward").isEnabled()


def test_steps_within_one_map_are_one_stop(panel, pin, shown):
    pin("relu", 0, 1, 1)
    for col in range(2, 6):
        pin("conv", 1, 8, col)
    panel.go(-1)
    assert shown.selection.pin == Spot("relu", 0, 1, 1)
    panel.go(1)
    assert shown.selection.pin == Spot("conv", 1, 8, 5)


def test_vanished_maps_are_left_out_of_the_way_back(panel, pin, shown, settle):
    pin("relu", 0, 1, 1)
    pin("sum", 0, 1, 1)
    pin("conv", 0, 1, 1)
    kept = [node for node in shown.document.pipeline if node.name != "sum"]
    shown.document.edit("Remove sum", fl.Pipeline(kept))
    settle(shown)
    panel.go(-1)
    assert shown.selection.pin == Spot("relu", 0, 1, 1)


def test_the_breadcrumbs_are_the_path_of_winners(panel, pin, shown, picture, network):
    pin("pool", 0, 3, 3)
    terms = network.explain(picture.pixels, "pool", 0, 3, 3).terms
    winner = next(Spot(*term.where[:4]) for term in terms if term.wins)
    assert shown_spots(panel) == [Spot("pool", 0, 3, 3), winner, winner._replace(node="conv")]
    text = panel.crumbs.text().replace("&nbsp;", " ")
    assert "winner of 4" in text
    assert "max(0, x)" in text
    assert "27 products" in text
    assert "image [0…2, " in text


def test_a_crumb_pins_its_value_and_keeps_the_way(panel, pin, shown):
    pin("pool", 0, 3, 3)
    way = shown_spots(panel)
    panel.crumbs.linkActivated.emit("1")
    pin.wait()
    assert shown.selection.pin == way[2]
    assert shown_spots(panel) == way
    assert panel.chain.place == 2
    panel.crumbs.linkActivated.emit("0")
    pin.wait()
    assert shown.selection.pin == way[0]
    assert panel.chain.place == 0


def test_following_a_link_keeps_where_one_came_from(panel, pin, items, shown):
    pin("sum", 0, 3, 3)
    panel.follow(Spot("relu", 0, 3, 3))
    pin.wait()
    assert shown_spots(panel)[:2] == [Spot("sum", 0, 3, 3), Spot("relu", 0, 3, 3)]
    assert panel.chain.place == 1
    pin("conv", 2, 9, 9)
    assert panel.chain.place == 0


def test_the_keyboard_alone_goes_down_to_a_pixel_and_back(panel, pin, items, shown, qtbot):
    pin("pool", 1, 4, 5)
    shown.commands.action("explain.window").trigger()
    pin.wait()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Return)
    pin.wait()
    assert panel.spot.node == "relu"
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Space)
    pin.wait()
    assert panel.spot.node == "conv"
    panel.canvas.current = None
    first = panel.canvas.focused
    assert first.key[0] == "patch"
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Down)
    second = panel.canvas.focused
    assert second.key == ("patch", "image", 0, 1, 1)
    assert panel.canvas.accessibleDescription() == second.description
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Enter)
    assert shown.selection.pin == second.go
    panel.go(-1)
    assert shown.selection.pin.node == "conv"


def test_arrows_reach_all_grids_and_the_parts(panel, pin, qtbot):
    pin("conv", 1, 8, 9)
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Home)
    roles = set()
    for _ in range(14):
        roles.add(panel.canvas.focused.key[0])
        qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert roles == {"patch", "kernel", "product", "part"}
    qtbot.keyClick(panel.canvas, Qt.Key.Key_End)
    assert panel.canvas.focused == panel.canvas.live[-1]


def test_the_cursor_on_the_same_map_takes_over(panel, pin, shown):
    pin("conv", 1, 8, 9)
    shown.selection.set_hover(Spot("conv", 1, 20, 30))
    pin.wait()
    assert panel.answer.spot == Spot("conv", 1, 20, 30)
    shown.selection.set_hover(Spot("relu", 1, 2, 3))
    pin.wait()
    assert panel.answer.spot == Spot("conv", 1, 8, 9)


def test_hints_say_what_to_do(panel, pin, shown, settle):
    assert "Click a value" in panel.hint.text()
    assert panel.hint.isVisible()
    pin("pool", 0, 20, 20)
    assert not panel.hint.isVisible()
    pipeline = shown.document.pipeline
    shown.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(8)}))
    settle(shown)
    panel.refresh()
    assert "pool has no such value now" in panel.hint.text()
    shown.document.show_picture("Close", None)
    panel.refresh()
    assert "Open a picture" in panel.hint.text()


def test_an_edit_is_explained_anew(panel, pin, shown, settle, qtbot):
    pin("relu", 1, 8, 9)
    old = panel.answer.account.value
    pipeline = shown.document.pipeline
    double = pipeline["conv"].replace(weight=2 * pipeline["conv"].weight + 1)
    shown.document.edit("conv", pipeline.with_layers({"conv": double}))
    settle(shown)
    expected = shown.results.maps["relu"].view.value(1, 8, 9)
    qtbot.waitUntil(lambda: panel.answer.account.explanation.value == expected)
    assert panel.answer.account.value != old


@pytest.mark.parametrize("level", ["overview", "unit", "window"])
@pytest.mark.parametrize("node", ["conv", "pool", "linear", "soft"])
def test_copy_gives_what_the_command_line_prints(panel, pin, shown, network, picture, node, level):
    panel.show_level(level)
    pin(node, 1)
    shown.commands.refresh()
    shown.commands.action("explain.copy").trigger()
    text = QGuiApplication.clipboard().text()
    assert text == "\n".join(outline(network.explain(picture.pixels, node, 1, 0, 0)))
    assert panel.answer.account.value.replace("−", "-") in text.replace("−", "-")


def test_tool_tips_and_pointing(panel, pin, items, shown, qtbot):
    panel.resize(1200, panel.height())
    pin("conv", 1, 8, 9)
    item = items("kernel")[4]
    qtbot.mouseMove(panel.canvas, QPoint(*map(round, item.rect.middle)))
    qtbot.waitUntil(lambda: shown.overlays.touch is not None)
    touch = shown.overlays.touch
    assert (touch.node, touch.channel) == ("image", 0)
    assert (touch.lattice.top, touch.lattice.left) == (0, 0)
    assert touch.lattice.count == (48, 64)
    assert touch.color == items("patch")[4].hue
    assert panel.status.text().startswith("image [0, 8, 9]")
    assert "coloured above" in panel.status.text()
    qtbot.mouseMove(panel.canvas, QPoint(panel.canvas.width() - 2, panel.canvas.height() - 2))
    qtbot.waitUntil(lambda: shown.overlays.touch is None)


def test_each_cell_of_a_kernel_has_its_hue_on_the_input(pin, items):
    pin("conv", 1, 8, 9)
    hues = [item.hue for item in items("kernel")]
    assert len(set(hues)) == 9
    assert [item.hue for item in items("patch")] == hues
    pin("pool", 1, 4, 5)
    assert all(not item.hue for item in items("patch"))


def test_links_to_nodes_that_have_gone_lead_nowhere(panel, pin, items, shown, qtbot, settle):
    pin("relu", 1, 8, 9)
    (link,) = items("patch")
    shown.document.edit("other", fl.Pipeline([("blur", fl.Filter2d(fl.kernels.box(3)))]))
    panel.canvas.activated.emit(link)
    panel.canvas.pointed.emit(link)
    assert shown.selection.pin is None or shown.selection.pin.node in shown.document.pipeline
    shown.document.edit("empty", fl.Pipeline([]))
    settle(shown)


def test_a_layer_that_does_not_fit_says_why(panel, pin, shown, settle):
    pin("conv", 1, 8, 9)
    pixels = shown.document.picture.pixels[:1]
    shown.document.show_picture("Open", Picture("grey", pixels))
    settle(shown)
    panel.refresh()
    assert panel.hint.isVisible()
    assert "conv has no values now" in panel.hint.text()
    assert "3" in panel.hint.text()


def test_the_chosen_level_is_there_again_but_not_that_of_a_lesson(panel, shown, qtbot):
    shown.commands.action("explain.unit").trigger()
    panel.show_level("regions")
    panel.player.set_speed(16)
    bench = Workbench(shown.folder)
    again = ExplainPanel(bench)
    qtbot.addWidget(again)
    assert again.level == "unit"
    assert again.tools.levels["unit"].isChecked()
    assert again.player.speed == 16
    assert again.tools.player.speeds.currentText() == "16/s"
    bench.close()


@pytest.mark.parametrize("kept", ["nonsense", ""])
def test_a_level_that_is_none_is_the_usual_one(shown, qtbot, kept):
    shown.settings.setValue(LEVEL, kept)
    shown.settings.setValue(SPEED, kept)
    bench = Workbench(shown.folder)
    again = ExplainPanel(bench)
    qtbot.addWidget(again)
    assert again.level == "window"
    assert again.player.speed == USUAL
    bench.close()


def test_the_way_is_as_long_as_the_room_for_it(panel, pin, shown):
    pin("pool", 0, 3, 3)
    whole = panel.crumbs.text()
    panel.resize(330, 150)
    panel.refresh()
    pin.wait()
    panel._build()
    assert panel.crumbs.heightForWidth(panel.crumbs.width()) < 1.5 * panel.fontMetrics().lineSpacing()
    assert "pool [0, 3, 3] = " in panel.crumbs.text()
    assert panel.crumbs.text().endswith("…")
    panel.resize(1100, 260)
    panel._build()
    assert panel.crumbs.text() == whole
