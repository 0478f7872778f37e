from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.tints import MOST, colors_of, heat, signed_heat
from filterlab.images.views import Scale, pixels_of


def test_only_what_is_not_zero_is_kept_and_covers_by_its_root():
    weights = np.zeros((6, 9), np.float32)
    weights[2, 3], weights[3, 5] = 1.0, 0.25
    found = heat(weights)
    assert (found.top, found.left, found.weights.shape) == (2, 3, (2, 3))
    pixels = found.pixels("plasma")
    alpha = (pixels >> 24).astype(int)
    assert alpha.tolist() == [[MOST, 0, 0], [0, 0, round(MOST / 2)]]
    opaque = pixels_of(np.array([[1.0, 0.5]]), 0, 1, "plasma")[0]
    for pixel, full, a in ((pixels[0, 0], opaque[0], alpha[0, 0]), (pixels[1, 2], opaque[1], alpha[1, 2])):
        for shift in (16, 8, 0):
            assert (int(pixel) >> shift) & 255 == ((int(full) >> shift) & 255) * a // 255


def test_single_cells_are_not_lost_where_pixels_are_larger():
    weights = np.zeros((7, 8), np.float32)
    weights[0, 0], weights[4, 7], weights[6, 3] = 0.5, 1.0, 0.25
    small = heat(weights).pixels("plasma", 3) >> 24
    assert small.shape == (3, 3)
    expected = np.rint(MOST * np.sqrt([[0.5, 0, 0], [0, 0, 1], [0, 0.25, 0]]))
    assert small.tolist() == expected.tolist()


def test_nothing_to_show():
    assert heat(np.zeros((3, 3))) is None
    assert heat(np.full((3, 3), np.nan)) is None


@pytest.mark.parametrize("colormap", ["gray", "RdBu_r", "viridis"])
def test_single_colours_are_those_of_maps(colormap):
    scale = Scale(-1.0, 1.0, -1.0, 1.0)
    values = [-1.0, -0.25, 0.0, 0.5, 3.0]
    assert colors_of(values, scale, colormap) == pixels_of(np.array([values]), -1, 1, colormap)[0].tolist()


def test_signed_weights_keep_their_sign_and_stay_in_the_picture():
    kernel = np.array([[9.0, 9.0, 9.0], [9.0, 0.0, -4.0], [9.0, 1.0, 2.0]])
    found = signed_heat(kernel, -1, -1, (5, 2))
    assert (found.top, found.left) == (0, 0)
    np.testing.assert_allclose(found.weights, [[0, -1], [0.25, 0.5]])
    pixels = found.pixels("gray")
    assert pixels[0, 0] == 0
    red, green = (pixels[0, 1] >> 16) & 255, (pixels[0, 1] >> 8) & 255
    assert red > green  # negative weights are brown
    assert signed_heat(np.zeros((3, 3)), 0, 0, (5, 5)) is None
    assert signed_heat(kernel, 7, 0, (5, 5)) is None
