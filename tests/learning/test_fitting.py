"""Kernels found by least squares: exact ones, those behind rounded files, and those that are not determined."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from functools import partial

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.resources import samples

GREY, COLOUR = ("camera", "coins", "text"), ("chelsea", "rocket", "hubble_deep_field")


def photograph(name, channels=None):
    return fl.read_image(samples()[name])[:channels]


def relative(found, wanted):
    return np.abs(found - wanted).max() / np.abs(wanted).max()


@pytest.mark.parametrize("side", [3, 4, 5, 9, 15])
@pytest.mark.parametrize("name", GREY + COLOUR)
def test_an_exact_kernel_is_found_in_a_photograph(rng, name, side):
    picture = photograph(name, 1)
    kernel = rng.normal(size=(side, side)).astype(np.float32)
    fit = fl.fit_kernel(picture, F.conv2d(picture, kernel[None, None]), (side, side))
    assert relative(fit, kernel) < 2e-6
    assert fit.dtype == np.float32
    assert fit.unique
    assert fit.r2 == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("side", [3, 7, 11])
@pytest.mark.parametrize("name", COLOUR)
def test_kernels_of_several_channels_and_their_biases(rng, name, side):
    picture = photograph(name)
    weight = rng.normal(size=(2, 3, side, side)).astype(np.float32)
    bias = np.array([0.3, -1], np.float32)
    fit = fl.fit_kernel(picture, F.conv2d(picture, weight, bias), side, bias=True)
    assert fit.shape == weight.shape
    assert relative(fit, weight) < 1e-5
    np.testing.assert_allclose(fit.bias, bias, atol=1e-5)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular", "symmetric", "constant"])
@pytest.mark.parametrize("padding", ["same", "full", 1, (2, 0), ((0, 1), (2, 1))])
def test_borders_as_they_are_stated(rng, padding, mode):
    picture = rng.random((2, 20, 24))
    weight, bias = rng.normal(size=(3, 2, 3, 4)), rng.normal(size=3)
    border = {"padding": padding, "padding_mode": mode, "value": 0.4}
    target = F.conv2d(picture, weight, bias, **border)
    fit = fl.fit_kernel(picture, target, (3, 4), True, **border)
    np.testing.assert_allclose(fit, weight, atol=1e-10)
    np.testing.assert_allclose(fit.bias, bias, atol=1e-10)


@pytest.mark.parametrize("side", [2, 3, 4, 5])
def test_a_target_of_the_pictures_size_counts_where_windows_lie_inside(rng, side):
    picture = photograph("camera")
    kernel = rng.normal(size=(side, side)).astype(np.float32)
    # What lies beyond the border differs from all that a convolution could know.
    target = F.conv2d(picture, kernel[None, None], padding="same", padding_mode="constant", value=99)
    assert relative(fl.fit_kernel(picture, target, side), kernel) < 1e-5


def test_pictures_without_channels_groups_and_shared_kernels(rng):
    picture = rng.random((4, 30, 30))
    kernel = rng.normal(size=(3, 3))
    np.testing.assert_allclose(
        fl.fit_kernel(picture[0], F.conv2d(picture[:1], kernel[None, None])[0]), kernel
    )
    depthwise = rng.normal(size=(8, 1, 3, 3))
    target = F.conv2d(picture, depthwise, groups=4)
    np.testing.assert_allclose(fl.fit_kernel(picture, target, groups=4), depthwise)
    filtered = fl.Pipeline([fl.Filter2d(kernel, padding="valid")]).run(picture)["filter1"]
    shared = fl.fit_kernel(picture, filtered, shared=True)
    np.testing.assert_allclose(shared, kernel)
    assert shared.shape == (3, 3)


def test_a_batch_is_fitted_as_one(rng):
    pictures = rng.random((5, 1, 6, 6))
    kernel = rng.normal(size=(3, 3))
    fit = fl.fit_kernel(pictures, F.conv2d(pictures, kernel[None, None]))
    np.testing.assert_allclose(fit, kernel)


@pytest.mark.parametrize("side", [3, 7, 15])
@pytest.mark.parametrize("name", GREY + COLOUR)
def test_files_of_eight_bits_give_the_kernel_within_the_stated_bound(rng, tmp_path, name, side):
    kernel = rng.random((side, side)).astype(np.float32)
    kernel /= kernel.sum()
    before = photograph(name, 1)
    after = F.conv2d(before, kernel[None, None])
    fl.write_image(tmp_path / "after.png", after[0], range=(0, 1))
    fit = fl.fit_kernel(before, fl.read_image(tmp_path / "after.png"), side)
    bound = fit.rounding_bound()
    assert bound.shape == kernel.shape
    assert (np.abs(fit - kernel) <= bound).all()
    assert bound.max() < 0.05


def drawing():
    """Black and white: its windows, and with them the rounding errors, are few and come again and again."""
    return (photograph("camera", 1) > 0.5).astype(np.float64)


@pytest.mark.parametrize("side", [3, 7])
@pytest.mark.parametrize("picture", [drawing, *(partial(photograph, name, 1) for name in (*GREY, "brick"))])
def test_no_rounding_exceeds_the_bound_that_is_certain(rng, side, picture):
    before = picture()
    for share in (1, 0.7, 0.1):
        kernel = rng.random((side, side))
        kernel *= share / kernel.sum()
        after = np.round(F.conv2d(np.float64(before), kernel[None, None]) * 255) / 255
        fit = fl.fit_kernel(before, after, side)
        error = np.abs(fit - kernel)
        assert (error <= fit.rounding_bound(certain=True)).all()
        if picture is drawing and side == 3:
            assert (error > fit.rounding_bound()).any(), "errors that come again are what `certain` is for"


@pytest.mark.parametrize("certain", [False, True])
def test_the_bound_is_that_of_the_pseudo_inverse(rng, certain):
    picture, target = rng.random((2, 12, 13)), rng.random((3, 10, 11))
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3), axis=(1, 2))
    rows = rows.transpose(1, 2, 0, 3, 4).reshape(110, 18)
    spread = np.linalg.norm(np.linalg.pinv(rows), axis=1).reshape(2, 3, 3)
    bound = fl.fit_kernel(picture, target).rounding_bound(0.1, certain=certain)
    wanted = 0.1 / 2 * np.sqrt(110) * spread if certain else 6 * 0.1 / np.sqrt(12) * spread
    np.testing.assert_allclose(bound, np.broadcast_to(wanted, (3, 2, 3, 3)))


def test_a_kernel_that_is_not_determined_has_no_bound():
    assert np.isinf(fl.fit_kernel(np.ones((9, 9)), np.ones((9, 9))).rounding_bound()).all()


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("name", ["chelsea", "rocket"])
def test_it_is_what_least_squares_gives(rng, name, bias):
    """Weights, residual, R2 and condition beside numpy's, on colour pictures and on a channel that is dark."""
    picture = photograph(name)[:, :60, :70].astype(np.float64) * np.array([1, 1, 1e-5])[:, None, None]
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3), axis=(1, 2))
    rows = rows.transpose(1, 2, 0, 3, 4).reshape(58 * 68, 27)
    target = rows @ rng.normal(size=27) + 0.3 + 0.1 * rng.normal(size=len(rows))
    laid = np.column_stack([rows, np.ones(len(rows))]) if bias else rows
    # Columns of one length, as numpy would lose the dark ones otherwise.
    lengths = np.linalg.norm(laid, axis=0)
    wanted = np.linalg.lstsq(laid / lengths, target, rcond=None)[0] / lengths
    rest = target - laid @ wanted
    fit = fl.fit_kernel(picture, target.reshape(1, 58, 68), bias=bias)
    np.testing.assert_allclose(fit.ravel(), wanted[:27], rtol=1e-7, atol=1e-7 * np.abs(wanted).max())
    assert fit.residual == pytest.approx(np.sqrt(np.mean(rest**2)), rel=1e-9)
    assert fit.r2 == pytest.approx(1 - np.sum(rest**2) / np.sum((target - target.mean()) ** 2), rel=1e-9)
    assert fit.condition == pytest.approx(np.linalg.cond(rows - rows.mean(0) if bias else rows), rel=1e-6)
    if bias:
        assert fit.bias[0] == pytest.approx(wanted[27], rel=1e-7)


