from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from filterlab.gui.panels import Palette
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import install


@pytest.fixture
def runs(bench):
    """Counts how often each of some commands ran."""
    counts = {}

    def add(name, text, menu="&File", **options):
        counts[name] = 0
        bench.commands.add(name, text, lambda: counts.update({name: counts[name] + 1}), menu=menu, **options)

    add("file.open", "&Open a picture…", shortcut="Ctrl+O")
    add("file.save", "Save &maps…", shortcut="Ctrl+S", enabled=lambda: False)
    add("edit.undo", "Undo", "&Edit", shortcut="Ctrl+Z", search_words="take back 撤回")
    add("view.open", "Open wide", "&View", checked=lambda: True)
    return counts


@pytest.fixture
def palette(bench, runs, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    widget = Palette(commands=bench.commands, settings=bench.settings, parent=window)
    bench.commands.action("view.palette").trigger()
    yield widget
    widget.close()


def test_all_commands_stand_there_disabled_ones_last(palette):
    assert palette.isVisible()
    assert palette.shown_commands() == ["file.open", "edit.undo", "view.open", "file.save"]
    last = palette.list.topLevelItem(3)
    assert last.isDisabled()
    assert [last.text(i) for i in range(3)] == ["Save maps…", "File", "Ctrl+S"]
    assert palette.list.topLevelItem(2).text(0) == "✓ Open wide"


@pytest.mark.parametrize("query", ["撤回", "take back", "back take"])
def test_commands_are_found_by_what_people_type(palette, qtbot, query):
    palette.field.setText(query)
    assert palette.shown_commands() == ["edit.undo"]


def test_typing_and_enter_runs_the_command_once(palette, runs, qtbot):
    qtbot.keyClicks(palette.field, "pic op")
    assert palette.shown_commands() == ["file.open"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert runs == {"file.open": 1, "file.save": 0, "edit.undo": 0, "view.open": 0}
    assert not palette.isVisible()


def test_arrows_choose(palette, runs, qtbot):
    qtbot.keyClicks(palette.field, "open")
    assert palette.shown_commands() == ["file.open", "view.open"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert runs["view.open"] == 1
    assert runs["file.open"] == 0


def test_a_click_runs(palette, runs, qtbot):
    item = palette.list.topLevelItem(1)
    where = palette.list.visualItemRect(item).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert runs["edit.undo"] == 1


def test_menus_are_found_too(palette, qtbot):
    qtbot.keyClicks(palette.field, "edit")
    assert palette.shown_commands() == ["edit.undo"]


def test_disabled_commands_do_not_run(palette, runs, qtbot):
    qtbot.keyClicks(palette.field, "save")
    assert palette.shown_commands() == ["file.save"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert runs["file.save"] == 0


def test_escape_closes(palette, runs, qtbot):
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert not any(runs.values())


def test_nothing_found_says_so(palette, runs, qtbot):
    qtbot.keyClicks(palette.field, "qqq")
    assert palette.shown_commands() == []
    assert palette._none.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not any(runs.values())


def test_recent_commands_come_first_and_are_remembered(palette, bench, qtbot):
    qtbot.keyClicks(palette.field, "undo")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette.popup()
    assert palette.field.text() == ""
    assert palette.shown_commands()[0] == "edit.undo"
    assert bench.settings.value("palette/recent") == ["edit.undo"]


def test_it_can_open_with_a_text(palette):
    palette.popup("undo")
    assert palette.shown_commands() == ["edit.undo"]


def test_a_command_that_makes_sense_now_is_enabled_on_opening(bench, palette, runs):
    able = []
    bench.commands.add("x.y", "Special", lambda: None, enabled=lambda: bool(able))
    palette.popup("special")
    assert palette.list.topLevelItem(0).isDisabled()
    able.append(1)
    palette.popup("special")
    assert not palette.list.topLevelItem(0).isDisabled()


def test_english_words_find_commands_of_a_window_in_another_language(bench, qtbot):
    bench.commands.add("edit.undo", "撤销", lambda: None, menu="编辑")
    bench.commands.add("view.fit_all", "显示所有列", lambda: None, menu="视图")
    widget = Palette(commands=bench.commands, settings=bench.settings)
    qtbot.addWidget(widget)
    for query, found in (("undo", "edit.undo"), ("fit", "view.fit_all"), ("撤", "edit.undo")):
        widget.popup(query)
        assert widget.shown_commands() == [found]


@pytest.mark.parametrize("query", ["receptive", "effective field", "感受野"])
def test_a_chinese_window_finds_commands_by_their_english_words_too(bench, qtbot, query):
    install("zh_CN")
    try:
        holder = QWidget()
        qtbot.addWidget(holder)
        text = tr("Effective receptive field")
        assert text != "Effective receptive field"
        bench.commands.add("view.effective_field", text, lambda: None, menu="&View")
        bench.commands.add("view.other", tr("Full screen"), lambda: None, menu="&View")
        palette = Palette(commands=bench.commands, settings=bench.settings, parent=holder)
        palette.popup(query)
        assert palette.shown_commands() == ["view.effective_field"]
        palette.close()
    finally:
        install("en")
