"""The window as a whole: its parts together, on real widgets."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

import filterlab as fl
from filterlab.cli import main
from filterlab.gui.bench.selection import Spot
from filterlab.gui.inspector.fields import NumberField
from filterlab.resources import examples, samples


@pytest.fixture
def window(make_window):
    return make_window()


@pytest.fixture
def loaded(window, picture, pipeline, settle):
    """The window with picture and pipeline, everything computed."""
    window.bench.document.show_picture("Open picture", picture)
    window.bench.document.open_pipeline("Open pipeline", pipeline, None)
    settle(window.bench)
    return window


@pytest.mark.parametrize(
    ("screen", "most"),
    [((1366, 728), (1366, 688)), ((1920, 1040), (1536, 900)), ((2560, 1400), (2048, 1088))],
)
def test_a_new_window_takes_a_good_share_of_the_screen_and_never_more_than_all(
    make_window, monkeypatch, screen, most
):
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QSize(*screen))
    window = make_window()
    assert window.size() == QSize(*most)


def test_an_empty_window_teaches_until_there_are_a_picture_and_layers(window, picture, pipeline, settle):
    assert window.centre.currentWidget() is window.start_page
    window.bench.document.show_picture("Open", picture)
    settle(window.bench)
    assert window.centre.currentWidget() is window.start_page, "it offers examples for the picture"
    window.bench.document.open_pipeline("Open", pipeline, None)
    assert window.centre.currentWidget() is window.wall
    window.bench.commands.action("edit.undo").trigger()
    window.bench.commands.action("edit.undo").trigger()
    assert window.centre.currentWidget() is window.start_page


def test_the_title_names_file_and_picture_and_marks_unsaved_work(loaded, tmp_path):
    assert loaded.windowTitle() == "untitled pipeline[*] — test picture — FilterLab"
    assert not loaded.isWindowModified()
    loaded.bench.document.edit("Add", fl.Pipeline([*loaded.bench.document.pipeline, ("abs", fl.Abs())]))
    assert loaded.isWindowModified()
    loaded.bench.document.pipeline.save(tmp_path / "mine.json")
    loaded.bench.document.mark_saved(tmp_path / "mine.json")
    assert not loaded.isWindowModified()
    assert loaded.windowTitle().startswith("mine.json[*]")


def test_what_it_shows_is_what_run_writes(window, qtbot, settle, tmp_path):
    """The same file over the same picture: on the screen and from the command line."""
    source, chain = samples()["coffee"], examples()["blur-sharpen"]
    window.files.open_paths([source, chain])
    qtbot.waitUntil(lambda: bool(window.bench.document.picture and len(window.bench.document.pipeline)))
    settle(window.bench)
    assert main(["run", str(chain), str(source), "--out", str(tmp_path), "--format", "npy"]) == 0
    written = {path.stem: np.load(path) for path in (tmp_path / "coffee").glob("*.npy")}
    shown = {name: s.view.array for name, s in window.bench.results.maps.items() if name != "image"}
    assert sorted(written) == sorted(shown) == sorted(node.name for node in window.bench.document.pipeline)
    for name, array in written.items():
        np.testing.assert_array_equal(array, shown[name])
        assert array.dtype == shown[name].dtype


def test_every_command_has_words_and_a_key_of_its_own(window):
    keys = Counter()
    for command in window.bench.commands:
        assert command.action.text(), command.name
        assert command.action.toolTip(), command.name
        for key in command.action.shortcuts():
            if command.everywhere:
                keys[key.toString(QKeySequence.SequenceFormat.PortableText)] += 1
    assert not [key for key, count in keys.items() if count > 1]
    inside = {
        key.toString(QKeySequence.SequenceFormat.PortableText)
        for command in window.bench.commands
        if not command.everywhere
        for key in command.action.shortcuts()
    }
    assert not inside & set(keys), "keys of a part would be ambiguous with those of the window"


def test_the_menus_hold_the_commands(window):
    in_menus = set()
    for action in window.menuBar().actions():
        in_menus |= names_in(action.menu())
    missing = {c.name for c in window.bench.commands if c.menu} - in_menus
    assert not missing


def test_menus_begin_with_what_is_used_most_and_end_with_what_ends(window):
    listed = {
        title.text(): ["-" if a.isSeparator() else a.objectName() for a in title.menu().actions()]
        for title in window.menuBar().actions()
    }
    assert listed["&File"][0] == "file.new"
    assert listed["&File"][-2:] == ["-", "file.quit"]
    assert listed["&Edit"][:3] == ["edit.undo", "edit.redo", "-"]
    assert listed["&View"][0] == "view.mode_overview"
    assert listed["&View"][-1] == "view.full_screen"
    colors = {a.objectName() for a in window.toolbar.colors_menu.actions()}
    assert "view.colormap_viridis" in colors
    for names in listed.values():
        assert names[0] != "-" != names[-1]
        assert not any(a == b == "-" for a, b in pairwise(names))


def test_no_menu_is_higher_than_a_small_screen(window):
    for title in window.menuBar().actions():
        assert title.menu().sizeHint().height() <= 600, title.text()


def test_everything_that_takes_the_focus_has_a_name(loaded, settle):
    for node in ("image", "sobel", "pool"):
        loaded.bench.selection.select(node)
        settle(loaded.bench)
        unnamed = [widget for widget in loaded.findChildren(QWidget) if needs_name(widget)]
        assert not unnamed, [(type(w).__name__, w.parent().objectName(), type(w.parent())) for w in unnamed]


def needs_name(widget):
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
        return False
    inner = isinstance(widget, QLineEdit) and widget.objectName() == "qt_spinbox_lineedit"
    inner = inner or (isinstance(widget, QLineEdit) and isinstance(widget.parent(), QComboBox))
    text = widget.text() if isinstance(widget, (QAbstractButton, QLineEdit, QLabel)) else ""
    area = widget.parent()
    inner = inner or (isinstance(area, QAbstractScrollArea) and area.viewport() is widget)
    frame = type(widget).__name__ in ("QTabBar", "QScrollBar", "QScrollArea", "MainWindow")
    return not (inner or frame or text or widget.accessibleName())


def test_a_drop_opens(window, qtbot, settle):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(samples()["camera"]))])
    actions, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(400, 300), actions, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), actions, mime, buttons, keys))
    qtbot.waitUntil(lambda: window.bench.document.picture is not None)
    assert window.bench.document.picture.path == samples()["camera"]


def test_a_file_that_is_no_picture_leaves_the_work_and_says_why(loaded, qtbot, tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_text("not a picture")
    work = loaded.bench.document.work
    loaded.files.open_paths([bad])
    qtbot.waitUntil(lambda: bool(loaded.bench.messages.all))
    assert loaded.bench.document.work is work
    assert loaded.bench.messages.all[-1].level == "error"
    assert "bad.png" in loaded.bench.messages.all[-1].text
    assert loaded.banner.isVisible()


def test_languages_are_found_by_their_english_names(window):
    words = {command.name: command.other_words for command in window.bench.commands}
    assert words["view.language_zh_CN"] == "Chinese"
    assert words["view.language_system"] == ""


def test_a_second_start_brings_everything_back(make_window, qtbot, settle):
    first = make_window()
    first.files.open_paths([samples()["coffee"], examples()["edges"]])
    qtbot.waitUntil(lambda: bool(first.bench.document.picture and len(first.bench.document.pipeline)))
    settle(first.bench)
    first.bench.selection.set_pin(Spot("sobel-x", 1, 20, 30))
    first.bench.view.set(scope="common", hidden=frozenset({"sobel-y"}))
    pipeline = first.bench.document.pipeline
    assert first.close()
    second = make_window()
    second.session.restore()
    qtbot.waitUntil(lambda: second.bench.document.picture is not None)
    settle(second.bench)
    assert second.bench.document.pipeline == pipeline
    assert second.bench.selection.pin == Spot("sobel-x", 1, 20, 30)
    assert second.bench.view.look == first.bench.view.look
    qtbot.waitUntil(lambda: set(second.bench.results.maps) == {"image", "sobel-x", "edges"})


def test_closing_with_unsaved_work_asks_and_cancel_keeps_it(loaded, qtbot):
    edited = fl.Pipeline([*loaded.bench.document.pipeline, ("abs", fl.Abs())])
    loaded.bench.document.edit("Add abs", edited)
    assert not loaded.close()
    assert loaded.isVisible()
    assert loaded.bench.document.pipeline is edited


def test_an_example_is_called_by_its_title(window, pipeline):
    window.bench.document.open_pipeline("Open", pipeline, None, title="Edges")
    assert window.windowTitle().startswith("Edges[*]")
    assert window.toolbar.title.name.text() == "Edges"


def test_closing_takes_a_number_that_was_just_typed(loaded, qtbot):
    with qtbot.waitActive(loaded):
        loaded.activateWindow()
    field = NumberField()
    given = []
    field.given.connect(given.append)
    loaded.statusBar().addWidget(field)
    field.setFocus()
    QTest.keyClicks(field, "7")
    loaded.close()
    assert given == [7]


def test_undo_all_brings_the_first_objects_back(loaded, pipeline):
    document = loaded.bench.document
    for size in (3, 4, 5):
        document.edit(f"pool {size}", document.pipeline.with_layers({"pool": fl.MaxPool2d(size)}))
    while document.history.undo_label is not None:
        loaded.bench.commands.action("edit.undo").trigger()
    assert document.picture is None
    assert len(document.pipeline) == 0
    for _ in range(2):
        loaded.bench.commands.action("edit.redo").trigger()
    assert document.pipeline is pipeline


def test_themes_change_the_colours_and_are_remembered(window):
    light = window.bench.theme.colors
    window.bench.commands.action("view.theme_dark").trigger()
    assert window.bench.theme.colors is not light
    assert window.bench.settings.value("theme") == "dark"
    assert window.bench.commands.action("view.theme_dark").isChecked()
    window.bench.commands.action("view.theme_light").trigger()
    assert window.bench.theme.colors is light


def test_unread_messages_are_counted_on_their_tab(window):
    window.bench.messages.error(fl.FilterLabError("something", "somewhere", "do something"))
    index = window.tabs.indexOf(window.messages_panel)
    assert window.tabs.tabText(index) == "Messages 1"
    window.banner.details_requested.emit()
    assert window.tabs.currentWidget() is window.messages_panel
    assert window.tabs.tabText(index) == "Messages"


def test_a_tip_in_the_status_bar_moves_nothing(loaded, qtbot):
    before = loaded.heights.sizes()
    loaded.statusBar().showMessage("The selected map as large as the wall")
    qtbot.wait(20)
    assert loaded.heights.sizes() == before


def test_tab_does_not_stop_at_the_tool_bar(loaded):
    fields = loaded.toolbar.findChildren(QWidget)
    assert not [f for f in fields if f.isVisible() and f.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_undo_is_no_wider_than_its_icon_and_names_the_edit_in_its_tip(loaded, qtbot):
    undo = tool(loaded, "edit.undo")
    before = undo.geometry()
    loaded.bench.document.edit("Rename a to b", fl.Pipeline([fl.Abs()]))
    qtbot.wait(20)
    assert undo.geometry() == before
    assert undo.width() <= 32
    assert undo.toolTip() == "Undo Rename a to b (Ctrl+Z)"
    assert undo.accessibleName() == "Undo Rename a to b"
    assert not undo.icon().isNull()


def tool(window, name):
    """The button of a command in the tool bar."""
    buttons = window.toolbar.findChildren(QToolButton)
    return next(b for b in buttons if b.defaultAction() is window.bench.commands.action(name))


def test_the_tool_bar_names_the_pipeline_and_says_whether_it_was_edited(loaded, tmp_path):
    # On the small screen of tests the tool bar may have no room for its title.
    title = loaded.toolbar.title
    assert not title.state.isVisibleTo(title)
    loaded.bench.document.edit("Add", fl.Pipeline([*loaded.bench.document.pipeline, ("abs", fl.Abs())]))
    assert title.state.isVisibleTo(title)
    loaded.bench.document.pipeline.save(tmp_path / "mine.json")
    loaded.bench.document.mark_saved(tmp_path / "mine.json")
    assert title.name.text() == "mine"
    assert not title.state.isVisibleTo(title)


def test_the_slider_sets_the_size_of_tiles_and_follows_it(loaded, qtbot):
    slider, wall = loaded.toolbar.sizes.slider, loaded.wall.view
    slider.setValue(80)
    large = wall.tile
    slider.setValue(0)
    assert wall.tile == 60 < large
    loaded.bench.commands.action("view.larger").trigger()
    assert slider.value() > 0
    loaded.bench.commands.action("view.tiles_automatic").trigger()
    assert loaded.bench.view.look.tile == 0, "the slider follows, and sets nothing"
    loaded.bench.view.set(mode="overview")
    assert not slider.isEnabled()


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_every_tool_is_seen_or_in_the_menu_of_what_has_no_room(loaded, qtbot, width):
    loaded.resize(width, 640)
    qtbot.waitUntil(lambda: loaded.width() == width)
    qtbot.wait(20)
    row = loaded.toolbar.row
    row.menu.aboutToShow.emit()
    listed = names_in(row.menu)
    for button in row.findChildren(QToolButton):
        if button.isVisible():
            place = QRect(button.mapTo(loaded, QPoint()), button.size())
            assert QRect(QPoint(), loaded.size()).contains(place), button.text()
        elif button.defaultAction() is not None:
            assert button.defaultAction().objectName() in listed, button.text()
    for name in ("range_map", "colormap_viridis", "palette"):
        buttons = (loaded.toolbar.ranges, loaded.toolbar.colors, loaded.toolbar.search)
        button = next(b for b, n in zip(buttons, ("range", "colormap", "palette"), strict=True) if n in name)
        assert button.isVisible() != (f"view.{name}" in listed)
    assert bool(row.hidden_tools()) == (width < 1300)


def names_in(menu):
    """The names of the commands in a menu and in those below it."""
    entries = menu.actions()  # held, as the menus of entries that nobody holds are deleted
    below = [names_in(entry.menu()) for entry in entries if entry.menu() is not None]
    return {entry.objectName() for entry in entries}.union(*below)


def test_a_small_screen_has_the_whole_window(loaded, qtbot):
    name = "n" * 80
    loaded.bench.document.edit("Add", fl.Pipeline([fl.Node(name, fl.Abs(), ("image",))]))
    loaded.bench.selection.set_pin(Spot(name, 0, 3, 4))
    loaded.resize(1024, 640)
    qtbot.waitUntil(lambda: name in loaded.bench.results.maps)
    qtbot.wait(60)
    assert (loaded.width(), loaded.height()) == (1024, 640)
    edge = loaded.toolbar.row.more
    assert edge.mapTo(loaded, QPoint(edge.width(), 0)).x() <= 1024
