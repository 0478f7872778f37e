"""Methods that do not sum window by window: two passes for kernels of low rank, and products of spectra."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.functional import threads
from filterlab.functional.conv import blocks, frequency, low_rank, methods
from filterlab.functional.conv.plan import plan_conv2d
from tests.functional.strategies import MODES, arrays, convolutions, pairs

SMALL_TILES = {
    "SMALLEST_AREA": 1,
    "SMALLEST_SIDE": 1,
    "block_sides": lambda rows, cols: (4, 5),
}


@pytest.fixture
def small_tiles():
    """Spectra for any kernel, in tiles so small that there are several of a small picture."""
    with patch.multiple(frequency, **SMALL_TILES):
        _forget()
        yield
    _forget()


def _forget():
    methods.choose.cache_clear()
    low_rank._factors.cache_clear()


def outer(*pairs_of_vectors):
    """A kernel (kh, kw) of as low a rank."""
    return sum(np.outer(down, across) for down, across in pairs_of_vectors)


def gaussian(n, sigma):
    t = np.arange(n) - (n - 1) / 2
    line = np.exp(-((t / sigma) ** 2) / 2)
    return outer((line / line.sum(), line / line.sum()))


def name_of(x, weight, **options):
    return F.conv2d_method(x.shape, weight.shape, weight=weight, **options).name


def directly(x, weight, padding=0, dtype=float):
    """Window by window, of one image of one channel."""
    plan = plan_conv2d((1, *x.shape), weight.shape, padding=padding)
    return blocks.correlate("tall", x[None].astype(dtype), weight.astype(dtype), None, plan)[0]


@pytest.mark.usefixtures("small_tiles")
@given(case=convolutions())
def test_spectra_give_the_sums_of_windows(case):
    x, weight, bias, options, border = case
    options = {**options, "stride": (1, 1), "dilation": (1, 1)}
    x, weight = x.astype(np.float32), weight.astype(np.float32)
    plan = plan_conv2d(x.shape, weight.shape, **options, **border)
    assume(
        frequency.fits(plan) and plan.trimmed == (plan, (slice(0, plan.kernel[0]), slice(0, plan.kernel[1])))
    )
    addition = None if bias is None else bias.astype(np.float32)
    got = frequency.correlate(x, weight, addition, plan)
    # Those in float64 are summed window by window, which other tests hold to plain loops.
    want = F.conv2d(x.astype(float), weight.astype(float), addition, **options, **border)
    np.testing.assert_allclose(got, want, rtol=2e-7, atol=2e-6)


@given(st.data(), st.sampled_from(MODES), st.integers(1, 2), pairs(0, 5), st.booleans())
def test_passes_give_the_sums_of_windows(data, mode, rank, padding, biased):
    kernel = data.draw(pairs(6, 8) if rank == 1 else pairs(9, 11))
    channels = data.draw(st.integers(1, 3))
    vectors = [arrays(data.draw, channels, n) for n in kernel for _ in range(rank)]
    down, across = vectors[:rank], vectors[rank:]
    weight = sum(u[:, None, :, None] * v[:, None, None, :] for u, v in zip(down, across, strict=True))
    x = arrays(data.draw, 2, channels, 9, 14).astype(np.float32)
    bias = arrays(data.draw, channels).astype(np.float32) if biased else None
    options = {"padding": padding, "groups": channels}
    weight = weight.astype(np.float32)
    assume(9 + 2 * padding[0] >= kernel[0] and 14 + 2 * padding[1] >= kernel[1])
    plan = plan_conv2d(x.shape, weight.shape, **options, padding_mode=mode)
    assume(low_rank.rank_of(weight, plan) is not None)
    got = F.conv2d(x, weight, bias, **options, padding_mode=mode)
    options["padding_mode"] = mode
    want = F.conv2d(x.astype(float), weight.astype(float), bias, **options)
    terms = F.conv2d(np.abs(x).astype(float), np.abs(weight).astype(float), **options)
    assert (np.abs(got - want) <= 1e-6 * (terms + 1)).all()


KERNELS = {
    "box": (np.ones((9, 9)), "separable"),
    "Gaussian": (gaussian(31, 5.0), "separable"),
    "difference of Gaussians": (gaussian(21, 4.0) - gaussian(21, 2.0), "separable"),
    "small Gaussian": (gaussian(5, 1.0), "rows"),
    "random, large": (np.random.default_rng(1).normal(size=(31, 31)), "frequency"),
    "random, of middle size": (np.random.default_rng(1).normal(size=(15, 15)), "tall"),
    "a Gaussian with one odd cell": (gaussian(13, 3.0) + 1e-4 * np.eye(13), "tall"),
}


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_take_the_method_that_fits_and_keep_its_precision(rng, name):
    kernel, method = KERNELS[name]
    weight = kernel.astype(np.float32)[None, None]
    x, padding = rng.random((1, 120, 150), dtype=np.float32), len(kernel) // 2
    assert name_of(x, weight, padding=padding) == method
    got, want = F.conv2d(x, weight, padding=padding), directly(x, weight, padding)
    terms = directly(x, np.abs(weight), padding)
    assert (np.abs(got - want) / terms).max() < 6e-7
    by_products = np.abs(directly(x, weight, padding, np.float32) - want).max()
    assert np.abs(got - want).max() < 2.5 * by_products


def test_a_box_of_whole_numbers_is_exact(rng):
    x = rng.integers(0, 256, (1, 60, 70)).astype(np.float32)
    weight = np.ones((1, 1, 9, 9), np.float32)
    np.testing.assert_array_equal(F.conv2d(x, weight), directly(x, weight))


def test_a_method_that_reads_the_weights_is_named_only_with_them():
    shape, weight = (1, 80, 80), gaussian(31, 4.0)[None, None]
    assert F.conv2d_method(shape, weight.shape).name == "frequency"
    assert F.conv2d_method(shape, weight.shape, weight=weight).name == "separable"
    assert F.conv2d_method(shape, weight.shape, weight=weight, stride=2).name == "rows"


@pytest.mark.parametrize(
    "kernel", [gaussian(31, 5.0), KERNELS["random, large"][0]], ids=["passes", "spectra"]
)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_a_cell_beyond_all_others_reaches_only_the_windows_that_see_it(rng, kernel, bad):
    weight = kernel.astype(np.float32)[None, None]
    x = rng.random((1, 300, 320), dtype=np.float32)
    clean = F.conv2d(x, weight, padding=15)
    x[0, 260, 40] = bad
    y = F.conv2d(x, weight, padding=15)
    seen = np.zeros(y.shape, bool)
    seen[0, 245:276, 25:56] = True
    np.testing.assert_array_equal(np.isfinite(y), ~seen | np.isfinite(bad))
    np.testing.assert_allclose(y[~seen], clean[~seen], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(y[seen], directly(x, weight, 15, np.float32)[seen], rtol=2e-5)


def test_windows_without_anything_are_zero_beside_others(rng):
    x = np.zeros((1, 200, 200), np.float32)
    x[0, 100, 100] = 1
    weight = rng.normal(size=(1, 1, 31, 31)).astype(np.float32)
    y = F.conv2d(x, weight, padding=15)[0]
    np.testing.assert_array_equal(y[85:116, 85:116], weight[0, 0, ::-1, ::-1])
    y[85:116, 85:116] = 0
    assert not y.any()


@pytest.mark.parametrize("side", [slice(None), slice(None, None, -1)], ids=["below", "above"])
def test_windows_of_nothing_but_small_cells_are_exact_beside_large_ones(rng, side):
    x = np.zeros((1, 84, 100), np.float32)
    x[0, 38:46, 50] = [1, 1, 1, 1, 1, 1, 1e-12, 1e-12]
    weight = rng.normal(size=(1, 1, 21, 21)).astype(np.float32)
    y = F.conv2d(x[:, side], weight, padding=10)
    want = directly(x[:, side], weight, 10)
    np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-16)


def test_an_infinite_weight_makes_infinite_what_it_sees(rng):
    x = rng.random((1, 60, 70), dtype=np.float32) + 1
    weight = rng.normal(size=(1, 1, 21, 21)).astype(np.float32)
    weight[0, 0, 3, 4] = np.inf
    assert name_of(x, weight) == "frequency"
    assert np.isposinf(F.conv2d(x, weight)).all()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_threads_changes_no_digit(rng, monkeypatch, count):
    x = rng.normal(size=(3, 1, 240, 250)).astype(np.float32)
    weights = [KERNELS[name][0].astype(np.float32)[None, None] for name in ("Gaussian", "random, large")]
    before = [F.conv2d(x, weight, padding=15) for weight in weights]
    for module in (threads, blocks):
        monkeypatch.setattr(module, "thread_count", lambda: count)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 15)
    for weight, y in zip(weights, before, strict=True):
        np.testing.assert_array_equal(F.conv2d(x, weight, padding=15), y)


def test_whole_tiles_with_all_that_they_see_give_the_digits_of_the_picture(rng):
    weight = KERNELS["random, large"][0].astype(np.float32)[None, None]
    side, across = frequency.block_sides(31, 31)
    assert side == across
    x = rng.normal(size=(1, side + 90, 2 * side + 60)).astype(np.float32)
    y = F.conv2d(x, weight)
    for top, left, rows, cols in ((0, side, side, side), (side, 0, 60, side), (0, 0, side, 2 * side)):
        part = F.conv2d(x[:, top : top + rows + 30, left : left + cols + 30], weight)
        np.testing.assert_array_equal(part, y[:, top : top + rows, left : left + cols])


def test_spectra_that_are_kept_belong_to_their_kernel(rng):
    x = rng.random((1, 64, 64), dtype=np.float32)
    weight = rng.normal(size=(1, 1, 25, 25)).astype(np.float32)
    y = F.conv2d(x, weight)
    weight *= 2
    np.testing.assert_allclose(F.conv2d(x, weight), 2 * y, rtol=1e-6, atol=1e-5)
