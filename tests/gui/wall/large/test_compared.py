"""Comparing maps of a picture that is larger than memory: in the part of them that is seen."""

from __future__ import annotations

import numpy as np

import filterlab as fl
from filterlab.graph.nodes import Node
from filterlab.gui.compare import Comparing, parts
from filterlab.gui.compare.saving import description
from tests.gui.wall.large.conftest import NEAR, whole


def test_two_maps_are_compared_in_the_part_that_is_seen(large, show, pipeline, qtbot):
    wall = show(large, mode="overview", crop=NEAR)
    comparing = Comparing(large, wall, wall)
    qtbot.addWidget(comparing.page)
    comparing.page.resize(700, 560)
    comparing.page.show()
    comparing.choose("sobel", 0, False)
    comparing.choose("blur", 0, True)
    page, maps = comparing.page, whole(pipeline)
    qtbot.waitUntil(lambda: page.view.pair is not None)
    for top, left in ((200, 300), (100, 40)):
        large.view.set(crop=(float(top), float(left), 60.0, 80.0))
        qtbot.waitUntil(lambda at=(top, left): page.view.pair.a.corner == at)
        seen = np.s_[:, top : top + 60, left : left + 80]
        for side in page.view.pair.sides:
            np.testing.assert_array_equal(side.view.planes, maps[side.node][seen])
        apart = maps["sobel"][seen] - maps["blur"][seen]
        np.testing.assert_array_equal(page.view.pair.apart.planes, apart)
        _, row, col = np.unravel_index(np.abs(apart).argmax(), apart.shape)
        assert page.figures.rows[0].values[1] == f"row {row + top}, column {col + left}"
        assert f"rows {top} to {top + 59} and columns {left} to {left + 79}" in page.note.text
    assert [m for m in large.messages.all if m.level == "error"] == []


def test_zoomed_out_the_middle_of_what_is_seen_is_compared(large, pipeline, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 10_000)
    part = parts.seen_part(large)
    shown, corner, size = parts.part_of(pipeline, "pool", large.document.picture.pixels, part, lambda: False)
    assert (shown.view.size, corner, size) == ((100, 100), (100, 150), (300, 400))
    assert (shown.placement.top, shown.placement.left) == (200, 300)
    np.testing.assert_array_equal(shown.view.planes, whole(pipeline)["pool"][:, 100:200, 150:250])


def test_what_is_seen_once_maps_are_compared_is_compared(large, show, qtbot):
    wall = show(large, mode="overview", crop=NEAR)
    comparing = Comparing(large, wall, wall)
    qtbot.addWidget(comparing.page)
    comparing.page.show()
    comparing.choose("sobel", 0, False)
    comparing.choose("blur", 0, True)
    view = comparing.page.view
    large.view.set(crop=(100.0, 40.0, 60.0, 80.0))  # while the first part is computed
    qtbot.waitUntil(lambda: view.pair is not None and view.pair.a.corner == (100, 40))
    assert "rows 100 to 159 and columns 40 to 119" in description(comparing.page)


def test_parts_of_maps_of_one_size_are_compared_cell_by_cell(opening, show, qtbot, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 10_000)
    one, three = np.ones((1, 1, 2, 2)), np.ones((3, 1, 3, 3))
    layers = {"even": fl.Conv2d(one, padding=((0, 1), (0, 1))), "many": fl.Conv2d(three, padding=1)}
    layers["less"] = fl.Conv2d(three)
    pipeline = fl.Pipeline([Node(name, layer, ("image",)) for name, layer in layers.items()])
    bench = opening(pipeline)
    wall = show(bench, mode="overview")
    comparing, maps = Comparing(bench, wall, wall), whole(pipeline)
    qtbot.addWidget(comparing.page)
    comparing.page.show()
    view = comparing.page.view
    for crop in (None, (200.3, 300.3, 20.0, 30.0)):
        bench.view.set(crop=crop)
        comparing.choose("even", 0, False)
        comparing.choose("many", 0, True)
        qtbot.waitUntil(lambda: view.pair is not None and view.pair.b.node == "many")
        qtbot.waitUntil(lambda: view.pair.a.part == parts.seen_part(bench))
        assert view.pair.apart is not None, "the cell of one lies half a cell beside that of the other"
        (top, left), (height, width) = view.pair.a.corner, view.pair.a.view.size
        seen = np.s_[top : top + height, left : left + width]
        np.testing.assert_array_equal(view.pair.b.view.planes[0], maps["many"][0][seen])
        np.testing.assert_array_equal(
            view.pair.apart.planes[0], maps["even"][0][seen] - maps["many"][0][seen]
        )
        comparing.choose("less", 0, True)
        qtbot.waitUntil(lambda: view.pair.b.node == "less")
        assert view.pair.apart is None
        assert "1 × 600 × 800" in comparing.page.note.text, "the sizes are those of the whole maps"
        assert "only what is seen" in comparing.page.note.text
