from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from tests.layers.cases import Case

CASES = [Case(fl.CLAHE((2, 3), clip=2.0, bins=16), loose=True), Case(fl.CLAHE(1, clip=100.0), loose=True)]
WRONG = [("tiles", 0), ("clip", 0.5), ("bins", 1)]


def test_one_tile_without_a_limit_is_plain_equalisation(rng):
    x = rng.standard_normal((1, 2, 30, 40))
    found = fl.CLAHE(1, clip=1e6).forward(x)
    np.testing.assert_allclose(found, fl.Equalize().forward(x), rtol=0, atol=1e-12)


def test_in_the_middle_of_a_tile_its_own_curve_decides(rng):
    x = rng.random((1, 1, 27, 27))
    x[0, 0, 0, 0], x[0, 0, -1, -1] = 0, 1
    found = fl.CLAHE(3, clip=3.0, bins=8).forward(x)[0, 0]
    tile = x[0, 0, 9:18, 9:18]
    counts = np.bincount(np.minimum((tile * 8).astype(int), 7).ravel(), minlength=8)
    kept = np.minimum(counts, 3 * 81 / 8)
    shares = np.cumsum(kept + (81 - kept.sum()) / 8) / 81
    wanted = np.interp(x[0, 0, 13, 13], (np.arange(8) + 0.5) / 8, shares)
    np.testing.assert_allclose(found[13, 13], wanted, rtol=1e-12)


def test_both_dark_and_bright_parts_gain_contrast(rng):
    x = 0.05 * rng.random((1, 1, 64, 64))
    x[..., 32:] += 0.9
    y = fl.CLAHE(4, clip=20.0).forward(x)
    assert y[..., :24].std() > 2 * x[..., :24].std()
    assert y[..., 40:].std() > 2 * x[..., 40:].std()


def test_odd_maps_have_an_answer():
    assert (fl.CLAHE().forward(np.full((1, 1, 3, 5), 0.3)) == 0.5).all()
    x = np.array([[[[np.nan, 0.0], [1.0, np.inf]]]])
    y = fl.CLAHE().forward(x)[0, 0]
    assert np.isnan(y[0, 0])
    assert np.isfinite(y.ravel()[1:]).all()


@pytest.mark.parametrize("value", [0.25, 1e20, -1e300])
def test_a_map_of_one_value_becomes_a_half(value):
    np.testing.assert_array_equal(F.clahe(np.full((1, 6, 7), value), 2), np.full((1, 6, 7), 0.5))
