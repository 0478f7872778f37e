from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Concat(), ((2, 3, 4), (1, 3, 4), (3, 3, 4))),
    Case(fl.Concat(), ((2, 3, 4),)),
    Case(fl.Concat(), ((3,), (2,))),
]
WRONG = []


def test_channels_one_after_the_other(rng):
    a, b = rng.random((1, 2, 3, 3)), rng.random((1, 1, 3, 3))
    y = fl.Concat().forward(a, b)
    np.testing.assert_array_equal(y[:, :2], a)
    np.testing.assert_array_equal(y[:, 2:], b)


def test_rows_and_columns_must_agree():
    with pytest.raises(fl.FilterLabError, match="rows and columns must agree"):
        fl.Concat().output_shape((2, 3, 3), (2, 4, 3))
