"""Explaining on random pipelines: sums, trees down to the picture, paths of winners, partial maps."""

from __future__ import annotations

import json
import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.explain.drawing.outline import outline
from filterlab.explain.explainer import MOST_LEVELS, MOST_TREE, Explainer
from filterlab.layers.base.terms import Where
from tests.explain.random_pipelines import branched, position


def cell(maps, where):
    array = maps[where.node]
    return array[where.channel, where.row, where.col] if array.ndim == 3 else array[where.channel]


@given(branched(), st.sampled_from([np.float32, np.float64]), st.integers(0, 99), st.data())
def test_terms_sum_to_the_value_and_name_true_cells(built, dtype, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape).astype(dtype)
    maps = {"image": picture, **pipe.run(picture)}
    node = data.draw(st.sampled_from([node.name for node in pipe]))
    where = position(data.draw, maps[node].shape)
    found = pipe.explain(picture, node, *where)
    assert found.value == cell(maps, found.where)
    for term in found.terms:
        inside = term.where.inside
        if inside is not None:
            assert term.value == cell(maps, inside)
    if found.terms and found.products is not None:
        size = math.fsum(abs(term.product) for term in found.terms) + abs(found.bias)
        round_off = 64 * np.finfo(dtype).eps * max(size, 1e-6)
        assert found.products + found.bias == pytest.approx(found.value, rel=0, abs=float(round_off))
        parts = math.fsum(part.value for part in found.parts)
        assert parts == pytest.approx(found.products, rel=1e-12, abs=1e-12)
    assert sum(len(part.terms) for part in found.parts) == len(found.terms)


