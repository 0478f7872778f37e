from __future__ import annotations

import errno
import threading
import weakref

import numpy as np
from PySide6.QtCore import QCoreApplication

import filterlab as fl
from filterlab.fields.maps import FieldMap
from filterlab.functional.memory import _Lease
from filterlab.gui.bench import evaluation
from filterlab.gui.bench.evaluation import Survey
from filterlab.gui.bench.results import DEBOUNCE, map_budget
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.images.parts.patched import PatchedView
from filterlab.images.scratch import bytes_in_memory
from filterlab.images.views import ViewCrop
from filterlab.machine import memory
from filterlab.run.ledger import Problem


def test_maps_are_those_of_the_pipeline(opened, pipeline, picture):
    expected = pipeline.run(picture.pixels)
    for name, array in expected.items():
        np.testing.assert_array_equal(opened.results.maps[name].view.array, array)
    assert not any(shown.stale for shown in opened.results.maps.values())


def test_only_what_changed_is_computed_again(opened, pipeline, settle):
    before = {name: shown.view for name, shown in opened.results.maps.items()}
    told = []
    opened.results.map_ready.connect(told.append)
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.AvgPool2d(3)}))
    assert [name for name, shown in opened.results.maps.items() if shown.stale] == ["pool"]
    settle(opened)
    assert told == ["pool"]
    after = {name: shown.view for name, shown in opened.results.maps.items()}
    assert [name for name in before if before[name] is not after[name]] == ["pool"]


def test_what_does_not_fit_keeps_its_last_map_and_says_why(opened, pipeline, settle):
    opened.document.edit("pool", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    settle(opened)
    problem = opened.results.problem("relu")
    assert isinstance(problem, Problem)
    assert problem.error is not None
    assert opened.results.problem("pool").waits_for == "relu"
    assert opened.results.maps["pool"].stale
    assert not opened.results.maps["sobel"].stale


def test_a_newer_edit_wins(opened, pipeline, settle):
    for size in (2, 3, 4, 5, 6):
        opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(size)}))
        opened.results._start()
    settle(opened)
    assert opened.results.maps["pool"].view.size == (8, 10)


def test_maps_that_are_not_shown_are_given_back_and_come_again(opened, settle):
    opened.results.want(["sobel"])
    assert set(opened.results.maps) == {"image", "sobel"}
    opened.results.want(["sobel", "pool"])
    settle(opened)
    assert set(opened.results.maps) == {"image", "sobel", "pool"}


def test_stop_leaves_maps_stale_and_refresh_makes_them(opened, pipeline, settle):
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    opened.results.stop()
    assert not opened.results.busy
    assert opened.results.maps["pool"].stale
    opened.results.refresh()
    settle(opened)
    assert not opened.results.maps["pool"].stale


MAP = 3 * 48 * 64 * 4  # bytes of a map that is as large as the picture


def test_maps_beyond_the_budget_wait_on_the_disk_and_are_named(opened, pipeline, settle, picture):
    results = opened.results
    # Room for the picture with its copies, for three arrays while a layer computes, and for one map.
    results.budget = MAP * 4 // 3 + 3 * MAP + MAP * 3 // 2
    opened.document.open_pipeline("Open it anew", fl.Pipeline(pipeline.nodes), None)
    settle(opened)
    on_disk = {name for name, shown in results.maps.items() if not bytes_in_memory(shown.view.array)}
    assert on_disk == {"relu", "pool", "blur"}
    (note,) = opened.messages.all
    assert note.text == "Memory for maps is limited to 215 kB; these wait on the disk: relu, pool, blur"
    for name, array in pipeline.run(picture.pixels).items():
        np.testing.assert_array_equal(results.maps[name].view.array, array)
        assert results.value(Spot(name, 1, 3, 4)) == array[1, 3, 4]
    assert len(list(opened.folder.glob("*.npy"))) == 0
    results.want(["sobel", "relu", "pool", "blur"], on_screen=["blur"])
    opened.document.edit("Blur more", pipeline.with_layers({"blur": fl.Filter2d(fl.kernels.box(5))}))
    settle(opened)
    assert bytes_in_memory(results.maps["blur"].view.array)  # what is seen comes first


