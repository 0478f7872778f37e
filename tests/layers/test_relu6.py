from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.ReLU6()), Case(fl.ReLU6(), ((5,),)), Case(fl.ReLU6(), low=-3.0, high=9.0)]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.ReLU6().forward(x), np.clip(x, 0, 6), rtol=1e-12, atol=1e-12)