@settings(max_examples=40)
@given(branched(most=3), st.integers(0, 99), st.data())
def test_a_tree_explains_each_term_down_to_the_picture(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    explainer = Explainer(pipe, picture)
    node = pipe.nodes[-1].name
    where = position(data.draw, explainer.map(node).shape)
    with suppress(fl.FilterLabError):  # too many terms
        _check_tree(explainer.tree(node, *where, depth=None))


def _check_tree(tree):
    for found in tree.walk():
        for term in found.terms:
            inside = term.where.inside
            if term.where.node == "image" or inside is None:
                assert term.explanation is None
            else:
                assert term.explanation.where == inside
                assert term.explanation.value == term.value


@given(branched(), st.integers(0, 99), st.data())
def test_partial_maps_add_up_to_the_map(built, seed, data):
    pipe, shape = built
    explainer = Explainer(pipe, np.random.default_rng(seed).uniform(-1, 1, shape))
    node = data.draw(st.sampled_from([node.name for node in pipe]))
    y = explainer.map(node)
    channel = data.draw(st.integers(0, len(y) - 1))
    maps = explainer.partial_maps(node, channel)
    if maps:
        bias = explainer.explain(node, channel).bias
        total = sum(part.array for part in maps) + bias
        np.testing.assert_allclose(total, y[channel].reshape(total.shape), atol=1e-12)
        assert {(part.node, part.channel) for part in maps} >= {
            (part.node, part.channel) for part in explainer.explain(node, channel).parts
        }


@pytest.mark.filterwarnings("error")
def test_sums_beyond_the_range_of_numbers_are_no_trouble():
    pipe = fl.Pipeline([("a", fl.LPPool2d(2, 2)), ("b", fl.AvgPool2d(1))])
    picture = np.full((1, 2, 2), 1e30, np.float32)
    assert pipe.explain(picture, "a", 0).value == np.inf
    assert pipe.explain(picture, "b", 0, depth=None).terms[0].explanation.formula.endswith("= inf")
    assert pipe.provenance(picture, "b", 0).winners["a"] == ((0, 0, 0),)


@pytest.fixture
def stack(rng):
    """Two convolutions, an activation and a pooling, on a picture of two channels."""
    pipe = fl.Pipeline(
        [
            ("a", fl.Conv2d(rng.normal(size=(2, 2, 3, 3)), padding=1, padding_mode="reflect")),
            ("relu", fl.ReLU()),
            ("pool", fl.MaxPool2d(2)),
            ("b", fl.Conv2d(rng.normal(size=(1, 2, 3, 3)))),
        ]
    )
    return pipe, rng.random((2, 10, 12))


def test_depth_counts_levels(stack):
    pipe, picture = stack
    for depth in (1, 2, 3):
        tree = pipe.explain(picture, "b", 0, 1, 1, depth=depth)
        levels = 0
        found = tree
        while found is not None:
            levels += 1
            found = found.terms[0].explanation
        assert levels == depth
    whole = pipe.explain(picture, "b", 0, 1, 1, depth=None)
    assert {e.where.node for e in whole.walk()} == {"b", "pool", "relu", "a"}
    assert json.loads(json.dumps(whole.to_dict()))["terms"][0]["explanation"]["layer"] == "max_pool2d"


def test_wrong_depths_and_trees_without_end_are_refused(stack):
    pipe, picture = stack
    with pytest.raises(fl.FilterLabError, match="depth is 0"):
        pipe.explain(picture, "b", 0, 0, 0, depth=0)
    deep = fl.Pipeline([fl.Conv2d(np.ones((1, 1, 5, 5)), padding=2) for _ in range(6)])
    with pytest.raises(fl.FilterLabError, match=f"more than {MOST_TREE:,} terms") as caught:
        deep.explain(np.ones((1, 40, 40)), "conv6", 0, 20, 20, depth=None)
    assert caught.value.parameter == "depth"


def test_trees_of_too_many_levels_are_refused():
    deep = fl.Pipeline([fl.ReLU() for _ in range(1500)])
    with pytest.raises(fl.FilterLabError, match=f"more than {MOST_LEVELS} levels") as caught:
        deep.explain(np.ones((1, 2, 2)), "relu1500", 0, depth=None)
    assert caught.value.parameter == "depth"
    whole = deep.explain(np.ones((1, 2, 2)), f"relu{MOST_LEVELS}", 0, depth=None)
    assert sum(1 for _ in whole.walk()) == MOST_LEVELS
    assert len(outline(whole)) == 1 + 4 * MOST_LEVELS
    assert json.loads(json.dumps(whole.to_dict()))["value"] == 1


def test_only_what_matters_most_is_explained_in_turn(stack):
    pipe, picture = stack
    tree = pipe.explain(picture, "b", 0, 1, 1, depth=None, top=2)
    for found in tree.walk():
        ordered = sorted(found.terms, key=lambda term: term.size, reverse=True)
        explained = {id(term) for term in found.terms if term.explanation is not None}
        inner = [term for term in ordered[:2] if term.where.inside and term.where.node != "image"]
        assert explained == {id(term) for term in inner}
    assert {found.where.node for found in tree.walk()} == {"b", "pool", "relu", "a"}
    with pytest.raises(fl.FilterLabError, match="top is 0"):
        pipe.explain(picture, "b", 0, 0, 0, depth=2, top=0)


def test_trees_too_large_can_be_followed_by_what_matters_most():
    deep = fl.Pipeline([fl.Conv2d(np.ones((1, 1, 5, 5)), padding=2) for _ in range(6)])
    tree = deep.explain(np.ones((1, 40, 40)), "conv6", 0, 20, 20, depth=None, top=1)
    assert [found.where.node for found in tree.walk()] == [f"conv{i}" for i in range(6, 0, -1)]


def test_a_pixel_is_a_leaf(stack):
    pipe, picture = stack
    found = Explainer(pipe, picture).explain("image", 1, 2, 3)
    assert (found.value, found.terms, found.rule) == (picture[1, 2, 3], (), "pixel")


def test_maps_that_are_given_are_not_computed_again(stack):
    pipe, picture = stack
    maps = pipe.run(picture)
    maps["pool"] = np.full_like(maps["pool"], 7.0)
    explainer = Explainer(pipe, picture, maps)
    assert {term.value for term in explainer.explain("b", 0, 0, 0).terms} == {7.0}
    assert explainer.map("pool") is maps["pool"]


def test_the_trail_goes_through_the_winner_to_the_sum(stack):
    pipe, picture = stack
    relu = pipe.run(picture)["relu"]
    trail = Explainer(pipe, picture).trail("pool", 1, 2, 3)
    assert [where.node for where in trail] == ["pool", "relu", "a"]
    window = relu[1, 4:6, 6:8]
    assert relu[1, trail[1].row, trail[1].col] == window.max()
    assert trail[2][1:4] == trail[1][1:4]


def test_the_trail_follows_what_the_border_copies():
    pipe = fl.Pipeline(
        [("pad", fl.Pad(2, mode="reflect")), ("crop", fl.Crop(size=(4, 4))), ("relu", fl.ReLU())]
    )
    picture = np.arange(4.0).reshape(1, 2, 2)
    with pytest.raises(fl.FilterLabError):
        Explainer(pipe, picture).trail("relu", 0)
    pipe = fl.Pipeline([("pad", fl.Pad(1, mode="reflect")), ("relu", fl.ReLU())])
    assert Explainer(pipe, picture).trail("relu", 0, 0, 1) == [
        Where("relu", 0, 0, 1),
        Where("pad", 0, 0, 1),
        Where("image", 0, -1, 0, True, (1, 0)),
    ]


def test_what_the_border_shows_is_followed_and_explained_as_the_cell_that_it_is():
    pipe = fl.Pipeline([("relu", fl.ReLU()), ("pad", fl.Pad(1, mode="reflect"))])
    picture = np.arange(4.0).reshape(1, 2, 2)
    trail = Explainer(pipe, picture).trail("pad", 0, 0, 1)
    assert trail[1] == Where("relu", 0, -1, 0, True, (1, 0))
    assert trail[1].inside == Where("relu", 0, 1, 0)
    assert trail[2] == Where("image", 0, 1, 0)
    (term,) = pipe.explain(picture, "pad", 0, 0, 1, depth=2).terms
    assert term.explanation.where == Where("relu", 0, 1, 0)
    assert Where("relu", 0, -1, 0, True).inside is None


def test_the_trail_ends_in_constant_padding(rng):
    pipe = fl.Pipeline([("pad", fl.Pad(1)), ("max", fl.MaxPool2d(1))])
    trail = Explainer(pipe, -rng.random((1, 3, 3))).trail("max", 0, 0, 0)
    assert [(where.node, where.padding) for where in trail] == [
        ("max", False),
        ("pad", False),
        ("image", True),
    ]


def test_a_disabled_layer_is_a_copy(rng):
    pipe = fl.Pipeline([fl.Node("relu", fl.ReLU(), enabled=False)])
    picture = -rng.random((1, 2, 2))
    found = pipe.explain(picture, "relu", 0, 1, 1)
    assert (found.rule, found.operation, found.value) == ("copy", "Disabled", picture[0, 1, 1])
