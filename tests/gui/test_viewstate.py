from __future__ import annotations

import json
import math

import pytest

from filterlab.graph import editing
from filterlab.gui.bench.viewstate import Look


def test_a_look_comes_back_from_its_file():
    look = Look(
        mode="single",
        scope="map",
        range="full",
        fixed={("a", None): (-1.0, 2.5), ("a", 3): (0.0, 1.0), ("", None): (-2.0, 2.0)},
        colormap="viridis",
        tile=300,
        hidden=frozenset({"a", "image"}),
        crop=(1.0, 2.0, 3.0, 4.0),
        numbers=False,
        by_value=True,
    )
    assert Look.from_dict(json.loads(json.dumps(look.to_dict()))) == look


def test_a_look_of_before_has_the_colours_that_were_chosen():
    old = {"mode": "side", "scope": "common", "tile": 220, "hidden": [], "crop": None, "numbers": True}
    assert Look.from_dict({**old, "colormap": "RdBu_r"}) == Look(scope="common", tile=220)
    assert Look.from_dict({**old, "colormap": "PuOr"}).colormap == "PuOr"
    chosen = Look(colormap="RdBu_r")
    assert Look.from_dict(chosen.to_dict()) == chosen


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {"mode": 3, "scope": [], "colormap": [], "tile": "x", "hidden": "a", "crop": 1, "numbers": 0},
        {"colormap": "no such", "hidden": [1, None], "crop": [math.nan, 0, 1, 1]},
        {"crop": [0, 0, math.inf, 1]},
        {"crop": [0, 0, 0, 1]},
        {"range": "all", "fixed": {"a": 1}},
        {"fixed": [1, ["a", None, 1, 0], ["a", True, 0, 1], [1, None, 0, 1], ["a", None, 0, math.nan]]},
    ],
)
def test_nonsense_is_at_its_default(nonsense):
    assert Look.from_dict(nonsense) == Look()


def test_the_range_of_a_renamed_node_stays_fixed(opened, pipeline):
    opened.view.fix(("relu", None), (0.0, 2.0))
    opened.view.fix(("relu", 1), (0.0, 3.0))
    opened.document.edit("Rename", editing.rename(pipeline, "relu", "positive"))
    assert opened.view.look.fixed == {("positive", None): (0.0, 2.0), ("positive", 1): (0.0, 3.0)}
    opened.view.fix(("positive", 1), None)
    assert opened.view.look.fixed == {("positive", None): (0.0, 2.0)}


def test_a_renamed_column_stays_hidden_and_so_does_one_that_comes_back(opened, pipeline):
    opened.view.set(hidden=frozenset({"relu", "image"}))
    opened.document.edit("Rename", editing.rename(pipeline, "relu", "positive"))
    assert opened.view.look.hidden == {"positive", "image"}
    opened.document.undo()
    assert opened.view.look.hidden == {"relu", "image"}
    opened.document.edit("Remove", editing.remove(pipeline, ["relu"]))
    opened.document.undo()
    assert opened.view.look.hidden == {"relu", "image"}
