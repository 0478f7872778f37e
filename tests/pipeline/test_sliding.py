"""The sliding window: which values are visited, and what each frame shows."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.pipeline.explaining import Explainer
from filterlab.pipeline.sliding import USUAL_FRAMES, Frames, slide


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


def test_the_map_fills_as_the_window_goes(explainer):
    frames = list(Frames(explainer, slide(explainer, "pool", 0, rows=(0, 2), step=2)))
    assert len(frames) == 4
    assert {frame.shape for frame in frames} == {(*Frames(explainer, slide(explainer, "pool", 0)).size, 3)}
    blank = [np.count_nonzero((frame == 236).all(axis=2)) for frame in frames]
    assert sorted(blank, reverse=True) == blank
    assert len(set(blank)) == 4


def test_the_window_is_framed_where_it_lies(explainer):
    """On the input 16 cells wide a cell has 20 pixels; the window of pool[2, 3] begins at cell (4, 6)."""
    maker = Frames(explainer, slide(explainer, "pool", 0))
    frame = maker.frame(2, 3, np.ones((6, 8), bool))
    framed = (frame[:, :340] == (230, 120, 0)).all(axis=2)
    rows, cols = np.flatnonzero(framed.any(axis=1)), np.flatnonzero(framed.any(axis=0))
    assert abs(rows[0] - (32 + 4 * 20)) <= 2
    assert abs(rows[-1] - (32 + 6 * 20)) <= 2
    assert abs(cols[0] - (12 + 6 * 20)) <= 2
    assert abs(cols[-1] - (12 + 8 * 20)) <= 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("flatten1", 0), "no map that a window slides over"),
        (("image", 0), "no map"),
        (("a", 3), "no channel 3"),
        (("a", 0, (3, 3)), "no rows 3 to 3"),
        (("a", 0, (0, 13)), "no rows 0 to 13"),
        (("a", 0, None, 0), "step is 0"),
    ],
)
def test_what_cannot_be_shown_is_refused(explainer, arguments, message):
    with pytest.raises(fl.FilterLabError, match=message):
        slide(explainer, *arguments)
