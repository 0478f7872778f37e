"""Resampling: weights by plain formula, gradients as adjoints."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.errors import FilterLabError
from tests.functional.strategies import pairs


def taps(i, n, out, mode):
    """(cell, weight) pairs of output i, half-pixel centres, as torch's align_corners=False."""
    if mode == "nearest":
        return [(min(math.floor(i * n / out), n - 1), 1.0)]
    centre = (i + 0.5) * n / out - 0.5
    if mode == "bilinear":
        centre = max(centre, 0.0)
        base, t = math.floor(centre), centre - math.floor(centre)
        return [(min(base, n - 1), 1 - t), (min(base + 1, n - 1), t)]
    base, t = math.floor(centre), centre - math.floor(centre)
    return [(min(max(base + k, 0), n - 1), keys(abs(t - k))) for k in (-1, 0, 1, 2)]


def keys(d, a=-0.75):
    if d <= 1:
        return (a + 2) * d**3 - (a + 3) * d**2 + 1
    return a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a if d < 2 else 0.0


def matrix(n, out, mode):
    result = np.zeros((out, n))
    for i in range(out):
        for cell, weight in taps(i, n, out, mode):
            result[i, cell] += weight
    return result


@given(pairs(1, 9), pairs(1, 14), st.sampled_from(["nearest", "bilinear", "bicubic"]), st.integers(0, 2**31))
def test_resize_is_the_formula(size, out, mode, seed):
    x = np.random.default_rng(seed).normal(size=(2, *size))
    rows, cols = matrix(size[0], out[0], mode), matrix(size[1], out[1], mode)
    np.testing.assert_allclose(F.resize(x, out, mode), rows @ x @ cols.T, atol=1e-10)


@given(pairs(1, 9), pairs(1, 14), st.sampled_from(["nearest", "bilinear", "bicubic", "area"]), st.booleans())
def test_the_gradient_is_the_adjoint(size, out, mode, antialias):
    if antialias and mode not in ("bilinear", "bicubic"):
        antialias = False
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, *size)), rng.normal(size=(2, *out))
    forward = np.vdot(dy, F.resize(x, out, mode, antialias))
    assert np.vdot(F.resize_backward(dy, x, out, mode, antialias), x) == pytest.approx(forward, abs=1e-9)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "area"])
@pytest.mark.parametrize("antialias", [False, True])
def test_a_constant_picture_stays_constant(mode, antialias):
    if mode == "area" and antialias:
        return
    y = F.resize(np.full((3, 17, 13), 0.7, np.float32), (5, 29), mode, antialias)
    np.testing.assert_allclose(y, 0.7, rtol=1e-6)


@pytest.mark.parametrize("scale", [1, 2, 3, 0.5, (2, 3), 1.5])
def test_upsample_by_nearest_repeats(rng, scale):
    x = rng.normal(size=(2, 6, 8))
    y = F.upsample(x, scale)
    factors = scale if isinstance(scale, tuple) else (scale, scale)
    assert y.shape == (2, math.floor(6 * factors[0]), math.floor(8 * factors[1]))
    if all(isinstance(f, int) for f in factors):
        np.testing.assert_array_equal(y, x.repeat(factors[0], 1).repeat(factors[1], 2))
    dy = rng.normal(size=y.shape)
    assert np.vdot(F.upsample_backward(dy, x, scale), x) == pytest.approx(np.vdot(dy, y))


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_a_scale_that_keeps_the_size_keeps_the_cells(rng, mode):
    """As PyTorch: floor(5 * 1.1) is 5, and nothing moves."""
    x = rng.normal(size=(2, 5, 4))
    np.testing.assert_array_equal(F.upsample(x, (1.1, 1.0), mode), x)


def test_nearest_counts_cells_as_pytorch_does(rng):
    """Twice as many cells are exactly two each; otherwise positions are products in single precision."""
    x = rng.normal(size=(1, 1, 5))
    np.testing.assert_array_equal(F.upsample(x, (1.0, 2.08)), x.repeat(2, 2))
    x = np.arange(80.0).reshape(1, 80, 1)
    # 171 / 3.42 is 50 and 23 * 14 / 46 is 7, but the single-precision products fall short of them.
    assert F.upsample(x, (3.42, 1.0))[0, 170:173, 0].tolist() == [49, 49, 50]
    assert F.resize(x[:, :14], (46, 1), "nearest")[0, 22:25, 0].tolist() == [6, 6, 7]


@pytest.mark.parametrize("r", [1, 2, 3])
def test_pixel_shuffle_and_back(rng, r):
    x = rng.normal(size=(2, 2 * r * r, 3, 4))
    y = F.pixel_shuffle(x, r)
    assert y.shape == (2, 2, 3 * r, 4 * r)
    for n, c, i, j in np.ndindex(*y.shape):
        assert y[n, c, i, j] == x[n, c * r * r + (i % r) * r + j % r, i // r, j // r]
    np.testing.assert_array_equal(F.pixel_unshuffle(y, r), x)
    np.testing.assert_array_equal(F.pixel_shuffle_backward(y, x, r), x)
    np.testing.assert_array_equal(F.pixel_unshuffle_backward(x, y, r), y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.resize(x, 0), "size"),
        (lambda x: F.resize(x, 4, "cubic"), "bicubic"),
        (lambda x: F.upsample(x, 0), "scale"),
        (lambda x: F.pixel_shuffle(x, 2), "3"),
        (lambda x: F.pixel_unshuffle(x, 4), "6"),
        (lambda x: F.pixel_shuffle(x, 0), "r is 0"),
    ],
)
def test_what_is_wrong_is_said(call, message):
    with pytest.raises(FilterLabError, match=message):
        call(np.zeros((3, 6, 6)))