def test_with_ridge_the_condition_is_that_of_the_longer_matrix(rng):
    picture = rng.random((20, 20))
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(-1, 9)
    longer = np.vstack([rows, np.sqrt(0.05 * len(rows)) * np.eye(9)])
    fit = fl.fit_kernel(picture, picture, ridge=0.05)
    assert fit.condition == pytest.approx(np.linalg.cond(longer))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("contrast", [1e-1, 1e-3, 1e-5])
def test_a_nearly_constant_picture_gives_what_its_digits_hold(rng, contrast, dtype):
    picture = (0.5 + contrast * rng.normal(size=(60, 60))).astype(dtype)
    kernel = rng.normal(size=(3, 3)).astype(dtype)
    for bias in (False, True):
        fit = fl.fit_kernel(picture, F.conv2d(picture[None], kernel[None, None])[0], bias=bias)
        assert fit.unique
        assert np.abs(fit - kernel).max() < 60 * np.finfo(dtype).eps / contrast


@pytest.mark.parametrize("value", [0.3, 0.7, 1.0])
@pytest.mark.parametrize("shape", [(40, 50), (300, 700)])
def test_a_constant_picture_gives_the_smallest_kernel_and_says_so(value, shape):
    picture, target = np.full(shape, value, np.float32), np.full(shape, 0.6, np.float32)
    fit = fl.fit_kernel(picture, target)
    np.testing.assert_allclose(fit, np.full((3, 3), 0.6 / 9 / np.float32(value)), rtol=1e-5)
    assert not fit.unique
    assert fit.condition == np.inf
    assert "do not determine the kernel" in fit.note
    assert fit.r2 == 1
    with_bias = fl.fit_kernel(picture, target, bias=True)
    np.testing.assert_allclose(with_bias, 0, atol=1e-6)
    assert with_bias.bias == pytest.approx(0.6)
    assert not with_bias.unique


