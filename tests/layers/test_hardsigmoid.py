from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Hardsigmoid()), Case(fl.Hardsigmoid(), ((5,),)), Case(fl.Hardsigmoid(), low=-5.1, high=5.0)]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.Hardsigmoid().forward(x), np.clip(x + 3, 0, 6) / 6, rtol=1e-12, atol=1e-12)
