from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.tints import MOST, colors_of, heat
from filterlab.images.views import Scale, pixels_of


def test_only_what_is_not_zero_is_kept_and_covers_by_its_root():
    weights = np.zeros((6, 9), np.float32)
    weights[2, 3], weights[3, 5] = 1.0, 0.25
    found = heat(weights, (255, 0, 51))
    assert (found.top, found.left, found.pixels.shape) == (2, 3, (2, 3))
    alpha = (found.pixels >> 24).astype(float)
    assert alpha.tolist() == [[MOST, 0, 0], [0, 0, round(MOST / 2)]]
    assert (found.pixels[0, 0] >> 16) & 255 == MOST
    assert (found.pixels[0, 0] >> 8) & 255 == 0
    assert found.pixels[0, 0] & 255 == round(MOST / 5)


def test_nothing_to_show():
    assert heat(np.zeros((3, 3)), (1, 2, 3)) is None
    assert heat(np.full((3, 3), np.nan), (1, 2, 3)) is None


@pytest.mark.parametrize("colormap", ["gray", "RdBu_r", "viridis"])
def test_single_colours_are_those_of_maps(colormap):
    scale = Scale(-1.0, 1.0, -1.0, 1.0)
    values = [-1.0, -0.25, 0.0, 0.5, 3.0]
    assert colors_of(values, scale, colormap) == pixels_of(np.array([values]), -1, 1, colormap)[0].tolist()