def test_pictures_that_vary_in_one_direction_do_not_determine_a_kernel():
    stripes = np.tile([0.0, 0, 1, 1], (20, 10))
    fit = fl.fit_kernel(stripes, stripes)
    assert not fit.unique
    assert fit.residual < 1e-12
    np.testing.assert_allclose(fit, [[0, 1 / 3, 0]] * 3, atol=1e-12)
    ramp = np.add.outer(np.arange(40.0), np.arange(30.0))
    assert not fl.fit_kernel(ramp, ramp, bias=True).unique


def test_a_dark_channel_is_not_a_missing_one(rng):
    picture = rng.random((2, 40, 40)) * np.array([1, 1e-6])[:, None, None]
    weight = rng.normal(size=(1, 2, 3, 3)) * np.array([1, 1e6])[:, None, None]
    fit = fl.fit_kernel(picture, F.conv2d(picture, weight))
    assert fit.unique
    np.testing.assert_allclose(fit, weight, rtol=1e-8)


def test_fewer_windows_than_weights(rng):
    picture = rng.random((6, 6))
    fit = fl.fit_kernel(picture, rng.random((2, 2)), 5)
    assert not fit.unique
    assert fit.residual < 1e-10


def test_ridge_minimises_what_it_says(rng):
    picture, target = rng.random((12, 12)), rng.random((10, 10))
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(100, 9)
    wanted = np.linalg.solve(rows.T @ rows / 100 + 0.1 * np.eye(9), rows.T @ target.ravel() / 100)
    np.testing.assert_allclose(fl.fit_kernel(picture, target, ridge=0.1).ravel(), wanted)
    flat = fl.fit_kernel(np.ones((9, 9)), np.ones((9, 9)), ridge=1e-3)
    assert flat.unique
    assert flat.residual > 0


def test_what_the_answer_tells(rng):
    picture = rng.random((50, 60))
    noise = 0.1 * rng.normal(size=(48, 58))
    kernel = rng.normal(size=(3, 3))
    target = F.conv2d(picture[None], kernel[None, None])[0] + noise
    fit = fl.fit_kernel(picture, target, bias=True)
    rest = target - F.conv2d(picture[None], fit.weight, np.atleast_1d(fit.bias))[0]
    assert fit.residual == pytest.approx(np.sqrt(np.mean(rest**2)))
    assert fit.r2 == pytest.approx(1 - np.sum(rest**2) / np.sum((target - target.mean()) ** 2))
    assert fit.note == ""
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(-1, 9)
    assert fit.condition == pytest.approx(np.linalg.cond(rows - rows.mean(0)))
    assert fl.Conv2d(fit.weight, bias=fit.bias).weight.shape == (1, 1, 3, 3)


def test_the_answer_is_an_array(rng):
    picture = rng.random((20, 20))
    fit = fl.fit_kernel(picture, picture, 3)
    delta = np.zeros((3, 3))
    delta[1, 1] = 1
    np.testing.assert_allclose(np.asarray(fit), delta, atol=1e-12)
    assert type(np.asarray(fit)) is type(fit.kernel) is type(fit - 1) is type(fit[0]) is np.ndarray
    assert isinstance(fit.sum(), float)


def pickled(fit):
    return pickle.loads(pickle.dumps(fit))


