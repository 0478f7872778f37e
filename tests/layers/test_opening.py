from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import filterlab as fl
from tests.layers.cases import Case, check_deciding_cell

CASES = [Case(fl.Opening(3), loose=True), Case(fl.Opening((2, 4)), loose=True)]
WRONG = [("kernel_size", 0), ("kernel_size", (2, 2, 2)), ("kernel_size", 1.5)]


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 2), (4, 3), (5, 2), (9, 8)])
def test_scipy_does_the_same(rng, size):
    x = rng.standard_normal((6, 7))
    found = fl.Opening(size).forward(x[None, None])[0, 0]
    eroded = ndimage.grey_erosion(x, size, mode="constant", cval=np.inf)
    wanted = ndimage.grey_dilation(eroded, size, mode="constant", cval=-np.inf)
    np.testing.assert_array_equal(found, wanted)


def test_small_bright_parts_go_and_nothing_grows(rng):
    x = np.zeros((1, 1, 12, 12))
    x[0, 0, 2, 2], x[0, 0, 5:9, 5:9] = 1, 1
    y = fl.Opening(3).forward(x)
    x[0, 0, 2, 2] = 0
    np.testing.assert_array_equal(y, x)
    noise = rng.standard_normal((1, 2, 9, 9))
    opened = fl.Opening((2, 3)).forward(noise)
    assert (opened <= noise).all()
    np.testing.assert_array_equal(fl.Opening((2, 3)).forward(opened), opened)


@pytest.mark.parametrize("size", [3, (2, 4), (5, 1)])
def test_the_cell_that_decides_is_named(size, rng):
    check_deciding_cell(fl.Opening(size), "max", rng)
