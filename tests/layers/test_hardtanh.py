from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Hardtanh()), Case(fl.Hardtanh(-0.5, 1.2), ((5,),))]
WRONG = [("min_val", "low"), ("max_val", -2)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Hardtanh(-0.5, 1.2).forward(x), np.clip(x, -0.5, 1.2), rtol=1e-12, atol=1e-12
    )
