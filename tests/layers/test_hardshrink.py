from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Hardshrink()), Case(fl.Hardshrink(0.3), ((5,),))]
WRONG = [("lambd", -1)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Hardshrink(0.75).forward(x), np.where(np.abs(x) > 0.75, x, 0), rtol=1e-12, atol=1e-12
    )
