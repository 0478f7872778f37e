from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.LayerNorm2d(), ((4, 3, 3),), loose=True),
    Case(fl.LayerNorm2d([1.0, -0.5, 2.0], [0.1, 0.2, 0.3]), ((3, 3, 4),), loose=True),
]
WRONG = [("eps", -1), ("weight", "much")]


def test_every_position_has_mean_0_and_deviation_1(rng):
    y = fl.LayerNorm2d(eps=0).forward(rng.random((2, 8, 3, 4)))
    np.testing.assert_allclose(y.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=1), 1, rtol=1e-12)


def test_weights_must_fit_the_channels():
    with pytest.raises(fl.FilterLabError, match="takes 2"):
        fl.LayerNorm2d([1, 2]).output_shape((3, 4, 4))
