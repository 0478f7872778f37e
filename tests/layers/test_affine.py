from __future__ import annotations

import numpy as np
from scipy import ndimage

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Affine(angle=20, scale=(1.3, 0.8), shear=10, translate=(0.5, -1)), loose=True),
    Case(fl.Affine(scale=(2, 2), mode="nearest", value=-1.0), loose=True),
]
WRONG = [("scale", (0, 1)), ("scale", 2), ("shear", 90), ("translate", (1, 2, 3)), ("mode", "cubic")]


def test_whole_shifts_are_exact(rng):
    x = rng.standard_normal((1, 2, 6, 7))
    found = fl.Affine(translate=(2, -3), value=5.0).forward(x)
    wanted = np.full_like(x, 5)
    wanted[:, :, 2:, :-3] = x[:, :, :-2, 3:]
    np.testing.assert_array_equal(found, wanted)


def test_scipy_gives_the_same(rng):
    x = rng.standard_normal((1, 1, 20, 31))
    layer = fl.Affine(angle=-25, scale=(1.5, 0.7), shear=15, translate=(1.25, -2))
    matrix = layer.transform((20, 31))[0]
    wanted = ndimage.affine_transform(x[0, 0], matrix[:, :2], matrix[:, 2], order=1, mode="grid-constant")
    np.testing.assert_allclose(layer.forward(x)[0, 0], wanted, rtol=0, atol=1e-12)


def test_twice_as_large_shows_the_middle(rng):
    x = np.zeros((1, 1, 9, 9))
    x[0, 0, 3:6, 3:6] = 1
    y = fl.Affine(scale=(2, 1)).forward(x)[0, 0]
    assert y[:, 4].sum() > 5.5
    np.testing.assert_array_equal(y[4, :], x[0, 0, 4])


def test_columns_lean_to_the_side():
    x = np.zeros((1, 1, 9, 9))
    x[0, 0, :, 4] = 1
    y = fl.Affine(shear=45, mode="nearest").forward(x)[0, 0]
    assert np.array_equal(y, np.eye(9)) or np.array_equal(y, np.eye(9)[::-1])
