from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=1.5), ((5, 3, 3),)),
    Case(fl.LocalResponseNorm(4, alpha=0.5), ((5, 3, 3),)),
]
WRONG = [("size", 0), ("alpha", None), ("beta", "x"), ("k", np.inf)]


def test_formula(rng):
    x = rng.random((1, 5, 2, 2))
    squares = (x[:, 1:4] ** 2).sum(axis=1)
    y = fl.LocalResponseNorm(3, alpha=0.3, beta=0.75, k=2.0).forward(x)
    np.testing.assert_allclose(y[:, 2], x[:, 2] / (2 + 0.3 / 3 * squares) ** 0.75)
