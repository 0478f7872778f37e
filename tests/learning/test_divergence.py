"""Losses that run away, and the rates that are named instead."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.learning.descent.divergence import DivergenceError


def edges():
    """The experiment of Dive into Deep Learning, 7.2.4: ones with columns 2 to 5 zero, and its edges."""
    x = np.ones((1, 6, 8), np.float32)
    x[:, :, 2:6] = 0
    return x, fl.functional.conv2d(x, np.array([[[[1, -1]]]], np.float32))


def test_divergence_is_noticed():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    with pytest.raises(fl.FilterLabError, match="too large: try 0.0[0-9]+"):
        list(fl.learn(pipe, [(x, y)], loss="sse", lr=100, steps=100))


def test_a_rate_that_is_too_large_is_noticed_early_and_a_better_one_named():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    options = {"loss": "sse", "nodes": ["edges"]}
    with pytest.raises(fl.FilterLabError, match="too large") as caught:
        list(fl.learn(pipe, [(x, y)], lr=0.2, steps=100, **options))
    assert caught.value.parameter == "lr"
    rate = fl.suggest_rate(pipe, [(x, y)], **options)
    assert f"try {rate:g}" in caught.value.hint
    # The loss is a parabola: its Hessian is twice A'A of the windows.
    windows = np.lib.stride_tricks.sliding_window_view(x[0], (1, 2)).reshape(-1, 2)
    largest = np.linalg.eigvalsh(2 * windows.T @ windows)[-1]
    assert 0.5 / largest < rate <= 1 / largest * 1.001
    losses = [step.loss for step in fl.learn(pipe, [(x, y)], lr=rate, steps=200, **options)]
    assert losses[-1] < 1e-3 * losses[0]


def test_absolute_errors_have_no_curvature_to_suggest_a_rate():
    pipe = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 1, 1))))])
    assert fl.suggest_rate(pipe, [(np.ones((1, 4, 4)), np.full((1, 4, 4), 9.0))], loss="l1") is None


def squared():
    """A pipeline whose loss is no parabola: (b (a x + 1))^2."""

    def kernel(bias):
        return fl.Conv2d(np.ones((1, 1, 1, 1), np.float32), bias=[bias])

    nodes = [fl.Node("a", kernel(1), ("image",)), fl.Node("b", kernel(0), ("a",))]
    return fl.Pipeline([*nodes, fl.Node("c", fl.Multiply(), ("b", "b"))])


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("options", [{}, {"batch": 1}, {"crop": 4}])
def test_the_named_rate_is_borne(rng, optimizer, options):
    pairs = [(x, 3 * x - 1) for x in rng.random((3, 1, 8, 8))]
    with pytest.raises(DivergenceError) as caught:
        list(fl.learn(squared(), pairs, lr=1e12, steps=20, optimizer=optimizer, **options))
    first, *_, last = fl.learn(
        squared(), pairs, lr=caught.value.rate, steps=60, optimizer=optimizer, **options
    )
    assert last.loss < first.loss


def test_a_rate_that_the_curvature_allows_is_made_smaller_where_it_is_not_borne(rng):
    """Momentum on a loss that is flat at the start and steep further on."""
    x = rng.random((1, 6, 6))
    start = fl.Pipeline([("k", fl.Conv2d([[[[0.01]]]])), *([fl.Node("s", fl.Multiply(), ("k", "k"))])])
    cubed = fl.Pipeline([*start.nodes, fl.Node("c", fl.Multiply(), ("s", "s"))])
    options = {"momentum": 0.9, "loss": "mse"}
    with pytest.raises(DivergenceError) as caught:
        list(fl.learn(cubed, [(x, 5 + x)], lr=1e12, steps=90, **options))
    assert fl.suggest_rate(cubed, [(x, 5 + x)]) >= 10 * caught.value.rate
    first, *_, last = fl.learn(cubed, [(x, 5 + x)], lr=caught.value.rate, steps=30, **options)
    assert last.loss <= first.loss


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs"])
def test_weights_that_are_too_large_from_the_start_are_not_blamed_on_the_rate(optimizer):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.full((1, 1, 1, 2), 1e30, np.float32)))])
    with pytest.raises(ParameterError, match="the loss is inf before the first step.*smaller weights"):
        list(fl.learn(pipe, [(x, y)], loss="sse", optimizer=optimizer))