def turned(fit):
    return fit.T.T


@pytest.mark.parametrize("again", [pickled, copy.copy, copy.deepcopy, turned, lambda fit: fit.copy()])
def test_a_copy_still_says_how_the_fit_was(rng, again):
    fit = fl.fit_kernel(rng.random((20, 20)), rng.random((18, 18)), bias=True)
    other = again(fit)
    np.testing.assert_array_equal(other, fit)
    assert (other.r2, other.bias, other.unique) == (fit.r2, fit.bias, fit.unique)
    np.testing.assert_array_equal(other.rounding_bound(), fit.rounding_bound())
    assert fit.reshape(1, 1, 3, 3).bias == fit.bias


def test_the_edges_of_dive_into_deep_learning():
    x = np.ones((6, 8))
    x[:, 2:6] = 0
    y = F.conv2d(x[None], np.array([[[[1.0, -1.0]]]]))[0]
    np.testing.assert_allclose(fl.fit_kernel(x, y, size=(1, 2)), [[1, -1]], atol=1e-14)


def test_the_equations_need_little_memory(rng):
    picture = rng.random((1, 1500, 2000), dtype=np.float32)
    target = F.conv2d(picture, np.ones((1, 1, 3, 3), np.float32))
    fl.fit_kernel(picture[:, :50], target[:, :48])  # imports
    tracemalloc.start()
    fl.fit_kernel(picture, target)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < picture.nbytes / 4


@pytest.mark.parametrize(
    ("image", "target", "options", "message"),
    [
        (
            np.ones((5, 5)),
            np.ones((4, 4)),
            {},
            "target is 4x4, the picture 5x5.*must be 3x3, or 5x5 as the picture",
        ),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": "same"}, "'same' the target must be 5x5"),
        (np.ones((2, 2)), np.ones((2, 2)), {}, "window of 3 is larger"),
        (np.ones(5), np.ones(3), {}, "picture has shape 5"),
        (np.ones((2, 1, 5, 5)), np.ones((1, 1, 5, 5)), {}, "pictures and targets differ: 2 and 1"),
        (np.ones((2, 5, 5)), np.ones((1, 5, 5)), {"shared": True}, "2 channels, the target 1"),
        (np.ones((2, 5, 5)), np.ones((1, 5, 5)), {"groups": 2}, "groups is 2 for 2 channels in and 1 out"),
        (np.ones((5, 5)), np.ones((5, 5)), {"ridge": -1}, "ridge is -1"),
        (np.ones((5, 5)), np.ones((5, 5)), {"size": 0}, "size is 0"),
        (np.ones((5, 5)), np.ones((5, 5)), {"ridge": np.inf}, "ridge is inf"),
        (np.ones((5, 5)), np.ones((5, 5)), {"ridge": "some"}, "ridge is 'some'"),
        (np.ones((5, 5)), np.ones((5, 5)), {"value": "black"}, "value is 'black'"),
        (np.full((5, 5), np.nan), np.ones((5, 5)), {}, "picture holds NaN"),
        (np.full((5, 5), np.inf), np.ones((5, 5)), {"bias": True}, "picture holds NaN or infinity"),
        (np.full((5, 5), 1e200), np.ones((5, 5)), {}, "too large to be squared"),
        (np.ones((5, 5)), np.full((5, 5), np.inf), {}, "target holds NaN or infinity"),
        (np.ones((90, 90)), np.ones((90, 90)), {"size": 80}, "6400 unknown weights"),
        (np.ones((5, 5)), np.ones((5, 5)), {"padding_mode": "mirror"}, "padding mode is 'mirror'"),
    ],
)
def test_wrong_questions_are_explained(image, target, options, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.fit_kernel(image, target, **options)


def test_the_answer_is_the_same_however_the_work_is_cut(rng, monkeypatch):
    picture, target = rng.random((2, 300, 400)), rng.random((2, 298, 398))
    fit = fl.fit_kernel(picture, target)
    np.testing.assert_array_equal(fl.fit_kernel(picture, target, cancel=lambda: False), fit)
    for threads in (1, 3):
        monkeypatch.setattr("filterlab.functional.threads.thread_count", lambda threads=threads: threads)
        np.testing.assert_array_equal(fl.fit_kernel(picture, target), fit)


def test_it_can_be_stopped(rng):
    picture = rng.random((400, 400), dtype=np.float32)
    with pytest.raises(fl.FilterLabError, match="stopped"):
        fl.fit_kernel(picture, picture, cancel=lambda: True)
