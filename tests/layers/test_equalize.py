from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import FilterLabError, ParameterError
from tests.layers.cases import Case

CASES = [Case(fl.Equalize(), loose=True), Case(fl.Equalize(bins=7), loose=True)]
WRONG = [("bins", 1), ("bins", 2.5), ("bins", 70_000)]


def cumulative(plane, bins):
    """As scikit-image's exposure.equalize_hist does it."""
    counts, edges = np.histogram(plane, bins)
    return np.interp(plane, (edges[1:] + edges[:-1]) / 2, np.cumsum(counts) / plane.size)


@pytest.mark.parametrize("bins", [2, 16, 256])
def test_values_become_their_cumulative_share(rng, bins):
    x = rng.standard_normal((2, 3, 40, 50)) ** 3
    found = fl.Equalize(bins).forward(x)
    for plane, given in zip(found.reshape(6, 40, 50), x.reshape(6, 40, 50), strict=True):
        np.testing.assert_allclose(plane, cumulative(given, bins), rtol=0, atol=1e-12)


def test_each_range_of_tones_is_as_frequent_as_any_other(rng):
    y = fl.Equalize().forward(rng.standard_normal((1, 1, 200, 200)))
    counts, _ = np.histogram(y, 10, (0, 1))
    assert np.abs(counts / y.size - 0.1).max() < 0.01


def test_nan_stays_and_infinities_are_the_ends():
    x = np.array([[[np.nan, np.inf, -np.inf, 0.0, 1.0, 2.0]]])
    y = fl.Equalize(3).forward(x[None])[0, 0, 0]
    np.testing.assert_allclose(y, [np.nan, 1, 1 / 3, 1 / 3, 2 / 3, 1])


@pytest.mark.parametrize("value", [0.0, 1e308, -7.5])
def test_a_map_of_one_value_is_half_way(value):
    assert (fl.Equalize().forward(np.full((1, 2, 3, 4), value)) == 0.5).all()


def test_the_largest_numbers_have_a_distance():
    y = fl.Equalize(2).forward(np.array([[[[-1.7e308, 1.7e308]]]]))
    np.testing.assert_allclose(y[0, 0, 0], [0.5, 1])


def test_learning_refuses_it_and_names_the_node():
    pipe = fl.Pipeline([("taught", fl.Conv2d(np.ones((1, 1, 3, 3)), padding=1)), ("spread", fl.Equalize())])
    image = np.random.default_rng(0).random((1, 12, 12), np.float32)
    with pytest.raises(FilterLabError, match="spread.*it has no gradient"):
        next(iter(fl.learn(pipe, [(image, image)], nodes=["taught"], steps=1)))


@pytest.mark.parametrize("finite", [[], [3.0]])
def test_nan_stays_where_the_finite_values_have_no_distance(finite):
    y = fl.Equalize().forward(np.array([[[np.nan, *finite]]])[None])
    np.testing.assert_array_equal(y[0, 0, 0], [np.nan, *(0.5 for _ in finite)])


@pytest.mark.parametrize("operation", [F.equalize, F.clahe, F.otsu])
@pytest.mark.parametrize("bins", [0, 1, 2.5])
def test_fewer_than_two_bins_are_refused(operation, bins):
    with pytest.raises(ParameterError, match=f"{operation.__name__}: bins is {bins} .*at least 2"):
        operation(np.arange(25.0).reshape(1, 5, 5), bins=bins)
