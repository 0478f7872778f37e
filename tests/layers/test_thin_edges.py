from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FilterLabError
from tests.layers.cases import Case

CASES = [Case(fl.ThinEdges(), ((2, 6, 7), (2, 6, 7)), loose=True)]
WRONG = []


def test_an_edge_becomes_one_cell_wide():
    x = np.zeros((1, 1, 11, 13))
    x[..., 4:], x[..., 3] = 1, 0.6
    across = fl.Filter2d({"preset": "sobel"}, padding_mode="replicate").forward(x)
    y = fl.ThinEdges().forward(across, np.zeros_like(across))[0, 0]
    np.testing.assert_array_equal((y > 0).sum(axis=1), 1)
    np.testing.assert_array_equal(y.max(axis=1), np.abs(across[0, 0]).max(axis=1))


@pytest.mark.parametrize("angle", np.arange(0, 360, 15))
def test_a_ridge_stays_whatever_its_direction(angle):
    rows, cols = np.mgrid[-8:9, -8:9]
    turned = cols * np.cos(np.radians(angle)) + rows * np.sin(np.radians(angle))
    length = np.exp(-(turned**2) / 4)
    across, down = length * np.cos(np.radians(angle)), length * np.sin(np.radians(angle))
    y = fl.ThinEdges().forward(across[None, None], down[None, None])[0, 0]
    assert y[8, 8] == pytest.approx(1)
    assert not y[1:-1, 1:-1][np.abs(turned[1:-1, 1:-1]) > 1.01].any()  # beyond the border lies 0


def test_two_shapes_are_refused():
    with pytest.raises(FilterLabError, match="1x4x4"):
        fl.ThinEdges().forward(np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 4, 4)))
