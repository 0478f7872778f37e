"""A picture that is larger than the memory for maps: previews at once, and true values of what is looked at."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QCoreApplication, Qt

import filterlab as fl
from filterlab.batch.saving import Form
from filterlab.errors import FilterLabError
from filterlab.explain.lenses import look
from filterlab.gui.bench import visible
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.explain.fieldview import EffectiveField
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.files.maps.saving import MapSaving
from filterlab.gui.files.reading import levels_of, read
from filterlab.gui.local import LocalPanel
from filterlab.gui.panels.values import map_entries, position_entries
from filterlab.gui.window import MainWindow
from filterlab.images.parts.views import LargeView
from filterlab.images.views import MapView, ViewCrop
from tests.gui.wall.large.conftest import BUDGET, NEAR, RNG, VALUES, whole


def test_a_node_that_fails_keeps_no_other_preview_from_being_refined(opening, pipeline, monkeypatch):
    def refuse(*_):
        raise FilterLabError("it is out of order")

    monkeypatch.setattr(fl.ReLU, "forward", refuse)
    bench = opening(pipeline)  # waits until all of the picture is read
    assert set(bench.results.failures) == {"relu"}
    assert set(bench.results.maps) == {"image", "sobel", "blur"}, "also those that come after it"
    maps = pipeline.run(bench.document.picture.pixels.base, ["sobel", "blur"])
    for name in maps:
        np.testing.assert_array_equal(bench.results.maps[name].view.counted, maps[name])


def reductions(wall):
    """What the tiles on the screen say of themselves, by node."""
    return {node: item._patch.reduction for (node, _), item in wall.view.tiles.items()}


def test_it_is_large_by_the_memory_for_maps_and_not_by_its_pixels(path):
    assert levels_of(path, 10 * BUDGET) is None
    assert isinstance(read(path, room=10 * BUDGET).value, np.ndarray)
    assert read(path, room=BUDGET).value.shape == (1, 600, 800)
    assert levels_of(path, BUDGET).base.shape == (1, 75, 100)


def test_maps_are_up_to_date_while_the_preview_is_still_refined(bench, path, pipeline, settle, qtbot):
    bench.results.budget = BUDGET
    picture, busy = levels_of(path, BUDGET), []
    coarse = picture.base
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", Picture("large", picture, path))
    settle(bench)
    bench.results.busy_changed.connect(busy.append)
    qtbot.waitUntil(lambda: picture.complete)
    assert busy == []
    assert picture.base is not coarse
    shown = bench.results.maps["image"].view.counted
    means = VALUES.reshape(1, 75, 8, 100, 8).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(shown, means, rtol=1e-6)


@pytest.mark.parametrize("single", [True, False])
def test_a_preview_that_skips_pixels_is_announced_as_such(single, bench, path, tmp_path, qtbot):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    bench.results.budget = BUDGET
    plain = tmp_path / "plain.npy"
    np.save(plain, VALUES)
    window.files.open_paths([plain if single else path])
    qtbot.waitUntil(lambda: len(bench.messages.all) > 0)
    assert ("shows single pixels" in bench.messages.all[0].text) == single


def test_zoomed_out_all_maps_are_previews_and_say_so(large, show, calm):
    wall = show(large, mode="overview")
    calm(wall)
    assert {strip.shape for strip in wall.view.content.strips.values()} == {
        "1 × 600 × 800",
        "1 × 300 × 400",
    }
    assert set(reductions(wall)) == {"image", "sobel", "relu", "pool", "blur"}
    assert all(n > 1 for n in reductions(wall).values()), reductions(wall)
    assert large.messages.all == []


def test_zoomed_in_every_pixel_is_the_value_of_the_whole_bit_for_bit(large, show, calm, pipeline):
    wall = show(large, mode="overview", crop=NEAR)
    calm(wall)
    assert set(reductions(wall).values()) == {1}
    for node, expected in whole(pipeline).items():
        shown = large.results.maps[node]
        top, left = shown.placement.cell(210, 310)
        crop = ViewCrop(top, left, top + 20, left + 24)
        # Two pixels a cell: of a map with a stride, the picture is then shown at one to one.
        found = shown.view.sample(slice(None), crop, 40, 48)[:, ::2, ::2]
        np.testing.assert_array_equal(found, expected[:, top : top + 20, left : left + 24], err_msg=node)


def test_at_each_zoom_the_level_that_fits_is_read(large, show, calm):
    wall = show(large, mode="single")
    seen = []
    for part in (1, 2, 4, 8):
        large.view.set(crop=(10.0, 10.0, 590 / part, 790 / part))
        calm(wall)
        seen.append(reductions(wall)["image"])
    assert seen == sorted(seen, reverse=True), f"{seen} does not fall while one zooms in"
    assert (seen[0] > 1, seen[-1]) == (True, 1)


def test_the_border_of_the_picture_is_that_of_the_whole(large, show, calm, pipeline):
    wall = show(large, mode="overview", crop=(560.0, 740.0, 60.0, 80.0))
    calm(wall)
    view, expected = large.results.maps["sobel"].view, whole(pipeline)["sobel"]
    found = view.sample(0, ViewCrop(580, 770, 600, 800), 20, 30)
    np.testing.assert_array_equal(found, expected[0, 580:600, 770:800])


def test_the_value_of_a_pin_is_the_true_one_although_nothing_is_zoomed(large, qtbot, pipeline):
    expected = whole(pipeline)
    for node in expected:
        large.selection.set_pin(Spot(node, 0, 117, 203))
        assert large.results.value(large.selection.pin) is None
        assert any("…" in entry.values for entry in position_entries(large.results, large.selection.pin)) or (
            node == "image"
        )
        qtbot.waitUntil(lambda: large.results.value(large.selection.pin) is not None)
        assert large.results.value(large.selection.pin) == expected[node][0, 117, 203]


def test_the_status_bar_says_which_values_are_still_to_come(large, show, calm, pipeline):
    spot, expected = Spot("sobel", 0, 220, 320), whole(pipeline)
    before = map_entries(large.results, pipeline, spot)
    assert {entry.values for entry in before} == {"…"}
    calm(show(large, mode="overview", crop=NEAR))
    after = {entry.name: entry.values for entry in map_entries(large.results, pipeline, spot)}
    assert "…" not in after.values()
    assert f"{expected['image'][0, 220, 320]:.3f}" in after["image"]


def test_a_pinned_value_is_explained_by_the_values_of_the_whole_picture(large, qtbot, pipeline):
    inquiry, answers = Inquiry(large), []
    inquiry.answered.connect(answers.append)
    picture = whole(pipeline)["image"]
    for spot in (Spot("sobel", 0, 0, 799), Spot("relu", 0, 300, 411), Spot("pool", 0, 299, 17)):
        inquiry.ask(spot, partials=True)
        qtbot.waitUntil(lambda: bool(answers))
        found = answers.pop().account.explanation
        assert found == pipeline.explain(picture, *spot), f"{spot} is explained in another way"


@pytest.mark.parametrize("kind", ["product", "occlusion"])
def test_a_lens_looks_at_the_part_that_a_pinned_value_sees(kind, large, qtbot, pipeline):
    panel = LocalPanel(large)
    qtbot.addWidget(panel)
    panel.show()
    panel.choose(kind)
    large.selection.set_pin(Spot("pool", 0, 117, 203))
    qtbot.waitUntil(lambda: panel.sight is not None)
    seen = panel.sight
    assert (seen.top, seen.left, seen.planes[0].size) == (233, 405, (4, 4))
    if kind == "product":
        expected = look(pipeline, whole(pipeline)["image"], "product", "pool", (0, 117, 203)).values
        np.testing.assert_array_equal(seen.planes[0].values, expected[0, 233:237, 405:409])
        qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "shuffled weights" in panel.words.text())
    assert large.messages.all == []


def test_an_edit_makes_the_tiles_of_before_void(large, show, calm, pipeline):
    wall = show(large, mode="overview", crop=NEAR)
    calm(wall)
    before = large.results.maps["blur"].view
    changed = pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.sobel(5))})
    large.document.edit("Edit", changed)
    assert large.results.tiles.present().views.keys() == {"image", "blur"}
    calm(wall)
    assert large.results.maps["blur"].view is before, "a map that did not change is kept, with its tiles"
    expected = whole(changed)
    for node in ("sobel", "pool"):
        view = large.results.maps[node].view
        row, col = large.results.maps[node].placement.cell(230, 340)
        assert view.number(0, row, col) == expected[node][0, row, col]


def test_an_edit_leaves_no_preview_of_maps_that_it_does_not_change(large, show, calm, settle, pipeline):
    wall = show(large, mode="overview", crop=NEAR)
    settle(large)
    wall.grab()
    assert large.results.tiles.busy, "what is painted is asked for"
    large.document.edit("Edit", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.sobel(5))}))
    calm(wall)
    assert set(reductions(wall).values()) == {1}


def test_tiles_that_are_known_stay_while_more_of_the_preview_is_read(
    bench, path, pipeline, settle, show, calm, qtbot
):
    bench.results.budget = BUDGET
    picture = levels_of(path, BUDGET)
    looks = picture._looks
    picture._looks = iter(())
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", Picture("large", picture, path))
    settle(bench)
    calm(show(bench, mode="overview", crop=NEAR))
    before = bench.results.maps["sobel"].view
    picture._looks, picture.complete = looks, False
    bench.results.refresh()
    qtbot.waitUntil(lambda: picture.complete)
    settle(bench)
    after = bench.results.maps["sobel"].view
    assert after is not before
    assert after.held == before.held
    assert any(after.held)


def test_tiles_stay_within_the_memory_while_one_pans(large, show, calm, qtbot):
    wall, tiles = show(large, mode="overview"), large.results.tiles
    for left in (0, 350, 700):
        for top in (0.0, 500.0):
            large.view.set(crop=(top, float(left), 90.0, 120.0))
            calm(wall)
            held = sum(
                tile.values.nbytes
                for shown in large.results.maps.values()
                for level in shown.view.held
                for tile in level.values()
            )
            assert held <= tiles.memory.most == BUDGET // 2
    assert tiles.memory.bytes > 0
    large.document.show_picture("Close", None)
    wall.refresh()

    def freed():
        gc.collect()
        return tiles.memory.bytes == 0

    qtbot.waitUntil(freed)  # a tile that was on its way may still come


def test_of_maps_that_need_the_whole_picture_the_preview_is_painted_however_near_one_looks(
    opening, show, calm
):
    bench = opening(fl.Pipeline([("norm", fl.InstanceNorm2d()), ("relu", fl.ReLU())]))
    wall = show(bench, mode="overview", crop=None)
    for crop in (None, NEAR):
        bench.view.set(crop=crop)
        calm(wall)  # what painting raises fails the test
        view = bench.results.maps["relu"].view
        assert view.reduction(ViewCrop(0, 0, 600, 800), 600, 800) == 8, "nothing finer than the preview"
        assert not any(view.held)


def test_layers_that_need_the_whole_map_are_named(opening, show, calm):
    pipeline = fl.Pipeline(
        [("relu", fl.ReLU()), ("mean", fl.GlobalAvgPool2d()), ("flat", fl.Flatten()), ("soft", fl.Softmax())]
    )
    bench = opening(pipeline)
    assert set(bench.results.failures) == {"mean", "flat", "soft"}
    for name in ("mean", "flat", "soft"):
        assert (
            bench.results.problem(name).what
            == "'mean' needs its whole input; this is computed at 1/8 of the size"
        )
    wall = show(bench, mode="overview", crop=NEAR)
    calm(wall)
    assert reductions(wall)["relu"] == 1
    assert bench.results.value(Spot("mean", 0, 0, 0)) is None
    (entry,) = position_entries(bench.results, Spot("soft", 0, 0, 0))
    assert entry.values == "[0] = not known"


def test_maps_that_do_not_fit_together_are_made_one_after_the_other(opening, show, calm):
    names = [f"wide{n}" for n in range(6)]
    pipeline = fl.Pipeline(
        [fl.Node(name, fl.Conv2d(RNG.standard_normal((4, 1, 3, 3))), ("image",)) for name in names]
    )
    bench = opening(pipeline)
    wall = show(bench, mode="overview", crop=(200.0, 300.0, 20.0, 20.0))
    wall.resize(1500, 640)
    calm(wall)
    assert [remark.text for remark in bench.messages.all if remark.level != "note"] == []
    expected = whole(pipeline)
    assert names[5] in reductions(wall)
    for name in names:
        assert bench.results.maps[name].view.number(3, 209, 309) == expected[name][3, 209, 309]


def test_what_is_seen_is_not_computed_for_ever_where_there_is_no_room_for_all_of_it(
    large, show, calm, monkeypatch
):
    made = []
    run = visible.RegionRun.make
    monkeypatch.setattr(visible.RegionRun, "make", lambda *args: made.append(args[1]) or run(*args))
    large.results.budget = BUDGET // 4  # which is less than what is on the screen
    wall = show(large, mode="single", crop=(0.0, 0.0, 600.0, 800.0))
    wall.resize(1800, 1400)
    for _ in range(8):
        calm(wall)
    count = len(made)
    for _ in range(4):
        wall.view.recolor(["image"])
        calm(wall)
    assert len(made) == count
    assert large.messages.all[-1].text.startswith("Memory for tiles is limited to 262 kB")


def test_what_does_not_fit_the_preview_is_named_and_does_not_go_on_for_ever(opening):
    pipeline = fl.Pipeline([("crop", fl.Crop(margin=100)), ("relu", fl.ReLU())])
    bench = opening(pipeline)
    assert "does not fit the preview at 1/8" in bench.results.problem("crop").what


def damage(path):
    """Overwrite the tile of the file that row 220 and column 320 lie in."""
    data = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        index = (220 // 64) * 13 + 320 // 64
        start, length = page.dataoffsets[index], page.databytecounts[index]
    data[start : start + length] = bytes(length)
    with path.open("r+b") as file:
        file.write(data)


def check_the_second_is_made(bench, qtbot, pipeline, first, second):
    """Ask for two values at once, of which the first fails."""
    value = bench.results.value
    assert (value(first), value(second)) == (None, None)
    qtbot.waitUntil(lambda: value(second) is not None)
    assert value(second) == whole(pipeline)[second.node][0, second.row, second.col]
    qtbot.waitUntil(lambda: not bench.results.tiles.busy)
    assert value(first) is None
    assert not bench.results.tiles.busy, "what has failed is asked for again"
    assert len(bench.messages.all) == 1, bench.messages.all


def test_a_damaged_tile_keeps_no_other_from_being_made(large, path, qtbot, pipeline):
    damage(path)
    first, second = Spot("image", 0, 220, 330), Spot("sobel", 0, 550, 700)
    check_the_second_is_made(large, qtbot, pipeline, first, second)
    assert "cannot be decoded" in large.messages.all[0].text


def test_a_map_whose_tiles_are_too_large_keeps_no_other_from_being_made(large, qtbot, pipeline, monkeypatch):
    make = visible.RegionRun

    def refusing(graph, source, wanted, memory):
        return make(graph, source, wanted, 0 if "sobel" in wanted else memory)

    monkeypatch.setattr(visible, "RegionRun", refusing)
    first, second = Spot("sobel", 0, 220, 330), Spot("blur", 0, 100, 100)
    check_the_second_is_made(large, qtbot, pipeline, first, second)
    assert "a part of it needs" in large.messages.all[0].text


def test_a_file_that_is_damaged_where_one_looks_is_told_once(large, show, calm, path):
    damage(path)
    wall = show(large, mode="overview", crop=NEAR)
    calm(wall)
    calm(wall)
    texts = [remark.text for remark in large.messages.all]
    assert len(texts) == 1, texts
    assert "cannot be decoded" in texts[0]


def test_saving_its_maps_is_refused_with_the_command_that_can(large, qtbot, path, tmp_path):
    saving, refused = MapSaving(large, large.background), []
    saving.refused.connect(refused.append)
    saving.ask_plan([("sobel", None)], tmp_path / "out", Form("png"))
    qtbot.waitUntil(lambda: bool(refused))
    assert "larger than memory are not saved here" in refused[0].what
    assert f"filterlab run PIPELINE.json {path} --out maps" in refused[0].hint
    assert not (tmp_path / "out").exists()


def test_the_field_of_a_pin_is_drawn_where_it_lies(large, qtbot):
    field = EffectiveField(large)
    large.selection.set_pin(Spot("pool", 0, 120, 130))
    field.toggle()
    qtbot.waitUntil(lambda: large.overlays.field is not None)
    heat = large.overlays.field.heat
    assert (239 <= heat.top <= 241, 259 <= heat.left <= 261, heat.weights.shape <= (4, 4)) == (
        True,
        True,
        True,
    )


def test_a_map_that_fits_has_all_its_values(opened):
    for shown in opened.results.maps.values():
        assert type(shown.view) is MapView
        assert not isinstance(shown.view, LargeView)
    assert opened.results.tiles.present() is None
    assert not opened.results.tiles.busy


def test_hovering_does_not_begin_what_is_drawn_anew(large, show, calm, monkeypatch):
    wall = show(large, mode="overview")
    calm(wall)
    made = []
    run = visible.RegionRun.make
    monkeypatch.setattr(
        visible.RegionRun, "make", lambda *args: made.append(args[1]) or run(*args), raising=True
    )
    large.view.set(crop=NEAR)
    for col in range(300, 380, 4):
        wall.grab()
        large.results.value(Spot("sobel", 0, 230, col))
        QCoreApplication.processEvents()
    calm(wall)
    assert len(made) <= 2 * len(set(made)), f"{made} has tiles that were begun again and again"
