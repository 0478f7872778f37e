from __future__ import annotations

import numpy as np
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
