from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Hardswish()), Case(fl.Hardswish(), ((5,),)), Case(fl.Hardswish(), low=-5.1, high=5.0)]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Hardswish().forward(x), x * np.clip(x + 3, 0, 6) / 6, rtol=1e-12, atol=1e-12
    )
