from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.AvgPool2d(2)),
    Case(fl.AvgPool2d((3, 2), stride=(2, 1), padding=((1, 0), (0, 1)))),
    Case(fl.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)),
]
WRONG = [
    ("kernel_size", 0),
    ("kernel_size", (2, 2, 2)),
    ("stride", 0),
    ("padding", "none"),
    ("count_include_pad", 0),
    ("ceil_mode", 1),
]


def test_padding_counts_or_not():
    x = np.ones((1, 1, 2, 2))
    np.testing.assert_allclose(fl.AvgPool2d(2, padding=1).forward(x), np.full((1, 1, 2, 2), 0.25))
    np.testing.assert_allclose(
        fl.AvgPool2d(2, padding=1, count_include_pad=False).forward(x), np.ones((1, 1, 2, 2))
    )
