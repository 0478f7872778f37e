"""Restorations of blurred pictures: how much they gain, at the border too, and what they tell and refuse."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import Cancelled, ParameterError, ShapeError
from filterlab.functional.threads import cancellable
from filterlab.restoration.options import BORDER, METHOD
from filterlab.restoration.spectrum import Periodogram
from tests.restoration.blurring import MOTION, border_ratio, photographed, psnr, sample

BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16
METHODS = METHOD.kind.options


@pytest.fixture(scope="module")
def camera():
    """A part of a photograph through a motion blur, and the truth."""
    return photographed(sample("camera", 136), MOTION)


def learned(name: str) -> np.ndarray:
    """The motion blur, learned from a photograph before and after."""
    scene = sample(name, 160)
    return fl.fit_kernel(scene, photographed(scene, MOTION)[0], 9)


# -- gain -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_every_method_undoes_a_motion_blur(camera, method):
    blurred, truth = camera
    found = fl.restore(blurred, MOTION, method=method)
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6
    assert border_ratio(found.image, truth) < 1.6  # the picture is hardly larger than the outer pixels
    assert found.stopped


def test_a_blur_learned_from_another_picture_is_undone_up_to_the_border(camera):
    blurred, truth = camera
    found = fl.restore(blurred, learned("coins"))
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6
    assert border_ratio(found.image, truth) < 1.5


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "teacher"), [("camera", "coins"), ("coffee", "camera"), ("chelsea", "brick")]
)
def test_photographs_gain_six_decibels(name, teacher):
    blurred, truth = photographed(sample(name), MOTION)
    found = fl.restore(blurred, learned(teacher))
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6
    assert border_ratio(found.image, truth) <= 1.5


def test_with_the_border_unknown_the_frame_does_not_ring(camera):
    blurred, truth = camera
    gains = {
        b: psnr(fl.restore(blurred, MOTION, method="tikhonov", border=b).image, truth)
        for b in BORDER.kind.options
    }
    assert max(gains, key=gains.get) == "unknown"


@pytest.mark.parametrize("border", [b for b in BORDER.kind.options if b != "unknown"])
def test_a_picture_filtered_with_a_padding_mode_is_restored_with_it(border):
    truth = sample("camera", 64)
    blurred = F.conv2d(truth, BLUR[None, None].astype(np.float32), padding="same", padding_mode=border)
    found = fl.restore(blurred, BLUR, method="wiener", border=border)
    assert psnr(found.image, truth) > psnr(blurred, truth) + 10
    assert border_ratio(found.image, truth) < 1.5


def test_noise_is_not_amplified(camera):
    blurred, truth = camera
    noisy = blurred + 0.02 * np.random.default_rng(0).standard_normal(blurred.shape).astype(np.float32)
    for method in METHODS:
        assert psnr(fl.restore(noisy, MOTION, method=method).image, truth) > psnr(noisy, truth) + 1


# -- kernels --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (4, 3), (3, 6)])
def test_kernels_of_any_size_leave_the_picture_in_its_place(shape):
    kernel = np.ones(shape) / np.prod(shape)
    blurred, truth = photographed(sample("camera", 64), kernel)
    found = fl.restore(blurred, kernel, method="tikhonov")
    assert np.array_equal(blurred, truth) or psnr(found.image, truth) > psnr(blurred, truth) + 3
    assert np.abs(found.image - truth).mean() < 0.02
    assert found.shift == tuple((1 - n % 2) / -2 for n in shape)


def test_a_kernel_that_only_shifts_is_undone_and_its_shift_told():
    kernel = np.zeros((5, 5))
    kernel[0, 3] = 1  # a pixel sees what is two rows above and one column to the right
    blurred, truth = photographed(sample("camera", 64), kernel)
    found = fl.restore(blurred, kernel, method="tikhonov")
    assert found.shift == (2, -1)
    inside = (slice(None), slice(4, -4), slice(4, -4))
    assert psnr(found.image[inside], truth[inside]) > 40


def test_a_convolution_turns_the_kernel(camera):
    blurred, _ = camera
    kernel = MOTION * np.linspace(0, 2, 9)
    turned = fl.restore(blurred, kernel, method="inverse", operation="convolution")
    assert np.array_equal(turned.image, fl.restore(blurred, kernel[::-1, ::-1], method="inverse").image)


def test_each_channel_may_have_its_own_kernel():
    kernels = BLUR, np.full((3, 3), 1 / 9)
    pictures = [
        photographed(sample(name, 64), k)[0] for name, k in zip(("camera", "coffee"), kernels, strict=True)
    ]
    found = fl.restore(np.concatenate(pictures), np.stack(kernels)[:, None], method="wiener")
    for channel, (blurred, kernel) in enumerate(zip(pictures, kernels, strict=True)):
        alone = fl.restore(blurred, kernel, method="wiener")
        assert np.array_equal(found.image[channel], alone.image[0])
        assert found.channels[channel] == alone.channels[0]


@pytest.mark.parametrize("gain", [False, True])
def test_gain_and_bias_of_a_fitted_kernel_are_undone(camera, gain):
    blurred, truth = camera
    darker = np.float32(0.8) * blurred - np.float32(0.1)
    scene = sample("coins", 100)
    kernel = fl.fit_kernel(scene, 0.8 * F.conv2d(scene, MOTION[None, None]) - 0.1, 9, bias=True, gain=gain)
    found = fl.restore(darker, kernel, method="tikhonov")
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6


# -- steps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_steps_count_up_and_end_with_the_result(camera, method):
    steps = list(fl.restore_steps(camera[0], MOTION, method=method, iterations=4))
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert [bool(step.stopped) for step in steps] == [False] * 3 + [True]
    assert steps[3].residual < steps[0].residual
    assert [step.uncertainty is None for step in steps] == [True] * 3 + [False]
    assert np.array_equal(steps[3].image, fl.restore(camera[0], MOTION, method=method, iterations=4).image)


def test_a_channel_that_has_arrived_waits_for_the_others(camera):
    blurred, _ = camera
    found = fl.restore(np.concatenate([blurred, np.full_like(blurred, 0.5)]), MOTION, method="inverse")
    assert found.channels[1].iterations == 1 < found.channels[0].iterations == found.iterations
    assert found.stopped == found.channels[0].stopped


def test_work_is_cancelled_between_steps_and_within_them(camera):
    asked = []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) > 20

    with pytest.raises(Cancelled):
        fl.restore(camera[0], MOTION, cancel=cancel)


@pytest.mark.parametrize("method", METHODS)
def test_a_call_that_is_not_wanted_estimates_nothing(camera, method):
    with pytest.raises(Cancelled):
        fl.restore_steps(camera[0], MOTION, method=method, cancel=lambda: True)


@pytest.mark.parametrize("estimate", [lambda p: p.power_law(0.01), Periodogram.cross_validated])
def test_estimates_are_cancelled_while_they_are_made(camera, estimate):
    periodogram = Periodogram(camera[0][0], MOTION)
    with pytest.raises(Cancelled), cancellable(lambda: True):
        estimate(periodogram)


def test_the_residual_is_held_to_the_noise(camera):
    for method in ("tv", "inverse", "richardson_lucy"):
        found = fl.restore(camera[0], MOTION, method=method, noise=0.004)
        assert found.residual == pytest.approx(found.noise, rel=0.25)
        assert "noise" in found.stopped


# -- figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deviation", [0.004, 0.03])
def test_noise_is_estimated(deviation):
    scene = sample("camera")
    blurred = F.conv2d(scene, MOTION[None, None].astype(np.float32))
    noisy = blurred + deviation * np.random.default_rng(1).standard_normal(blurred.shape).astype(np.float32)
    step = next(fl.restore_steps(noisy, MOTION, method="inverse"))
    assert step.noise == pytest.approx(deviation, rel=0.1)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_values_in_another_unit_are_restored_alike(camera, unit):
    one, other = (
        fl.restore(camera[0][..., :64, :64] * part, MOTION, method="inverse") for part in (1.001, unit)
    )
    assert other.noise / unit == pytest.approx(one.noise, rel=0.02)
    np.testing.assert_allclose(other.image / unit, one.image, atol=0.01)


def test_rounding_to_eight_bits_counts_as_noise(camera):
    rounding = 1 / 255 / np.sqrt(12)
    assert next(fl.restore_steps(camera[0], MOTION, noise=0)).noise == pytest.approx(rounding, rel=1e-6)
    assert next(fl.restore_steps(camera[0], MOTION, noise=0.003)).noise == pytest.approx(
        np.hypot(rounding, 0.003)
    )
    whole = np.round(camera[0] * 255).astype(np.uint8)
    assert next(fl.restore_steps(whole, MOTION, noise=0)).noise == pytest.approx(1 / np.sqrt(12))


def test_rounding_is_found_whatever_the_blur_has_added(camera):
    step = next(fl.restore_steps(camera[0], MOTION, noise=0, bias=0.1))
    assert step.noise == pytest.approx(1 / 255 / np.sqrt(12), rel=1e-6)


@pytest.mark.parametrize(("name", "deviation"), [("camera", 0), ("coffee", 0.01)])
def test_the_uncertainty_is_the_size_of_the_error(name, deviation):
    blurred, truth = photographed(sample(name), MOTION)
    blurred = blurred + deviation * np.random.default_rng(2).standard_normal(blurred.shape).astype(np.float32)
    found = fl.restore(blurred, MOTION, method="wiener")
    error = np.sqrt(np.square(found.image - truth).mean())
    assert np.sqrt(np.square(found.uncertainty).mean()) == pytest.approx(error, rel=0.35)
    assert (np.abs(found.image - truth) < 2 * found.uncertainty).mean() > 0.9
    assert found.uncertainty[0, 0, 0] > found.uncertainty[0, 100, 100]


def test_pictures_keep_their_shape_and_precision_and_any_range(camera):
    blurred, truth = camera
    for picture in (blurred[0], blurred.astype(np.float64)):
        found = fl.restore(picture, MOTION, method="tikhonov", iterations=2)
        assert (found.image.shape, found.image.dtype) == (picture.shape, picture.dtype)
        assert found.uncertainty.shape == picture.shape
    large = fl.restore(blurred * 1000 - 300, MOTION, iterations=15)
    assert psnr((large.image + 300) / 1000, truth) > psnr(blurred, truth) + 6


# -- corners --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0, 0.5])
def test_a_constant_picture_stays_as_it_is(method, value):
    found = fl.restore(np.full((1, 20, 20), value, np.float32), BLUR, method=method)
    assert np.allclose(found.image, value, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 2), (3, 1), (3, 3)])
@pytest.mark.parametrize("border", ["unknown", "reflect", "circular"])
def test_the_smallest_pictures_are_restored(method, shape, border):
    picture = np.random.default_rng(3).random(shape).astype(np.float32)
    # The mean of all pixels: where it is circular, the picture tells nothing else of the scene.
    found = fl.restore(picture, np.full(shape, 1 / picture.size), method=method, border=border, iterations=30)
    assert np.isfinite(found.image).all()
    assert np.isfinite(found.uncertainty).all()


@pytest.mark.parametrize("method", ["tv", "wiener", "tikhonov", "inverse"])
def test_a_kernel_that_sums_to_nothing_loses_the_mean(method):
    edges = F.conv2d(sample("camera", 64), np.array([[[[1.0, -1.0]]]], np.float32))
    found = fl.restore(edges, [[1, -1]], method=method, iterations=5)
    assert np.isfinite(found.image).all()
    assert "sums to 0" in found.remarks[0]


def test_wrong_inputs_are_refused_in_words():
    picture = np.full((3, 9, 9), 0.5, np.float32)
    holes = picture.copy()
    holes[0, 4, 4] = np.nan
    cases = [
        (holes, BLUR, {}, ParameterError, "NaN"),
        (picture, BLUR * np.inf, {}, ParameterError, "NaN or infinity"),
        (picture, np.zeros((3, 3)), {}, ParameterError, "all weights"),
        (picture, np.ones((10, 3)), {}, ShapeError, "larger than the picture"),
        (picture, np.ones((2, 3, 3)), {}, ShapeError, "2x3x3"),
        (picture[None], BLUR, {}, ShapeError, "1x3x9x9"),
        (picture[:, :1, :1], [[1]], {}, ShapeError, "single pixel"),
        (picture, BLUR, {"method": "magic"}, ParameterError, "magic"),
        (picture, BLUR, {"border": "constant"}, ParameterError, "constant"),
        (picture, BLUR, {"noise": -1}, ParameterError, "noise"),
        (picture, BLUR, {"iterations": 0}, ParameterError, "iterations"),
        (picture, BLUR, {"bias": [0.1, 0.2]}, ShapeError, "the bias has 2 numbers, the picture 3 channels"),
        (picture[0], BLUR, {"bias": np.ones(3)}, ShapeError, "the bias has 3 numbers, the picture 1 channel"),
        (picture, BLUR, {"bias": np.nan}, ParameterError, "the bias holds NaN"),
        (picture, BLUR, {"method": "inverse", "strength": 1}, ParameterError, "no strength"),
    ]
    for image, kernel, options, error, words in cases:
        with pytest.raises(error, match=words):
            fl.restore_steps(image, kernel, **options)


@pytest.mark.parametrize("method", ["richardson_lucy", "richardson_lucy_tv"])
def test_richardson_lucy_knows_no_negative_numbers(method):
    picture = sample("camera", 40)
    with pytest.raises(ParameterError, match="without negative weights"):
        fl.restore(picture, [[-1, 0, 1]], method=method)
    with pytest.raises(ParameterError, match="without negative values"):
        fl.restore(picture - 0.5, BLUR, method=method)
    learned_kernel = BLUR.copy()
    learned_kernel[0, 0] = -1e-3
    found = fl.restore(picture, learned_kernel, method=method)
    assert found.image.min() >= 0
    assert "negative weights" in found.remarks[0]


@pytest.mark.parametrize("method", ["tv", "richardson_lucy", "inverse"])
def test_a_residual_far_above_the_noise_is_told(method):
    rows, cols = np.mgrid[0:40, 0:48]
    board = (0.5 + 0.2 * ((rows + cols) % 2) - 0.2 * (cols > 20)).astype(np.float32)[None]
    blur = np.ones((1, 4)) / 4
    found = fl.restore(board, np.ones((4, 4)) / 16, method=method, noise=0.01, border="circular")
    assert any("another kernel has blurred it" in remark for remark in found.remarks)
    blurred = fl.Pipeline([("b", fl.Filter2d(blur, padding_mode="circular"))]).run(board)["b"]
    found = fl.restore(blurred, blur, method=method, noise=0.01, border="circular")
    assert found.remarks == ()
    given = fl.restore(
        board, np.ones((4, 4)) / 16, method=method, noise=0.01, border="circular", iterations=2
    )
    assert given.remarks == (), "whoever ends it early knows that it has a residual"


@pytest.mark.parametrize("exponent", [100, -100])
@pytest.mark.parametrize("method", METHODS)
def test_values_whose_squares_are_no_numbers_are_restored_with_the_same_digits(method, exponent, rng):
    scene = F.conv2d(rng.random((2, 20, 22), dtype=np.float32), np.stack([BLUR[None]] * 2), groups=2)
    # Of these, values of one power of 2 and less are divided by none.
    picture, unit = scene / scene.max() * np.float32(0.75), 2.0**exponent
    options = {"method": method, "noise": 0.01, "iterations": 4}
    wanted = fl.restore(picture, BLUR, **options)
    found = fl.restore(picture * np.float32(unit), BLUR, **options | {"noise": 0.01 * unit})
    assert found.image.dtype == np.float32
    np.testing.assert_array_equal(found.image, wanted.image * np.float32(unit))
    np.testing.assert_array_equal(found.uncertainty, wanted.uncertainty * np.float32(unit))
    assert (found.noise, found.residual) == (wanted.noise * unit, wanted.residual * unit)
    assert [channel.noise for channel in found.channels] == [c.noise * unit for c in wanted.channels]
    if wanted.strength is not None:
        assert found.strength == wanted.strength * (unit if method == "tv" else 1)
        again = fl.restore(picture * np.float32(unit), BLUR, **options | {"strength": found.strength})
        assert again.strength == found.strength


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_numbers_are_restored_without_a_warning(method, dtype, rng):
    picture = rng.random((1, 16, 16)).astype(dtype)
    picture = picture / picture.max() * np.finfo(dtype).max
    found = fl.restore(picture, BLUR, method=method, iterations=3)
    assert found.image.dtype == dtype
    assert np.isfinite(found.residual)
    assert found.image.any(), "what is left of the picture is nothing"
