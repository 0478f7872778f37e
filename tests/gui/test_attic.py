"""Opening one document after the other: what came before leaves the memory, and undo brings it back as it was."""

from __future__ import annotations

import gc
import weakref
from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

import filterlab as fl
from filterlab.gui.bench import attic
from filterlab.gui.bench.work import Picture
from filterlab.gui.inspector.forms import Forms
from filterlab.gui.wall.tile import TileItem
from filterlab.gui.window import MainWindow
from filterlab.images.views import MapView
from filterlab.run.evaluate import _Result

DRAWN = {"init": "normal", "shape": [4, 3, 5, 5], "seed": 3}


def noise(number, side=120):
    return Picture(f"noise {number}", np.random.default_rng(number).random((3, side, side), dtype=np.float32))


def network(number):
    weight = {**DRAWN, "seed": number}
    return fl.Pipeline([("conv", fl.Conv2d(weight)), fl.ReLU(), ("pool", fl.MaxPool2d(2))])


@pytest.fixture
def open_next(bench, settle, qtbot):
    """`open_next(number)`: another picture and another pipeline, everything computed and put away."""

    def step(number):
        bench.document.open_pipeline(f"Open {number}", network(number), None)
        bench.document.show_picture(f"Show {number}", noise(number))
        settle(bench)
        qtbot.waitUntil(lambda: not bench.background.busy)

    return step


def on_disk(picture):
    base = picture.pixels
    while isinstance(base, np.ndarray) and base.base is not None:
        base = base.base
    return not isinstance(base, np.ndarray)


def test_the_maps_of_an_earlier_document_are_gone(bench, open_next):
    open_next(1)
    maps = [weakref.ref(shown.view) for shown in bench.results.maps.values()]
    arrays = [weakref.ref(shown.view.array) for name, shown in bench.results.maps.items() if name != "image"]
    assert len(arrays) == 3
    open_next(2)
    gc.collect()
    assert [ref for ref in (*maps, *arrays) if ref() is not None] == []


def test_maps_of_earlier_edits_of_one_document_are_remembered_for_undo(bench, open_next, settle):
    open_next(1)
    before = {name: shown.view.array for name, shown in bench.results.maps.items()}
    bench.document.edit(
        "Change", bench.document.pipeline.with_layers({"conv": fl.Conv2d({**DRAWN, "seed": 9})})
    )
    settle(bench)
    bench.document.undo()
    settle(bench)
    assert all(bench.results.maps[name].view.array is array for name, array in before.items())


def test_pictures_of_before_wait_on_the_disk_and_come_back_the_same(bench, open_next, settle):
    open_next(1)
    picture, pixels = bench.document.picture, bench.document.picture.pixels.copy()
    before = bench.results.maps["pool"].view.array.copy()
    assert not on_disk(picture)
    open_next(2)
    assert on_disk(picture)
    assert not on_disk(bench.document.picture)
    assert not picture.pixels.flags.writeable
    bench.document.undo()  # the picture
    bench.document.undo()  # the pipeline
    assert bench.document.picture is picture
    np.testing.assert_array_equal(picture.pixels, pixels)
    settle(bench)
    np.testing.assert_array_equal(bench.results.maps["pool"].view.array, before)


def test_a_full_disk_leaves_pictures_in_memory(bench, open_next, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(attic, "moved_to_disk", full)
    open_next(1)
    picture = bench.document.picture
    open_next(2)
    assert not on_disk(picture)
    assert bench.messages.all == []


def test_no_more_files_are_kept_open_than_systems_allow(bench, open_next, monkeypatch):
    monkeypatch.setattr(attic, "MOST_FILES", 2)
    pictures = []
    for number in range(4):
        open_next(number)
        pictures.append(bench.document.picture)
    assert [on_disk(picture) for picture in pictures] == [True, True, False, False]


def test_drawn_weights_of_before_are_drawn_anew_when_they_come_back(bench, open_next, settle):
    open_next(1)
    layer = bench.document.pipeline["conv"]
    weight = layer.weight.copy()
    assert layer.drawn()
    open_next(2)
    assert layer.drawn() == []
    assert "weight" not in vars(layer)
    np.testing.assert_array_equal(layer.weight, weight)


def test_weights_that_an_edited_layer_goes_on_using_stay(bench, open_next):
    open_next(1)
    layer = bench.document.pipeline["conv"]
    array = layer.weight
    bench.document.edit("Pad", bench.document.pipeline.with_layers({"conv": layer.replace(padding=2)}))
    assert bench.document.pipeline["conv"].weight is array


def kinds():
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if issubclass(type(thing), COUNTED))


COUNTED = (QObject, MapView, _Result, TileItem)


def test_twenty_documents_leave_no_more_objects_than_three(bench, open_next, qtbot, settle):
    window = MainWindow(bench)
    window.resize(1000, 700)
    window.show()
    forms = window.findChild(Forms)

    def open_several(count):
        for number in range(count):
            open_next(number)
            window.grab()
        # The inspector makes the forms of these layers ahead, row by row.
        qtbot.waitUntil(lambda: forms.resting)
        return kinds()

    open_several(
        1
    )  # some parts of a form are made, or first touched from Python, when it shows its second layer
    before, after = open_several(3), open_several(20)
    assert after["MapView"] <= before["MapView"]
    assert {name: after[name] - before[name] for name in after if after[name] > before[name]} == {}
    window.close()
    window.deleteLater()
