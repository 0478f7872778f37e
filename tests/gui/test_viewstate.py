from __future__ import annotations

import math

import pytest

from filterlab.graph import editing
from filterlab.gui.bench.viewstate import Look


def test_a_look_comes_back_from_its_file():
    look = Look(
        "single", "map", "viridis", 300, frozenset({"a", "image"}), (1.0, 2.0, 3.0, 4.0), numbers=False
    )
    assert Look.from_dict(look.to_dict()) == look


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {"mode": 3, "scope": [], "colormap": [], "tile": "x", "hidden": "a", "crop": 1, "numbers": 0},
        {"colormap": "no such", "hidden": [1, None], "crop": [math.nan, 0, 1, 1]},
        {"crop": [0, 0, math.inf, 1]},
        {"crop": [0, 0, 0, 1]},
    ],
)
def test_nonsense_is_at_its_default(nonsense):
    assert Look.from_dict(nonsense) == Look()


def test_a_renamed_column_stays_hidden_and_so_does_one_that_comes_back(opened, pipeline):
    opened.view.set(hidden=frozenset({"relu", "image"}))
    opened.document.edit("Rename", editing.rename(pipeline, "relu", "positive"))
    assert opened.view.look.hidden == {"positive", "image"}
    opened.document.undo()
    assert opened.view.look.hidden == {"relu", "image"}
    opened.document.edit("Remove", editing.remove(pipeline, ["relu"]))
    opened.document.undo()
    assert opened.view.look.hidden == {"relu", "image"}
