"""Merges of several maps, by value and by gradient."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import FilterLabError

MERGES = {
    "add": lambda *xs: reduce(np.add, xs),
    "subtract": np.subtract,
    "multiply": lambda *xs: reduce(np.multiply, xs),
    "divide": np.divide,
    "maximum": lambda *xs: reduce(np.maximum, xs),
    "minimum": lambda *xs: reduce(np.minimum, xs),
    "mean": lambda *xs: np.mean(xs, 0),
    "magnitude": lambda *xs: np.sqrt(np.sum(np.square(xs), 0)),
    "concat": lambda *xs: np.concatenate(xs, -3),
}
PAIRS_ONLY = ("subtract", "divide")


@pytest.mark.parametrize("name", MERGES)
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("batch", [(), (2,)])
def test_values_and_gradients(name, count, batch, rng):
    if name in PAIRS_ONLY and count != 2:
        return
    xs = [rng.normal(size=(*batch, 3, 4, 5)) for _ in range(count)]
    y = getattr(F, name)(xs)
    np.testing.assert_allclose(y, MERGES[name](*xs), atol=1e-14)
    dy = rng.normal(size=y.shape)
    gradients = getattr(F, f"{name}_backward")(dy, xs)
    assert len(gradients) == count
    for i, gradient in enumerate(gradients):
        step = 1e-6 * rng.normal(size=xs[i].shape)
        up, down = ([*xs[:i], xs[i] + sign * step, *xs[i + 1 :]] for sign in (1, -1))
        change = np.vdot(dy, MERGES[name](*up) - MERGES[name](*down)) / 2
        assert np.vdot(gradient, step) == pytest.approx(change, rel=1e-5, abs=1e-11)


def test_one_channel_spreads_over_all(rng):
    x, mask = rng.normal(size=(3, 4, 4)), rng.normal(size=(1, 4, 4))
    np.testing.assert_array_equal(F.multiply([x, mask]), x * mask)
    dx, dmask = F.multiply_backward(np.ones((3, 4, 4)), [x, mask])
    np.testing.assert_allclose(dmask, x.sum(0, keepdims=True))
    assert dx.shape == x.shape


def test_ties_give_their_gradient_once():
    x = np.ones((1, 2, 2))
    gradients = F.maximum_backward(np.ones((1, 2, 2)), [x, x, x])
    np.testing.assert_array_equal(np.sum(gradients, 0), np.ones((1, 2, 2)))


def test_the_magnitude_of_zero_has_gradient_zero():
    zero = np.zeros((1, 2, 2))
    np.testing.assert_array_equal(F.magnitude_backward(np.ones((1, 2, 2)), [zero, zero])[0], zero)


def test_the_magnitude_of_large_values_does_not_overflow():
    x = np.full((1, 2, 2), 3e30, np.float32)
    np.testing.assert_allclose(F.magnitude([x, x]), 3e30 * np.sqrt(2), rtol=1e-6)


@pytest.mark.parametrize(
    ("xs", "name", "words"),
    [
        ([(3, 4, 4), (3, 4, 5)], "add", ["3x4x4", "3x4x5"]),
        ([(3, 4, 4), (2, 4, 4)], "multiply", ["3x4x4", "2x4x4"]),
        ([(3, 4, 4), (3, 5, 4)], "concat", ["3x4x4", "3x5x4"]),
        ([], "add", ["add"]),
    ],
)
def test_shapes_that_do_not_go_together(xs, name, words):
    with pytest.raises(FilterLabError) as caught:
        getattr(F, name)([np.zeros(shape) for shape in xs])
    assert all(word in str(caught.value) for word in words), caught.value
