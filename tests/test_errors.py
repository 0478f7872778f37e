"""Errors for a person: what, where, and what to do."""

from __future__ import annotations

import pickle

import pytest

from filterlab import errors
from filterlab.errors import FilterLabError, ParameterError

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
