"""Errors for a person: what, where, and what to do."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from filterlab import errors
from filterlab.errors import FilterLabError, ParameterError, nearest, shown, shown_path

KINDS = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, FilterLabError)]


def test_the_text_says_where_what_and_what_to_do():
    assert str(FilterLabError("too big", "conv2d", "use less")) == "conv2d: too big (use less)"
    assert str(FilterLabError("too big")) == "too big"


@pytest.mark.parametrize("kind", KINDS)
def test_they_cross_from_one_process_to_another(kind):
    error = pickle.loads(pickle.dumps(kind("what", "where", "hint", parameter="p", node="n")))
    assert type(error) is kind
    assert vars(error) == {"what": "what", "where": "where", "hint": "hint", "parameter": "p", "node": "n"}


def test_at_a_node_the_kind_stays():
    error = ParameterError("stride is 0", "Conv2d", "at least 1", parameter="stride").at_node("a")
    assert isinstance(error, ParameterError)
    assert str(error) == "node 'a', Conv2d: stride is 0 (at least 1)"
    assert (error.node, error.parameter) == ("a", "stride")


def test_a_value_of_any_size_and_depth_is_shown_in_a_short_line():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    endless = {}
    endless["itself"] = endless
    values = (
        deep,
        endless,
        10**400,
        10**100_000,
        "a" * 10**6,
        "a\nb\0",
        [["x" * 100] * 100] * 100,
        np.eye(9),
    )
    for value in values:
        assert 0 < len(shown(value)) <= 60
        assert shown(value).isprintable()
    assert shown("\ud800") == r"'\ud800'"
    assert shown([1, "a", None]) == "[1, 'a', None]"


def test_a_path_is_shown_in_a_line_that_no_terminal_obeys():
    assert shown_path("a/b c.json") == "a/b c.json"
    assert shown_path("a\x1b[31m\n.json") == r"a\x1b[31m\n.json"
    assert shown_path("\udcff.json") == r"\udcff.json"
    long = shown_path("folder/" * 600 + "end.json")
    assert len(long) < 200
    assert long.endswith("folder/end.json")


def test_near_words_are_looked_for_only_as_far_as_a_word_goes():
    assert nearest("strid", ["stride", "padding"]) == ["stride"]
    assert nearest("strid" * 10**6, ["stride", "padding"]) == []
    assert nearest(["stride"], ["stride", "padding"]) == []


def test_a_long_name_of_a_node_leaves_room_for_the_reason():
    error = ParameterError("stride is 0", "Conv2d", "at least 1").at_node("n" * 200)
    assert error.node == "n" * 200
    assert len(str(error)) < 120
