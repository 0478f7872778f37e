from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case


def weight(*shape, seed=1):
    return np.random.default_rng(seed).uniform(0.2, 1, shape) * np.resize([1, -1, 1], shape)


CASES = [
    Case(fl.Conv2d(weight(3, 2, 3, 2), [0.1, -0.2, 0.3])),
    Case(fl.Conv2d(weight(4, 1, 2, 3), stride=(2, 1), padding=((1, 0), (0, 2)), dilation=(1, 2), groups=2)),
    Case(fl.Conv2d(weight(1, 2, 3, 3), stride=2, padding="same")),
    Case(fl.Conv2d(weight(1, 2, 2, 2), padding="full", operation="convolution")),
    Case(fl.Conv2d(weight(1, 2, 3, 3), padding=2, padding_mode="reflect"), border=True),
    Case(fl.Conv2d(weight(1, 2, 3, 3), padding=1, padding_mode="constant", value=0.5)),
]
WRONG = [
    ("stride", 0),
    ("stride", -1),
    ("stride", (1, 2, 3)),
    ("dilation", 0),
    ("padding", "wide"),
    ("padding", -1),
    ("padding_mode", "mirror"),
    ("groups", 2),
    ("groups", 0),
    ("operation", "correlation"),
    ("bias", [1.0, 2.0]),
    ("weight", np.full((1, 2, 3, 3), np.nan)),
    ("weight", np.ones((2, 2))),
]


def test_convolution_turns_the_kernel():
    x, kernel = np.arange(9.0).reshape(1, 1, 3, 3), np.array([[[[0, 1], [2, 3]]]])
    np.testing.assert_array_equal(fl.Conv2d(kernel).forward(x), [[[[19, 25], [37, 43]]]])
    turned = fl.Conv2d(kernel, operation="convolution").forward(x)
    np.testing.assert_array_equal(turned, [[[[5, 11], [23, 29]]]])


def test_counts():
    layer = fl.Conv2d(np.ones((8, 3, 5, 3)), np.zeros(8), padding=(2, 1))
    assert layer.parameter_count() == 8 * 3 * 5 * 3 + 8
    assert layer.macs(((3, 10, 12),), (8, 10, 12)) == 8 * 10 * 12 * 3 * 5 * 3


def test_channels_must_fit():
    with pytest.raises(fl.FilterLabError, match="given 4 channels and takes 6"):
        fl.Conv2d(np.ones((2, 3, 1, 1)), groups=2).output_shape((4, 5, 5))


def test_a_kernel_larger_than_the_padded_input_is_refused():
    with pytest.raises(fl.FilterLabError, match="9"):
        fl.Conv2d(np.ones((1, 1, 9, 9)), padding=1).output_shape((1, 5, 5))


def test_weights_are_a_copy():
    numbers = np.ones((1, 1, 2, 2), np.float32)
    layer = fl.Conv2d(numbers)
    numbers[:] = 5
    np.testing.assert_array_equal(layer.weight, 1)
