from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.ELU(1.5)), Case(fl.ELU(1.5), ((5,),))]
WRONG = [("alpha", None)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.ELU(1.5).forward(x), np.where(x > 0, x, 1.5 * np.expm1(x)), rtol=1e-12, atol=1e-12
    )
