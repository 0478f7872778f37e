"""The sliding window: which values are visited."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.explainer import Explainer
from filterlab.explain.sliding import USUAL_FRAMES, slide


@pytest.fixture
def explainer(rng):
    nodes = [
        ("a", fl.Filter2d(np.ones((3, 3)))),
        ("pool", fl.MaxPool2d(2)),
        fl.GlobalAvgPool2d(),
        fl.Flatten(),
    ]
    return Explainer(fl.Pipeline(nodes), rng.random((3, 12, 16), np.float32))


def test_values_are_visited_in_row_order(explainer):
    chosen = slide(explainer, "pool", 1, rows=(1, 4), step=2)
    assert list(chosen.positions()) == [(1, 0), (1, 2), (1, 4), (1, 6), (3, 0), (3, 2), (3, 4), (3, 6)]
    assert chosen.frames == 8
    assert slide(explainer, "pool", 0).step == 1


def test_without_a_step_there_are_not_too_many(rng):
    explainer = Explainer(fl.Pipeline([("a", fl.ReLU())]), rng.random((1, 100, 120)))
    chosen = slide(explainer, "a", 0)
    assert chosen.step == 7
    assert USUAL_FRAMES // 2 < chosen.frames <= USUAL_FRAMES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("flatten1", 0), "is not a map that a window slides over"),
        (("image", 0), "is not a map"),
        (("a", 3), "no channel 3"),
        (("a", 0, (3, 3)), "no rows 3 to 3"),
        (("a", 0, (0, 13)), "no rows 0 to 13"),
        (("a", 0, None, 0), "step is 0"),
    ],
)
def test_what_cannot_be_shown_is_refused(explainer, arguments, message):
    with pytest.raises(fl.FilterLabError, match=message):
        slide(explainer, *arguments)
