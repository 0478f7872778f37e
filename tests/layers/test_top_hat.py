from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import ndimage

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ShapeError
from tests.layers.cases import Case

CASES = [
    Case(fl.TopHat(3), loose=True),
    Case(fl.TopHat((2, 4)), loose=True),
    Case(fl.TopHat(3, dark=True), loose=True),
]
WRONG = [("kernel_size", 0), ("kernel_size", (2, 2, 2)), ("kernel_size", 1.5), ("dark", 1)]


@pytest.mark.parametrize("size", [(3, 3), (4, 3), (9, 8)])
def test_scipy_does_the_same(rng, size):
    x = rng.standard_normal((6, 7))
    found, dark = (fl.TopHat(size, dark=dark).forward(x[None, None])[0, 0] for dark in (False, True))
    eroded = ndimage.grey_erosion(x, size, mode="constant", cval=np.inf)
    np.testing.assert_array_equal(
        found, x - ndimage.grey_dilation(eroded, size, mode="constant", cval=-np.inf)
    )
    dilated = ndimage.grey_dilation(x, size, mode="constant", cval=-np.inf)
    np.testing.assert_array_equal(dark, ndimage.grey_erosion(dilated, size, mode="constant", cval=np.inf) - x)


@pytest.mark.parametrize("dark", [False, True])
def test_infinity_less_itself_is_nan_without_a_warning(dark):
    x = np.zeros((1, 5, 5))
    x[0, 2, 2] = np.inf if dark else -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(F.top_hat(x, 3, dark=dark)[0, 2, 2])


def test_a_wrong_shape_is_refused_in_the_name_of_the_operation():
    with pytest.raises(ShapeError, match="^erosion: x has shape 5x5"):
        F.erosion(np.ones((5, 5)), 3)
