"""What a value saw, drawn over the maps."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

import filterlab as fl
from filterlab.fields.regions import Region
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture


def cells(wall, box, rect):
    """A drawn rectangle in cells of its map."""
    lens = wall.view.lens((box.tile.width, box.tile.height))
    place = wall.view.content.strips[box.node].place
    top, left = lens.map_point(place, rect.left - box.tile.left, rect.top - box.tile.top)
    bottom, right = lens.map_point(place, rect.right - box.tile.left, rect.bottom - box.tile.top)
    return Region(*(round(v) for v in (top, left, bottom, right)))


@pytest.fixture
def large(opened, show):
    """Tiles so large that every box is drawn at its true size."""
    return show(opened, tile=700)


@pytest.mark.parametrize("spot", [Spot("pool", 0, 3, 4), Spot("pool", 0, 0, 0), Spot("blur", 0, 47, 63)])
def test_boxes_are_the_input_regions(large, opened, pipeline, spot, show):
    opened.view.set(crop=(-6.0, -8.0, 60.0, 80.0), tile=700)
    opened.selection.set_pin(spot)
    found = {}
    for node in ("image", "sobel", "relu", "pool", "blur"):
        large.view.reveal(node)
        for box in large.view.boxes(pinned=True):
            found[box.node] = box
    names = {"image", "blur"} if spot.node == "blur" else {"image", "sobel", "relu", "pool"}
    assert found.keys() == names
    for node, box in found.items():
        region = pipeline.input_region(spot.node, spot.row, spot.col, of=node, size=(48, 64))
        if min(region.bottom - region.top, region.right - region.left) > 1 or box.tile.width > 600:
            assert cells(large, box, box.area) == region
        inside = region.clipped(opened.results.maps[node].view.size)
        assert cells(large, box, box.inside) == inside
        assert box.padded == (inside != region)
        assert box.exact == (node == spot.node)


def boxed(wall, *, pinned):
    """The entries with a box, by node."""
    found = {}
    for box in wall.view.boxes(pinned=pinned):
        found.setdefault(box.node, set()).add(box.entry)
    return found


@pytest.mark.parametrize("tile", [120, 24])
@pytest.mark.parametrize("pinned", [True, False])
def test_only_channels_that_are_read_have_boxes(opened, show, pinned, tile):
    """All of these layers work on each channel by itself; entry 0 shows the three together."""
    wall = show(opened, tile=tile)
    (opened.selection.set_pin if pinned else opened.selection.set_hover)(Spot("relu", 1, 10, 10))
    assert boxed(wall, pinned=pinned) == {"image": {0, 2}, "sobel": {0, 2}, "relu": {0, 2}}


def test_a_channel_of_a_concatenation_boxes_the_one_that_it_is(bench, show):
    weight = np.ones((2, 1, 3, 3), np.float32)
    nodes = [
        fl.Node("a", fl.Conv2d(weight, padding="same"), ("image",)),
        fl.Node("b", fl.Conv2d(weight, padding="same"), ("image",)),
        fl.Node("both", fl.Concat(), ("a", "b")),
    ]
    bench.document.open_pipeline("branches", fl.Pipeline(nodes), None)
    bench.document.show_picture("p", Picture("p", np.zeros((1, 30, 40), np.float32)))
    wall = show(bench, tile=60)
    bench.selection.set_hover(Spot("both", 3, 10, 10))
    assert boxed(wall, pinned=False) == {"image": {0}, "b": {1}, "both": {3}}


def test_the_pin_keeps_its_boxes_while_the_cursor_shows_its_own(wall, opened):
    opened.selection.set_pin(Spot("relu", 1, 10, 10))
    pinned = wall.view.boxes(pinned=True)
    opened.selection.set_hover(Spot("sobel", 0, 30, 30))
    assert wall.view.boxes(pinned=True) == pinned
    assert {box.node for box in wall.view.boxes(pinned=False)} == {"image", "sobel"}
    opened.selection.set_hover(None)
    assert wall.view.boxes(pinned=False) == []
    opened.selection.set_pin(None)
    assert wall.view.boxes(pinned=True) == []


def test_boxes_can_be_seen_however_small_the_cells_are(opened, show):
    wall = show(opened, mode="overview")
    opened.selection.set_pin(Spot("sobel", 0, 20, 20))
    for box in wall.view.boxes(pinned=True):
        assert min(box.area.width, box.area.height) >= 8


def test_a_box_is_painted_in_its_colour(wall, opened):
    opened.selection.set_pin(Spot("pool", 0, 5, 5))
    image = wall.grab_wall()
    pin = QColor(opened.theme.colors.pin)
    boxes = [box for box in wall.view.boxes(pinned=True) if box.tile.left >= wall.view.offset.x()]
    assert {box.node for box in boxes} >= {"sobel", "relu", "pool"}
    for box in boxes:
        x = round(box.inside.left - wall.view.offset.x() + box.inside.width / 2)
        y = round(box.inside.top + wall.view.head - wall.view.offset.y())
        if y > image.height() - 2:
            continue
        column = [image.pixelColor(x, y + dy) for dy in (-1, 0, 1)]
        assert pin in column


def test_padding_is_drawn_beyond_the_edge(opened, show):
    wall = show(opened)
    opened.selection.set_pin(Spot("sobel", 0, 0, 0))
    box = next(box for box in wall.view.boxes(pinned=True) if box.node == "image")
    assert box.padded
    assert box.area.left < box.tile.left
    outside = wall.grab_wall().pixelColor(
        round(box.tile.left - wall.view.offset.x()) - 4, round(box.tile.top + wall.view.head) + 1
    )
    assert outside != QColor(opened.theme.colors.wall)


def test_a_value_that_the_new_map_does_not_have_gets_no_boxes(wall, opened, pipeline, renew):
    opened.selection.set_pin(Spot("pool", 0, 23, 31))
    opened.document.edit("larger pool", pipeline.with_layers({"pool": fl.MaxPool2d(8)}))
    renew(wall)
    assert wall.view.boxes(pinned=True) == []


def test_branches_that_meet_show_a_box_in_each(bench, show):
    pipeline = fl.Pipeline(
        [
            fl.Node("a", fl.Filter2d(np.ones((3, 3), np.float32)), ("image",)),
            fl.Node("b", fl.Filter2d(np.ones((5, 5), np.float32)), ("image",)),
            fl.Node("sum", fl.Add(), ("a", "b")),
        ]
    )
    bench.document.open_pipeline("branches", pipeline, None)
    bench.document.show_picture("p", Picture("p", np.zeros((1, 30, 40), np.float32)))
    wall = show(bench)
    bench.selection.set_pin(Spot("sum", 0, 10, 10))
    boxes = {box.node: box for box in wall.view.boxes(pinned=True)}
    assert boxes.keys() == {"image", "a", "b", "sum"}
    assert cells(wall, boxes["image"], boxes["image"].area) == Region(8, 8, 13, 13)
