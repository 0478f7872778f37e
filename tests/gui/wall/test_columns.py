"""Which columns and tiles there are, in every mode."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.images.views import pixels_of


def columns(wall):
    return [column.node for column in wall.view.sheet.columns]


def test_a_column_for_the_picture_and_each_node_in_order(wall):
    assert columns(wall) == ["image", "sobel", "relu", "pool", "blur"]


def test_maps_that_are_still_the_picture_begin_with_colours(wall):
    strips = wall.view.content.strips
    assert [strips["blur"].label(i) for i in range(strips["blur"].count)] == ["RGB", "0", "1", "2"]
    assert strips["blur"].channel(0) is None
    assert strips["blur"].entry(2) == 3


def test_derivatives_and_what_is_made_of_them_begin_with_the_mean(wall):
    strips = wall.view.content.strips
    for node in ("sobel", "relu"):
        assert [strips[node].label(i) for i in range(strips[node].count)] == ["mean", "0", "1", "2"]
        tone, values = strips[node].tone, strips[node].view.array.mean(axis=0)
        image = wall.map_image(node, None)
        for row, col in ((3, 5), (20, 31), (30, 60)):
            shown = int(pixels_of(values[row : row + 1, col : col + 1], *tone.scale[:2], tone.colormap)[0, 0])
            assert image.pixel(col, row) == shown


def test_maps_of_a_grey_picture_stand_once(wall, opened, renew, picture):
    opened.document.show_picture("Open grey", Picture("grey", picture.pixels[:1]))
    renew(wall)
    strips = wall.view.content.strips
    for node in ("image", "sobel", "blur"):
        assert [strips[node].label(i) for i in range(strips[node].count)] == ["0"]
    image = wall.map_image("blur", 0)
    values = opened.results.maps["blur"].view.array[0]
    for row, col in ((3, 5), (30, 60)):
        level = round(float(np.clip(values[row, col], 0, 1)) * 255)
        assert image.pixelColor(col, row).getRgb()[:3] == (level, level, level)


def test_mixed_channels_have_no_colours(wall, opened, pipeline, renew):
    weight = np.ones((3, 3, 1, 1), np.float32)
    opened.document.edit("mix", fl.Pipeline([*pipeline.nodes, fl.Node("mix", fl.Conv2d(weight=weight))]))
    renew(wall)
    strip = wall.view.content.strips["mix"]
    assert (strip.composite, strip.count) == (False, 3)
    assert strip.title == "Convolution 1×1"


def test_hidden_columns_are_left_out_counted_and_come_back(wall, opened, renew, qtbot):
    opened.selection.select("relu")
    opened.commands.action("view.hide_column").trigger()
    assert columns(wall) == ["image", "sobel", "pool", "blur"]
    qtbot.waitUntil(lambda: "relu" not in opened.results.maps)
    button = wall._footer.hidden
    assert button.isVisible()
    assert button.text() == "1 hidden: show"
    button.click()
    renew(wall)
    assert columns(wall) == ["image", "sobel", "relu", "pool", "blur"]
    assert not button.isVisible()
    qtbot.waitUntil(lambda: "relu" in opened.results.maps)


def test_maps_that_are_not_shown_are_not_kept_alive(wall, opened, settle):
    wall.grab_wall()
    old = weakref.ref(opened.results.maps["relu"].view)
    opened.view.set(hidden=frozenset({"sobel", "relu", "pool", "blur"}))
    opened.results.want(["image"])
    opened.results.refresh()  # the worker lets go of it with its next job
    settle(opened)
    gc.collect()
    assert old() is None


def test_only_one_column(wall, opened):
    opened.selection.select("pool")
    opened.commands.action("view.only_column").trigger()
    assert columns(wall) == ["pool"]
    opened.commands.action("view.show_all").trigger()
    assert len(columns(wall)) == 5


def test_the_engine_is_told_what_is_shown_and_on_the_screen(opened, show, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(opened.results, "want", lambda *names: told.append(names))
    wall = show(opened, tile=400, hidden=frozenset({"blur"}))
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1] == (("image", "sobel", "relu", "pool"), ("image", "sobel", "relu"))
    wall.view.scroll_to(10_000, 0)
    qtbot.waitUntil(lambda: told[-1][1] == ("sobel", "relu", "pool"))


@pytest.fixture
def deep(bench, settle):
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((512, 3, 1, 1)).astype(np.float32)
    bench.document.open_pipeline("deep", fl.Pipeline([("conv", fl.Conv2d(weight=weight))]), None)
    bench.document.show_picture("picture", Picture("noise", rng.random((3, 20, 30), dtype=np.float32)))
    settle(bench)
    return bench


def test_of_512_channels_only_the_visible_tiles_exist(deep, show):
    wall = show(deep)
    view = wall.view
    for place in (0, 5_000, 40_000, 10**9):
        view.scroll_to(0, place)
        seen = {entry for node, entry in view.tiles if node == "conv"}
        column = view.sheet.column("conv")
        top, bottom = view.offset.y(), view.offset.y() + view.height() - view.head
        expected = {i for i in range(512) if column.rect(i).top < bottom and column.rect(i).bottom > top}
        assert expected <= seen
        assert len(seen) <= len(expected) + 2
    assert 511 in seen


def test_scrolling_colours_only_what_comes_into_view(deep, show):
    wall = show(deep)
    wall.grab_wall()
    tile = wall.view.tiles["conv", 1]
    before = tile.colored
    wall.view.scroll_to(0, 30)
    wall.grab_wall(1.0)
    assert tile.colored == before
    assert wall.view.tiles["conv", 1] is tile


def test_the_overview_shows_all_channels_at_a_glance(deep, show):
    wall = show(deep, mode="overview")
    assert wall.view.scroll_range() == (0, 0)
    assert len([key for key in wall.view.tiles if key[0] == "conv"]) == 512


def test_one_map_alone_and_steps_through_channels_and_nodes(wall, opened):
    opened.selection.select("sobel")
    opened.commands.action("view.mode_single").trigger()
    assert list(wall.view.tiles) == [("sobel", 0)]
    wall.keys.step_channel(2)
    assert list(wall.view.tiles) == [("sobel", 2)]
    wall.keys.step_channel(100)
    assert list(wall.view.tiles) == [("sobel", 3)]
    wall.keys.step_node(1)
    assert opened.selection.node == "relu"
    assert list(wall.view.tiles) == [("relu", 0)]


def test_single_begins_with_the_pinned_map(wall, opened):
    opened.selection.set_pin(Spot("pool", 1, 3, 4))
    opened.commands.action("view.mode_single").trigger()
    assert list(wall.view.tiles) == [("pool", 2)]


def test_modes_and_ranges_are_switches(wall, opened):
    commands = opened.commands
    for mode in ("overview", "single", "side"):
        commands.action(f"view.mode_{mode}").trigger()
        assert opened.view.look.mode == mode
        states = {m: commands.action(f"view.mode_{m}").isChecked() for m in ("overview", "side", "single")}
        assert states == {m: m == mode for m in states}
    commands.action("view.mode_side").trigger()
    assert commands.action("view.mode_side").isChecked()
    for scope in ("map", "common", "layer"):
        commands.action(f"view.range_{scope}").trigger()
        assert opened.view.look.scope == scope
    for ends in ("full", "percentile"):
        commands.action(f"view.ends_{ends}").trigger()
        assert opened.view.look.range == ends
        assert commands.action(f"view.ends_{ends}").isChecked()
    commands.action("view.colormap_viridis").trigger()
    assert wall.view.content.strips["sobel"].tone.colormap == "viridis"


@pytest.mark.parametrize("tile", [128, 300, 500])
def test_nothing_of_the_wall_lies_under_its_scroll_bars(wall, opened, renew, tile):
    opened.view.set(tile=tile)
    renew(wall)
    assert wall.view.viewport().size() == wall.view.size()
    assert wall.grab_wall().size() == wall.view.size()


def test_tiles_grow_and_shrink(wall, opened):
    before = wall.view.tile_size()
    opened.commands.action("view.larger").trigger()
    assert wall.view.tile_size()[0] > before[0]
    for _ in range(30):
        opened.commands.action("view.smaller").trigger()
    assert opened.view.look.tile == 60


def test_selecting_a_node_scrolls_to_its_column(opened, show):
    wall = show(opened, tile=400)
    assert "blur" not in [column.node for column in wall.view.columns_on_screen()]
    opened.selection.select("blur")
    assert wall.view.columns_on_screen()[-1].node == "blur"


def test_without_a_picture_nothing_is_drawn(wall, opened, renew):
    opened.document.show_picture("Close", None)
    renew(wall)
    assert columns(wall) == []
    assert wall.view.tiles == {}
    assert not opened.commands.action("view.zoom_in").isEnabled()
    assert wall.grab_wall().width() == wall.view.width()


def test_the_wall_lets_drops_pass(wall):
    assert not wall.acceptDrops()
    assert not wall.view.acceptDrops()
    assert not wall.view.viewport().acceptDrops()


def in_view(wall, node):
    column, left = wall.view.sheet.column(node), wall.view.offset.x()
    return left <= column.left and column.right <= left + wall.view.width()


def test_a_selected_column_that_is_only_about_to_come_is_scrolled_to(opened, show, renew):
    wall = show(opened, tile=400)
    longer = fl.Pipeline([(f"relu{i}", fl.ReLU()) for i in range(9)])
    opened.document.edit("Lengthen", longer)
    opened.selection.select("relu8")
    renew(wall)
    assert in_view(wall, "relu8")
    opened.view.set(tile=500)
    assert in_view(wall, "relu8")
    wall.view.scroll_to(0, 0)
    renew(wall)
    assert wall.view.offset.x() == 0  # whoever has scrolled stays there


def test_tiles_fill_the_wall_and_follow_its_size(wall, opened, qtbot):
    assert opened.view.look.tile == 0
    assert wall.view.scroll_range() == (0, 0), "all columns are seen whole"
    before = wall.view.tile
    wall.resize(1400, 900)
    qtbot.waitUntil(lambda: wall.view.tile > before)
    assert wall.view.scroll_range() == (0, 0)


def test_whole_columns_are_preferred_to_tiles_that_are_a_little_wider(opened, show):
    wall = show(opened)
    wall.resize(900, wall.view.head + 500)
    heights = [column.height for column in wall.view.sheet.columns]
    assert max(heights) <= wall.view.height() - wall.view.head, "the last channel is seen"


def test_larger_smaller_and_back_to_tiles_that_fill_the_wall(wall, opened):
    size = wall.view.tile
    opened.commands.action("view.larger").trigger()
    assert wall.view.tile == opened.view.look.tile == round(size * 1.25)
    opened.commands.action("view.tiles_automatic").trigger()
    assert (opened.view.look.tile, wall.view.tile) == (0, size)


def test_fit_all_shows_every_column_of_a_deep_network(opened, show, renew):
    wall = show(opened)
    opened.document.edit("Lengthen", fl.Pipeline([(f"relu{i}", fl.ReLU()) for i in range(9)]))
    renew(wall)
    assert wall.view.scroll_range()[0] > 0, "by themselves, tiles stay large enough to be read"
    assert wall.view.tile >= 160
    opened.commands.action("view.fit_all").trigger()
    assert wall.view.scroll_range()[0] == 0
    opened.view.set(mode="overview", tile=300, hidden=frozenset({f"relu{i}" for i in range(2, 9)}))
    opened.commands.action("view.fit_all").trigger()
    assert (opened.view.look.mode, opened.view.look.tile) == ("side", 0), "they fit by themselves"


def test_the_wheel_with_ctrl_on_a_header_changes_the_size_of_tiles(wall, opened):
    size, crop = wall.view.tile, opened.view.look.crop
    turn_wheel(wall, QPointF(40, wall.view.head / 2), 120)
    assert wall.view.tile > size
    turn_wheel(wall, QPointF(40, wall.view.head / 2), -240)
    assert wall.view.tile < size
    assert opened.view.look.crop == crop, "the picture is not zoomed"


def turn_wheel(wall, at, angle):
    """Turn the wheel by an angle in eighths of a degree while Ctrl is held down."""
    event = QWheelEvent(
        at,
        QPointF(wall.view.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(wall.view.viewport(), event)


@pytest.mark.parametrize("mode", ["side", "overview", "single"])
def test_a_map_beyond_the_picture_is_seen_whole_where_nothing_is_zoomed(opened, show, settle, mode):
    opened.document.edit("pad", fl.Pipeline([("pad", fl.Pad(((20, 4), (8, 30))))]))
    settle(opened)
    opened.selection.select("pad")
    view = show(opened, mode=mode).view
    column = view.sheet.column("pad")
    strip, lens = view.content.strips["pad"], view.lens(column.entry)
    area = lens.span(strip.place, 0, 0, *strip.view.size)
    assert (area.x, area.y) >= (-1e-6, -1e-6)
    assert area.x + area.width <= column.entry[0] + 1e-6
    assert area.y + area.height <= column.entry[1] + 1e-6
    assert area.width > 0.95 * column.entry[0] or area.height > 0.95 * column.entry[1]
    corner = view.tile_rect("pad", column.first).topLeft() + QPointF(area.x + 1, area.y + 1)
    assert view.spot_at(corner)[2:] == (0, 0)


def test_what_was_opened_is_shown_from_the_picture_on(opened, wall, settle):
    """Opening selects the last layer; the wall goes there only when the person does."""
    wall.resize(400, 400)
    long = fl.Pipeline([(f"layer{i}", fl.ReLU()) for i in range(8)])
    opened.document.open_pipeline("Open long", long, None)
    opened.selection.select("layer7")
    settle(opened)
    assert wall.view.columns_on_screen()[0].node == "image"
    opened.selection.select("layer6")
    assert "layer6" in [column.node for column in wall.view.columns_on_screen()]
