from __future__ import annotations

import pytest

from filterlab.gui.wall.layout import (
    Metrics,
    Rect,
    Spec,
    WallSheet,
    fitting_tile,
    overview,
    side_by_side,
    single,
    tile_height,
)

METRICS = Metrics(gap=10, margin=20, caption=0, narrowest=60, bars=200)


def test_columns_stand_beside_each_other_and_channels_below():
    sheet = side_by_side([Spec("image", "maps", 4), Spec("conv", "maps", 512)], METRICS, 100, 0.5)
    image, conv = sheet.columns
    assert (image.left, image.right, conv.left) == (20, 120, 130)
    assert image.rect(0) == Rect(20, 5, 100, 50)
    assert image.rect(3) == Rect(20, 5 + 3 * 60, 100, 50)
    assert sheet.width == 250
    assert sheet.height == 5 + 512 * 60 + 20


def test_only_entries_that_touch_the_view_are_visible():
    sheet = side_by_side([Spec("conv", "maps", 512)], METRICS, 100, 0.5)
    column = sheet.columns[0]
    seen = column.visible(1000, 1200)
    assert list(seen) == [
        i for i in range(512) if column.rect(i).top < 1200 and column.rect(i).top + 60 > 1000
    ]
    assert list(column.visible(-500, -100)) == []
    assert list(column.visible(1e6, 2e6)) == []


def test_captions_stand_below_their_tiles():
    metrics = Metrics(gap=10, margin=20, caption=15)
    column = side_by_side([Spec("conv", "maps", 3)], metrics, 100, 0.5).columns[0]
    assert column.rect(1).top - column.rect(0).bottom == 25


def test_what_is_under_a_point():
    column = side_by_side([Spec("conv", "maps", 3)], METRICS, 100, 0.5).columns[0]
    assert column.at(25, 10) == 0
    assert column.at(25, 5 + 60 + 49) == 1
    assert column.at(25, 5 + 55) is None
    assert column.at(25, 5 + 180) is None
    assert column.at(10, 10) is None


def test_very_flat_and_very_tall_pictures_keep_tiles_that_can_be_looked_at():
    assert tile_height(300, 0.01) == 100
    assert tile_height(300, 50) == 450


def test_columns_of_bars_are_wide_enough_to_read():
    sheet = side_by_side([Spec("fc", "bars", 10, height=16)], METRICS, 50, 1)
    column = sheet.columns[0]
    assert column.width == 200
    assert column.rect(9).top == 5 + 9 * 16


@pytest.mark.parametrize("count", [1, 8, 40, 300])
def test_the_overview_fits_into_the_view_when_it_can(count):
    specs = [Spec(f"n{i}", "maps", count) for i in range(5)]
    sheet = overview(specs, METRICS, (1400, 800), 0.75)
    assert sheet.width <= 1400
    assert sheet.height <= 800 + METRICS.margin
    assert all(column.count == count for column in sheet.columns)


def test_the_overview_uses_the_room_that_there_is():
    few = overview([Spec("a", "maps", 2)], METRICS, (1400, 800), 1)
    many = overview([Spec("a", "maps", 900)], METRICS, (1400, 800), 1)
    assert few.columns[0].entry[0] > many.columns[0].entry[0]


def test_overview_entries_do_not_overlap_and_are_found_again():
    column = overview([Spec("a", "maps", 100)], METRICS, (500, 300), 1).columns[0]
    places = [column.rect(i) for i in range(100)]
    assert len({(place.left, place.top) for place in places}) == 100
    for i, place in enumerate(places):
        assert column.at(place.left + 1, place.top + 1) == i


def test_more_layers_than_fit_are_scrolled_to():
    sheet = overview([Spec(f"n{i}", "maps", 3) for i in range(60)], METRICS, (1000, 700), 1)
    assert sheet.width > 1000
    assert sheet.columns[0].entry[0] > 40, "the headers need the width anyway"


def test_one_map_takes_the_whole_view():
    sheet = single(Spec("conv", "maps", 12), 7, METRICS, (640, 480))
    column = sheet.columns[0]
    assert list(column.visible(0, 480)) == [7]
    assert column.rect(7) == Rect(20, 5, 600, 455)
    assert sheet.height <= 480
    assert column.at(300, 200) == 7


def test_an_empty_wall_has_no_size():
    assert side_by_side([], METRICS, 100, 1) == WallSheet((), 0, 0)
    assert WallSheet().column_at(5) is None
    assert WallSheet().column("image") is None


def fitting(count, room, channels=1, every=False):
    specs = [Spec(f"conv{i}", "maps", channels) for i in range(count)]
    return fitting_tile(specs, METRICS, room, 1.0, range(60, 1201), every=every), specs


@pytest.mark.parametrize("count", [1, 2, 4, 7])
def test_fitting_tiles_are_the_widest_with_which_all_columns_fit(count):
    tile, specs = fitting(count, (1000, 2000))
    assert side_by_side(specs, METRICS, tile, 1.0).width <= 1000
    assert side_by_side(specs, METRICS, tile + 1, 1.0).width > 1000


def test_fitting_tiles_are_no_higher_than_the_room():
    tile, specs = fitting(2, (2000, 500))
    assert side_by_side(specs, METRICS, tile, 1.0).columns[0].height <= 500


def test_of_too_many_columns_as_many_are_whole_as_can_be_read():
    tile, specs = fitting(40, (1000, 2000))
    sheet = side_by_side(specs, METRICS, tile, 1.0)
    assert tile >= 160
    assert sheet.columns[4].right <= 1000
    assert sheet.columns[5].left >= 1000 - METRICS.margin + METRICS.gap, (
        "of the next one, no more than the margin"
    )
    tile, specs = fitting(40, (4000, 2000), every=True)
    assert side_by_side(specs, METRICS, tile, 1.0).width <= 4000
    assert fitting(400, (1000, 2000), every=True)[0] == 60, "the smallest, where not even that is enough"


def test_fitting_tiles_give_up_some_width_for_whole_columns_but_not_much():
    wide, _ = fitting(4, (1000, 5000), channels=3)
    whole, specs = fitting(4, (1000, 3 * wide * 0.9), channels=3)
    assert 0.75 * wide <= whole < wide
    assert side_by_side(specs, METRICS, whole, 1.0).height <= 3 * wide * 0.9 + METRICS.margin
    assert fitting(4, (1000, 3 * wide * 0.6), channels=3)[0] == wide, "columns scroll instead"
