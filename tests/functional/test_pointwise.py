"""The functions that are written in vectors: beside their plain loops, and their error beside PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.functional import pointwise

KERNELS = {
    "sigmoid": pointwise.sigmoids,
    "silu": pointwise.silus,
    "tanh": pointwise.tanhs,
    "gelu": pointwise.gelus,
    "gelu_tanh": pointwise.tanh_gelus,
}
# The largest errors of PyTorch 2.13 (AVX-512) over GRID, in single precision.
PYTORCH = {"sigmoid": 8.9e-8, "silu": 1.27e-6, "tanh": 3.1e-8, "gelu": 1.2e-6, "gelu_tanh": 4.3e-7}
GRID = np.concatenate([np.linspace(-100, 100, 40_001), np.linspace(-12, 12, 200_001)]).astype(np.float32)


def function(name):
    return (lambda x: F.gelu(x, "tanh")) if name == "gelu_tanh" else getattr(F, name)


@pytest.mark.parametrize("name", KERNELS)
def test_errors_are_at_most_twice_those_of_pytorch(name):
    exact = function(name)(GRID.astype(np.float64))
    assert np.abs(function(name)(GRID) - exact).max() <= 2 * PYTORCH[name]


@pytest.mark.parametrize("name", KERNELS)
def test_vectors_are_the_plain_loop(name, rng):
    assert {*KERNELS, "relu"} == set(pointwise.LOOPS)
    kernel = KERNELS[name]

    @compiled(kept=False)
    def fast(y, x, count):
        kernel(y, 2, x, 3, count)

    x = (4 * rng.standard_normal(100)).astype(np.float32)
    for count in (1, 7, 16, 17, 67):
        wanted, found = np.full(80, 9, np.float32), np.full(80, 9, np.float32)
        kernel(wanted, 2, x, 3, count)
        fast(found, x, count)
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7)


def scale(x, start, end, y):
    terms = np.array([[0.5, 2.0, 0.25, -1.0, 1.5]], x.dtype)
    pointwise.scale_rows(x[None], terms, start, end, y[None])


@pytest.mark.parametrize("loop", [pointwise.LOOPS["relu"], scale])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_written_past_the_cache_are_the_same_and_no_others_change(loop, dtype, rng):
    large, small = np.empty(pointwise.PAST_CACHE // np.dtype(dtype).itemsize, dtype), np.empty(200, dtype)
    x = rng.standard_normal(200).astype(dtype)
    for start, end in ((0, 200), (3, 190), (5, 22), (17, 18), (40, 40)):
        for y in (large, small):
            y[:200] = 9
            loop(x, start, end, y)
        np.testing.assert_array_equal(large[:200], small)
        np.testing.assert_array_equal(np.delete(small, slice(start, end)), 9)


@pytest.mark.parametrize("name", KERNELS)
def test_zeros_keep_their_sign_and_what_is_broken_stays_in_its_place(name):
    x = np.linspace(-3, 3, 60, dtype=np.float32)
    clean = function(name)(x)
    for value in (np.nan, np.inf, -np.inf, -0.0):
        x[20] = value
        y, exact = function(name)(x), function(name)(x.astype(np.float64))
        np.testing.assert_allclose(y[20], exact[20], rtol=1e-6)
        assert np.isnan(value) or np.signbit(y[20]) == np.signbit(exact[20]) or np.isnan(exact[20])
        np.testing.assert_array_equal(np.delete(y, 20), np.delete(clean, 20))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rectified_numbers_are_never_below_zero_and_nan_stays(dtype):
    x = np.array([-np.inf, -1, -0.0, 0, 1, np.inf, np.nan] * 5, dtype)
    y = F.relu(x)
    np.testing.assert_array_equal(y, np.maximum(x, 0))
    assert not np.signbit(y[~np.isnan(x)]).any()
