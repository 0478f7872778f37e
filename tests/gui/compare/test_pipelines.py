"""Two pipelines on one picture: files, edits, and what goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

import filterlab as fl
from filterlab.gui.compare import comparing as module
from filterlab.gui.compare.saving import description
from filterlab.run.comparing import compare
from tests.gui.compare.conftest import shown


@pytest.fixture
def other(pipeline, tmp_path):
    """A file of the same pipeline in which the blur is another one."""
    path = tmp_path / "other.json"
    changed(pipeline).save(path)
    return path


def changed(pipeline):
    layers = [
        fl.Node(n.name, fl.Filter2d(fl.kernels.gaussian(3)) if n.name == "blur" else n.layer, n.inputs)
        for n in pipeline.nodes
    ]
    return fl.Pipeline(layers)


def rows(listing):
    tree = listing.tree
    return [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]


def errors(bench):
    return [message.text for message in bench.messages.all if message.level == "error"]


def test_the_list_says_where_another_pipeline_differs(comparing, opened, other, picture, qtbot):
    before = opened.document.work
    comparing.compare_file(other)
    pair = shown(comparing, qtbot, "blur", "blur")
    listing = comparing.page.listing
    assert listing.found == compare(before.pipeline, fl.Pipeline.load(other), picture.pixels)
    assert [item.text(0) for item in rows(listing)] == ["sobel", "relu", "pool", "blur"]
    assert listing.verdict.text() == "The first that differs: blur"
    marked = [item.text(0) for item in rows(listing) if not item.icon(0).isNull()]
    assert marked == ["blur"]
    assert listing.current == "blur"
    assert comparing.page.view.names()[1] == "B  other.json · blur · RGB"
    expected = fl.Pipeline.load(other).run(picture.pixels)["blur"]
    np.testing.assert_array_equal(pair.b.view.planes, expected)
    assert opened.document.work is before
    assert not errors(opened)


def test_a_row_shows_its_maps(comparing, other, qtbot):
    comparing.compare_file(other)
    shown(comparing, qtbot, "blur", "blur")
    listing = comparing.page.listing
    listing.tree.setCurrentItem(rows(listing)[2])
    pair = shown(comparing, qtbot, "pool", "pool")
    assert pair.here.largest == 0
    assert comparing.page.figures.rows[0].values[:2] == ("0", "–")
    said = rows(listing)[2].data(0, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "pool, does not differ: largest difference 0, relative 0"


def test_a_file_that_cannot_be_read_is_a_message(comparing, opened, tmp_path, qtbot):
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    before = opened.document.work
    comparing.compare_file(path)
    qtbot.waitUntil(lambda: bool(errors(opened)))
    assert errors(opened)[0].startswith("broken.json was not opened")
    assert not comparing.active
    assert opened.document.work is before


def test_pipelines_without_a_common_node_are_a_message_and_the_wall_comes_back(
    comparing, opened, tmp_path, qtbot
):
    path = tmp_path / "strange.json"
    fl.Pipeline([("strange", fl.ReLU())]).save(path)
    comparing.compare_file(path)
    qtbot.waitUntil(lambda: bool(errors(opened)))
    assert "no node in common" in errors(opened)[0]
    assert not comparing.active


def test_comparing_can_be_cancelled(comparing, opened, other, qtbot, monkeypatch):
    stopped = []

    def endless(a, b, pixels, *, cancel):
        while not cancel():
            pass
        stopped.append(True)

    monkeypatch.setattr(module, "compare", endless)
    comparing.compare_file(other)
    listing = comparing.page.listing
    qtbot.waitUntil(lambda: comparing.active)
    assert listing.verdict.text() == "Comparing untitled pipeline with other.json…"
    QTest.mouseClick(listing.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(stopped))
    assert not comparing.active
    assert not errors(opened)


def test_the_dialog_asks_for_the_file_of_a_pipeline(comparing, other, qtbot):
    dialog = comparing.ask_file()
    assert isinstance(dialog, QFileDialog)
    assert "*.onnx" in dialog.nameFilters()[0]
    dialog.fileSelected.emit(str(other))
    shown(comparing, qtbot, "blur", "blur")
    dialog.close()


def test_before_and_after_an_edit(comparing, opened, pipeline, settle, qtbot):
    action = opened.commands.action
    opened.commands.refresh()
    assert not action("compare.saved").isEnabled(), "nothing was edited"
    opened.document.edit("Soften the blur", changed(pipeline))
    settle(opened)
    for command, title in (
        ("compare.saved", "as saved"),
        ("compare.step", "step 3, after “Open test picture”"),
    ):
        opened.commands.refresh()
        action(command).trigger()
        pair = shown(comparing, qtbot, "blur", "blur")
        assert (pair.a.source.title, pair.b.source.title) == (title, "now")
        assert pair.here.largest > 0
        assert comparing.page.listing.found.first == "blur"
        comparing.close()


def test_any_step_of_the_history_can_be_compared(comparing, opened, pipeline, settle, qtbot):
    opened.document.edit("Soften the blur", changed(pipeline))
    opened.document.seal()
    opened.document.edit("Back", pipeline)
    settle(opened)
    dialog = comparing.ask_step()
    steps = dialog.comboBoxItems()
    assert steps[0] == "step 1, the first"
    assert dialog.textValue() == "step 4, after “Soften the blur”"
    dialog.accept()
    pair = shown(comparing, qtbot, "blur", "blur")
    assert pair.a.source.title == "step 4, after “Soften the blur”"


# -- following the document -----------------------------------------------------------------------------------


def test_an_edit_is_compared_at_once(comparing, of_nodes, opened, pipeline, settle, qtbot):
    pair = of_nodes("sobel", "blur")
    opened.document.edit("Soften the blur", changed(pipeline))
    assert comparing.page.view.stale
    qtbot.waitUntil(lambda: comparing.page.view.pair is not pair)
    assert not comparing.page.view.stale
    expected = opened.document.pipeline.run(opened.document.picture.pixels)["blur"]
    np.testing.assert_array_equal(comparing.page.view.pair.b.view.planes, expected)


def test_a_renamed_node_stays_and_a_removed_one_ends_the_comparison(
    comparing, of_nodes, opened, pipeline, qtbot
):
    of_nodes("sobel", "blur")
    named = [
        fl.Node("soft" if n.name == "blur" else n.name, n.layer, n.inputs)
        for n in opened.document.pipeline.nodes
    ]
    opened.document.edit("Rename", fl.Pipeline(named))
    shown(comparing, qtbot, "sobel", "soft")
    opened.document.edit("Remove", fl.Pipeline(named[:3]))
    assert not comparing.active


def test_another_pipeline_or_no_picture_ends_the_comparison(comparing, of_nodes, opened, pipeline):
    of_nodes("sobel", "blur")
    opened.document.show_picture("Close", None)
    assert not comparing.active
    assert comparing.page.view.pair is None, "the maps are let go"
    opened.document.undo()
    of_nodes("sobel", "blur")
    opened.document.open_pipeline("Open", changed(pipeline), None)
    assert not comparing.active
    assert comparing.first is None, "a node of the same name in another pipeline is not what was chosen"


# -- getting there, and away ----------------------------------------------------------------------------------


def test_the_menu_of_a_map_chooses_both_sides(comparing, opened, settle, qtbot):
    wall = comparing._wall
    wall.resize(900, 640)
    settle(opened)
    wall.refresh()

    def entry(node, text, number):
        at = wall.view.tile_rect(node, number).center()
        menu = wall.menu_at(QPointF(at))
        found = next(action for action in menu.actions() if action.text() == text)
        return menu, found

    menu, second = entry("blur", "Compare with A", 1)
    assert not second.isEnabled(), "nothing is A yet"
    menu.deleteLater()
    menu, first = entry("sobel", "Set as A", 2)
    first.trigger()
    menu.deleteLater()
    menu, second = entry("blur", "Compare with A", 1)
    second.trigger()
    menu.deleteLater()
    pair = shown(comparing, qtbot, "sobel", "blur")
    assert pair.channels == (1, 0)


def test_the_keys_of_the_wall_choose_both_sides(comparing, opened, qtbot):
    opened.selection.select("sobel")
    action = opened.commands.action
    assert [action(f"compare.{name}").shortcut().toString() for name in ("first", "with_first")] == ["A", "B"]
    opened.commands.refresh()
    action("compare.first").trigger()
    opened.selection.select("relu")
    opened.commands.refresh()
    action("compare.with_first").trigger()
    shown(comparing, qtbot, "sobel", "relu")


@pytest.mark.parametrize("way", ["escape", "command", "mode"])
def test_ways_back_to_the_wall(comparing, of_nodes, opened, way):
    of_nodes("sobel", "blur")
    if way == "escape":
        QTest.keyClick(comparing.page.view, Qt.Key.Key_Escape)
    else:
        opened.commands.refresh()
        opened.commands.action("compare.close" if way == "command" else "view.mode_side").trigger()
    assert not comparing.active
    assert comparing.page.isHidden()


def test_exchanging_the_sides_turns_the_sign(comparing, of_nodes, qtbot):
    pair = of_nodes("sobel", "blur")
    comparing.swap()
    other = shown(comparing, qtbot, "blur", "sobel")
    np.testing.assert_array_equal(other.apart.planes, -pair.apart.planes)


# -- saving ---------------------------------------------------------------------------------------------------


def test_the_picture_is_saved_as_shown_and_says_what_it_shows(comparing, of_nodes, opened, tmp_path, qtbot):
    of_nodes("sobel", "blur")
    comparing.page.tools.show_mode("difference")
    path = tmp_path / "apart.png"
    expected, words = comparing.page.image(), description(comparing.page)
    dialog = comparing.ask_target()
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(path.exists)
    image = QImage(str(path))
    assert image.convertToFormat(QImage.Format.Format_RGB32) == expected.convertToFormat(
        QImage.Format.Format_RGB32
    )
    assert image.text("Description") == words
    for part in ("A: sobel · 0", "B: blur · 0", "Difference", "A − B: −", "RMS"):
        assert part in words


def test_a_picture_that_cannot_be_written_is_a_message(comparing, of_nodes, opened, tmp_path, qtbot):
    of_nodes("sobel", "blur")
    dialog = comparing.ask_target()
    dialog.fileSelected.emit(str(tmp_path / "missing" / "apart.png"))
    dialog.close()
    qtbot.waitUntil(lambda: bool(errors(opened)))
    assert errors(opened)[0].startswith("apart.png was not written")
