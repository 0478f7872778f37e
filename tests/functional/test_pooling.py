"""Poolings against plain loops, with every corner of padding, ceil_mode and dilation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.errors import FilterLabError
from filterlab.functional.pool import loops as pool_loops
from filterlab.functional.pool import median_loops, pooling
from filterlab.functional.pool.windows import pool_windows
from tests.functional import reference
from tests.functional.strategies import pairs, poolings


def windows(x, kernel, dilation, options, around):
    stride = options["stride"] or kernel
    return [
        reference.axis_windows(n, k, s, d, *pads, options["ceil_mode"])
        for n, k, s, d, pads in zip(x.shape[2:], kernel, stride, dilation, around, strict=True)
    ]


def highest(values, count):
    return max(values, default=-np.inf)


def lowest(values, count):
    return min(values, default=np.inf)


@given(poolings(), st.sampled_from([np.float32, np.float64]))
def test_max_pool2d_is_the_plain_loop(case, dtype):
    x, kernel, dilation, options, around = case
    x = x.astype(dtype)
    got = F.max_pool2d(x, kernel, dilation=dilation, **options)
    assert got.dtype == dtype
    np.testing.assert_array_equal(
        got, reference.pool(x, *windows(x, kernel, dilation, options, around), highest)
    )


@given(poolings())
def test_min_pool2d_is_the_plain_loop(case):
    x, kernel, dilation, options, around = case
    got = F.min_pool2d(x, kernel, dilation=dilation, **options)
    np.testing.assert_array_equal(
        got, reference.pool(x, *windows(x, kernel, dilation, options, around), lowest)
    )


@given(poolings(), st.booleans())
def test_avg_pool2d_is_the_plain_loop(case, count_include_pad):
    x, kernel, _, options, _ = case
    stride = options["stride"] or kernel
    if max(kernel) > min(x.shape[2:]) and options["padding"] not in ("same", "full"):
        return
    around = reference.sides(options["padding"], x.shape[2:], kernel, stride, (1, 1))

    def mean(values, count):
        return sum(values) / max(count if count_include_pad else len(values), 1)

    got = F.avg_pool2d(x, kernel, count_include_pad=count_include_pad, **options)
    want = reference.pool(x, *windows(x, kernel, (1, 1), options, around), mean)
    np.testing.assert_allclose(got, want, atol=1e-12)


@given(poolings())
def test_median_pool2d_is_the_plain_loop(case):
    x, kernel, _, options, _ = case
    if max(kernel) > min(x.shape[2:]) and options["padding"] not in ("same", "full"):
        return
    around = reference.sides(options["padding"], x.shape[2:], kernel, options["stride"] or kernel, (1, 1))
    rows, cols = windows(x, kernel, (1, 1), options, around)
    if not all(cells for cells, _ in (*rows, *cols)):
        return
    got = F.median_pool2d(x, kernel, **options)
    want = reference.pool(x, rows, cols, lambda values, count: np.median(values))
    np.testing.assert_allclose(got, want, atol=1e-12)


@given(poolings())
def test_the_gradient_of_a_maximum_goes_to_the_first_in_row_order(case):
    x, kernel, dilation, options, around = case
    rows, cols = windows(x, kernel, dilation, options, around)
    dy = np.random.default_rng(0).normal(size=(*x.shape[:2], len(rows), len(cols)))
    want = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = [(p, q) for p in rows[i][0] for q in cols[j][0]]
        if cells:
            want[n, c, *max(cells, key=lambda cell: x[n, c, *cell])] += dy[n, c, i, j]
    got = F.max_pool2d_backward(dy, x, kernel, dilation=dilation, **options)
    np.testing.assert_allclose(got, want, atol=1e-12)


@given(st.integers(1, 2), pairs(1, 12), pairs(1, 15), st.integers(0, 2**31))
def test_adaptive_pooling_is_the_plain_loop(channels, size, out, seed):
    x = np.random.default_rng(seed).normal(size=(2, channels, *size))
    axes = [reference.adaptive_axis_windows(n, m) for n, m in zip(size, out, strict=True)]
    mean = reference.pool(x, *axes, lambda values, count: np.mean(values))
    np.testing.assert_allclose(F.adaptive_avg_pool2d(x, out), mean, atol=1e-12)
    np.testing.assert_array_equal(F.adaptive_max_pool2d(x, out), reference.pool(x, *axes, highest))
    dy, v = np.random.default_rng(seed + 1).normal(size=mean.shape), x[::-1]
    forward = np.vdot(dy, F.adaptive_avg_pool2d(v, out))
    assert np.vdot(F.adaptive_avg_pool2d_backward(dy, x, out), v) == pytest.approx(forward, abs=1e-9)


@given(poolings(), st.booleans())
def test_the_gradient_of_a_mean_is_the_adjoint(case, count_include_pad):
    x, kernel, _, options, _ = case
    if max(kernel) > min(x.shape[2:]) and options["padding"] not in ("same", "full"):
        return
    options = {**options, "count_include_pad": count_include_pad}
    y = F.avg_pool2d(x, kernel, **options)
    rng = np.random.default_rng(1)
    dy, v = rng.normal(size=y.shape), rng.normal(size=x.shape)
    dx = F.avg_pool2d_backward(dy, x, kernel, **options)
    assert np.vdot(dx, v) == pytest.approx(np.vdot(dy, F.avg_pool2d(v, kernel, **options)), abs=1e-9)


@pytest.mark.parametrize("size", [(5, 5), (64, 70), (3, 129)])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 9, 31])
def test_large_windows_and_every_stride_agree_with_plain_loops(rng, size, kernel):
    x = rng.normal(size=(1, 2, *size)).astype(np.float32)
    for stride in (1, 2, 3, kernel):
        options = {"stride": (stride, stride), "padding": "same", "ceil_mode": False}
        around = reference.sides("same", size, (kernel, kernel), (stride, stride), (1, 1))
        axes = windows(x, (kernel, kernel), (1, 1), options, around)
        want = reference.pool(x, *axes, highest)
        np.testing.assert_array_equal(F.max_pool2d(x, kernel, stride=stride, padding="same"), want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [np.nan, -np.nan, -np.inf, np.inf, -0.0, 0.0, 3.0, -3.0])
def test_the_maximum_of_a_whole_map_is_its_greatest_number(dtype, value):
    x = -1 - np.random.default_rng(0).random((3, 9, 11)).astype(dtype)
    x[1, 4, 5] = value
    np.testing.assert_array_equal(F.adaptive_max_pool2d(x, 1), x.max(axis=(1, 2), keepdims=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_maximum_of_a_whole_map_prefers_the_zero_without_a_sign(dtype):
    x = np.full((4, 5, 7), -0.0, dtype)
    x[[1, 2], [0, 4], [0, 6]] = 0.0
    x[3] = 0.0
    x[3, 4, 6] = -0.0
    signs = np.signbit(F.adaptive_max_pool2d(x, 1)).reshape(-1)
    np.testing.assert_array_equal(signs, [True, False, False, False])


def test_nan_wins_a_maximum_and_a_minimum():
    x = np.zeros((1, 4, 4), np.float32)
    x[0, 1, 1] = np.nan
    for pool in (F.max_pool2d, F.min_pool2d, F.median_pool2d, F.avg_pool2d):
        y = pool(x, 2)
        assert np.isnan(y[0, 0, 0]), pool
        assert not np.isnan(y[0, 1:]).any(), pool


def test_padding_never_wins():
    x = np.full((1, 3, 3), -5.0, np.float32)
    assert (F.max_pool2d(x, 3, stride=1, padding=1) == -5).all()
    assert np.isneginf(F.max_pool2d(x, 2, stride=2, padding=2)[0, 0, 0])


def test_the_only_window_of_ceil_mode_may_stick_out(rng):
    """As PyTorch: ceil((3 - 4) / 2) + 1 is one window, of the three cells that there are."""
    x = rng.normal(size=(2, 3, 3))
    options = {"stride": 2, "ceil_mode": True}
    np.testing.assert_array_equal(F.max_pool2d(x, 4, **options), x.max((1, 2), keepdims=True))
    np.testing.assert_allclose(F.avg_pool2d(x, 4, **options), x.mean((1, 2), keepdims=True))
    dx = F.avg_pool2d_backward(np.ones((2, 1, 1)), x, 4, **options)
    np.testing.assert_allclose(dx, np.full(x.shape, 1 / 9))
    with pytest.raises(FilterLabError, match="larger than the input"):
        F.max_pool2d(x, 5, **options)


def test_the_last_window_of_ceil_mode_starts_inside():
    x = np.ones((1, 5, 5), np.float32)
    assert F.max_pool2d(x, 2, ceil_mode=True).shape == (1, 3, 3)
    assert F.max_pool2d(x, 2, stride=3, ceil_mode=True).shape == (1, 2, 2)
    assert F.max_pool2d(x, 1, stride=5, ceil_mode=True).shape == (1, 1, 1)
    # The overhang is no part of the divisor, padding is.
    np.testing.assert_array_equal(F.avg_pool2d(x, 2, ceil_mode=True)[0], np.ones((3, 3)))
    np.testing.assert_allclose(F.avg_pool2d(x, 2, padding=1, stride=2)[0, 0, 0], 0.25)


def test_lp_pooling_of_order_one_is_the_sum_and_of_two_the_norm(rng):
    x = rng.random((2, 6, 6))
    np.testing.assert_allclose(F.lp_pool2d(x, 1, 2), F.avg_pool2d(x, 2) * 4)
    np.testing.assert_allclose(F.lp_pool2d(x, 2, 2), np.sqrt(F.avg_pool2d(x**2, 2) * 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.max_pool2d(x, 9), "8"),
        (lambda x: F.max_pool2d(x, 0), "kernel_size is 0"),
        (lambda x: F.max_pool2d(x, 2, stride=0), "stride is 0"),
        (lambda x: F.avg_pool2d(x, 2, padding=-1), "padding is -1"),
        (lambda x: F.lp_pool2d(x, 0, 2), "norm_type is 0"),
        (lambda x: F.adaptive_avg_pool2d(x, 0), "output_size is 0"),
        (lambda x: F.max_pool2d_backward(np.zeros((1, 3, 4)), x, 2), "1x4x4"),
    ],
)
def test_what_is_wrong_is_said(call, message):
    with pytest.raises(FilterLabError, match=message):
        call(np.zeros((1, 8, 8)))


@pytest.mark.parametrize("size", [(4, 6), (5, 7), (2, 40), (3, 41)])
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_pairs_of_rows_and_columns(rng, size, ceil_mode):
    """The commonest pooling has loops of its own; an odd last row or column is not among them."""
    x = rng.standard_normal((3, *size))
    x[0, 1, 1] = np.nan
    x[1, 0, 3] = -np.inf
    rows, cols = (-(-n // 2) if ceil_mode else n // 2 for n in size)
    greatest, mean = np.empty((3, rows, cols)), np.empty((3, rows, cols))
    for i, j in np.ndindex(rows, cols):
        window = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(3, -1)
        greatest[:, i, j], mean[:, i, j] = window.max(axis=1), window.mean(axis=1)
    np.testing.assert_array_equal(F.max_pool2d(x, 2, ceil_mode=ceil_mode), greatest)
    np.testing.assert_allclose(F.avg_pool2d(x, 2, ceil_mode=ceil_mode), mean, rtol=1e-12, atol=1e-15)
    shifted = F.max_pool2d(x[:, :, 1:], 2, padding=((0, 0), (1, 0)), ceil_mode=ceil_mode)
    assert shifted.shape[2] == (size[1] // 2 if not ceil_mode else cols)


@pytest.mark.parametrize("work", ["any_ranked", "ranks", "max_indices", "spread"])
def test_windows_as_large_as_the_map_are_worked_on_in_small_pieces(monkeypatch, work):
    x, pieces = np.zeros((1, 1, 303, 384), np.float32), []
    home = median_loops if work == "any_ranked" else pool_loops
    monkeypatch.setattr(home, work, lambda *arguments: pieces.append(_outputs(arguments)))
    options = {"stride": 1, "padding": 127}
    calls = {
        "any_ranked": lambda: F.median_pool2d(x, 255, **options),
        "ranks": lambda: _places_of_ranks(x),
        "max_indices": lambda: F.max_pool2d_indices(x, 255, **options),
        "spread": lambda: F.avg_pool2d_backward(x, x, 255, **options),
    }
    calls[work]()
    assert pieces[0] * 255 * 255 <= 1 << 26
    assert sum(pieces) == 303 * 384


def _places_of_ranks(x):
    windows = pool_windows(x.shape[2:], "median_pool2d", 255, 1, 127)
    pooling._ranks(x, windows, 0.5)


def _outputs(arguments):
    """How many outputs a loop is asked for, by its arguments: start and end stand beside each other."""
    numbers = [n for n in arguments if isinstance(n, int)]
    return numbers[-1] - numbers[-2]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_mean_of_a_map_is_within_round_off_and_touched_by_its_own_cells_alone(rng, dtype):
    x = rng.normal(size=(5, 300, 301)).astype(dtype)
    x[1] = 3e38  # whose sum is beyond float32
    x[2, 150, 7] = np.nan
    x[3, 299, 300] = 1e30
    found = F.global_avg_pool2d(x)[:, 0, 0]
    want = x.astype(np.longdouble).mean(axis=(1, 2))
    # Pieces of 1024 cells, in at least 16 sums: 64 and 4 roundings of each cell. Of float32, 89 pieces add none.
    roundings = 68 + (0 if dtype == np.float32 else 89)
    size = np.abs(x.astype(np.longdouble)).mean(axis=(1, 2))
    bound = np.finfo(dtype).eps / 2 * (roundings * size + np.abs(want))
    assert np.isnan(found[2])
    assert (np.abs(found - want) <= bound)[[0, 1, 3, 4]].all()
    np.testing.assert_array_equal(F.adaptive_avg_pool2d(x, 1)[:, 0, 0], found)
