"""Steps that are kept within a bound of memory."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

import filterlab as fl
from filterlab.gui.learning.record import Record

START = fl.Pipeline([("f", fl.Filter2d(np.zeros((4, 4))))])


def step(index, loss=1.0):
    pipeline = fl.Pipeline([("f", fl.Filter2d(np.full((4, 4), index + 1.0)))])
    gradients = {("f", "kernel"): np.full((4, 4), float(index), np.float32)}
    return SimpleNamespace(loss=loss, pipeline=pipeline, gradients=gradients)


def filled(count, **options):
    record = Record(START, **options)
    for i in range(count):
        record.add(step(i, 1 / (i + 1)))
    return record


def test_places_count_updates_from_the_start():
    record = filled(3)
    assert record.places == [0, 1, 2, 3]
    assert record.pipeline(0) is START
    assert record.pipeline(2)["f"].kernel[0, 0] == 2
    assert record.gradient(2, "f", "kernel")[0, 0] == 1
    assert record.gradient(0, "f", "kernel") is None
    assert record.loss(2) == 1 / 3
    assert record.loss(3) is None
    assert record.best() == 2
    record.last_loss = 0.01
    assert (record.loss(3), record.best()) == (0.01, 3)
    record.add(step(3, 0.01))
    assert record.loss(4) is None


def test_within_the_budget_steps_are_thinned_evenly_and_losses_are_all_kept():
    record = filled(1000, budget=20 * 128)
    assert len(record.places) <= 22
    assert record.places[-1] == 1000, "the newest is always there"
    inner = np.diff(record.places[:-2])
    assert (inner == inner[0]).all(), "but for the best, whose loss came with the newest"
    assert len(record.losses) == 1000
    assert all(record.pipeline(place)["f"].kernel[0, 0] == place for place in record.places)
    assert record.nearest(999) == record.places[-2]
    assert record.nearest(-5) == 0


def test_logarithms_leave_out_what_has_none():
    record = Record(START)
    for i, loss in enumerate((100.0, 0.0)):
        record.add(step(i, loss))
    assert record.log_losses[0] == 2
    assert np.isnan(record.log_losses[1])


def test_the_best_step_is_kept_when_others_are_thinned_out():
    record = Record(START, budget=20 * 128)
    losses = [abs(i - 333) + 1.0 for i in range(1000)]
    for i, loss in enumerate(losses):
        record.add(step(i, loss))
    assert record.best() == 333, "the step whose loss was reported with the next one"
    assert 333 in record.places
    assert record.places == sorted(record.places)
    assert record.pipeline(333)["f"].kernel[0, 0] == 333
    assert all(record.pipeline(place)["f"].kernel[0, 0] == place for place in record.places)
    assert len(record.places) <= 23


def test_a_run_that_was_stopped_at_once_has_not_grown():
    record = Record(START)
    assert not record.grew()
    record.last_loss = 2.0
    assert not record.grew()


def test_the_best_step_is_the_start_where_the_loss_only_grew():
    record = Record(START)
    for i in range(5):
        record.add(step(i, 1.0 + i))
    assert record.best() == 0
