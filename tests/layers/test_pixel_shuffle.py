from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.PixelShuffle(2), ((8, 3, 2),)), Case(fl.PixelShuffle(1))]
WRONG = [("r", 0), ("r", 1.5)]


def test_there_and_back(rng):
    x = rng.random((2, 9, 6, 3))
    there, back = fl.PixelShuffle(3), fl.PixelUnshuffle(3)
    np.testing.assert_array_equal(back.forward(there.forward(x)), x)


def test_what_does_not_divide_is_refused():
    with pytest.raises(fl.FilterLabError, match="cannot be divided"):
        fl.PixelShuffle(2).output_shape((3, 5, 5))
