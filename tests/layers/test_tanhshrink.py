from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Tanhshrink()), Case(fl.Tanhshrink(), ((5,),))]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.Tanhshrink().forward(x), x - np.tanh(x), rtol=1e-12, atol=1e-12)
