from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import filterlab as fl
from tests.layers.cases import Case, check_deciding_cell

CASES = [Case(fl.Closing(3), loose=True), Case(fl.Closing((2, 4)), loose=True)]
WRONG = [("kernel_size", 0), ("kernel_size", (2, 2, 2)), ("kernel_size", 1.5)]


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 2), (4, 3), (5, 2), (9, 8)])
def test_scipy_does_the_same(rng, size):
    x = rng.standard_normal((6, 7))
    found = fl.Closing(size).forward(x[None, None])[0, 0]
    dilated = ndimage.grey_dilation(x, size, mode="constant", cval=-np.inf)
    wanted = ndimage.grey_erosion(dilated, size, mode="constant", cval=np.inf)
    np.testing.assert_array_equal(found, wanted)


def test_small_dark_parts_are_filled_and_nothing_shrinks(rng):
    noise = rng.standard_normal((1, 2, 9, 9))
    closed = fl.Closing((2, 3)).forward(noise)
    assert (closed >= noise).all()
    np.testing.assert_array_equal(fl.Closing((2, 3)).forward(closed), closed)


@pytest.mark.parametrize("size", [3, (2, 4), (5, 1)])
def test_the_cell_that_decides_is_named(size, rng):
    check_deciding_cell(fl.Closing(size), "min", rng)
