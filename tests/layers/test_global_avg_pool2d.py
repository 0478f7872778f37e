from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.GlobalAvgPool2d()), Case(fl.GlobalAvgPool2d(), ((3, 1, 1),))]
WRONG = []


def test_mean_of_each_map(rng):
    x = rng.random((2, 3, 4, 5))
    np.testing.assert_allclose(fl.GlobalAvgPool2d().forward(x)[..., 0, 0], x.mean(axis=(2, 3)))
