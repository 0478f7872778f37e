"""Normalisations against NumPy's means and variances, their gradients against differences."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import FilterLabError


def slope(function, x, dy, step=1e-6):
    """Central differences of the sum of dy * function(x)."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = np.vdot(dy, function(up) - function(down)) / (2 * step)
    return gradient


@pytest.fixture
def x(rng):
    return rng.normal(2, 3, size=(2, 6, 3, 4))


def column(values):
    return np.asarray(values)[:, None, None]


def test_batch_norm(x, rng):
    mean, var, weight, bias = rng.normal(size=6), rng.random(6), rng.normal(size=6), rng.normal(size=6)
    want = (x - column(mean)) / np.sqrt(column(var) + 1e-3) * column(weight) + column(bias)
    np.testing.assert_allclose(F.batch_norm(x, mean, var, weight, bias, 1e-3), want, atol=1e-12)
    dy = rng.normal(size=x.shape)
    got = F.batch_norm_backward(dy, x, mean, var, weight, bias, 1e-3)
    np.testing.assert_allclose(got, dy * column(weight / np.sqrt(var + 1e-3)), atol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_group_norm(x, rng, groups):
    weight, bias, dy = rng.normal(size=6), rng.normal(size=6), rng.normal(size=x.shape)
    parts = x.reshape(2, groups, -1)
    normal = (parts - parts.mean(2, keepdims=True)) / np.sqrt(parts.var(2, keepdims=True) + 1e-5)
    want = normal.reshape(x.shape) * column(weight) + column(bias)
    np.testing.assert_allclose(F.group_norm(x, groups, weight, bias), want, atol=1e-12)
    got = F.group_norm_backward(dy, x, groups, weight, bias)
    np.testing.assert_allclose(got, slope(lambda v: F.group_norm(v, groups, weight, bias), x, dy), atol=1e-6)
    dweight, dbias = F.group_norm_affine_backward(dy, x, groups)
    np.testing.assert_allclose(dweight, (dy * normal.reshape(x.shape)).sum((0, 2, 3)), atol=1e-10)
    np.testing.assert_allclose(dbias, dy.sum((0, 2, 3)))
    if groups == 6:
        np.testing.assert_allclose(F.instance_norm(x, weight, bias), want, atol=1e-12)
        np.testing.assert_allclose(F.instance_norm_backward(dy, x, weight, bias), got, atol=1e-12)


def test_a_negative_variance_gives_nan_as_in_pytorch(x):
    assert np.isnan(F.batch_norm(x, np.zeros(6), -np.ones(6))).all()


def test_float32_keeps_its_digits_far_from_zero(rng):
    x = (1000 + rng.normal(size=(1, 2, 64, 64))).astype(np.float32)
    want = (x - x.mean((2, 3), keepdims=True, dtype=float)) / x.std((2, 3), keepdims=True, dtype=float)
    assert np.abs(F.instance_norm(x, eps=0.0) - want).max() < 2e-4


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_local_response_norm(x, rng, size):
    padded = np.pad(x**2, ((0, 0), (size // 2, (size - 1) // 2), (0, 0), (0, 0)))
    total = sum(padded[:, i : i + 6] for i in range(size))
    np.testing.assert_allclose(
        F.local_response_norm(x, size, 0.1, 0.6, 2.0), x / (2 + 0.1 / size * total) ** 0.6, atol=1e-12
    )
    dy = rng.normal(size=x.shape)
    got = F.local_response_norm_backward(dy, x, size, 0.1, 0.6, 2.0)
    want = slope(lambda v: F.local_response_norm(v, size, 0.1, 0.6, 2.0), x, dy)
    np.testing.assert_allclose(got, want, atol=1e-6)


def test_local_response_norm_keeps_channels_apart(x):
    """An infinity or a huge value is no business of channels out of its reach."""
    want = F.local_response_norm(x, 3, 0.1)
    for strange in (np.nan, np.inf, 1e12):
        x[:, 1] = strange
        np.testing.assert_array_equal(F.local_response_norm(x, 3, 0.1)[:, 3:], want[:, 3:])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf, 3e38])
def test_infinities_make_no_warnings(rng, strange):
    x = rng.normal(size=(4, 3, 3)).astype(np.float32)
    x[1, 1, 1] = strange
    for result in (
        F.instance_norm(x),
        F.group_norm_backward(x, x, 2),
        F.batch_norm(x, np.zeros(4), np.ones(4), np.zeros(4)),
        F.local_response_norm(x, 3),
        F.local_response_norm_backward(x, x, 3),
        F.softmax(x, 0),
        F.log_softmax_backward(x, x, -1),
        F.linear(x, rng.normal(size=(5, 3))),
        F.conv2d(x, rng.normal(size=(16, 4, 2, 2))),
    ):
        assert result.dtype == np.float32


def test_normalize(x):
    mean, std = np.arange(6.0), np.arange(1.0, 7)
    np.testing.assert_allclose(F.normalize(x, mean, std), (x - column(mean)) / column(std), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.group_norm(x, 4), "6"),
        (lambda x: F.batch_norm(x, np.zeros(5), np.ones(6)), "mean"),
        (lambda x: F.local_response_norm(x, 0), "size"),
        (lambda x: F.normalize(x, np.zeros(6), np.zeros(6)), "std"),
        (lambda x: F.instance_norm(x, np.ones(2)), "weight"),
    ],
)
def test_what_is_wrong_is_said(x, call, message):
    with pytest.raises(FilterLabError, match=message):
        call(x)
