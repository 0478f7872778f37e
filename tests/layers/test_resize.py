from __future__ import annotations

import numpy as np

import filterlab as fl
from filterlab.functional.resize import COORDINATES, ROUNDINGS
from tests.layers.cases import Case

CASES = [
    Case(fl.Resize((9, 4))),
    Case(fl.Resize((3, 14), mode="nearest")),
    Case(fl.Resize((4, 4), mode="bicubic")),
    Case(fl.Resize((2, 3), mode="bilinear", antialias=True)),
    Case(fl.Resize(3, mode="area")),
    *(Case(fl.Resize((9, 3), mode, coordinates=c)) for mode in ("bilinear", "bicubic") for c in COORDINATES),
    *(Case(fl.Resize((4, 9), "nearest", coordinates="half_pixel", rounding=r)) for r in ROUNDINGS),
]
WRONG = [
    ("size", 0),
    ("size", (1, 2, 3)),
    ("mode", "lanczos"),
    ("antialias", 1),
    ("coordinates", "middle"),
    ("rounding", "up"),
    ("scale", (0, 1)),
    ("cubic", "a"),
]


def test_area_is_the_mean_of_the_cells(rng):
    x = rng.random((1, 2, 6, 4))
    y = fl.Resize((3, 2), mode="area").forward(x)
    np.testing.assert_allclose(y, x.reshape(1, 2, 3, 2, 2, 2).mean(axis=(3, 5)))


def test_the_same_size_changes_nothing(rng):
    x = rng.random((1, 2, 6, 4))
    for mode in ("nearest", "bilinear", "bicubic", "area"):
        np.testing.assert_allclose(fl.Resize((6, 4), mode=mode).forward(x), x, atol=1e-12)
