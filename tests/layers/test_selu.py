from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.SELU()), Case(fl.SELU(), ((5,),))]
WRONG = []


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.SELU().forward(x),
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
        rtol=1e-12,
        atol=1e-12,
    )
