from __future__ import annotations

import numpy as np
import pytest
from skimage import color

import filterlab as fl
from filterlab.errors import FilterLabError
from tests.layers.cases import Case

CASES = [Case(fl.LabToRGB(), ((3, 4, 5),), 10.0, 60.0)]
WRONG = []


def test_scikit_image_does_the_same(rng):
    x = color.rgb2lab(rng.random((30, 40, 3))).transpose(2, 0, 1)[
        None
    ]  # what a screen shows: others are clipped there
    found = fl.LabToRGB().forward(x)
    wanted = color.lab2rgb(x[0].transpose(1, 2, 0))
    np.testing.assert_allclose(found[0].transpose(1, 2, 0), wanted, rtol=0, atol=1e-11)


def test_another_number_of_channels_is_named():
    with pytest.raises(FilterLabError, match=r"it is given 1 channel and takes 3"):
        fl.Pipeline([fl.LabToRGB()]).run(np.zeros((1, 4, 4), np.float32))
