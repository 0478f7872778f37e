from __future__ import annotations

from math import erf

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.GELU()), Case(fl.GELU(), ((5,),)), Case(fl.GELU(approximate="tanh"))]
WRONG = [("approximate", "sigmoid")]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.GELU().forward(x), x * (1 + np.vectorize(erf)(x / np.sqrt(2))) / 2, rtol=1e-12, atol=1e-12
    )
