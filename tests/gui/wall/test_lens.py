from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.fields.maps import FieldMap, Placement, spread
from filterlab.fields.regions import Region
from filterlab.gui.wall.lens import LARGEST, Pixels, at_scale, lens_for, panned, zoomed

PICTURE, TILE = (60, 90), (300.0, 200.0)
WHOLE = (0.0, 0.0, 60.0, 90.0)


def test_the_whole_picture_fits_into_the_tile():
    lens = lens_for(None, WHOLE, TILE)
    assert lens.scale == pytest.approx(200 / 60)
    assert lens.picture_point(0, 0) == (0, 0)
    assert lens.picture_point(*TILE) == pytest.approx((60, 90))


def test_a_picture_of_another_shape_stands_in_the_middle():
    lens = lens_for(None, (0, 0, 60, 60), TILE)
    assert lens.picture_point(50, 0) == (pytest.approx(0), pytest.approx(0))
    assert lens.picture_point(250, 200) == (pytest.approx(60), pytest.approx(60))


@pytest.mark.parametrize("factor", [0.7, 1.25, 3.0])
def test_zooming_keeps_the_point_under_the_cursor(factor):
    lens = lens_for((10, 20, 20, 30), WHOLE, TILE)
    after = lens_for(zoomed(lens, WHOLE, TILE, factor, 140, 90), WHOLE, TILE)
    assert after.scale == pytest.approx(lens.scale * factor)
    assert after.picture_point(140, 90) == pytest.approx(lens.picture_point(140, 90))


def test_zooming_out_ends_at_the_whole_picture_and_in_at_large_cells():
    lens = lens_for(None, WHOLE, TILE)
    assert zoomed(lens, WHOLE, TILE, 0.5, 10, 10) is None
    crop = zoomed(lens, WHOLE, TILE, 1e9, 150, 100)
    assert lens_for(crop, WHOLE, TILE).scale == pytest.approx(LARGEST)


def test_panning_moves_the_picture_with_the_cursor_until_it_would_leave():
    lens = lens_for((10, 20, 20, 30), WHOLE, TILE)
    after = lens_for(panned(lens, WHOLE, TILE, 25, -15), WHOLE, TILE)
    assert after.picture_point(125, 85) == pytest.approx(lens.picture_point(100, 100))
    crop = panned(lens, WHOLE, TILE, 1e6, 1e6)
    assert crop == pytest.approx((-5, -7.5, 20, 30)), "a quarter of what is shown may lie outside"


def test_one_pixel_a_cell_about_the_middle():
    lens = lens_for((10, 20, 20, 30), WHOLE, TILE)
    after = lens_for(at_scale(lens, (0, 0, 600, 900), TILE, 1), (0, 0, 600, 900), TILE)
    assert after.scale == 1


def test_a_map_without_a_place_covers_the_picture():
    lens, place = lens_for(None, WHOLE, TILE), spread(PICTURE, (4, 5))
    assert lens.span(place, 0, 0, 4, 5) == Pixels(0, 0, pytest.approx(300), pytest.approx(200))


def test_cells_and_their_edges():
    lens, place = lens_for(None, WHOLE, TILE), Placement(1, 2, 2, 3)
    x, y = lens.pixel(place, 5, 7)
    assert lens.cell(place, (20, 20), x + 0.01, y + 0.01) == (5, 7)
    assert lens.cell(place, (20, 20), x - 0.01, y - 0.01) == (4, 6)
    assert lens.cell(place, (5, 7), x + 0.01, y + 0.01) is None
    box = lens.region(place, Region(5, 7, 6, 8))
    assert (box.x, box.y) == (x, y)
    assert (box.width, box.height) == (pytest.approx(3 * lens.scale), pytest.approx(2 * lens.scale))


LAYERS = {
    "stride 2": fl.Conv2d(weight=np.ones((1, 1, 3, 3), np.float32), stride=2, padding=1),
    "padded": fl.Conv2d(weight=np.ones((1, 1, 5, 5), np.float32), padding=2),
    "valid": fl.Conv2d(weight=np.ones((1, 1, 7, 7), np.float32)),
    "full": fl.Filter2d(np.ones((3, 3), np.float32), padding="full"),
    "pool": fl.MaxPool2d(4),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("crop", [None, (10.0, 20.0, 20.0, 30.0)])
def test_one_picture_point_is_under_one_tile_point_in_every_map(name, crop):
    """The middle of a cell stands on the middle of what the cell sees of the picture."""
    pipeline = fl.Pipeline([("map", LAYERS[name])])
    fields = FieldMap(pipeline, PICTURE)
    lens, place = lens_for(crop, WHOLE, TILE), fields.placement("map")
    for row, col in ((2, 3), (5, 9)):
        seen = pipeline.input_region("map", row, col, size=PICTURE)
        x, y = lens.pixel(place, row + 0.5, col + 0.5)
        middle = ((seen.top + seen.bottom) / 2, (seen.left + seen.right) / 2)
        assert lens.picture_point(x, y) == pytest.approx(middle)
        assert lens.cell(place, fields.sizes["map"], x, y) == (row, col)


def test_a_padded_map_behind_a_resizing_covers_the_picture():
    pipeline = fl.Pipeline([fl.Resize((28, 28)), ("conv", fl.Filter2d(np.ones((5, 5), np.float32)))])
    place = FieldMap(pipeline, (512, 512)).placement("conv")
    assert place.height == pytest.approx(512 / 28)
    assert place.top == pytest.approx(0, abs=1)
    assert place.left == pytest.approx(0, abs=1)


def test_zoom_and_pan_are_held_by_a_whole_that_begins_beyond_the_picture():
    full = (-10.0, -20.0, 80.0, 120.0)
    lens = lens_for(None, full, TILE)
    assert lens.picture_point(0, 0) == (-10, -20)
    near = lens_for(zoomed(lens, full, TILE, 4, 0, 0), full, TILE)
    assert near.picture_point(0, 0) == (-10, -20)
    assert panned(near, full, TILE, 1e6, 1e6)[:2] == pytest.approx((-15, -27.5))
    assert panned(near, full, TILE, -1e6, -1e6)[:2] == pytest.approx((55, 77.5))
    assert zoomed(near, full, TILE, 0.25, 10, 10) is None
