from __future__ import annotations

import numba
import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.filters import loops
from filterlab.functional.filters.loops import LANES, STRIP
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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_deviations_whose_squares_are_no_numbers_are_taken_as_others(dtype, rng):
    x = rng.random((2, 5, 6)).astype(dtype)
    dy = np.ones_like(x)
    for small in (1e-45, 1e-200, 1e-320):
        # No other cell is as near, or as similar.
        for deviations in ((small, 1.0), (1.0, small)):
            np.testing.assert_array_equal(F.bilateral(x, 3, *deviations), x)
            np.testing.assert_array_equal(F.bilateral_backward(dy, x, 3, *deviations), dy)
    np.testing.assert_allclose(F.bilateral(x, 3, 1e200, 1e200), F.bilateral(x, 3, 1e9, 1e9), rtol=1e-6)
    assert np.isfinite(F.bilateral_backward(dy, x, 3, 1e200, 1e200)).all()


@pytest.mark.parametrize(("dtype", "scale"), [(np.float32, 1e-40), (np.float64, 1e-200), (np.float64, 1e200)])
def test_values_whose_squares_are_no_numbers_are_smoothed_as_others(dtype, scale, rng):
    x = (rng.random((2, 5, 6)) * scale).astype(dtype)
    wanted = F.bilateral(x / np.float64(scale), 3, 2.0, 0.3) * scale
    least = float(np.finfo(dtype).smallest_subnormal)
    np.testing.assert_allclose(F.bilateral(x, 3, 2.0, 0.3 * scale), wanted, rtol=1e-9, atol=least)


@pytest.mark.parametrize("name", ["sigma_space", "sigma_value"])
@pytest.mark.parametrize("value", [0, -1.0, np.nan])
def test_a_deviation_that_is_not_positive_is_refused(name, value):
    x = np.zeros((1, 3, 3))
    with pytest.raises(ParameterError, match=f"{name} is .*it must be above 0"):
        F.bilateral(x, 3, **{name: value})
    with pytest.raises(ParameterError, match=f"{name} is .*it must be above 0"):
        F.bilateral_backward(x, x, 3, **{name: value})


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kernel_size", [1, 5, (2, 7), (9, 40)])
def test_single_precision_is_off_by_its_round_off(kernel_size, channels, rng):
    # Wider than a strip of the loop.
    x = rng.random((2, channels, 5, STRIP + 40), dtype=np.float32)
    found = F.bilateral(x, kernel_size, 1.7, 0.3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(
        found, F.bilateral(x.astype(np.float64), kernel_size, 1.7, 0.3), rtol=0, atol=1e-7
    )


def test_windows_in_registers_have_the_digits_of_strips(rng):
    width = LANES + 3  # one cell less than one vector of windows needs
    x = rng.random((1, 7, width + LANES), dtype=np.float32)
    x[0, 3, width + 1] = np.inf
    whole = F.bilateral(x, (4, 5), 1.3, 0.2)
    for left in range(x.shape[2] - width + 1):
        part = F.bilateral(x[..., left : left + width], (4, 5), 1.3, 0.2)
        np.testing.assert_array_equal(part[..., 2:-2], whole[..., left + 2 : left + width - 2])


def test_instructions_smooth_as_the_plain_loop_does(rng):
    x, far = rng.random(400, dtype=np.float32), rng.random(15, dtype=np.float32)
    count, steep, results = LANES + 3, np.array([2.5], np.float32), []

    @numba.njit
    def fast(*args):
        loops.smooth_cells(*args)

    for run in (loops.smooth_cells, fast):
        y = np.zeros(count + 5, np.float32)
        run(y, 2, x, 130, -102, 100, far, 3, 3, 4, steep, count)
        results.append(y)
    assert results[0][2:-3].all()
    np.testing.assert_allclose(*results, rtol=1e-6)


def test_rows_computed_by_themselves_have_the_same_digits(rng):
    x = rng.random((2, 3, 12, 50), dtype=np.float32)
    whole = F.bilateral(x, 5)
    np.testing.assert_array_equal(F.bilateral(x[:, :, :8], 5)[:, :, :6], whole[:, :, :6])
    np.testing.assert_array_equal(F.bilateral(x[:, :, 4:, 9:], 5)[:, :, 2:, 2:], whole[:, :, 6:, 11:])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_stays_in_the_windows_that_see_it(bad, rng):
    x = rng.random((1, 2, 11, 30), dtype=np.float32)
    clean = F.bilateral(x, (3, 5))
    x[0, 1, 5, 20] = bad
    found, wanted = F.bilateral(x, (3, 5)), F.bilateral(x.astype(np.float64), (3, 5))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    outside = np.ones(x.shape, bool)
    outside[:, :, 4:7, 18:23] = False
    np.testing.assert_array_equal(found[outside], clean[outside])


@pytest.mark.parametrize("size", [1e-30, 1e30, 3e38])
def test_the_largest_numbers_are_smoothed_as_others(size, rng):
    x = (rng.choice([-1.0, 0.5, 1.0], (1, 1, 9, 20)) * size).astype(np.float32)
    for deviation in (1e-300, 0.1, 1e30):
        found = F.bilateral(x, 3, 1.0, deviation)
        assert np.isfinite(found).all()
        # Of values that differ by more than all deviations, each window keeps those that are equal to its own.
        if size > 1e20 * deviation:
            np.testing.assert_allclose(found, x, rtol=1e-6)
