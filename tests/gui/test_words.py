from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.gui.words.wording import (
    error_words,
    first_sentence,
    macs_words,
    parameters_words,
    problem_words,
)
from filterlab.run.ledger import survey


def test_errors_say_what_is_wrong_and_what_to_do():
    assert (
        error_words(FilterLabError("too large", "node 'a'", "make it smaller"))
        == "too large — make it smaller"
    )
    assert error_words(FilterLabError("too large")) == "too large"
    assert error_words(OSError("disk full")) == "disk full"


def test_problems_are_errors_or_wait_for_one():
    wrong, behind = survey(fl.Pipeline([("pool", fl.MaxPool2d(60)), ("relu", fl.ReLU())]), (1, 9, 9))
    assert problem_words(wrong) == error_words(wrong.error)
    assert problem_words(behind) == "waits for pool"


@pytest.mark.parametrize("layer", [fl.Mean, fl.ELU, fl.Crop])
def test_the_first_sentence_of_a_layer_is_whole(layer):
    first = layer.__doc__.split("\n")[0].replace("`", "")
    assert first_sentence(layer.__doc__) == first


def test_one_is_told_as_one():
    assert (parameters_words(1), parameters_words(48120)) == ("1 parameter", "48.1 k parameters")
    assert (macs_words(1), macs_words(0)) == ("1 multiply-add", "0 multiply-adds")
