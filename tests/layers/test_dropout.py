from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Dropout(0.3)), Case(fl.Dropout(0.3), ((5,),))]
WRONG = [("p", 1.5), ("p", -0.1)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.Dropout(0.3).forward(x), x, rtol=1e-12, atol=1e-12)
