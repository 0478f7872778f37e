"""Vectors as bars."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.wall.bars import BarsItem

LABELS = tuple(f"class {i}" for i in range(10))


@pytest.fixture
def scores(bench, settle):
    rng = np.random.default_rng(1)
    pipeline = fl.Pipeline(
        [
            ("flatten", fl.Flatten()),
            ("fc", fl.Linear(weight=rng.standard_normal((10, 600)).astype(np.float32) / 8)),
            ("softmax", fl.Softmax(labels=LABELS)),
        ]
    )
    bench.document.open_pipeline("net", pipeline, None)
    bench.document.show_picture("p", Picture("p", rng.random((1, 20, 30), dtype=np.float32)))
    settle(bench)
    return bench


def test_vectors_stand_as_bars_with_names(scores, show):
    wall = show(scores)
    strips = wall.view.content.strips
    assert [strips[name].kind for name in strips] == ["maps", "bars", "bars", "bars"]
    assert strips["softmax"].label(3) == "3 class 3"
    assert strips["fc"].label(3) == "3"
    assert wall.view.sheet.column("flatten").count == 600


def test_the_five_greatest_scores_stand_out(scores, show):
    wall = show(scores)
    values = scores.results.maps["softmax"].view.array
    assert set(wall.view.content.strips["softmax"].emphasised) == set(np.argsort(-values)[:5].tolist())
    assert wall.view.content.strips["fc"].emphasised == ()


def test_a_bar_is_as_long_as_its_value(scores, show):
    wall = show(scores, hidden=frozenset({"flatten"}))
    image, accent = wall.grab_wall(), QColor(scores.theme.colors.accent)
    strip = wall.view.content.strips["fc"]
    values, box = strip.view.array, wall.view.tile_rect("fc", 0)
    lengths = []
    for entry in range(10):
        y = round(wall.view.tile_rect("fc", entry).center().y())
        row = [image.pixelColor(x, y) == accent for x in range(round(box.left()), round(box.right()))]
        lengths.append(sum(row))
    assert np.corrcoef(lengths, np.abs(values))[0, 1] > 0.999


def test_a_flattened_value_is_one_cell_of_its_map_and_a_score_all_of_it(scores, show):
    wall = show(scores)
    scores.selection.set_pin(Spot("flatten", 7 * 30 + 4, 0, 0))
    (box,) = [box for box in wall.view.boxes(pinned=True) if box.node == "image"]
    cell = wall.view.tile_rect("image", 0).width() / 30
    assert box.inside.width < 3 * cell
    scores.selection.set_pin(Spot("fc", 3, 0, 0))
    (box,) = [box for box in wall.view.boxes(pinned=True) if box.node == "image"]
    assert box.inside.width == pytest.approx(30 * cell, rel=0.1)


def test_hover_and_click_on_a_bar(scores, show, mouse):
    wall = show(scores)
    wall.view.reveal("softmax")
    at = wall.view.tile_rect("softmax", 4).center()
    mouse.move(wall, at)
    assert scores.selection.hover == Spot("softmax", 4, 0, 0)
    mouse.click(wall, at)
    assert scores.selection.pin == Spot("softmax", 4, 0, 0)
    image = wall.grab_wall()
    assert image.pixelColor(round(wall.view.tile_rect("softmax", 4).left()) + 1, round(at.y())) in (
        QColor(scores.theme.colors.pin),
        QColor(scores.theme.colors.hover),
    )


def test_hundreds_of_entries_scroll(scores, show):
    wall = show(scores)
    first = wall.grab_wall()
    wall.view.scroll_to(0, 10**6)
    assert 599 in wall.view.entries_on_screen(wall.view.sheet.column("flatten"))
    assert wall.grab_wall() != first


def test_bars_alone_take_the_width(scores, show):
    scores.selection.select("softmax")
    wall = show(scores, mode="single")
    assert wall.view.sheet.columns[0].width == wall.view.width() - 28


def test_the_overview_has_thin_bars(scores, show):
    wall = show(scores, mode="overview")
    assert wall.view.sheet.column("fc").entry[1] == 5


def ink(wall, node, entry):
    """How many pixels of an entry's place for its name are of the colours of text."""
    image, box = wall.grab_wall(), wall.view.tile_rect(node, entry)
    wide = wall.view.fontMetrics().horizontalAdvance("0 class 0")
    ground = QColor(wall.bench.theme.colors.panel)
    middle = round(box.center().y())
    return sum(
        image.pixelColor(x, y) != ground
        for y in range(middle - 4, middle + 4)
        for x in range(round(box.left()) + 6, round(box.left()) + 6 + wide)
    )


