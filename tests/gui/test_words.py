from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.gui.words.wording import (
    error_words,
    first_sentence,
    macs_words,
    parameters_words,
    problem_words,
    readable,
)
from filterlab.layers import layer_types
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


@pytest.mark.parametrize("kind", layer_types().values(), ids=list(layer_types()))
def test_layers_are_called_by_their_titles_in_messages(bench, kind):
    bench.messages.error(FilterLabError("it is odd", kind.__name__))
    assert bench.messages.all[-1].text == f"{kind.title}: it is odd"


def test_names_become_labels():
    assert readable("padding_mode") == "Padding mode"
    assert readable("r") == "R"


def test_parameters_have_the_words_of_the_window_in_messages():
    found = []
    for change in ({"kernel_size": 0}, {"out_channels": 10**9}, {"stride": -1}):
        with pytest.raises(FilterLabError) as caught:
            fl.Conv2d(np.ones((1, 1, 3, 3), np.float32)).resized(**change)
        found.append(error_words(caught.value).partition(" —")[0])
    assert found == ["kernel size is 0", "output channels is 1000000000", "stride is -1"]
    kept = "no layer 'kernel_size' in /home/kernel_size/kernel_size.json"
    assert error_words(FilterLabError(kept, hint="give output_padding.")) == f"{kept} — give output padding."


def test_names_of_classes_in_texts_become_titles_and_other_words_stay():
    error = FilterLabError("no weights in 'Conv2d'", hint="Add a Filter2d or MaxPool2d, Mean what you say")
    titles = fl.Filter2d.title, fl.MaxPool2d.title
    words = "no weights in 'Conv2d' — Add a {} or {}, Mean what you say".format(*titles)
    assert error_words(error) == words
