"""Kernels to look at: norms, ranks, words, and pixels."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled
from filterlab.explain.weights import KernelPitch, kernel_place, mosaic, pictures, survey
from filterlab.images.palette import DARK, LIGHT


def surveyed(layer):
    place = kernel_place(layer)
    assert place is not None
    return survey(layer, place)


@pytest.fixture
def weights():
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    laplace = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32)
    return np.stack([np.stack([sobel, laplace, 0 * sobel]), 3 * np.stack([laplace, sobel, sobel])])


def test_ranks_tell_kernels_that_separate(weights):
    found = surveyed(fl.Conv2d(weights))
    assert [[found.rank(o, i) for i in range(3)] for o in range(2)] == [[1, 2, 0], [2, 1, 1]]
    assert found.kernel_words(0, 0) == "norm 3.464, rank 1: separable, one column times one row"
    assert found.kernel_words(0, 2) == "all weights are 0"
    assert found.kernel_words(0, 1).startswith("norm 4.472, rank 2 of 3: not separable")
    assert found.channel_words(1) == "norm 19.9, largest weight ±12; ranks of its kernels 2, 1, 1"
    assert "6 kernels of 3 by 3, 3 of them separable" in found.layer_words()


def test_norms_are_those_of_the_channels_and_sort_them(weights):
    found = surveyed(fl.Conv2d(weights))
    np.testing.assert_allclose(found.norms, np.linalg.norm(weights.reshape(2, -1), axis=1))
    assert (found.order(by_norm=False), found.order(by_norm=True)) == ([0, 1], [1, 0])
    np.testing.assert_allclose(found.norm_line([1, 0]).values, found.norms[::-1])
    assert found.input_order(by_norm=True) == [0, 1, 2]


def test_the_energy_of_the_nearest_product_is_that_of_the_singular_values(rng):
    kernel = rng.standard_normal((5, 5))
    found = surveyed(fl.Filter2d(kernel))
    values = np.linalg.svd(kernel, compute_uv=False)
    np.testing.assert_allclose(found.singular[0, 0], values)
    assert f"{100 * values[0] ** 2 / (kernel**2).sum():.3g} % of its energy" in found.kernel_words(0, 0)


def test_transposed_convolutions_have_their_inputs_first(rng):
    weight = rng.standard_normal((2, 3, 4, 4)).astype(np.float32)
    layer = fl.ConvTranspose2d(weight)
    place, found = kernel_place(layer), surveyed(layer)
    assert (found.outputs, found.inputs) == (3, 2)
    np.testing.assert_array_equal(found.kernels[2, 1], weight[place.index(2, 1, 4)])


def test_layers_without_kernels_have_no_place():
    assert kernel_place(fl.ReLU()) is None
    assert kernel_place(fl.Linear(np.ones((3, 2)))) is None


def test_a_mosaic_shows_each_sign_in_its_colour_and_zero_as_the_field(weights):
    found = surveyed(fl.Conv2d(weights))
    pixels = mosaic(found, [0, 1], [1, 0], KernelPitch(2, 8, 7), LIGHT, each=False)
    assert pixels.shape == (14, 16)
    # -12, the largest of all, is the middle of the second row's second kernel, a laplacian.
    assert pixels[7 + 2, 8 + 2] == pixels[7 + 3, 8 + 3] == 0xFF9A5F1C
    assert pixels[0, 0] == 0xFFFFFFFF
    assert pixels[6, 0] == pixels[0, 6] == 0xFFD8D8D3
    own = mosaic(found, [0], [1, 0], KernelPitch(1, 4, 4), DARK, each=True)
    # Each by its own largest: -4 and 2 are both full colours.
    assert (own[1, 1], own[1, 6]) == (0xFFC98A4B, 0xFF3FB6A0)


def test_a_mosaic_of_single_kernels_fills_its_rows(rng):
    found = surveyed(fl.Conv2d(rng.standard_normal((3, 1, 2, 2)).astype(np.float32), groups=3))
    pixels = mosaic(found, [2, 0, 1], [0], KernelPitch(1, 3, 3), LIGHT, each=False, columns=2)
    assert pixels.shape == (6, 6)
    first = mosaic(found, [2], [0], KernelPitch(1, 3, 3), LIGHT, each=False)
    np.testing.assert_array_equal(pixels[:3, :3], first)
    assert (pixels[3:5, 3:5] == 0xFFECECE8).all(), "no kernel stands there"


def test_pictures_are_symmetric_about_grey(weights):
    found = surveyed(fl.Conv2d(weights))
    pixels = pictures(found, [0, 1], 2, KernelPitch(1, 4, 4), LIGHT, each=True)
    assert pixels.shape == (4, 8)
    red, green, blue = (np.rint((weights[0, c] / 4 + 1) * 127.5).astype(int) for c in range(3))
    np.testing.assert_array_equal(pixels[:3, :3] & 0xFFFFFF, red << 16 | green << 8 | blue)
    assert (blue == 128).all(), "weights of 0 are grey"
    alone = pictures(found, [1], 3, KernelPitch(1, 4, 4), LIGHT, each=False)
    assert (alone[:, 4:] == 0xFFECECE8).all()


def test_a_survey_of_no_weight_at_all_has_pixels():
    found = surveyed(fl.Conv2d(np.zeros((1, 3, 2, 2), np.float32)))
    assert (pictures(found, [0], 1, KernelPitch(1, 2, 2), LIGHT, each=True) == 0xFF808080).all()
    assert (mosaic(found, [0], [0], KernelPitch(1, 2, 2), LIGHT, each=False) == 0xFFFFFFFF).all()


def test_a_survey_is_given_up_when_it_is_not_wanted_any_more(weights):
    layer = fl.Conv2d(weights)
    with pytest.raises(Cancelled):
        survey(layer, kernel_place(layer), lambda: True)