def test_the_overview_has_the_names_of_classes(scores, show):
    wall = show(scores, mode="overview")
    wall.view.reveal("softmax")
    assert wall.view.sheet.column("softmax").entry[1] >= wall.view.fontMetrics().height()
    assert all(ink(wall, "softmax", entry) > 30 for entry in range(10))


def test_the_overview_names_the_greatest_scores_where_not_all_names_have_room(scores, show, settle):
    labels = tuple(f"class {i}" for i in range(600))
    scores.document.edit("many", fl.Pipeline([("flatten", fl.Flatten()), ("s", fl.Softmax(labels=labels))]))
    settle(scores)
    wall = show(scores, mode="overview")
    column, strip = wall.view.sheet.column("s"), wall.view.content.strips["s"]
    assert column.entry[1] == 5
    seen = [e for e in strip.emphasised if e in wall.view.entries_on_screen(column)]
    (item,) = [
        item for item in wall.view.scene().items() if isinstance(item, BarsItem) and item._strip is strip
    ]
    named = item._named(strip, wall.view.fontMetrics().height())
    assert named[0] == strip.emphasised[0]
    assert seen
    for entry in seen:
        assert (ink(wall, "s", entry) > 30) or entry not in named
    rows = sorted(wall.view.tile_rect("s", entry).center().y() for entry in named)
    assert all(b - a >= wall.view.fontMetrics().height() for a, b in pairwise(rows))


@pytest.fixture
def many(bench, settle):
    """A thousand scores, the largest of which is number 700."""
    weight = np.random.default_rng(2).standard_normal((1000, 12)).astype(np.float32) / 10
    weight[700] = 1
    layers = [("flatten", fl.Flatten()), ("fc", fl.Linear(weight=weight)), ("scores", fl.Softmax())]
    bench.document.open_pipeline("net", fl.Pipeline(layers), None)
    bench.document.show_picture("p", Picture("p", np.ones((1, 3, 4), np.float32)))
    settle(bench)
    return bench


def seen(wall, node, channel):
    rect = wall.view.tile_rect(node, wall.view.content.strips[node].entry(channel))
    return wall.view.head <= rect.top() and rect.bottom() <= wall.view.height()


def test_selecting_scores_scrolls_to_the_largest_and_another_column_comes_back(many, show):
    wall = show(many)
    assert not seen(wall, "scores", 700)
    many.selection.select("scores")
    assert seen(wall, "scores", 700)
    many.selection.select("image")
    assert seen(wall, "image", 0), "its one map is not left above the wall"


def test_a_score_that_is_pinned_stays_under_the_mouse(many, show, mouse):
    wall = show(many)
    mouse.click(wall, wall.view.tile_rect("scores", 3).center())
    assert many.selection.pin == Spot("scores", 3, 0, 0)
    assert wall.view.offset.y() == 0


def test_vectors_are_sorted_by_value_on_demand(many, show, mouse, qtbot):
    wall = show(many)
    many.commands.refresh()
    many.commands.action("view.by_value").trigger()
    strip, view = wall.view.content.strips["fc"], wall.view
    values = [strip.view.value(strip.channel(entry), 0, 0) for entry in range(strip.count)]
    assert values == sorted(values, reverse=True)
    assert [strip.entry(strip.channel(entry)) for entry in range(strip.count)] == list(range(1000))
    assert strip.label(0) == "700"
    mouse.click(wall, view.tile_rect("fc", 0).center())
    assert many.selection.pin == Spot("fc", 700, 0, 0)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert many.selection.pin == Spot("fc", strip.channel(1), 0, 0)
    many.commands.action("view.by_value").trigger()
    assert view.content.strips["fc"].order is None
