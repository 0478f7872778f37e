from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.CELU(0.7)), Case(fl.CELU(0.7), ((5,),))]
WRONG = [("alpha", 0), ("alpha", "much")]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.CELU(0.7).forward(x), np.where(x > 0, x, 0.7 * np.expm1(x / 0.7)), rtol=1e-12, atol=1e-12
    )
