from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.LPPool2d(2, 2)),
    Case(fl.LPPool2d(3, (3, 2), stride=(2, 1)), low=0.1, high=2.0),
    Case(fl.LPPool2d(1, 3, stride=2, ceil_mode=True), low=0.1, high=2.0),
]
WRONG = [("norm_type", 0), ("norm_type", -1), ("kernel_size", 0), ("stride", 0), ("ceil_mode", 1)]


def test_power_two_is_the_length(rng):
    x = rng.random((1, 1, 2, 2))
    np.testing.assert_allclose(fl.LPPool2d(2, 2).forward(x).item(), np.linalg.norm(x.ravel()))
