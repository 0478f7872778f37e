from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.LogSigmoid()), Case(fl.LogSigmoid(), ((5,),))]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(fl.LogSigmoid().forward(x), -np.log1p(np.exp(-x)), rtol=1e-12, atol=1e-12)
