from __future__ import annotations

import numpy as np
import pytest
from skimage.filters import threshold_otsu

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Otsu(), loose=True), Case(fl.Otsu(bins=8), loose=True)]
WRONG = [("bins", 1), ("bins", 2.5)]


@pytest.mark.parametrize("bins", [16, 256])
def test_scikit_image_finds_the_same_threshold(rng, bins):
    groups = np.concatenate([rng.normal(0.2, 0.1, 900), rng.normal(0.7, 0.08, 700)])
    x = rng.permutation(groups).reshape(1, 1, 40, 40)
    wanted = x > threshold_otsu(x[0, 0], bins)
    np.testing.assert_array_equal(fl.Otsu(bins).forward(x), wanted)


def test_a_map_of_one_value_has_nothing_above_it():
    assert not fl.Otsu().forward(np.full((1, 1, 3, 3), 0.7)).any()


def test_nan_stays_and_is_not_counted():
    x = np.array([[[[0.0, 0.0, np.nan, 0.9, 1.0, np.inf]]]])
    np.testing.assert_array_equal(fl.Otsu().forward(x)[0, 0, 0], [0, 0, np.nan, 1, 1, 1])
