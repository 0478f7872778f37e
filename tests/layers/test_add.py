from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Add(), ((2, 3, 4), (2, 3, 4))),
    Case(fl.Add(), ((2, 3, 4), (1, 3, 4))),
    Case(fl.Add(), ((2, 3, 4), (2, 1, 1))),
    Case(fl.Add(), ((3,), (3,))),
    Case(fl.Add(), ((2, 3, 4),) * 3),
]
WRONG = []


def test_formula(rng):
    a, b = rng.uniform(0.5, 2, (2, 1, 2, 3, 3))
    np.testing.assert_allclose(fl.Add().forward(a, b), a + b)


def test_shapes_must_fit():
    with pytest.raises(fl.FilterLabError, match="2x3x3 and 2x4x3 cannot be merged"):
        fl.Add().output_shape((2, 3, 3), (2, 4, 3))
