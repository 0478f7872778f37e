from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Binarize(0.5)), Case(fl.Binarize(-0.25), ((3, 4, 5),))]
WRONG = [("threshold", "high"), ("threshold", np.nan)]


def test_above_is_one_and_nan_stays():
    y = fl.Binarize(0.5).forward(np.array([[[[0.4, 0.5, 0.6, np.nan, np.inf, -np.inf]]]]))
    np.testing.assert_array_equal(y[0, 0, 0], [0, 0, 1, np.nan, 1, 0])
