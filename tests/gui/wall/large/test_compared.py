"""Comparing maps of a picture that is larger than memory: in the part of them that is seen."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled
from filterlab.graph.nodes import Node
from filterlab.gui.compare import Comparing, parts
from filterlab.gui.compare.saving import description
from filterlab.gui.compare.sides import MapSource
from filterlab.run.comparing import map_difference
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


def soft(pipeline):
    """The pipeline with another blur, whose map therefore differs."""
    layers = {node.name: node for node in pipeline.nodes}
    other = layers["blur"].__class__("blur", fl.Filter2d(fl.kernels.gaussian(3)), layers["blur"].inputs)
    return fl.Pipeline([other if name == "blur" else node for name, node in layers.items()])


@pytest.fixture
def page(show, qtbot):
    """A page over the wall of a workbench that looks at a part: `page(bench)` gives its `Comparing`."""

    def make(bench):
        wall = show(bench, mode="overview", crop=NEAR)
        comparing = Comparing(bench, wall, wall)
        qtbot.addWidget(comparing.page)
        comparing.page.resize(900, 560)
        comparing.page.show()
        return comparing

    return make


@pytest.mark.parametrize("way", ["file", "saved", "step"])
def test_two_pipelines_are_compared_in_the_part_that_is_seen(way, large, page, pipeline, tmp_path, qtbot):
    other, comparing = soft(pipeline), page(large)
    if way == "file":
        other.save(tmp_path / "other.json")
        comparing.compare_file(tmp_path / "other.json")
    else:
        large.document.mark_saved(tmp_path / "saved.json", pipeline)
        large.document.edit("Soften the blur", other)
        large.commands.refresh()
        large.commands.action(f"compare.{way}").trigger()
    listing, view = comparing.page.listing, comparing.page.view
    mine, theirs = whole(pipeline), whole(other)
    for top, left in ((200, 300), (100, 40)):
        large.view.set(crop=(float(top), float(left), 60.0, 80.0))
        spans = {"pool": np.s_[:, top // 2 : top // 2 + 30, left // 2 : left // 2 + 40]}
        seen = {name: spans.get(name, np.s_[:, top : top + 60, left : left + 80]) for name in mine}
        names = [node.name for node in pipeline.nodes]
        wanted = tuple(
            map_difference(name, mine[name][seen[name]], theirs[name][seen[name]]) for name in names
        )
        qtbot.waitUntil(lambda nodes=wanted: listing.found.nodes == nodes)
        assert listing.verdict.text() == "In the part that is seen, the first that differs: blur"
        qtbot.waitUntil(lambda at=(top, left): view.pair is not None and view.pair.a.corner == at)
        assert listing.current == view.pair.a.node == "blur"
        for side, maps in zip(view.pair.sides, (mine, theirs), strict=True):
            np.testing.assert_array_equal(side.view.planes, maps["blur"][seen["blur"]])
        assert "only what is seen is compared" in comparing.page.note.text
    assert [m for m in large.messages.all if m.level == "error"] == []


def test_it_is_said_where_only_the_middle_of_what_is_seen_is_compared(
    large, page, pipeline, qtbot, monkeypatch
):
    monkeypatch.setattr(parts, "MOST", 3 * 60 * 80)
    comparing = page(large)
    comparing.compare_pipelines(MapSource("a", soft(pipeline)), comparing._own("now"))
    verdict = comparing.page.listing.verdict
    qtbot.waitUntil(lambda: verdict.text() == "In the part that is seen, the first that differs: blur")
    large.view.set(crop=None)
    qtbot.waitUntil(lambda: verdict.text() == "In the middle of what is seen, the first that differs: blur")
    comparing.close()
    comparing.compare_pipelines(MapSource("a", fl.Pipeline(pipeline.nodes)), comparing._own("now"))
    qtbot.waitUntil(lambda: verdict.text().startswith("In the middle of what is seen, no node differs"))


def test_nodes_that_need_the_whole_picture_are_left_out_of_two_pipelines(opening, page, qtbot):
    def made(size):
        return fl.Pipeline(
            [
                ("blur", fl.Filter2d(fl.kernels.box(size))),
                ("norm", fl.InstanceNorm2d()),
                ("mean", fl.GlobalAvgPool2d()),
            ]
        )

    bench = opening(made(3))
    comparing = page(bench)
    comparing.compare_pipelines(MapSource("a", made(5)), comparing._own("now"))
    listing = comparing.page.listing
    qtbot.waitUntil(lambda: bool(listing.found.nodes))
    assert [node.name for node in listing.found.nodes] == ["blur"]
    assert "Left out: norm, mean (" in listing.verdict.text()
    comparing.close()
    comparing.compare_pipelines(
        MapSource("a", fl.Pipeline([("mean", fl.GlobalAvgPool2d())])), comparing._own("now")
    )
    qtbot.waitUntil(lambda: not comparing.active)
    (error,) = [message for message in bench.messages.all if message.level == "error"]
    assert "mean" in error.text


def test_maps_of_two_pipelines_are_compared_a_few_at_a_time_where_memory_is_short(large, pipeline):
    levels, part = large.document.picture.pixels, parts.seen_part(large)
    few = part._replace(memory=400_000)
    tight = parts.compare_parts(pipeline, soft(pipeline), levels, few, lambda: False)
    wide = parts.compare_parts(pipeline, soft(pipeline), levels, part._replace(memory=1 << 30), lambda: False)
    assert tight.found == wide.found
    assert not tight.left_out
    assert tight.found.first == "blur"
    with pytest.raises(Cancelled):
        parts.compare_parts(pipeline, soft(pipeline), levels, few, lambda: True)


def test_maps_of_other_sizes_differ_without_being_made(large, pipeline):
    levels, part = large.document.picture.pixels, parts.seen_part(large)
    other = fl.Pipeline([("sobel", fl.Filter2d(fl.kernels.sobel(), padding="valid")), ("relu", fl.ReLU())])
    found = parts.compare_parts(pipeline, other, levels, part, lambda: False).found
    assert [(node.name, node.largest) for node in found.nodes] == [("sobel", inf), ("relu", inf)]
