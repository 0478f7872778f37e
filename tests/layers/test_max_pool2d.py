from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.MaxPool2d(2)),
    Case(fl.MaxPool2d((3, 2), stride=(2, 1), padding=((1, 0), (0, 1)), dilation=(1, 2))),
    Case(fl.MaxPool2d(3, stride=2, ceil_mode=True)),
    Case(fl.MaxPool2d(3, padding="same")),
]
WRONG = [
    ("kernel_size", 0),
    ("kernel_size", (2, 2, 2)),
    ("stride", 0),
    ("padding", "none"),
    ("dilation", 0),
    ("ceil_mode", 1),
]


def test_padding_never_wins():
    np.testing.assert_array_equal(
        fl.MaxPool2d(3, stride=2, padding=1).forward(np.full((1, 1, 3, 3), -5.0)), np.full((1, 1, 2, 2), -5)
    )