def test_maps_beyond_memory_and_disk_say_so(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.evaluation._free_on_disk", lambda folder: 0)
    opened.results.budget = MAP * 4 // 3 + 3 * MAP + MAP * 3 // 2
    opened.document.open_pipeline("Open it anew", fl.Pipeline(pipeline.nodes), None)
    settle(opened)
    assert "need 36.9 kB, and 6.14 kB are left" in opened.results.problem("relu").what


def test_files_that_are_kept_count_as_free(opened, monkeypatch):
    free = evaluation._free_on_disk(opened.folder)
    monkeypatch.setattr(evaluation, "bytes_in_files", lambda: 1 << 60)
    assert evaluation._free_on_disk(opened.folder) - free > 1 << 59


def test_a_disk_that_refuses_is_said(opened, pipeline, settle, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("filterlab.gui.bench.evaluation.moved_to_disk", refuse)
    opened.results.budget = 2 * MAP
    opened.document.open_pipeline("Open it anew", fl.Pipeline(pipeline.nodes), None)
    settle(opened)
    assert "its map cannot be moved to the disk" in opened.results.problem("sobel").what


def test_the_memory_for_maps_is_a_setting(bench, tmp_path):
    bench.set_map_memory(1536)
    bench.settings.sync()
    again = Workbench(bench.folder)
    assert again.results.budget == 1536 << 20
    again.close()
    assert map_budget() <= max(memory() // 4, 2 << 30)


def test_without_a_picture_there_is_nothing(opened, settle):
    opened.document.show_picture("Close", None)
    assert opened.results.maps == {}
    opened.document.undo()
    settle(opened)
    assert "pool" in opened.results.maps


def test_what_comes_late_for_a_closed_picture_is_dropped(opened, monkeypatch):
    results, computed = opened.results, threading.Event()

    def evaluated(job, question):
        question.tell(results._take_survey, Survey(rows, fields))
        question.tell(results._take_map, "pool", view)
        computed.set()

    rows, fields, view = dict(results.rows), results.fields, results.maps["pool"].view
    monkeypatch.setattr(results._evaluation, "run", evaluated)
    results._start()
    assert computed.wait(60)
    opened.document.show_picture("Close", None)
    QCoreApplication.processEvents()
    assert results.maps == {}
    assert results.rows == {}


def test_a_fault_of_the_engine_becomes_a_message_and_the_next_edit_is_computed(
    opened, pipeline, settle, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr("filterlab.gui.bench.evaluation.survey", lambda *_: 1 / 0)
        opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
        settle(opened)
    (message,) = opened.messages.all
    assert "ZeroDivisionError" in message.details
    assert opened.results.maps["pool"].stale
    opened.document.undo()
    settle(opened)
    assert not opened.results.maps["pool"].stale


def test_the_memory_of_hidden_maps_is_free_before_anything_else_is_computed(opened, qtbot):
    kept, gone = (weakref.ref(opened.results.maps[name].view.array) for name in ("sobel", "pool"))
    opened.results.want(["sobel", "relu", "blur"])
    qtbot.waitUntil(lambda: gone() is None)
    assert kept() is opened.results.maps["sobel"].view.array
    assert not opened.results.busy


def test_nothing_is_computed_from_maps_that_memory_has_no_room_for(opened, settle):
    nodes = [("large", fl.Upsample(10_000)), ("mean", fl.GlobalAvgPool2d()), ("flat", fl.Flatten())]
    side = [fl.Node("small", fl.ReLU(), ("image",))]
    opened.document.open_pipeline("Open", fl.Pipeline([*nodes, *side]), None)
    settle(opened)
    assert set(opened.results.maps) == {"image", "small"}
    assert "its maps need" in str(opened.results.problem("large"))
    for name in ("mean", "flat"):
        assert "the maps of 'large', which it is computed from, need" in str(opened.results.problem(name))


def test_maps_of_another_pipeline_are_not_shown_under_equal_names(opened, pipeline, settle):
    """As with `pool1` of two networks; the picture is the same, and its map stays."""
    small = fl.Pipeline([fl.Node("sobel", fl.Filter2d(fl.kernels.box(3))), fl.Node("pool", fl.MaxPool2d(60))])
    opened.document.open_pipeline("Open another", small, None)
    assert set(opened.results.maps) == {"image"}
    settle(opened)
    assert set(opened.results.maps) == {"image", "sobel"}
    opened.document.undo()
    assert set(opened.results.maps) == {"image"}
    settle(opened)
    assert set(opened.results.maps) == {"image", "sobel", "relu", "pool", "blur"}


def test_edits_of_an_opened_pipeline_keep_its_maps_and_undo_and_redo_do_so_too(opened, pipeline, settle):
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.AvgPool2d(3)}))
    for step in (lambda: None, opened.document.undo, opened.document.redo):
        step()
        assert opened.results.maps["pool"].stale
        assert len(opened.results.maps) == 5
        settle(opened)


def test_a_pin_ends_with_its_pipeline(opened, pipeline):
    opened.selection.set_pin(Spot("pool", 0, 3, 3))
    opened.document.edit("sobel", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3))}))
    assert opened.selection.pin is not None
    opened.document.open_pipeline("Open it again", pipeline, None)
    assert opened.selection.pin is None


