from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.LocalDeviation(3)), Case(fl.LocalDeviation((2, 3)))]
WRONG = [("kernel_size", 0), ("kernel_size", (1, 2, 3))]


def test_it_is_the_deviation_of_the_cells_inside(rng):
    x = rng.standard_normal((1, 1, 6, 7)) + 3
    found = fl.LocalDeviation((3, 2)).forward(x)[0, 0]
    for i, j in np.ndindex(6, 7):
        window = x[0, 0, max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 1]
        np.testing.assert_allclose(found[i, j], window.std(), rtol=1e-6, atol=1e-9)


def test_flat_parts_are_zero_and_have_no_slope():
    x = np.full((1, 1, 5, 5), 0.3, np.float32)
    layer = fl.LocalDeviation(3)
    y = layer.forward(x)
    assert (y == 0).all()
    assert (layer.backward(np.ones_like(y), (x,), y).inputs[0] == 0).all()
