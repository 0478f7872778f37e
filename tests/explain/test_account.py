from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.account import MOST_LISTED, Span, account, path, shares
from filterlab.explain.explainer import Explainer

RNG = np.random.default_rng(5)


def weights(*shape):
    return RNG.normal(size=shape).astype(np.float32)


@pytest.fixture(scope="module")
def explainer():
    nodes = [
        ("wide", fl.Conv2d(weight=weights(40, 3, 3, 3), bias=weights(40), padding=1)),
        ("relu", fl.ReLU()),
        ("pool", fl.MaxPool2d(2)),
        ("deep", fl.Conv2d(weight=weights(4, 40, 3, 3), bias=weights(4))),
        ("avg", fl.AvgPool2d(3, padding=1)),
        ("lp", fl.LPPool2d(2, 2)),
        ("flat", fl.Flatten()),
        ("linear", fl.Linear(weight=weights(30, 16), bias=weights(30))),
        ("soft", fl.Softmax()),
    ]
    nodes = [fl.Node(name, layer) for name, layer in nodes]
    nodes += [
        fl.Node("gap", fl.GlobalAvgPool2d(), ("wide",)),
        fl.Node("most", fl.AdaptiveMaxPool2d(1), ("wide",)),
        fl.Node("both", fl.Add(), ("wide", "relu")),
        fl.Node("up", fl.ConvTranspose2d(weight=weights(3, 2, 4, 4), stride=3), ("image",)),
    ]
    return Explainer(fl.Pipeline(nodes), RNG.random((3, 24, 26), dtype=np.float32))


def number(text):
    return Decimal(text.replace("−", "-"))


CELLS = [
    ("wide", 7, 0, 0),
    ("deep", 1, 3, 2),
    ("avg", 0, 0, 0),
    ("lp", 1, 0, 0),
    ("linear", 9, 0, 0),
    ("soft", 3, 0, 0),
    ("gap", 2, 0, 0),
    ("both", 5, 3, 4),
    ("up", 1, 10, 11),
]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("digits", [3, 6])
def test_every_level_that_is_shown_adds_up(explainer, cell, digits):
    found = account(explainer, *cell)
    for chosen in {0, len(found.groups) - 1}:
        figures = found.figures(digits, chosen)
        texts = [*figures.amounts, *([figures.others_text] if figures.others else []), figures.bias]
        assert sum(map(number, texts)) == number(figures.total)
        terms = [*figures.terms, *([figures.rest] if figures.rest else [])]
        assert sum(map(number, terms)) == number(figures.amounts[figures.shown.index(chosen)])
        assert len(figures.terms) == len(found.groups[chosen].terms)


@pytest.mark.parametrize("cell", CELLS)
def test_the_value_is_that_of_the_map(explainer, cell):
    found = account(explainer, *cell)
    node, *place = cell
    array = explainer.map(node)
    assert np.float32(float(number(found.value))) == (
        array[tuple(place)] if array.ndim == 3 else array[cell[1]]
    )
    assert found.where[:4] == cell


def test_windows_lie_as_they_lie_on_the_map(explainer):
    group = account(explainer, "wide", 0, 5, 6).groups[1]
    assert group.shape == (3, 3)
    for term, (row, col) in zip(group.terms, group.places, strict=True):
        assert (term.where.row, term.where.col) == (4 + row, 5 + col)


def test_a_transposed_window_has_no_gaps(explainer):
    group = account(explainer, "up", 0, 10, 10).groups[0]
    assert len(set(group.places)) == len(group.terms) == group.shape[0] * group.shape[1]


def test_long_sums_keep_the_largest_terms(explainer):
    found = account(explainer, "gap", 2)
    (group,) = found.groups
    assert len(group.terms) == MOST_LISTED
    assert group.left_out == 24 * 26 - MOST_LISTED
    plane = np.abs(explainer.map("wide")[2]).ravel()
    assert [abs(term.value) for term in group.terms] == sorted(plane, reverse=True)[:MOST_LISTED]


def test_nan_stands_first_in_a_long_sum():
    picture = np.arange(900, dtype=np.float32).reshape(1, 30, 30)
    picture[0, 7, 8] = np.nan
    explainer = Explainer(fl.Pipeline([("gap", fl.GlobalAvgPool2d())]), picture)
    cells = [term.where[2:4] for term in account(explainer, "gap", 0).groups[0].terms]
    assert cells[:3] == [(7, 8), (29, 29), (29, 28)]


