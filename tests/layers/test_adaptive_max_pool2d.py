from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.AdaptiveMaxPool2d((3, 2))),
    Case(fl.AdaptiveMaxPool2d((None, 3))),
    Case(fl.AdaptiveMaxPool2d((9, 4)), ((2, 6, 3),)),
    Case(fl.AdaptiveMaxPool2d(1)),
]
WRONG = [("output_size", 0), ("output_size", (1, 2, 3)), ("output_size", 1.5)]


def test_uneven_windows(rng):
    x = rng.random((1, 1, 5, 7))
    y = fl.AdaptiveMaxPool2d((2, 3)).forward(x)
    np.testing.assert_allclose(y[0, 0, 1, 1], x[0, 0, 2:5, 2:5].max())
