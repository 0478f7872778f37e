"""How certain fitted weights are, what constraints do to them, and the camera's gain."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import filterlab as fl
import filterlab.functional as F
from filterlab.resources import samples

TRIALS = 1000
BLUR = fl.kernels.gaussian(5, sigma=1).astype(np.float64)
BLUR /= BLUR.sum()
DIAGONAL = np.eye(5) / 5


@pytest.fixture(scope="module")
def picture():
    """A small picture whose pixels resemble their neighbours, as those of a photograph do."""
    rough = gaussian_filter(np.random.default_rng(1).random((40, 40)), 0.7)[None]
    return (rough - 0.3) / rough.std()


def many(picture, kernel, trials=TRIALS, noise=lambda e: e, seed=2):
    """A target of so many channels: each the same picture, filtered, with noise of its own."""
    white = np.random.default_rng(seed).normal(size=(trials, 41 - len(kernel), 41 - len(kernel)))
    return F.conv2d(picture, kernel[None, None]) + 0.1 * np.stack([noise(one) for one in white])


def covered(fit, kernel, among=True):
    low, high = fit.interval()
    return ((low[:, 0] <= kernel) & (kernel <= high[:, 0]))[np.broadcast_to(among, fit[:, 0].shape)].mean()


@pytest.mark.parametrize("bias", [False, True])
def test_the_intervals_of_a_thousand_trials_cover_what_they_promise(picture, bias):
    kernel = np.random.default_rng(3).normal(size=(3, 3))
    fit = fl.fit_kernel(picture, many(picture, kernel), 3, bias)
    assert 0.93 < covered(fit, kernel) < 0.97
    np.testing.assert_allclose(fit.noise.mean(), 0.1, rtol=0.01)
    if bias:
        assert 0.93 < (np.abs(fit.bias) < 1.96 * fit.bias_error).mean() < 0.97


@pytest.mark.parametrize(
    "constraint", ["symmetric", "symmetric_x", "radial", "unit_sum", ["radial", "unit_sum"], "sum=1"]
)
def test_intervals_are_right_within_a_linear_constraint(picture, constraint):
    fit = fl.fit_kernel(picture, many(picture, BLUR), 5, constraint=constraint)
    assert 0.93 < covered(fit, BLUR) < 0.97
    free = fl.fit_kernel(picture, many(picture, BLUR, 3), 5)
    assert (fit.standard_error[:3] < 1.1 * free.standard_error).all(), "a true constraint adds knowledge"


def test_intervals_of_gain_and_weights(picture):
    fit = fl.fit_kernel(picture, 1.3 * many(picture, BLUR) + 0.2, 5, gain=True)
    assert 0.93 < covered(fit, BLUR) < 0.97
    assert 0.93 < (np.abs(fit.gain - 1.3) < 1.96 * fit.gain_error).mean() < 0.97
    assert 0.93 < (np.abs(fit.bias - 0.2) < 1.96 * fit.bias_error).mean() < 0.97
    np.testing.assert_allclose(fit.sum(axis=(1, 2, 3)), 1)


@pytest.mark.parametrize("constraint", ["separable", "sparse", "nonnegative"])
def test_intervals_within_other_constraints_hold_for_what_they_say(picture, constraint):
    kernel = BLUR if constraint == "separable" else DIAGONAL
    fit = fl.fit_kernel(picture, many(picture, kernel, 60), 5, constraint=constraint)
    # Which weights are zero was chosen from the same data, which costs a little of what the others promise.
    among = kernel > 0 if constraint != "separable" else True
    assert 0.89 < covered(fit, kernel, among) < 0.98
    assert any("standard errors" in words for words in fit.cautions)


def gaussian_filter_gain():
    """The deviation of white noise of deviation 1 after the blur."""
    spot = np.zeros((21, 21))
    spot[10, 10] = 1
    return np.sqrt((gaussian_filter(spot, 0.8) ** 2).sum())


def test_correlated_noise_is_noticed_and_allowed_for(picture):
    kernel = np.random.default_rng(3).normal(size=(3, 3))
    target = many(picture, kernel, 400, noise=lambda e: gaussian_filter(e, 0.8))
    fit = fl.fit_kernel(picture, target, 3)
    assert 0.93 < covered(fit, kernel) < 0.97
    assert max(fit.correlation) > 0.5
    assert "neighbouring residuals are correlated" in fit.cautions[0]
    scattered, told = fit.std(axis=0), np.sqrt((fit.standard_error**2).mean(axis=0))
    np.testing.assert_allclose(told, scattered, rtol=0.12)
    # The bound for rounding takes white noise for granted: six deviations of 1 / sqrt(12).
    white = 0.1 * gaussian_filter_gain() * fit.rounding_bound(1.0)[0] / 6 * np.sqrt(12)
    assert (white / scattered).max() > 1.5, "as if the noise were white, some errors would be wrong"


def test_white_noise_is_not_accused(picture):
    fit = fl.fit_kernel(picture, many(picture, DIAGONAL), 5)
    assert fit.cautions == ()
    assert max(map(abs, fit.correlation)) < 0.2


def test_the_standard_error_is_that_of_the_normal_equations(rng):
    picture, target = rng.random((2, 14, 15)), rng.random((3, 12, 13))
    rows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3), axis=(1, 2))
    rows = rows.transpose(1, 2, 0, 3, 4).reshape(156, 18)
    laid = np.column_stack([rows, np.ones(156)])
    inverse = np.linalg.inv(laid.T @ laid)
    fit = fl.fit_kernel(picture, target, bias=True)
    for output in range(3):
        rest = target[output].ravel() - laid @ np.append(fit[output].ravel(), fit.bias[output])
        errors = np.sqrt(np.diag(inverse) * (rest @ rest) / (156 - 19))
        np.testing.assert_allclose(fit.standard_error[output].ravel(), errors[:18])
        np.testing.assert_allclose(fit.bias_error[output], errors[18])
        np.testing.assert_allclose(fit.noise[output], np.sqrt(rest @ rest / (156 - 19)))


def test_an_undetermined_kernel_has_no_certainty(rng):
    fit = fl.fit_kernel(np.ones((9, 9)), rng.random((9, 9)))
    assert np.isinf(fit.standard_error).all()
    few = fl.fit_kernel(rng.random((6, 6)), rng.random((2, 2)), 5)
    assert np.isinf(few.standard_error).all()
    assert not few.distinct.any()


def test_an_exact_kernel_is_certain():
    picture = fl.read_image(samples()["camera"])[:, :100, :100].astype(np.float64)
    fit = fl.fit_kernel(picture, F.conv2d(picture, BLUR[None, None]), 5, bias=True)
    assert fit.standard_error.max() < 1e-12
    assert fit.cautions == ()
    assert fit.distinct.all()


def test_copies_keep_the_certainty(picture):
    fit = fl.fit_kernel(picture, many(picture, BLUR, 1), 5, gain=True, register=True)
    again = copy.deepcopy(fit)
    np.testing.assert_array_equal(again.standard_error, fit.standard_error)
    assert (again.gain, again.registration) == (fit.gain, fit.registration)
    assert fit.standard_error.shape == fit.zero.shape == (5, 5)
    assert np.ndim(fit.gain) == np.ndim(fit.bias_error) == np.ndim(fit.noise) == 0


# -- constraints --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "kernel"),
    [
        ("symmetric", BLUR),
        ("symmetric_x", np.outer([1, 2, -1.0, 0, 3], [1, 2, 5.0, 2, 1])),
        ("symmetric_y", np.outer([1, 2, 5.0, 2, 1], [1, 2, -1.0, 0, 3])),
        ("radial", BLUR),
        ("zero_sum", DIAGONAL - 1 / 25),
        ("sum=0.5", BLUR / 2),
        (["nonnegative", "unit_sum"], DIAGONAL),
        ("nonnegative", DIAGONAL),
        ("separable", np.outer([1, 2, -1.0, 0.5, 0.2], [0.3, 1, 2, 0, -1])),
        ("sparse", DIAGONAL),
        ("sparse=5", DIAGONAL),
        (["sparse", "symmetric"], DIAGONAL + DIAGONAL[::-1]),
    ],
)
@pytest.mark.parametrize("bias", [0.0, 0.3])
def test_a_kernel_that_satisfies_the_constraint_is_found_exactly(picture, constraint, kernel, bias):
    target = F.conv2d(picture, kernel[None, None], [bias])
    fit = fl.fit_kernel(picture, target, 5, bool(bias), constraint=constraint)
    np.testing.assert_allclose(fit, kernel, atol=1e-10)
    assert fit.residual < 1e-10
    if "sparse" in constraint or "nonnegative" in constraint:
        np.testing.assert_array_equal(fit.zero, kernel == 0)
        assert (fit[fit.zero] == 0).all()


def obeys(kernel, constraint):
    mirrored = {"symmetric_x": [kernel[:, ::-1]], "symmetric_y": [kernel[::-1]]}
    mirrored["symmetric"] = [kernel[:, ::-1], kernel[::-1]]
    mirrored["radial"] = [kernel[:, ::-1], kernel[::-1], kernel.T]
    if constraint in mirrored:
        return all(np.allclose(kernel, other, rtol=0, atol=1e-12) for other in mirrored[constraint])
    if constraint == "separable":
        return np.linalg.svd(kernel, compute_uv=False)[1] < 1e-12
    if constraint == "sparse=7":
        return (kernel != 0).sum() == 7
    if constraint == "nonnegative":
        return (kernel >= 0).all()
    return np.isclose(kernel.sum(), {"zero_sum": 0, "unit_sum": 1, "sum=-2": -2}[constraint])


@pytest.mark.parametrize(
    "constraint",
    [
        *(["symmetric"], ["symmetric_x"], ["symmetric_y"], ["radial"], ["separable"], ["sparse=7"]),
        *(["nonnegative"], ["zero_sum"], ["unit_sum"], ["sum=-2"], ["radial", "unit_sum"]),
        *(["nonnegative", "unit_sum"], ["symmetric", "nonnegative", "unit_sum"], ["symmetric_x", "zero_sum"]),
    ],
)
def test_any_target_gives_a_kernel_that_obeys_and_none_nearby_is_better(picture, constraint, rng):
    target = F.conv2d(picture, rng.normal(size=(1, 1, 5, 5)))
    fit = fl.fit_kernel(picture, target, 5, constraint=constraint)
    assert all(obeys(fit.kernel, name) for name in constraint)

    def loss(kernel):
        return ((F.conv2d(picture, kernel[None, None]) - target) ** 2).sum()

    free = fl.fit_kernel(picture, target, 5).kernel
    # Towards the best kernel of all, and back to what is allowed, nothing is gained where the set is convex.
    if not {"separable", "sparse=7"} & set(constraint):
        for share in (1e-3, 0.1):
            nearer = F.conv2d(picture, (fit + share * (free - fit))[None, None])
            other = fl.fit_kernel(picture, nearer, 5, constraint=constraint)
            assert loss(other.kernel) > loss(fit.kernel) * (1 - 1e-9)
    assert loss(fit.kernel) == pytest.approx(fit.residual**2 * target.size)


def test_the_best_separable_kernel_is_better_than_the_nearest(picture, rng):
    target = F.conv2d(picture, (BLUR + 0.02 * rng.normal(size=(5, 5)))[None, None])
    fit = fl.fit_kernel(picture, target, 5, constraint="separable")
    u, s, v = np.linalg.svd(fl.fit_kernel(picture, target, 5).kernel)
    nearest = s[0] * np.outer(u[:, 0], v[0])
    rest = F.conv2d(picture, nearest[None, None]) - target
    assert fit.residual < np.sqrt((rest**2).mean())


def test_few_weights_say_which_are_zero_and_by_what_rule(picture):
    target = many(picture, DIAGONAL, 1)
    fit = fl.fit_kernel(picture, target, 5, constraint="sparse")
    np.testing.assert_array_equal(fit.zero, DIAGONAL == 0)
    assert "20 of 25 weights are zero" in fit.cautions
    assert (fit.standard_error[fit.zero] == 0).all()
    assert fl.fit_kernel(picture, target, 5, constraint="sparse=2").zero.sum() == 23


def test_constraints_hold_for_every_plane_of_several_channels(rng):
    picture = rng.random((2, 30, 30))
    weight = np.stack([[DIAGONAL, BLUR], [BLUR, -DIAGONAL]])
    target = F.conv2d(picture, weight)
    fit = fl.fit_kernel(picture, target, 5, constraint="sparse")
    np.testing.assert_allclose(fit, weight, atol=1e-9)
    np.testing.assert_array_equal(fit.zero[0, 0], DIAGONAL == 0)
    apart = fl.fit_kernel(picture, target, 5, constraint="separable")
    np.testing.assert_allclose(apart[0, 1], BLUR, atol=0.1)
    summed = fl.fit_kernel(picture, target, 5, constraint="unit_sum")
    np.testing.assert_allclose(summed.sum(axis=(2, 3)), 1)
    depthwise = fl.fit_kernel(picture, target, 5, constraint="symmetric", groups=2)
    assert depthwise.standard_error.shape == (2, 1, 5, 5)


def test_a_gain_is_what_the_sum_of_the_weights_leaves(picture):
    target = 1.5 * F.conv2d(picture, BLUR[None, None] / 2) - 0.1
    one = fl.fit_kernel(picture, target, 5, gain=True)
    half = fl.fit_kernel(picture, target, 5, gain=True, constraint="sum=0.5")
    for fit, gain, kernel in ((one, 0.75, BLUR), (half, 1.5, BLUR / 2)):
        np.testing.assert_allclose(fit, kernel, atol=1e-10)
        np.testing.assert_allclose((fit.gain, fit.bias), (gain, -0.1), atol=1e-10)
    assert fl.fit_kernel(picture, target, 5).gain is None
    edges = F.conv2d(picture, fl.kernels.sobel(3)[None, None].astype(np.float64))
    with pytest.raises(fl.FilterLabError, match="no gain can be told"):
        fl.fit_kernel(picture, edges, 3, gain=True)


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("smooth", "no constraint 'smooth'.*radial.*sparse=9"),
        ("sparse=0", "no constraint 'sparse=0'"),
        ("sparse=some", "no constraint 'sparse=some'"),
        ("sum=nan", "no constraint 'sum=nan'"),
        (7, "no constraint 7"),
        (["unit_sum", "zero_sum"], "unit_sum and zero_sum do not go together"),
        (["nonnegative", "zero_sum"], "do not go together"),
        (["separable", "sparse"], "do not go together"),
        (["sparse", "unit_sum"], "do not go together"),
    ],
)
def test_wrong_constraints_are_explained(picture, constraint, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.fit_kernel(picture, picture, 3, constraint=constraint)


def test_pictures_that_do_not_tell_weights_apart_name_no_zeros():
    stripes = np.tile([0.0, 0, 1, 1], (20, 10))
    with pytest.raises(fl.FilterLabError, match="do not determine which weights are zero"):
        fl.fit_kernel(stripes, stripes, constraint="sparse")
    with pytest.raises(fl.FilterLabError, match="few weights are sought among 1369 .at most 1200"):
        fl.fit_kernel(np.ones((40, 40)), np.ones((40, 40)), 37, constraint="sparse")
    assert fl.fit_kernel(stripes, stripes, constraint="none").shape == (3, 3)
