from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QTabWidget, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.messages import MOST
from filterlab.gui.look.icons import level_pixmap
from filterlab.gui.look.theme import DARK, LIGHT
from filterlab.gui.panels import Banner, MessagesPanel


@pytest.fixture
def panel(bench, qtbot):
    widget = MessagesPanel(messages=bench.messages, theme=bench.theme)
    qtbot.addWidget(widget)
    widget.resize(900, 220)
    return widget


@pytest.fixture
def banner(bench, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    widget = Banner(messages=bench.messages, theme=bench.theme, parent=holder)
    holder.resize(900, 100)
    holder.show()
    yield widget
    holder.close()


def texts(panel, column=1):
    return [panel.table.item(row, column).text() for row in range(panel.table.rowCount())]


def broken():
    return FilterLabError("the file ends too early", "cat.png", "copy it again")


def test_messages_are_listed_with_hints(bench, panel):
    bench.messages.note("Saved")
    bench.messages.error(broken(), "cat.png was not opened", details="a traceback")
    assert texts(panel) == ["Saved", "cat.png was not opened: cat.png: the file ends too early"]
    assert texts(panel, 2) == ["", "copy it again"]
    accessible = panel.table.item(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert accessible.startswith("Error, ")


def test_what_was_said_before_is_listed_too(bench, qtbot):
    bench.messages.warn("early")
    widget = MessagesPanel(messages=bench.messages, theme=bench.theme)
    qtbot.addWidget(widget)
    assert texts(widget) == ["early"]
    assert widget.unread == 0


def test_copy_details(bench, panel, qtbot):
    panel.show()
    bench.messages.error(KeyError("size"), "cat.png was not opened", details="line 1\nline 2")
    bench.messages.note("Saved")
    panel.table.setCurrentCell(0, 1)
    assert panel.details.isVisible()
    assert panel.details.toPlainText() == "line 1\nline 2"
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text().split("\n")
    assert copied[0].endswith("Error: cat.png was not opened: KeyError: 'size'")
    assert copied[1:] == ["this is a bug in FilterLab; your work is unchanged", "line 1", "line 2"]
    panel.table.setCurrentCell(1, 1)
    assert not panel.details.isVisible()


def test_what_the_engine_says_in_words_needs_no_traceback(bench):
    bench.messages.error(broken(), details="line 1\nline 2")
    assert bench.messages.all[0].details == ""


def test_unread_errors_are_counted_until_the_panel_is_seen(bench, qtbot):
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    panel = MessagesPanel(messages=bench.messages, theme=bench.theme)
    tabs.addTab(QWidget(), "other")
    tabs.addTab(panel, "Messages")
    tabs.show()
    counts = []
    panel.unread_changed.connect(counts.append)
    bench.messages.note("Saved")
    bench.messages.error(broken())
    bench.messages.error(broken())
    tabs.setCurrentWidget(panel)
    bench.messages.error(broken())
    assert counts == [1, 2, 0]


def test_clear(bench, panel, qtbot):
    bench.messages.error(broken())
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert bench.messages.all == []
    assert texts(panel) == []
    assert panel.unread == 0
    assert not panel.copy_button.isEnabled()


def test_the_oldest_are_forgotten(bench, panel):
    for i in range(MOST + 3):
        bench.messages.note(f"{i}")
    assert texts(panel) == [message.text for message in bench.messages.all]
    assert texts(panel)[0] == "3"


def test_signs_differ_in_shape_not_only_in_colour(qapp):
    outlines = set()
    for level in ("note", "warning", "error"):
        image = level_pixmap(level, LIGHT, 16, 1.0).toImage().convertToFormat(QImage.Format.Format_Alpha8)
        outlines.add(bytes(image.constBits()))
        assert level_pixmap(level, DARK, 16, 2.0).size().width() == 32
    assert len(outlines) == 3


def test_the_banner_shows_the_newest_error_and_its_hint(bench, banner):
    assert not banner.isVisible()
    bench.messages.warn("odd", "look at it")
    assert banner.isVisible()
    assert banner.text == "odd — look at it"
    bench.messages.error(broken())
    assert banner.text == "cat.png: the file ends too early — copy it again"
    assert banner.accessibleName() == "Error: cat.png: the file ends too early"
    assert banner.accessibleDescription() == "copy it again"


def test_notes_go_by_themselves_and_errors_stay(bench, banner, qtbot):
    banner._timer.setInterval(20)
    bench.messages.note("Saved")
    assert banner.text == "Saved"
    qtbot.waitUntil(lambda: not banner.isVisible())
    bench.messages.error(broken())
    qtbot.wait(60)
    assert banner.message.level == "error"


def test_a_note_is_seen_although_an_error_stands_there(bench, banner, qtbot, monkeypatch):
    """Saving after something failed said nothing, because the red banner of before hid it."""
    monkeypatch.setattr("filterlab.gui.panels.banner.READING", 10**9)
    banner._timer.setInterval(20)
    bench.messages.error(broken())
    bench.messages.note("Saved 1 file")
    assert banner.text == "Saved 1 file"
    # It came at once, so that the error has hardly been read.
    qtbot.waitUntil(lambda: banner.message.level == "error")
    assert banner.isVisible()
    bench.messages.note("Saved 1 file")
    bench.messages.note("Saved 2 files")
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert banner.message.level == "error"
    bench.messages.note("Saved 3 files")
    bench.messages.clear()
    assert not banner.isVisible()


def test_an_error_that_was_read_ends_with_the_next_note(bench, banner, qtbot, monkeypatch):
    monkeypatch.setattr("filterlab.gui.panels.banner.READING", 0)
    banner._timer.setInterval(20)
    bench.messages.error(broken())
    qtbot.waitUntil(lambda: banner._shown.hasExpired(0))
    bench.messages.note("Saved 1 file")
    assert banner.text == "Saved 1 file"
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_an_error_takes_the_place_of_a_note_and_stays(bench, banner, qtbot):
    banner._timer.setInterval(20)
    bench.messages.note("Saved")
    bench.messages.error(broken())
    qtbot.wait(60)
    assert banner.isVisible()


def test_close_and_details(bench, banner, qtbot):
    bench.messages.error(broken())
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    bench.messages.error(broken())
    with qtbot.waitSignal(banner.details_requested):
        qtbot.mouseClick(banner.details_button, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    assert len(bench.messages.all) == 2


def test_markup_in_a_message_is_text(bench, banner):
    bench.messages.warn("<b>name</b>.png is odd")
    assert banner._text.textFormat() == Qt.TextFormat.PlainText


def test_a_long_message_keeps_the_banner_low(bench, banner):
    bench.messages.warn("x " * 5000)
    assert len(banner.text) < 400


def test_clearing_the_list_takes_the_banner_away(bench, banner):
    bench.messages.error(broken())
    bench.messages.clear()
    assert not banner.isVisible()


def test_themes(bench, banner, panel):
    bench.messages.error(broken())
    for name in ("dark", "light"):
        bench.theme.set(name)
        assert bench.theme.colors.error_back in banner.styleSheet()
        assert not panel.grab().isNull()
