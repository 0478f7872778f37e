from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Rotate(30), loose=True),
    Case(fl.Rotate(-100, mode="nearest", expand=True, value=0.25), loose=True),
    Case(fl.Rotate(90), ((2, 5, 5),), loose=True),
]
WRONG = [("angle", "left"), ("mode", "cubic"), ("expand", 1), ("value", np.nan)]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, -1, 5])
@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
def test_quarters_are_exact(rng, quarters, mode):
    x = rng.standard_normal((1, 2, 5, 8))
    found = fl.Rotate(90 * quarters, mode=mode, expand=True).forward(x)
    np.testing.assert_array_equal(found, np.rot90(x, quarters, axes=(2, 3)))


@pytest.mark.parametrize("expand", [False, True])
def test_scipy_gives_the_same(rng, expand):
    x = rng.standard_normal((1, 1, 20, 31))
    found = fl.Rotate(37, expand=expand).forward(x)[0, 0]
    wanted = ndimage.rotate(x[0, 0], 37, reshape=expand, order=1, mode="grid-constant")
    assert abs(found.shape[0] - wanted.shape[0]) <= 1
    if found.shape == wanted.shape:
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)
    else:
        assert expand


def test_nan_reaches_only_what_is_made_of_it():
    x = np.zeros((1, 1, 9, 9))
    x[0, 0, 2, 3] = np.nan
    assert np.isnan(fl.Rotate(180).forward(x)).sum() == 1
    assert 1 <= np.isnan(fl.Rotate(20).forward(x)).sum() <= 9


def test_the_arithmetic_of_the_size_shows_no_round_off():
    line = fl.Rotate(30, expand=True).shape_formula((1, 120, 160))[0]
    assert "120 · 0.866025404 + 160 · 0.5⌉" in str(line)
