from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.ScaleShift([0.5, -2.0], [0.1, 0.2])),
    Case(fl.ScaleShift([0.5, -2.0])),
    Case(fl.ScaleShift(bias=[0.5, -2.0])),
    Case(fl.ScaleShift([0.5, -2.0, 1.0], [0.1, 0.2, 0.3]), ((3,),)),
]
WRONG = [("weight", "much"), ("bias", [1.0, 2.0, 3.0])]


def test_formula(rng):
    x = rng.random((1, 2, 3, 4))
    want = x * np.array([2.0, -3.0])[:, None, None] + np.array([0.25, 0.5])[:, None, None]
    np.testing.assert_allclose(fl.ScaleShift([2, -3], [0.25, 0.5]).forward(x), want, rtol=1e-12)


def test_one_of_both_must_be_given():
    with pytest.raises(fl.FilterLabError, match="neither weight nor bias"):
        fl.ScaleShift()
    with pytest.raises(fl.FilterLabError, match="takes 2"):
        fl.ScaleShift([1, 2]).output_shape((3, 4, 4))
