from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Crop(((1, 0), (2, 1)))), Case(fl.Crop(size=(3, 4))), Case(fl.Crop(0))]
WRONG = [("margin", -1), ("margin", "same"), ("size", 0)]


def test_the_middle(rng):
    x = rng.random((1, 2, 7, 8))
    np.testing.assert_array_equal(fl.Crop(size=(3, 4)).forward(x), x[..., 2:5, 2:6])


def test_margin_or_size():
    with pytest.raises(fl.FilterLabError, match="neither margin nor size"):
        fl.Crop()
    with pytest.raises(fl.FilterLabError, match="both margin and size"):
        fl.Crop(1, 2)
    with pytest.raises(fl.FilterLabError, match="do not fit"):
        fl.Crop(size=9).output_shape((1, 8, 10))
    with pytest.raises(fl.FilterLabError):
        fl.Crop(4).output_shape((1, 8, 10))
