from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Threshold(0.3, -1.0)), Case(fl.Threshold(-0.2, 0.0), ((5,),))]
WRONG = [("threshold", "high"), ("value", np.inf)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Threshold(0.3, -1.5).forward(x), np.where(x > 0.3, x, -1.5), rtol=1e-12, atol=1e-12
    )
