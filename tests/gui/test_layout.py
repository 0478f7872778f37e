"""The room of the window: what is seen at first, what folds and opens, and what is remembered."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QScreen

from filterlab.gui.bench.selection import Spot
from filterlab.resources import examples, samples

SMALL = QSize(1366, 728)  # a screen of 1366 x 768 with a task bar


@pytest.fixture
def make_window(make_window):
    """Make a window over settings of its own; again for a second start, with what is remembered."""
    return partial(make_window, restored=True)


@pytest.fixture
def edges(make_window, monkeypatch, qtbot, settle):
    """The example of edges on a screen of 1366 x 768, all maps computed."""
    monkeypatch.setattr(QScreen, "availableSize", lambda _: SMALL)
    window = make_window()
    window.files.open_paths([samples()["coffee"], examples()["edges"]])
    qtbot.waitUntil(lambda: bool(window.bench.document.picture and len(window.bench.document.pipeline)))
    settle(window.bench)
    window.wall.refresh()
    return window


def test_at_1366_by_768_all_columns_are_whole_at_first(edges):
    view = edges.wall.view
    shown = [column.node for column in view.columns_on_screen()]
    assert shown == ["image", "sobel-x", "sobel-y", "edges"]
    assert view.scroll_range() == (0, 0), "nothing of them is outside, down to the last channel"
    assert view.tile >= 140
    assert edges.tabs.folded


def test_nothing_is_outside_of_a_small_screen(edges):
    assert edges.width() <= SMALL.width()
    assert edges.height() <= SMALL.height()
    whole = QRect(QPoint(), edges.size())
    parts = (edges.toolbar, edges.chain, edges.wall, edges.inspector, edges.tabs, edges.statusBar())
    for part in parts:
        assert whole.contains(QRect(part.mapTo(edges, QPoint()), part.size())), type(part).__name__


def test_the_window_fits_the_same_screen_where_everything_is_half_as_large_again(edges):
    for name in edges.pages:
        edges.show_tab(name)
        assert edges.minimumSizeHint().width() <= 1366 / 1.5, name
        assert edges.minimumSizeHint().height() <= 728 / 1.5 - 40, name


def test_the_panels_open_at_a_pin_and_give_the_room_back(edges):
    height, tile = edges.wall.height(), edges.wall.view.tile
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 88, 300))
    assert not edges.tabs.folded
    assert edges.explain.isVisible()
    assert edges.wall.height() < height
    assert edges.wall.view.tile == tile, "no map changes its size under one's eyes"
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 80, 300))
    assert not edges.tabs.folded
    edges.bench.selection.set_pin(None)
    assert edges.tabs.folded
    assert not edges.explain.isVisible()
    assert edges.wall.height() == height


def test_a_pin_that_the_panels_would_cover_is_scrolled_to(edges):
    view = edges.wall.view
    edges.bench.selection.set_pin(Spot("edges", 2, 10, 10))
    strip = view.content.strips["edges"]
    rect = view.tile_rect("edges", strip.entry(2))
    assert rect.bottom() <= view.height()


def test_panels_that_the_person_folded_stay_folded_while_the_pin_moves(edges):
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 88, 300))
    edges.bench.commands.action("view.details").trigger()
    assert edges.tabs.folded
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 90, 300))
    assert edges.tabs.folded


def test_a_tab_opens_the_panels_and_folds_them(edges, qtbot):
    bar = edges.tabs.tabBar()

    def click(name):
        place = bar.tabRect(edges.tabs.indexOf(edges.pages[name])).center()
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)

    click("history")
    assert not edges.tabs.folded
    assert edges.pages["history"].isVisible()
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 88, 300))
    edges.bench.selection.set_pin(None)
    assert edges.pages["history"].isVisible(), "the person has chosen it"
    click("messages")
    assert edges.pages["messages"].isVisible()
    click("messages")
    assert edges.tabs.folded


def test_what_a_command_shows_is_opened(edges):
    edges.bench.commands.action("learn.show").trigger()
    assert edges.learning.isVisible()
    edges.tabs.fold()
    edges.banner.details_requested.emit()
    assert edges.messages_panel.isVisible()


def test_the_panels_keep_the_height_that_they_were_dragged_to(edges, qtbot):
    edges.show_tab("history")
    total = sum(edges.heights.sizes())
    edges.heights.setSizes([total - 333, 333])
    edges.tabs.fold()
    edges.tabs.open()
    assert edges.tabs.height() == 333


def test_shift_f1_opens_the_lessons_and_closes_them(edges, qtbot):
    for shown in (True, False, True):
        qtbot.keyClick(edges, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
        assert edges.lessons_dock.isVisible() == shown


def test_in_a_narrow_window_the_lessons_take_the_place_of_the_pipeline(edges, qtbot):
    edges.lessons_dock.show()
    assert not edges.chain.isVisible()
    edges.resize(1600, 700)
    qtbot.waitUntil(edges.chain.isVisible)
    edges.resize(1366, 700)
    qtbot.waitUntil(lambda: not edges.chain.isVisible())
    edges.lessons_dock.hide()
    assert edges.chain.isVisible()


def test_lessons_beside_a_large_network_and_a_pin_leave_the_window_its_width(edges, qtbot):
    edges.resize(SMALL)
    edges.chain.setMinimumWidth(420)  # as wide as a large network may want it
    edges.bench.selection.set_pin(Spot("sobel-x", 0, 9, 9))
    qtbot.wait(1)
    assert edges.width() == SMALL.width()
    qtbot.keyClick(edges, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(edges.lessons_dock.isVisible)
    qtbot.wait(1)
    assert edges.width() == SMALL.width()
    assert not edges.chain.isVisible()


def test_the_pipeline_has_its_width_again_after_a_start_that_ended_in_lessons(
    make_window, monkeypatch, qtbot
):
    monkeypatch.setattr(QScreen, "availableSize", lambda _: SMALL)
    window = make_window()
    before = window.chain.width()
    window.lessons_dock.show()
    qtbot.waitUntil(lambda: not window.chain.isVisible())
    window.close()
    again = make_window()
    assert not again.lessons_dock.isVisible()
    assert again.chain.width() == before
    state = again.placement.layout_state()
    again.placement.restore_layout({key: "0 900 320" for key in state if key.endswith("sides")})
    assert again.chain.width() == before, "a session that had lost the width"


def test_sizes_are_remembered_for_each_screen(make_window, monkeypatch):
    screens = {"name": "laptop"}
    monkeypatch.setattr(QScreen, "name", lambda _: screens["name"])
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QSize(3000, 2000))

    def start(name, size=None):
        screens["name"] = name
        window = make_window()
        if size is not None:
            window.resize(size)
        found = window.size()
        window.close()
        return found

    fresh = start("laptop", QSize(1200, 700))
    assert start("beamer") == QSize(2400, 1568), "this screen is new"
    start("beamer", QSize(1500, 950))
    assert start("laptop") == fresh
    assert start("beamer") == QSize(1500, 950)


def test_another_screen_brings_the_sizes_that_the_window_had_there(make_window, monkeypatch, qtbot):
    screens = {"name": "laptop"}
    monkeypatch.setattr(QScreen, "name", lambda _: screens["name"])
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QSize(3000, 2000))
    window = make_window()

    def carry(name):
        screens["name"] = name
        window.move(window.pos() + QPoint(10, 0))
        return window.size()

    window.resize(1300, 800)
    assert carry("beamer") == QSize(1300, 800), "as it is where nothing is known"
    window.resize(2000, 1500)
    sides = window.sides.sizes()
    assert carry("laptop") == QSize(1300, 800)
    assert carry("beamer") == QSize(2000, 1500)
    assert window.sides.sizes() == sides


def test_a_remembered_size_is_cut_to_a_screen_that_has_shrunk(make_window, monkeypatch):
    room = {"size": QSize(3000, 2000)}
    monkeypatch.setattr(QScreen, "availableSize", lambda _: room["size"])
    window = make_window()
    window.resize(2000, 1200)
    window.close()
    room["size"] = SMALL
    assert make_window().size() == QSize(1366, 688)


def test_samples_and_the_first_examples_are_seen_without_scrolling(make_window, qtbot):
    window = make_window()
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: window.height() == 768)
    page, view = window.start_page, window.start_page.viewport()
    for gallery, last in ((page.samples, page.samples.count() - 1), (page.examples, 0)):
        picture = gallery.visualItemRect(gallery.item(last))
        bottom = gallery.viewport().mapTo(view, picture.topLeft()).y() + gallery.iconSize().height()
        assert bottom <= view.height()
