"""The exponential in vectors, and softmax, beside double precision."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.functional.exponential import exponentials


@compiled(kept=False)
def fast(y, x, less):
    exponentials(y, 0, x, 0, less, len(x))


@pytest.mark.parametrize("count", [7, 100_003])
def test_exponentials_are_within_two_units_of_the_last_place(count):
    x = np.linspace(-87, 88, count, dtype=np.float32)
    y = np.empty_like(x)
    fast(y, x, np.zeros_like(x))
    exact = np.exp(x.astype(np.float64))
    assert (np.abs(y - exact) <= 1.2e-7 * exact).all()


def test_exponentials_fade_out_to_zero_and_keep_nan():
    x = np.array([-88, -95, -103, -104, -200, -np.inf, 0, -0.0, np.nan] * 3, np.float32)
    y = np.empty_like(x)
    fast(y, x, np.zeros_like(x))
    np.testing.assert_allclose(y, np.exp(x.astype(np.float64)), atol=1.5e-45, rtol=1.2e-7)


@pytest.mark.parametrize("shape", [(5, 1, 1), (3, 4, 7), (64, 40, 41), (1000, 3, 5)])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_softmax_is_within_round_off_of_double_precision(shape, axis, rng):
    x = (10 * rng.standard_normal(shape)).astype(np.float32)
    exact = F.softmax(x.astype(np.float64), axis)
    # The difference to the largest value is rounded too, by 2^-24 of itself, which the exponential passes on.
    spread = (x.max(axis=axis, keepdims=True) - x).astype(np.float64)
    allowed = exact * (6e-8 * (spread + shape[axis]) + 6e-7) + 1e-44
    assert (np.abs(F.softmax(x, axis) - exact) <= allowed).all()


def test_softmax_of_a_cut_has_the_same_bits(rng):
    x = rng.standard_normal((64, 60, 70)).astype(np.float32)
    whole, cut = F.softmax(x, 0), F.softmax(x[:, 13:40, 5:22], 0)
    np.testing.assert_array_equal(cut.view(np.int32), whole[:, 13:40, 5:22].view(np.int32))


def test_what_is_broken_reaches_only_its_own_column(rng):
    x = rng.standard_normal((8, 30, 40)).astype(np.float32)
    clean = F.softmax(x, 0)
    for value in (np.nan, np.inf):
        x[3, 10, 20] = value
        y = F.softmax(x, 0)
        assert np.isnan(y[:, 10, 20]).all()
        y[:, 10, 20] = clean[:, 10, 20]
        np.testing.assert_array_equal(y, clean)