def test_a_map_that_arrives_after_its_column_was_hidden_is_not_kept(opened, settle):
    results = opened.results
    view = results.maps["relu"].view
    results.want(["image", "sobel", "pool", "blur"])
    settle(opened)
    results._take_map("relu", view)
    assert "relu" not in results.maps


def test_a_single_edit_is_computed_at_once_and_a_drag_when_the_hand_rests(opened, pipeline):
    results, started = opened.results, []
    results._timer.timeout.connect(lambda: started.append(opened.document.pipeline))
    edits = [
        pipeline.with_layers({"blur": fl.Filter2d(np.full((3, 3), 0.1 * i, np.float32))}) for i in range(4)
    ]
    opened.document.edit("Change", edits[0])
    assert results._timer.interval() == 0
    QCoreApplication.processEvents()
    assert started == edits[:1]
    for edit in edits[1:]:
        opened.document.edit("Change", edit)
        assert results._timer.interval() == DEBOUNCE
    assert started == edits[:1]


def test_the_places_of_maps_are_found_in_the_background(opened, pipeline, settle, monkeypatch):
    threads = set()

    def place(fields, name, own=FieldMap._place):
        threads.add(threading.current_thread())
        return own(fields, name)

    monkeypatch.setattr(FieldMap, "_place", place)
    opened.document.edit("Change", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    settle(opened)
    assert opened.results.maps["pool"].placement is not None
    assert threads
    assert threading.main_thread() not in threads


def test_what_is_seen_of_large_maps_comes_before_them(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    results, crop = opened.results, ViewCrop(20, 30, 26, 38)
    results.seen = lambda: {"sobel": crop, "pool": ViewCrop(0, 0, 24, 32), "blur": crop}
    results.want(["sobel", "relu", "pool", "blur"], on_screen=["sobel", "relu", "blur"])
    before, edited = dict(results.maps), pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3))})
    expected = edited.run(opened.document.picture.pixels)
    found = []

    def look():
        found.append({name for name, shown in results.maps.items() if isinstance(shown.view, PatchedView)})
        shown = results.maps["sobel"]
        assert shown.stale  # not for those who need all of it
        assert not shown.stale_in(crop)
        assert shown.stale_in(ViewCrop(0, 0, 48, 64))
        assert shown.view.extent == before["sobel"].view.extent
        np.testing.assert_array_equal(
            shown.view.sample(slice(3), crop, 6, 8), expected["sobel"][:, 20:26, 30:38]
        )

    results.parts_ready.connect(look)
    opened.document.edit("Blur instead", edited)
    settle(opened)
    # "blur" does not change, and most of "pool" is seen.
    assert found == [{"sobel"}]
    assert not any(shown.stale for shown in results.maps.values())
    np.testing.assert_array_equal(results.maps["sobel"].view.array, expected["sobel"])


