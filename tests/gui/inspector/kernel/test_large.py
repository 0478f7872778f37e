"""Kernels of so many numbers that nobody waits for them, or edits them one by one."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.layers.base.weights import Weights

LARGE = {"init": "normal", "shape": [4, 3, 16, 16], "seed": 1}


@pytest.fixture
def made_in(monkeypatch):
    """The threads in which numbers of recipes were made."""
    threads = []
    array = Weights.array.fget

    def watched(self):
        if not self.ready and self.recipe is not None:
            threads.append(threading.current_thread())
        return array(self)

    monkeypatch.setattr(Weights, "array", property(watched))
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_MADE", 1000)
    return threads


def test_a_large_recipe_waits_for_a_click_and_is_made_aside(inspect, bench, qtbot, made_in):
    inspector = inspect(fl.Conv2d(LARGE))
    part = inspector.form.editor("weight")
    assert part.unmade.words.text() == "4 × 3 × 16 × 16, to be drawn by “normal”"
    assert not part.content.isVisible()
    assert inspector.kernel_editor() is None, "no command changes a kernel that is not shown"
    assert made_in == []
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(part.content.isVisible)
    assert inspector.kernel_editor() is part
    np.testing.assert_array_equal(part.session.kernel, fl.Conv2d(LARGE).weight[0, 0])
    assert threading.main_thread() not in made_in[:1]


def test_numbers_that_the_map_was_computed_with_are_shown(inspect, bench, qtbot, settle, made_in):
    part = inspect(fl.Conv2d(LARGE)).form.editor("weight")
    assert not part.editable
    bench.document.show_picture("Picture", Picture("noise", np.ones((3, 20, 20), np.float32)))
    settle(bench)
    assert part.editable
    assert threading.main_thread() not in made_in


def test_many_named_kernels_wait_too(inspect, qtbot, made_in, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays._MOST_DESIGNED", 50)
    recipe = [[{"preset": "gaussian", "size": 5}] * 3]
    part = inspect(fl.Conv2d(recipe)).form.editor("weight")
    assert part.unmade.words.text() == "1 × 3 × 5 × 5, to be made from named kernels"
    assert made_in == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [((1, 1, 3, 300), "1 × 1 × 3 × 300"), ((256, 1, 1, 1), None), ((900, 1, 1, 1), "900 × 1 × 1 × 1")],
)
def test_what_is_too_large_to_be_edited_says_so(inspect, shape, words, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_EDITED", 1000)
    monkeypatch.setattr("filterlab.gui.inspector.editors.kernel.MOST_CHANNELS", 800)
    inspector = inspect(fl.Conv2d(np.ones(shape, np.float32)))
    part = inspector.form.editor("weight")
    assert part.editable == (words is None)
    if words is not None:
        assert part.unmade.words.text() == f"{words} numbers: too many to be edited one by one"
        assert not part.unmade.button.isVisible()
        assert inspector.kernel_editor() is None


def test_a_recipe_that_gives_no_numbers_says_why(inspect):
    extreme = {
        "preset": "gabor",
        "size": 4,
        "sigma": 0.1,
        "wavelength": 1,
        "gamma": 10,
        "psi": 4.506802229460691,
    }
    part = inspect(fl.Filter2d(extreme)).form.editor("kernel")
    assert "do not give finite numbers" in part.unmade.words.text()
    assert not part.editable


def test_making_may_fail(inspect, bench, qtbot, made_in, monkeypatch):
    part = inspect(fl.Conv2d(LARGE)).form.editor("weight")

    def fail():
        raise MemoryError

    make, part.weights._make = part.weights._make, fail
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)
    assert "not enough memory" in bench.messages.all[0].text
    part.weights._make = make
    qtbot.mouseClick(part.unmade.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(part.content.isVisible)
