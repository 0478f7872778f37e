"""Putting a step into the pipeline, which may have changed since the run began."""

from __future__ import annotations

import numpy as np

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from tests.gui.learning.conftest import command, set_method


def test_a_kept_step_is_one_edit_that_undo_takes_back(d2l, run):
    document = d2l._bench.document
    before, place = document.pipeline, document.history.place
    run(d2l)
    d2l.transport.slider.setValue(7)
    assert command(d2l, "keep").text() == "Keep step 7"
    command(d2l, "keep").trigger()
    assert document.history.place == place + 1
    assert document.history.undo_label == "Keep step 7 of learning"
    np.testing.assert_array_equal(document.pipeline["edge"].weight, d2l.session.shown["edge"].weight)
    document.undo()
    assert document.pipeline is before
    assert d2l.session.count == 10, "the run is still there"


def test_a_step_is_kept_once(d2l, run):
    history = d2l._bench.document.history
    run(d2l)
    for _ in range(3):
        command(d2l, "keep").trigger()
    place = history.place
    command(d2l, "back").trigger()
    command(d2l, "keep").trigger()
    assert history.place == place + 1
    assert history.undo_label == "Keep step 9 of learning"
    d2l._bench.document.undo()
    assert history.undo_label == "Keep step 10 of learning"
    d2l._bench.document.undo()
    assert history.undo_label != "Keep step 10 of learning"


def test_a_note_says_when_a_node_that_learned_is_gone_or_changed(d2l, run, qtbot):
    document = d2l._bench.document
    set_method(d2l, steps=1_000_000, lr=1e-6)
    command(d2l, "start").trigger()
    document.edit("Replace", fl.Pipeline([("other", fl.Conv2d(weight=np.ones((1, 1, 1, 2))))]))
    qtbot.waitUntil(lambda: "edge, which was being learned, is no longer in the pipeline" in d2l.note.text)
    assert d2l.session.state is State.RUNNING, "it goes on: the edit may be undone"
    document.undo()
    qtbot.waitUntil(lambda: d2l.note.text == "")
    document.edit("Replace", fl.Pipeline([("edge", fl.Conv2d(weight=np.ones((1, 1, 3, 3)), padding=1))]))
    qtbot.waitUntil(lambda: "edge is no longer what it was when learning began" in d2l.note.text)
    command(d2l, "keep").trigger()
    document.undo()
    qtbot.waitUntil(lambda: d2l.note.text == "")
    command(d2l, "stop").trigger()


def test_a_note_says_when_the_steps_learned_from_another_picture(d2l, run, qtbot):
    document, after = d2l._bench.document, d2l._bench.document.picture
    run(d2l)
    document.show_picture("Open", Picture("another", after.pixels * 0.5))
    qtbot.waitUntil(lambda: "These steps learn from stripes" in d2l.note.text)
    place = document.history.place
    command(d2l, "keep").trigger()
    assert document.history.place == place + 1, "they can be kept all the same"
    run(d2l)
    qtbot.waitUntil(lambda: "These steps" not in d2l.note.text)
    assert d2l.session.plan.picture.name == "another"


def test_keeping_a_step_leaves_other_edits_alone(d2l, run):
    document = d2l._bench.document
    run(d2l)
    document.edit("Add", fl.Pipeline([*document.pipeline, ("abs", fl.Abs())]))
    command(d2l, "keep").trigger()
    assert "abs" in document.pipeline
    np.testing.assert_allclose(document.pipeline["edge"].weight[0, 0], [[1, -1]], atol=0.1)
    document.edit("Replace", fl.Pipeline([("edge", fl.Conv2d(weight=np.ones((1, 1, 3, 3))))]))
    kept = document.pipeline
    command(d2l, "keep").trigger()
    assert document.pipeline is kept
    assert "no longer what it was" in d2l.note.text
