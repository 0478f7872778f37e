from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Erosion(3)), Case(fl.Erosion((2, 4)))]
WRONG = [("kernel_size", 0), ("kernel_size", (2, 2, 2)), ("kernel_size", 1.5)]


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 2), (4, 3), (5, 2), (9, 8)])
def test_scipy_does_the_same(rng, size):
    x = rng.standard_normal((6, 7))
    found = fl.Erosion(size).forward(x[None, None])[0, 0]
    wanted = ndimage.grey_erosion(x, size, mode="constant", cval=np.inf)
    np.testing.assert_array_equal(found, wanted)
