from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Magnitude(), ((2, 3, 4), (2, 3, 4)), low=0.5),
    Case(fl.Magnitude(), ((2, 3, 4), (1, 3, 4)), low=0.5),
    Case(fl.Magnitude(), ((2, 3, 4), (2, 1, 1)), low=0.5),
    Case(fl.Magnitude(), ((3,), (3,)), low=0.5),
    Case(fl.Magnitude(), ((2, 3, 4),) * 3, low=0.5),
]
WRONG = []


def test_formula(rng):
    a, b = rng.uniform(0.5, 2, (2, 1, 2, 3, 3))
    np.testing.assert_allclose(fl.Magnitude().forward(a, b), np.hypot(a, b))


def test_shapes_must_fit():
    with pytest.raises(fl.FilterLabError, match="2x3x3 and 2x4x3 cannot be merged"):
        fl.Magnitude().output_shape((2, 3, 3), (2, 4, 3))
