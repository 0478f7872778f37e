from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Normalize([0.5, -1], [2.0, 0.25]))]
WRONG = [("std", [1.0, 0.0]), ("std", [1.0]), ("mean", [])]


def test_formula(rng):
    x = rng.random((1, 3, 4, 4))
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    want = (x - mean[:, None, None]) / std[:, None, None]
    np.testing.assert_allclose(fl.Normalize(mean, std).forward(x), want)
