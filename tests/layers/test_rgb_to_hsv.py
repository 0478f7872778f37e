from __future__ import annotations

import numpy as np
import pytest
from skimage import color

import filterlab as fl
from filterlab.errors import FilterLabError
from tests.layers.cases import Case

CASES = [Case(fl.RGBToHSV(), ((3, 4, 5),), 0.1, 0.9)]
WRONG = []


def test_scikit_image_does_the_same(rng):
    x = rng.random((1, 3, 30, 40))
    found = fl.RGBToHSV().forward(x)
    wanted = color.rgb2hsv(x[0].transpose(1, 2, 0))
    np.testing.assert_allclose(found[0].transpose(1, 2, 0), wanted, rtol=0, atol=1e-11)


def test_another_number_of_channels_is_named():
    with pytest.raises(FilterLabError, match=r"it is given 1 channel and takes 3"):
        fl.Pipeline([fl.RGBToHSV()]).run(np.zeros((1, 4, 4), np.float32))


def test_explanations_show_the_digits_that_float32_distinguishes():
    x = np.array([0.1, 0.7, 0.2], np.float32).reshape(3, 1, 1)
    found = fl.Pipeline([("hsv", fl.RGBToHSV())]).explain(x, "hsv", 2, 0, 0)
    assert found.formula == "y = max(r, g, b) = max(0.1, 0.7, 0.2) = 0.7"
