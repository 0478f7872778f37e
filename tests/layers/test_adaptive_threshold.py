from __future__ import annotations

import numpy as np
import pytest
from skimage.filters import threshold_local

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.AdaptiveThreshold(3), loose=True),
    Case(fl.AdaptiveThreshold((2, 5), offset=0.3), loose=True),
]
WRONG = [("kernel_size", 0), ("offset", np.inf)]


def test_scikit_image_decides_the_same_inside(rng):
    x = rng.random((1, 1, 30, 40))
    wanted = x[0, 0] > threshold_local(x[0, 0], 7, method="mean", offset=0.05)
    found = fl.AdaptiveThreshold(7, offset=0.05).forward(x)[0, 0]
    np.testing.assert_array_equal(found[3:-3, 3:-3], wanted[3:-3, 3:-3])


def test_the_light_may_change_across_the_page():
    page = np.ones((40, 60))
    page[10:30:4, 10:50] = 0.5
    light = np.linspace(0.2, 1, 60)
    y = fl.AdaptiveThreshold(15, offset=0.02).forward((page * light)[None, None])[0, 0]
    # At the border a window lies on one side alone, and its mean is that of other light.
    np.testing.assert_array_equal(y[:, 8:-8], (page == 1)[:, 8:-8])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [3, 7, (5, 6), (1, 19)])
def test_no_value_of_a_constant_area_is_above_its_mean(size, dtype, rng):
    layer = fl.AdaptiveThreshold(size)
    for value in (0.1, 1 / 3, -0.7, 1e30, *rng.random(6)):
        x = np.full((1, 1, 12, 23), value, dtype)
        # Another number beside it, which the sums of other windows must not carry along.
        x[..., :2] = 7 * value
        y = layer.forward(x)
        assert not y[..., 12:].any()
        assert float(y[0, 0, 5, 20]) == layer.explain((x,), y, 0, 5, 20).value


def test_nan_is_the_threshold_of_the_windows_that_see_it(rng):
    x = rng.random((1, 1, 9, 9))
    x[0, 0, 4, 4] = np.nan
    y = fl.AdaptiveThreshold(3).forward(x)
    assert np.isnan(y[0, 0, 3:6, 3:6]).all()
    assert np.isnan(y).sum() == 9
