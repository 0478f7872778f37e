from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.MedianPool2d(3, stride=1)),
    Case(fl.MedianPool2d((3, 2), stride=(2, 1), padding=((1, 0), (0, 1)))),
    Case(fl.MedianPool2d(3, stride=2, ceil_mode=True)),
    Case(fl.MedianPool2d(3, stride=1, percentile=20)),
    Case(fl.MedianPool2d((2, 3), percentile=100)),
]
WRONG = [
    ("kernel_size", 0),
    ("kernel_size", (2, 2, 2)),
    ("stride", 0),
    ("padding", "none"),
    ("ceil_mode", 1),
    ("percentile", 101),
    ("percentile", -1),
]


def test_specks_go_and_edges_stay():
    x = np.zeros((1, 1, 7, 7))
    x[..., 4:] = 1
    speckled = x.copy()
    speckled[0, 0, 3, 1] = 9
    np.testing.assert_array_equal(
        fl.MedianPool2d(3, stride=1, padding=1).forward(speckled)[..., 1:-1, :], x[..., 1:-1, :]
    )


def test_any_percentile_is_that_of_the_window(rng):
    x = rng.standard_normal((1, 1, 6, 6))
    found = fl.MedianPool2d(3, percentile=30).forward(x)[0, 0]
    windows = x[0, 0].reshape(2, 3, 2, 3).swapaxes(1, 2).reshape(2, 2, 9)
    np.testing.assert_allclose(found, np.percentile(windows, 30, axis=-1), rtol=1e-12)