def test_closing_a_picture_gives_all_memory_back(bench, rng, settle, qtbot, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.evaluation.KEPT", 0)
    bench.document.open_pipeline("Open", fl.Pipeline([("box", fl.Filter2d(fl.kernels.box(3)))]), None)
    bench.document.show_picture("Open", Picture("noise", rng.random((1, 600, 700), np.float32)))
    settle(bench)
    bench.document.edit("Edit", fl.Pipeline([("box", fl.Filter2d(fl.kernels.box(5)))]))
    settle(bench)
    assert _Lease.most > 0, "maps that are replaced leave their memory to others"
    bench.document.show_picture("Close picture", None)
    qtbot.waitUntil(lambda: _Lease.most == 0)
    qtbot.waitUntil(lambda: not _Lease.kept)
    assert bench.results._evaluation._evaluator._bytes == 0


def test_what_was_seen_of_an_edit_is_stale_after_the_next(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    results, crop, stale = opened.results, ViewCrop(20, 30, 26, 38), []
    results.seen = lambda: {"sobel": crop}

    def look():
        shown = results.maps["sobel"]
        return [shown.stale_in(crop), shown.stale_at(20, 30), shown.stale_at(0, 0)]

    def edit_again():
        results.parts_ready.disconnect(edit_again)
        stale.append(look())
        results.seen = dict  # of the next edit nothing comes before the whole
        edited = opened.document.pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(5))})
        opened.document.edit("Blur more", edited)
        stale.append(look())

    results.parts_ready.connect(edit_again)
    opened.document.edit("Blur instead", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3))}))
    settle(opened)
    assert stale == [[False, False, True], [True, True, True]]
    assert look() == [False, False, False]


def test_only_what_changed_is_computed_for_what_is_seen(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    results, crop, found = opened.results, ViewCrop(20, 30, 26, 38), []
    results.seen = lambda: {"sobel": crop, "relu": crop}
    results.parts_ready.connect(lambda: found.append(results.maps["relu"].view.sample(0, crop, 6, 8)))
    before = opened.document.pipeline
    edited = pipeline.with_layers({"relu": fl.Tanh()})
    expected = edited.run(opened.document.picture.pixels)["relu"]

    def refuse(*_):
        raise AssertionError("sobel has not changed")

    monkeypatch.setattr(type(before["sobel"]), "forward", refuse)
    opened.document.edit("Tanh", edited)
    settle(opened)
    np.testing.assert_array_equal(found, expected[None, 0, 20:26, 30:38])
    opened.document.undo()
    settle(opened)
    assert len(found) == 1, "what is remembered needs no part before it"
    assert not results.maps["relu"].stale


def test_no_more_is_seen_before_the_maps_than_there_is_memory_for(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    monkeypatch.setattr("filterlab.gui.bench.evaluation.SIDES_SEEN", (4,))
    results, crop, found = opened.results, ViewCrop(20, 30, 26, 38), []
    results.seen = lambda: {"sobel": crop, "relu": crop}
    results.parts_ready.connect(
        lambda: found.append({n for n, shown in results.maps.items() if isinstance(shown.view, PatchedView)})
    )
    # Of three channels, 16 x 16 cells of four bytes, and their smaller copies, are 4096 bytes.
    for size, share in ((3, results.room / 6000), (5, 4)):
        monkeypatch.setattr("filterlab.gui.bench.evaluation.PART", share)
        opened.document.edit(str(size), pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(size))}))
        settle(opened)
    assert found == [{"sobel"}, {"sobel", "relu"}]


def test_nothing_is_laid_over_a_map_that_lies_elsewhere_now(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    results = opened.results
    results.seen = lambda: {"sobel": ViewCrop(20, 30, 26, 38)}
    patched = []
    results.parts_ready.connect(lambda: patched.append(isinstance(results.maps["sobel"].view, PatchedView)))
    opened.document.edit("Stride", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3), stride=2)}))
    settle(opened)
    assert patched == [False]
    assert results.maps["sobel"].view.size == (24, 32)
