from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.InstanceNorm2d()), Case(fl.InstanceNorm2d(weight=[2.0, -1], bias=[0.1, 0.2], eps=1e-3))]
WRONG = [("eps", -1), ("weight", [[1.0]])]


def test_each_map_gets_mean_zero_and_deviation_one(rng):
    y = fl.InstanceNorm2d(eps=0).forward(rng.standard_normal((2, 3, 8, 8)) * 5 + 3)
    np.testing.assert_allclose(y.mean(axis=(2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(2, 3)), 1)
