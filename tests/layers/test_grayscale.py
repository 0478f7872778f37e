from __future__ import annotations

import numpy as np
import pytest
from skimage import color

import filterlab as fl
from filterlab.errors import FilterLabError
from tests.layers.cases import Case

CASES = [Case(fl.Grayscale(), ((3, 4, 5),)), Case(fl.Grayscale("rec709"), ((3, 4, 5),))]
WRONG = [("standard", "rec2020"), ("standard", 601)]


def test_scikit_image_does_the_same(rng):
    x = rng.random((1, 3, 30, 40))
    found = fl.Grayscale("rec709").forward(x)[0, 0]
    np.testing.assert_allclose(found, color.rgb2gray(x[0].transpose(1, 2, 0)), rtol=0, atol=1e-14)


def test_white_stays_white():
    for standard in ("rec601", "rec709"):
        np.testing.assert_allclose(fl.Grayscale(standard).forward(np.ones((1, 3, 2, 2))), 1)


def test_another_number_of_channels_is_named():
    with pytest.raises(FilterLabError, match=r"it is given 1 channel and takes 3"):
        fl.Pipeline([fl.Grayscale()]).run(np.zeros((1, 4, 4), np.float32))