def test_the_winner_of_a_large_window_comes_first(explainer):
    (group,) = account(explainer, "most", 4).groups
    assert group.terms[0].wins
    assert group.left_out


def test_many_channels_show_the_chosen_one(explainer):
    found = account(explainer, "deep", 0, 1, 1)
    sizes = [abs(group.amount) for group in found.groups]
    least = sizes.index(min(sizes))
    figures = found.figures(5, least)
    assert least in figures.shown
    assert figures.others == 40 - len(figures.shown)


def test_vectors_and_merges_are_lists(explainer):
    assert account(explainer, "soft", 3).kind == "list"
    both = account(explainer, "both", 5, 3, 4)
    assert both.kind == "list"
    assert [term.where.node for term in both.groups[0].terms] == ["wide", "relu"]
    assert account(explainer, "relu", 5, 3, 4).total is None


def test_the_path_goes_by_winners_to_the_last_sum(explainer):
    steps = path(explainer, account(explainer, "pool", 3, 0, 0).where)
    names = [step.where.node for step in steps]
    assert names in (["pool", "relu", "wide"], ["pool"])
    assert (steps[0].how, steps[0].count) == ("max", 4)
    best = max(range(40), key=lambda c: explainer.map("pool")[c, 3, 3])
    steps = path(explainer, account(explainer, "pool", best, 3, 3).where)
    assert [step.where.node for step in steps] == ["pool", "relu", "wide"]
    assert steps[1].symbols == "max(0, x)"
    row, col = steps[2].where.row, steps[2].where.col
    assert steps[2].spans == (Span("image", (0, 2), (row - 1, row + 1), (col - 1, col + 1)),)
    products = [term for term in explainer.explain(*steps[2].where[:4]).terms if not term.where.padding]
    assert steps[2].heaviest == max(products, key=lambda term: abs(term.product)).where


def test_a_value_that_no_input_reaches_has_no_figures():
    layer = fl.ConvTranspose2d(np.ones((1, 1, 2, 2), np.float32), stride=3)
    explainer = Explainer(fl.Pipeline([("up", layer)]), np.ones((1, 2, 2), np.float32))
    found = account(explainer, "up", 0, 0, 2)
    assert (found.groups, found.total, found.figures(6)) == ((), 0.0, None)


# -- shares -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", [("deep", 1, 3, 2), ("linear", 9, 0, 0), ("soft", 3, 0, 0), ("both", 5, 3, 4)]
)
def test_shares_are_parts_of_the_sum_of_magnitudes(explainer, cell):
    found = explainer.explain(*cell)
    by_channel = {}
    for term in found.terms:
        at = term.where.node, term.where.channel
        by_channel[at] = by_channel.get(at, 0.0) + (term.product if term.share is None else term.share)
    whole = sum(map(abs, by_channel.values()))
    assert shares(found) == pytest.approx({at: abs(amount) / whole for at, amount in by_channel.items()})


def test_a_chosen_channel_gives_all_and_a_copied_one_too():
    graph = fl.Pipeline(
        [
            fl.Node("relu", fl.ReLU(), ("image",)),
            fl.Node("twice", fl.Filter2d([[2.0]]), ("image",)),
            fl.Node("larger", fl.Maximum(), ("relu", "twice")),
            fl.Node("flat", fl.Flatten(), ("larger",)),
        ]
    )
    made = Explainer(graph, np.full((2, 3, 3), 0.5, np.float32))
    assert shares(made.explain("larger", 1, 0, 0)) == {("relu", 1): 0.0, ("twice", 1): 1.0}
    assert shares(made.explain("relu", 1, 2, 2)) == {("image", 1): 1.0}
    assert shares(made.explain("flat", 4, 0, 0)) == {("larger", 0): 1.0}
    assert shares(made.explain("image", 0, 0, 0)) == {}


@pytest.mark.parametrize(("values", "expected"), [([0.0, 0.0], [0.0, 0.0]), ([np.nan, 3.0], [1.0, 0.0])])
def test_zeros_have_no_share_and_nan_takes_all(values, expected):
    graph = fl.Pipeline([fl.Node("mix", fl.Conv2d(weight=np.ones((1, 2, 1, 1), np.float32)), ("image",))])
    picture = np.array(values, np.float32).reshape(2, 1, 1)
    found = shares(Explainer(graph, picture).explain("mix", 0, 0, 0))
    assert list(found.values()) == expected
