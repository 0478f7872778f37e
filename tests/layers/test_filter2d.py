from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

KERNEL = np.array([[1.0, -2, 0.5], [0.25, 3, -1]])
CASES = [
    Case(fl.Filter2d(KERNEL)),
    Case(fl.Filter2d(KERNEL, divisor=4, offset=0.5, stride=2, dilation=(1, 2), operation="convolution")),
    Case(fl.Filter2d(KERNEL, padding=(1, 2), padding_mode="circular"), border=True),
    Case(fl.Filter2d({"preset": "sobel"}, padding="valid")),
    Case(fl.Filter2d({"wiener": {"preset": "box", "size": 3}, "size": [5, 4], "noise": 0.01})),
]
WRONG = [
    ("divisor", 0),
    ("offset", np.nan),
    ("padding", [1, 2, 3]),
    ("padding_mode", "none"),
    ("stride", 0),
    ("dilation", 1.5),
    ("operation", ""),
    ("kernel", {"preset": "sobbel"}),
    ("kernel", {"wiener": {"preset": "box"}, "size": 100}),
    ("kernel", [[1, 2], [3]]),
]


def test_every_channel_by_itself_with_divisor_and_offset(rng):
    x = rng.random((2, 3, 6, 6))
    y = fl.Filter2d(np.ones((3, 3)), divisor=9, offset=0.5).forward(x)
    assert y.shape == x.shape
    np.testing.assert_allclose(y[1, 2, 2, 3], x[1, 2, 1:4, 2:5].mean() + 0.5)


def test_the_size_stays():
    for size in ((1, 1), (2, 2), (3, 5), (4, 1)):
        assert fl.Filter2d(np.ones(size)).output_shape((3, 5, 8)) == (3, 5, 8)


def test_an_offset_beyond_float32_is_infinite_without_a_warning():
    y = fl.Filter2d(np.ones((1, 1)), offset=-1e308).forward(np.zeros((1, 1, 2, 2), np.float32))
    assert (y == -np.inf).all()
