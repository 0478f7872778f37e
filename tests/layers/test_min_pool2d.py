from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.MinPool2d(2)),
    Case(fl.MinPool2d((3, 2), stride=(2, 1), padding=((1, 0), (0, 1)), dilation=(1, 2))),
    Case(fl.MinPool2d(3, stride=2, ceil_mode=True)),
]
WRONG = [
    ("kernel_size", 0),
    ("kernel_size", (2, 2, 2)),
    ("stride", 0),
    ("padding", None),
    ("dilation", 0),
    ("ceil_mode", 1),
]


def test_it_is_the_mirror_of_max_pooling(rng):
    x = rng.standard_normal((1, 2, 7, 8))
    options = {"stride": 2, "padding": 1, "ceil_mode": True}
    np.testing.assert_array_equal(
        fl.MinPool2d(3, **options).forward(x), -fl.MaxPool2d(3, **options).forward(-x)
    )
