"""Explanations add up, and name the cells they speak of."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl


def products(found):
    return sum(term.product for term in found.terms) + found.bias


def test_every_term_of_a_convolution(rng):
    weight = rng.normal(size=(2, 3, 3, 3))
    pipe = fl.Pipeline([("edges", fl.Conv2d(weight, bias=[0.5, -1.0]))])
    x = rng.random((3, 6, 7))
    found = pipe.explain(x, "edges", 1, 2, 3)
    assert len(found.terms) == 27
    for term in found.terms:
        where = term.where
        assert where.node == "image"
        assert term.value == x[where.channel, where.row, where.col]
        assert term.weight == np.float32(weight)[1, where.channel, where.row - 2, where.col - 3]
        assert term.product == term.value * term.weight
    assert found.bias == -1.0
    assert found.value == pytest.approx(pipe.run(x)["edges"][1, 2, 3], abs=1e-12)
    assert products(found) == pytest.approx(found.value, abs=1e-12)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular", "symmetric", "constant"])
def test_padding_terms_show_what_the_border_mode_put_there(rng, mode):
    layer = fl.Conv2d(rng.normal(size=(1, 1, 3, 3)), padding=((2, 1), (1, 0)), padding_mode=mode, value=0.25)
    pipe = fl.Pipeline([("a", layer)])
    x = rng.random((1, 5, 5))
    found = pipe.explain(x, "a", 0, 0, 0)
    assert products(found) == pytest.approx(pipe.run(x)["a"][0, 0, 0], abs=1e-12)
    padding = [term for term in found.terms if term.where.padding]
    assert len(padding) == 7
    fill = {"zeros": 0.0, "constant": 0.25}.get(mode)
    for term in padding:
        if fill is not None:
            assert (term.value, term.where.source) == (fill, None)
        else:
            assert term.value == x[(0, *term.where.source)]


def test_groups_see_their_own_channels(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(rng.normal(size=(4, 2, 1, 1)), groups=2))])
    x = rng.random((4, 3, 3))
    assert [t.where.channel for t in pipe.explain(x, "a", 1, 0, 0).terms] == [0, 1]
    assert [t.where.channel for t in pipe.explain(x, "a", 2, 0, 0).terms] == [2, 3]


def test_convolution_flips_the_kernel():
    x = np.arange(9.0).reshape(1, 3, 3)
    layer = fl.Conv2d(np.arange(4.0).reshape(1, 1, 2, 2), operation="convolution")
    found = fl.Pipeline([("a", layer)]).explain(x, "a", 0, 0, 0)
    assert [term.weight for term in found.terms] == [3, 2, 1, 0]
    assert found.value == 5


def test_the_winner_of_a_maximum(rng):
    x = rng.random((2, 4, 4))
    found = fl.Pipeline([("pool", fl.MaxPool2d(2))]).explain(x, "pool", 1, 1, 0)
    winner = [term for term in found.terms if term.weight]
    assert len(found.terms) == 4
    assert [term.value for term in winner] == [found.value]
    assert found.bias == 0


def test_vectors_are_named_by_their_position(rng):
    pipe = fl.Pipeline([fl.Flatten(), ("fc", fl.Linear(rng.normal(size=(3, 12)), bias=[1, 2, 3]))])
    found = pipe.explain(rng.random((3, 2, 2)), "fc", 2)
    assert len(found.terms) == 12
    assert found.bias == pytest.approx(3)
    assert products(found) == pytest.approx(found.value)


def test_it_can_be_written_as_json(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(np.ones((1, 1, 3, 3)), padding=1)), ("b", fl.Sigmoid())])
    x = rng.random((1, 4, 4), np.float32)
    for name in ("a", "b"):
        found = pipe.explain(x, name, 0, 0, 0)
        assert json.loads(json.dumps(found.to_dict()))["value"] == found.value


def test_the_greatest_terms_alone_as_json(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(rng.normal(size=(1, 2, 3, 3)))), ("pool", fl.MaxPool2d(2))])
    found = pipe.explain(rng.random((2, 6, 6)), "pool", 0, depth=2)
    whole, short = found.to_dict(), found.to_dict(top=3)
    assert "others" not in whole
    assert short["others"] == {"count": 1, "products": 0}
    (winner,) = [term for term in short["terms"] if term.get("wins")]
    below = winner["explanation"]
    kept = [term["product"] for term in below["terms"]]
    every = [term.product for term in found.winners[0].explanation.terms]
    assert sorted(map(abs, kept)) == sorted(map(abs, every))[-3:]
    assert below["others"]["count"] == 15
    assert sum(kept) + below["others"]["products"] == pytest.approx(sum(every))


def test_what_matters_is_what_is_added_and_what_won():
    pipe = fl.Pipeline([("max", fl.MaxPool2d((1, 2))), ("soft", fl.Softmax()), fl.ReLU()])
    lost, won = pipe.explain(np.array([[[-9.0, 1]]]), "max", 0).terms
    assert (lost.size, won.size) == (0, np.inf)
    share = pipe.explain(np.array([[[-9.0, 1]]]), "soft", 0).terms[0]
    assert share.size == share.share == 1
    assert pipe.explain(np.array([[[np.nan, np.nan]]]), "relu1", 0).terms[0].size == np.inf


@pytest.mark.parametrize(
    ("position", "message"),
    [
        ((2, 0, 0), "no channel 2 .*0 to 1"),
        ((0, 9, 0), "no row 9"),
        ((0, 0, -1), "no column -1"),
        ((0.5, 0, 0), "no channel 0.5"),
    ],
)
def test_positions_outside_are_refused(rng, position, message):
    pipe = fl.Pipeline([("a", fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match=message):
        pipe.explain(rng.random((2, 3, 3)), "a", *position)


def test_a_batch_is_refused(rng):
    with pytest.raises(fl.FilterLabError, match="one picture"):
        fl.Pipeline([("a", fl.ReLU())]).explain(rng.random((2, 2, 3, 3)), "a", 0, 0, 0)


def test_a_notebook_shows_a_table_that_escapes_what_it_holds(rng):
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.random((1, 4, 3, 3)), bias=[0.5]))])
    html = pipe.explain(rng.random((4, 5, 5)), "conv", 0, 1, 1)._repr_html_()
    assert html.count("<tr>") == 24 + 3 + 1  # the terms shown, the others, bias and value, and the head
    assert "12 others" in html
    assert "conv[0, 1, 1]" in html
    table = pipe._repr_html_()
    assert "&lt;1x4x3x3&gt;" in table
    assert ">image<" in table
