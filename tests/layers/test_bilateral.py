from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ParameterError
from tests.layers.cases import Case

CASES = [
    Case(fl.Bilateral(3, sigma_value=1.5)),
    Case(fl.Bilateral((2, 4), sigma_space=1.0, sigma_value=4.0), ((3, 5, 6),)),
]
WRONG = [("kernel_size", 0), ("sigma_space", 0), ("sigma_value", -1)]


def test_plain_loops_give_the_same(rng):
    x = rng.random((2, 9, 8))
    found = fl.Bilateral((3, 4), sigma_space=1.5, sigma_value=0.4).forward(x[None])[0]
    for i, j in np.ndindex(9, 8):
        total, weights = np.zeros(2), 0.0
        for u, v in np.ndindex(9, 8):
            if abs(u - i) <= 1 and -2 <= v - j <= 1:
                near = ((u - i) ** 2 + (v - j) ** 2) / (2 * 1.5**2)
                weight = np.exp(-near - ((x[:, u, v] - x[:, i, j]) ** 2).sum() / (2 * 0.4**2))
                total, weights = total + weight * x[:, u, v], weights + weight
        np.testing.assert_allclose(found[:, i, j], total / weights, rtol=1e-12)


def test_noise_goes_and_the_edge_stays(rng):
    x = np.zeros((1, 1, 20, 20))
    x[..., 10:] = 1
    y = fl.Bilateral(7, sigma_value=0.2).forward(x + rng.normal(0, 0.03, x.shape))
    assert np.abs(y - x).max() < 0.05
    assert np.abs(y - x).std() < 0.015


def test_one_kernel_is_a_gaussian_where_all_values_count(rng):
    x = rng.random((1, 2, 12, 12))
    found = fl.Bilateral(5, sigma_space=1.2, sigma_value=1e6).forward(x)
    kernel = fl.kernels.gaussian(5, sigma=1.2).astype(float)
    wanted = fl.Filter2d(kernel / kernel.sum(), padding="same").forward(x)
    np.testing.assert_allclose(found[..., 2:-2, 2:-2], wanted[..., 2:-2, 2:-2], rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["sigma_space", "sigma_value"])
@pytest.mark.parametrize("value", [0, -1.0, np.nan])
def test_a_deviation_that_is_not_positive_is_refused(name, value):
    x = np.zeros((1, 3, 3))
    with pytest.raises(ParameterError, match=f"{name} is .*it must be above 0"):
        F.bilateral(x, 3, **{name: value})
    with pytest.raises(ParameterError, match=f"{name} is .*it must be above 0"):
        F.bilateral_backward(x, x, 3, **{name: value})
