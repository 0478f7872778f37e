"""Explanations as text: every line that ends a sum is the sum of the lines above it, digit by digit."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.drawing.outline import outline


def number(text):
    return Decimal(text.replace("−", "-"))


def products(lines):
    """(the numbers after "=" on the branches, the sum that the last branch says, its bias, its value)."""
    last = re.fullmatch(r"└─ products (\S+)(?: \+ bias (\S+) = (\S+))?", lines[-1])
    terms = [number(re.search(r"[=:] (\S+)$", line)[1]) for line in lines if line.startswith("├─")]
    return terms, number(last[1]), *(None if last[i] is None else number(last[i]) for i in (2, 3))


@pytest.mark.parametrize("top", [None, 1, 5])
def test_the_digits_shown_add_up(rng, top):
    layer = fl.Conv2d(rng.normal(size=(2, 3, 3, 3)), bias=[0.123456, -2])
    pipe = fl.Pipeline([("a", layer)])
    for seed in range(20):
        picture = np.random.default_rng(seed).random((3, 5, 5), np.float32)
        found = pipe.explain(picture, "a", seed % 2, 1, 2)
        lines = outline(found, top)
        terms, total, bias, value = products(lines)
        assert sum(terms) == total
        assert total + bias == value
        assert float(value) == pytest.approx(found.value, rel=1e-6, abs=1e-6)
        assert len(terms) == (27 if top is None else top + 1)


def test_the_greatest_terms_come_first_and_the_others_are_one_line():
    pipe = fl.Pipeline([("a", fl.Conv2d(np.array([[[[1.0, -5, 3]]]])))])
    lines = outline(pipe.explain(np.ones((1, 1, 3)), "a", 0), top=2)
    assert [line.split("  ")[0] for line in lines[3:5]] == ["├─ image[0, 0, 1]", "├─ image[0, 0, 2]"]
    assert lines[5:] == ["├─ 1 other term: 1", "└─ products −1"]


def test_a_tree_is_drawn_by_branches(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(np.ones((1, 1, 1, 2)))), ("pool", fl.MaxPool2d((1, 2)))])
    picture = np.array([[[1.0, 2, 4]]])
    assert outline(pipe.explain(picture, "pool", 0, depth=2)) == [
        "pool[0, 0, 0] = 6",
        "max_pool2d: Max pooling",
        "y = max(3, 6) = 6",
        "├─ a[0, 0, 0]  3",
        "│  conv2d: cross-correlation",
        "│  y = Σ w·x = 3",
        "│  ├─ image[0, 0, 0]  1 × 1 = 1",
        "│  ├─ image[0, 0, 1]  2 × 1 = 2",
        "│  └─ products 3",
        "└─ a[0, 0, 1]  6  wins",
        "   conv2d: cross-correlation",
        "   y = Σ w·x = 6",
        "   ├─ image[0, 0, 1]  2 × 1 = 2",
        "   ├─ image[0, 0, 2]  4 × 1 = 4",
        "   └─ products 6",
    ]


def test_padding_divisors_and_shares_are_shown():
    pipe = fl.Pipeline(
        [
            fl.Node("mean", fl.AvgPool2d(2, padding=1), ("image",)),
            fl.Node("reflect", fl.Pad(1, mode="reflect"), ("image",)),
            fl.Node("soft", fl.Softmax(), ("image",)),
        ]
    )
    picture = np.arange(1.0, 9).reshape(2, 2, 2)
    text = "\n".join(outline(pipe.explain(picture, "mean", 0, 0, 0)))
    assert "image[0, -1, -1] padding" in text
    assert "1 / 4 = 0.25" in text
    assert "padding, shows 1, 1" in "\n".join(outline(pipe.explain(picture, "reflect", 0, 0, 0)))
    lines = outline(pipe.explain(np.zeros((2, 2, 2)), "soft", 0))
    assert lines[-1] == "└─ total 2"
    assert lines[-2].endswith("adds 1")


def test_nan_and_infinities_are_outlined():
    pipe = fl.Pipeline([("a", fl.Conv2d(np.ones((1, 1, 1, 2)), bias=[1]))])
    lines = outline(pipe.explain(np.array([[[np.nan, 1.0]]]), "a", 0))
    assert lines[-1] == "└─ products and bias 1 make nan"


def test_tiny_sums_say_their_power_of_ten():
    pipe = fl.Pipeline([("a", fl.Conv2d(np.full((1, 1, 1, 2), 1e-9)))])
    lines = outline(pipe.explain(np.array([[[1.0, 2.0]]]), "a", 0))
    assert lines[-1] == "└─ products 3e-9"


def test_double_precision_shows_all_its_digits_and_its_range():
    pipe = fl.Pipeline([("a", fl.MaxPool2d((1, 2)))])
    lines = outline(pipe.explain(np.array([[[1 / 3, 1e300]]]), "a", 0))
    assert lines[0] == "a[0, 0, 0] = 1e+300"
    assert lines[3].split() == ["├─", "image[0,", "0,", "0]", "0.3333333333333333"]
    lines = outline(pipe.explain(np.array([[[1 / 3, 0.1]]], np.float32), "a", 0))
    assert lines[0] == "a[0, 0, 0] = 0.33333334"


def test_nan_matters_most():
    pipe = fl.Pipeline([("a", fl.Conv2d(np.array([[[[5.0, 1, 1, 9]]]])))])
    lines = outline(pipe.explain(np.array([[[1.0, np.nan, 1, 1]]]), "a", 0), top=2)
    assert [line.split("  ")[0] for line in lines[3:5]] == ["├─ image[0, 0, 1]", "├─ image[0, 0, 3]"]
