from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Softsign()), Case(fl.Softsign(), ((5,),))]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.Softsign().forward(x), x / (1 + np.abs(x)), rtol=1e-12, atol=1e-12)
