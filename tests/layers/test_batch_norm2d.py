from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.BatchNorm2d([0.5, -1], [2.0, 0.25])),
    Case(fl.BatchNorm2d([0.5, -1], [2.0, 0.25], weight=[2.0, -1], bias=[0.1, 0.2], eps=1e-3)),
]
WRONG = [
    ("running_var", [1.0, -1]),
    ("running_var", [1.0]),
    ("weight", [1.0]),
    ("bias", [1.0, 2, 3]),
    ("eps", -1),
]


def test_formula(rng):
    x = rng.standard_normal((1, 1, 3, 3))
    layer = fl.BatchNorm2d([2.0], [4.0], weight=[3.0], bias=[1.0], eps=0)
    np.testing.assert_allclose(layer.forward(x), 3 * (x - 2) / 2 + 1)


def test_statistics_are_not_trained():
    assert set(CASES[1].layer.trainable()) == {"weight", "bias"}
    assert CASES[0].layer.parameter_count() == 0
