"""Linear, flatten, softmax and the losses."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import FilterLabError


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_softmax_and_its_logarithm(rng, axis):
    x, dy = rng.normal(size=(4, 5, 6)), rng.normal(size=(4, 5, 6))
    p = softmax(x, axis)
    np.testing.assert_allclose(F.softmax(x, axis), p, atol=1e-15)
    np.testing.assert_allclose(F.log_softmax(x, axis), np.log(p), atol=1e-13)
    centred = dy - (dy * p).sum(axis, keepdims=True)
    np.testing.assert_allclose(F.softmax_backward(dy, x, axis), p * centred, atol=1e-14)
    want = dy - p * dy.sum(axis, keepdims=True)
    np.testing.assert_allclose(F.log_softmax_backward(dy, x, axis), want, atol=1e-14)


def test_softmax_of_large_values_does_not_overflow():
    x = np.array([900.0, 800.0, -900.0], np.float32)
    np.testing.assert_allclose(F.softmax(x, 0), [1, 0, 0], atol=1e-40)
    np.testing.assert_allclose(F.log_softmax(x, 0), [0, -100, -1800])


def test_flatten_runs_channel_by_channel():
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(F.flatten(x), np.arange(24))
    assert F.flatten(x[None]).shape == (1, 24)
    np.testing.assert_array_equal(F.flatten_backward(np.arange(24.0), x), x)


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("with_bias", [False, True])
def test_linear(rng, batch, with_bias):
    x, weight = rng.normal(size=(*batch, 5)), rng.normal(size=(4, 5))
    bias = rng.normal(size=4) if with_bias else None
    y = F.linear(x, weight, bias)
    np.testing.assert_allclose(y, x @ weight.T + (bias if with_bias else 0), atol=1e-14)
    dy = rng.normal(size=y.shape)
    dx, dweight, dbias = F.linear_backward(dy, x, weight, bias)
    rows = dy.reshape(-1, 4), x.reshape(-1, 5)
    np.testing.assert_allclose(dx, dy @ weight, atol=1e-13)
    np.testing.assert_allclose(dweight, rows[0].T @ rows[1], atol=1e-13)
    assert (dbias is None) == (not with_bias)
    if with_bias:
        np.testing.assert_allclose(dbias, rows[0].sum(0), atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_vector_has_the_same_digits_alone_and_among_others(rng, dtype):
    x, weight = rng.normal(size=(53, 150)).astype(dtype), rng.normal(size=(70, 150)).astype(dtype)
    bias = rng.normal(size=70).astype(dtype)
    x[7, 3] = np.nan
    y = F.linear(x, weight, bias)
    assert np.isnan(y).any(axis=1).nonzero()[0].tolist() == [7], "NaN reaches its own vector alone"
    for alone, together in zip(x, y, strict=True):
        np.testing.assert_array_equal(F.linear(alone, weight, bias), together)
    precise = np.delete(x, 7, 0).astype(np.longdouble) @ weight.T.astype(np.longdouble) + bias
    size = np.abs(np.delete(x, 7, 0)) @ np.abs(weight.T) + np.abs(bias)
    error = np.abs(np.delete(y, 7, 0) - precise)
    assert (error <= 70 * np.finfo(dtype).eps / 2 * size).all(), (
        "parts of at most 64 products, and few of them"
    )


def test_linear_of_many_weights_is_a_product_of_matrices(rng, monkeypatch):
    x, weight, bias = rng.normal(size=(3, 6)), rng.normal(size=(4, 6)), rng.normal(size=4)
    ours = F.linear(x, weight, bias)
    monkeypatch.setattr(import_module("filterlab.functional.linear"), "MOST_OWN", 0)
    np.testing.assert_allclose(F.linear(x, weight, bias), ours, atol=1e-14)
    np.testing.assert_allclose(F.linear(x[0], weight, bias), ours[0], atol=1e-14)
    assert F.linear(x[:0], weight, bias).shape == (0, 4)


@pytest.mark.parametrize("axis", [1, 2])
def test_softmax_of_rows_has_the_same_digits_alone_and_among_others(rng, axis):
    x = rng.normal(0, 20, (37, *(1,) * (axis - 1), 45)).astype(np.float32)
    y = F.softmax(x, axis)
    for alone, together in zip(x, y, strict=True):
        np.testing.assert_array_equal(F.softmax(alone, axis - 1), together)
    # A difference of up to 128 is rounded by 3.8e-6, and so the exponential relatively.
    np.testing.assert_allclose(y, softmax(x.astype(np.float64), axis), rtol=5e-6, atol=1e-37)


def test_softmax_of_a_row_with_nan_is_nan_there_alone():
    nothing = [-np.inf] * 3  # 0 / 0
    x = np.array([[0, np.nan, 1], [0, 1, 2], [0, np.inf, 1], [-np.inf, 0, 0], nothing], np.float32)
    y = F.softmax(x, 1)
    assert np.isnan(y[[0, 4]]).all()
    assert np.isnan(y[2, 1])
    np.testing.assert_allclose(y[[1, 3]], softmax(x[[1, 3]].astype(np.float64), 1), rtol=4e-7)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_losses_of_pictures(rng, reduction):
    x, target = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    reduce = {"mean": np.mean, "sum": np.sum}[reduction]
    scale = x.size if reduction == "mean" else 1
    np.testing.assert_allclose(F.mse_loss(x, target, reduction), reduce((x - target) ** 2))
    np.testing.assert_allclose(F.l1_loss(x, target, reduction), reduce(np.abs(x - target)))
    np.testing.assert_allclose(F.mse_loss_backward(x, target, reduction), 2 * (x - target) / scale)
    np.testing.assert_allclose(F.l1_loss_backward(x, target, reduction), np.sign(x - target) / scale)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_of_many_values_lose_no_digits(rng, dtype):
    shape = (3, 157, 211)
    x, target = rng.normal(size=shape).astype(dtype), rng.normal(size=shape).astype(dtype)
    parts = [(x, target), (x.swapaxes(1, 2), target.swapaxes(1, 2))]  # the second is not contiguous
    for a, b in parts:
        d = a.astype(np.float64) - b
        np.testing.assert_allclose(F.mse_loss(a, b, "sum"), np.sum(d**2), rtol=4 * np.finfo(dtype).eps)
        np.testing.assert_allclose(F.l1_loss(a, b), np.mean(np.abs(d)), rtol=4 * np.finfo(dtype).eps)
        np.testing.assert_allclose(F.mse_loss_backward(a, b, "sum"), 2 * d, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(F.l1_loss_backward(a, b, "sum"), np.sign(a - b))
        assert F.mse_loss(a, b).dtype == F.l1_loss_backward(a, b).dtype == dtype


def test_losses_of_nothing_are_refused():
    for call in (F.mse_loss, F.l1_loss, F.mse_loss_backward):
        with pytest.raises(FilterLabError, match="nothing to compare"):
            call(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(FilterLabError, match="nothing to compare"):
        F.cross_entropy(np.zeros((0, 3)), np.zeros(0, int))


def test_cross_entropy_is_the_mean_logarithm(rng):
    logits, labels = rng.normal(size=(5, 4)), np.array([0, 3, 1, 1, 2])
    p = softmax(logits, 1)
    want = -np.log(p[np.arange(5), labels])
    assert F.cross_entropy(logits, labels) == pytest.approx(want.mean())
    gradient = p.copy()
    gradient[np.arange(5), labels] -= 1
    np.testing.assert_allclose(F.cross_entropy_backward(logits, labels), gradient / 5, atol=1e-15)


@pytest.mark.parametrize(
    "call",
    [
        lambda: F.linear(np.zeros(5), np.zeros((4, 6))),
        lambda: F.linear(np.zeros(5), np.zeros((4, 5)), np.zeros(3)),
        lambda: F.softmax(np.zeros((2, 2)), 3),
        lambda: F.mse_loss(np.zeros(3), np.zeros(4)),
        lambda: F.mse_loss(np.zeros(3), np.zeros(3), "most"),
        lambda: F.cross_entropy(np.zeros((2, 3)), np.array([0, 3])),
    ],
)
def test_what_is_wrong_is_said(call):
    with pytest.raises(FilterLabError):
        call()


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda x: F.conv2d(x, np.ones((4, 8, 3, 3))), (4, 4, 4)),
        (lambda x: F.conv2d_backward(x, x, np.ones((8, 8, 1, 1)))[0], (8, 6, 6)),
        (lambda x: F.conv_transpose2d(x, np.ones((8, 3, 2, 2)), stride=2), (3, 12, 12)),
        (lambda x: F.max_pool2d_backward(x[:, :, :3, :3], x, 2), (8, 6, 6)),
        (lambda x: F.upsample(x, 2, "bilinear"), (8, 12, 12)),
        (lambda x: F.resize(x, (3, 4), "area"), (8, 3, 4)),
        (lambda x: F.group_norm(x, 2), (8, 6, 6)),
        (lambda x: F.pixel_shuffle(x, 2), (2, 12, 12)),
        (lambda x: F.pixel_unshuffle(x, 2), (32, 3, 3)),
        (F.flatten, (288,)),
    ],
)
def test_an_empty_batch_gives_an_empty_batch(call, shape):
    assert call(np.zeros((0, 8, 6, 6))).shape == (0, *shape)
