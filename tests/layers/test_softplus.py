from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Softplus(beta=2.0)), Case(fl.Softplus(beta=2.0), ((5,),))]
WRONG = [("beta", 0), ("beta", -1), ("threshold", "high")]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Softplus(beta=2.0).forward(x), np.log1p(np.exp(2 * x)) / 2, rtol=1e-12, atol=1e-12
    )
