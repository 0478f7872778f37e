from __future__ import annotations

import threading
import weakref

import numpy as np
from PySide6.QtCore import QCoreApplication

import filterlab as fl
from filterlab.gui.bench.evaluation import Survey
from filterlab.gui.bench.selection import Spot
from filterlab.run.ledger import Problem


def test_maps_are_those_of_the_pipeline(opened, pipeline, picture):
    expected = pipeline.run(picture.pixels)
    for name, array in expected.items():
        np.testing.assert_array_equal(opened.results.maps[name].view.array, array)
    assert not any(shown.stale for shown in opened.results.maps.values())


def test_only_what_changed_is_computed_again(opened, pipeline, settle):
    before = {name: shown.view for name, shown in opened.results.maps.items()}
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.AvgPool2d(3)}))
    assert [name for name, shown in opened.results.maps.items() if shown.stale] == ["pool"]
    settle(opened)
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


def test_maps_beyond_the_budget_say_so(opened, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.map_budget", lambda: 50_000)
    opened.document.edit("again", fl.Pipeline(pipeline.nodes[:-1]))
    settle(opened)
    assert "need 36.9 kB, and 13.1 kB are left" in opened.results.problem("relu").what


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
    assert computed.wait(5)
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
