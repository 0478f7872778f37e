"""Where a target lies over its picture: to a twentieth of a pixel, or no answer."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import filterlab as fl
import filterlab.functional as F
from filterlab.resources import samples

PHOTOGRAPHS = ("camera", "chelsea", "coins")
MARGIN = 24  # what a shift in the Fourier domain brings in from the other side is cut off


def photograph(name):
    return fl.read_image(samples()[name])[..., :250, :280].mean(axis=0, dtype=np.float64)


def shifted(picture, shift):
    """By a phase in the Fourier domain, which is exact for a periodic picture."""
    rows, cols = np.fft.fftfreq(picture.shape[0])[:, None], np.fft.rfftfreq(picture.shape[1])
    phase = np.exp(-2j * np.pi * (rows * shift[0] + cols * shift[1]))
    return np.fft.irfft2(np.fft.rfft2(picture) * phase, picture.shape)


def inner(picture):
    return picture[MARGIN:-MARGIN, MARGIN:-MARGIN]


def motion_blurred(picture):
    return F.conv2d(picture[None], np.eye(9)[None, None] / 9, padding="same", padding_mode="replicate")[0]


def noisy(picture):
    return picture + 0.05 * np.random.default_rng(3).normal(size=picture.shape)


CHANGES = {
    "nothing else": lambda p: p,
    "a blur": lambda p: gaussian_filter(p, 2),
    "a motion blur": motion_blurred,
    "less contrast": lambda p: 0.3 * p + 0.4,
    "a negative": lambda p: 1 - p,
    "noise": noisy,
    "blur, contrast and noise": lambda p: noisy(0.7 * gaussian_filter(p, 1.5)),
    "rounding": lambda p: np.round(p * 255) / 255,
}


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_shift_is_found_to_a_twentieth_of_a_pixel(name, change):
    picture = photograph(name)
    # Both signs on both axes, near whole pixels and between them, as far as 20.
    number = list(CHANGES).index(change)
    shift = ((3.21, -0.48), (-17.3, 8.75), (0.5, 19.9), (-19.6, -0.03))[
        (number + PHOTOGRAPHS.index(name)) % 4
    ]
    target = CHANGES[change](shifted(picture, shift))
    found = fl.find_shift(inner(picture), inner(target))
    assert found.found
    np.testing.assert_allclose(found.shift, shift, atol=0.05)


@pytest.mark.soak
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "name", ["camera", "chelsea", "coins", "astronaut", "text", "brick", "rocket", "coffee"]
)
def test_shifts_of_every_photograph_and_change(name, change):
    picture = fl.read_image(samples()[name]).mean(axis=0, dtype=np.float64)
    for shift in ((3.21, -0.48), (-17.3, 8.75), (0.5, 0.5), (19.9, -19.6), (-0.12, 0.03), (12, -7)):
        found = fl.find_shift(inner(picture), inner(CHANGES[change](shifted(picture, shift))))
        assert found.found
        # Strong noise over a dark and blurred picture allows no more than the standard error says.
        assert (np.abs(np.subtract(found.shift, shift)) < np.maximum(0.05, 4 * np.array(found.error))).all()


@pytest.mark.soak
def test_the_standard_error_of_a_shift_is_what_it_scatters_by():
    picture, shift = photograph("camera"), (4.3, -2.6)
    target = 0.5 * gaussian_filter(shifted(picture, shift), 1.5)
    deviations = []
    for seed in range(60):
        noise = 0.1 * np.random.default_rng(seed).normal(size=picture.shape)
        found = fl.find_shift(inner(picture), inner(target + noise))
        deviations.append(np.subtract(found.shift, shift) / found.error)
    assert 0.75 < np.std(deviations) < 1.3
    assert abs(np.mean(deviations)) < 0.5


@pytest.mark.parametrize("name", ["camera", "astronaut", "hubble_deep_field"])
@pytest.mark.parametrize("fine", [(1, 2), (-2, -3), (3, -1)])
def test_a_shift_between_pictures_that_sensors_have_averaged(name, fine):
    scene = fl.read_image(samples()[name]).mean(axis=0, dtype=np.float64)[:512, :512]

    def seen(down, right):
        part = scene[8 - down : 504 - down, 8 - right : 504 - right]
        return part.reshape(124, 4, 124, 4).mean(axis=(1, 3))

    found = fl.find_shift(seen(0, 0), seen(*fine))
    np.testing.assert_allclose(found.shift, np.array(fine) / 4, atol=0.05)


def test_a_cropped_target_is_located_and_fitted(rng):
    picture = photograph("camera")
    blur = fl.kernels.gaussian(5, sigma=1).astype(np.float64)
    whole = shifted(picture, (0.25, -0.4))
    target = F.conv2d(whole[None], blur[None, None], padding="same")[0][60:200, 41:230]
    found = fl.find_shift(picture, target)
    np.testing.assert_allclose(found.shift, (0.25 - 60, -0.4 - 41), atol=0.05)
    fit = fl.fit_kernel(picture, target, 5, register=True)
    np.testing.assert_allclose(fit, blur, atol=2e-3)
    assert fit.registration.words.startswith("shift -59.75, -41.4")


def test_colour_pictures_are_registered_as_one():
    picture = fl.read_image(samples()["chelsea"])[:, :200, :220]
    target = F.conv2d(picture, np.eye(3, dtype=np.float32)[:, :, None, None])[:, 5:150, 7:160]
    fit = fl.fit_kernel(picture, target, 3, register=True, shared=True)
    assert fit.registration.shift == (-5, -7)
    np.testing.assert_allclose(fit, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], atol=1e-6)


def test_pictures_that_lie_right_give_the_digits_of_today(rng):
    picture = photograph("coins").astype(np.float32)[None]
    target = F.conv2d(picture, fl.kernels.gaussian(5, sigma=1)[None, None], padding="same")
    asked = fl.fit_kernel(picture, target, 5, padding="same", register=True)
    assert asked.registration.identity
    np.testing.assert_array_equal(asked, fl.fit_kernel(picture, target, 5, padding="same"))


def test_all_of_the_shift_is_taken_out_of_the_kernel():
    """A kernel off its centre counts as a shift, and is found around its middle."""
    picture = photograph("camera")
    kernel = np.zeros((7, 7))
    kernel[4:, 1:4] = fl.kernels.gaussian(3)
    target = F.conv2d(picture[None], kernel[None, None], padding="same")[0]
    fit = fl.fit_kernel(picture, target, 7, register=True)
    # The kernel looks further down and left, so that what it finds comes to lie further up and right.
    assert fit.registration.shift == (-2, 1)
    np.testing.assert_allclose(fit[2:5, 2:5], fl.kernels.gaussian(3), atol=1e-6)
    np.testing.assert_allclose(fl.fit_kernel(picture, target, 7), kernel, atol=1e-6)


def test_a_large_picture_is_located_in_a_smaller_one_first():
    picture = np.kron(photograph("camera"), np.ones((5, 5)))
    picture = gaussian_filter(picture, 2.5)
    found = fl.find_shift(picture, gaussian_filter(picture[300:1100, 411:1311], 1))
    np.testing.assert_allclose(found.shift, (-300, -411), atol=0.05)


def test_a_large_picture_with_an_even_middle_is_located_by_its_edges():
    picture = np.full((1300, 1400), 0.5)
    picture[1050:, 1120:] = photograph("coins")[:250, :280]
    target = gaussian_filter(picture, 1)[:-7, 4:]
    found = fl.find_shift(picture, target)
    np.testing.assert_allclose(found.shift, (0, -4), atol=0.05)


WAVES = np.sin(np.arange(120) * 2 * np.pi / 16)


@pytest.mark.parametrize(
    ("picture", "target", "reason"),
    [
        (photograph("camera"), photograph("coins"), "several places|no place"),
        (photograph("camera"), np.random.default_rng(5).random((250, 280)), "no place"),
        (photograph("camera"), np.full((250, 280), 0.5), "even"),
        (np.add.outer(WAVES, WAVES), np.roll(np.add.outer(WAVES, WAVES), 3, 0), "several places"),
        (
            np.tile(photograph("camera")[0], (200, 1)),
            np.tile(photograph("camera")[0], (200, 1)),
            "several places",
        ),
        (
            photograph("camera"),
            F.conv2d(photograph("camera")[None], fl.kernels.sobel(3)[None, None])[0],
            "centred",
        ),
        (np.ones((9, 9)), np.ones((9, 9)), "too small"),
        (photograph("camera"), np.full((250, 280), np.nan), "NaN"),
    ],
    ids=["another", "noise", "even", "periodic", "stripes", "an edge detector", "small", "NaN"],
)
def test_no_shift_is_made_up(picture, target, reason):
    found = fl.find_shift(picture, target)
    assert not found.found
    assert found.shift == (0, 0)
    assert re.search(reason, found.reason)
    assert found.words.startswith("no shift was found with confidence")


def test_without_confidence_the_pictures_are_left_as_they_are(rng):
    picture = rng.random((60, 60))
    edges = F.conv2d(picture[None], fl.kernels.sobel(3)[None, None])[0]
    fit = fl.fit_kernel(picture, edges, 3, register=True)
    assert not fit.registration.found
    np.testing.assert_array_equal(fit, fl.fit_kernel(picture, edges, 3))
    assert "no shift was found" in fit.cautions[0]
    with pytest.raises(fl.FilterLabError, match="no shift was found"):
        fl.fit_kernel(picture, rng.random((30, 30)), 3, register=True)
    with pytest.raises(fl.FilterLabError, match="2 pictures cannot be registered"):
        fl.fit_kernel(np.ones((2, 1, 30, 30)), np.ones((2, 1, 30, 30)), 3, register=True)


def test_only_the_overlap_counts():
    picture = photograph("camera")
    found = fl.find_shift(inner(picture), inner(shifted(picture, (4.5, -3))))
    x, y = found.overlap(inner(picture)[None], inner(shifted(picture, (4.5, -3)))[None])
    # Ten rows at either end of the picture only make resampled values; columns are moved whole.
    assert x.shape == y.shape == (1, 202 - 20, 232 - 3)
    np.testing.assert_allclose(x, y, atol=0.02)
