from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case


def weight(*shape):
    return np.random.default_rng(2).uniform(0.2, 1, shape)


CASES = [
    Case(fl.ConvTranspose2d(weight(2, 3, 3, 2), [0.1, 0.2, 0.3]), ((2, 4, 5),)),
    Case(
        fl.ConvTranspose2d(
            weight(2, 1, 3, 4), stride=(2, 3), padding=((1, 0), (2, 1)), output_padding=(1, 2)
        ),
        ((2, 4, 3),),
    ),
    Case(fl.ConvTranspose2d(weight(4, 1, 2, 2), stride=3, groups=2), ((4, 3, 3),)),
    Case(fl.ConvTranspose2d(weight(2, 1, 3, 3), stride=2, padding="same"), ((2, 4, 3),)),
    # Of dilated kernels, the taps between are no taps.
    Case(fl.ConvTranspose2d(weight(2, 1, 3, 3), dilation=2, padding="full"), ((2, 6, 5),)),
    Case(fl.ConvTranspose2d(weight(2, 1, 2, 2), stride=2, dilation=3), ((2, 3, 3),)),
    Case(fl.ConvTranspose2d(weight(2, 1, 3, 2), stride=(4, 2), dilation=2), ((2, 3, 4),)),
]
WRONG = [
    ("stride", 0),
    ("padding", -1),
    ("output_padding", 1),
    ("output_padding", -1),
    ("dilation", 0),
    ("groups", 3),
    ("bias", [1.0]),
    ("weight", np.ones((2, 2, 2))),
]


def test_it_is_the_gradient_of_the_convolution(rng):
    w, dy = rng.standard_normal((3, 2, 3, 3)), rng.standard_normal((1, 3, 4, 4))
    x = np.zeros((1, 2, 9, 9))
    want = fl.functional.conv2d_backward(dy, x, w, stride=2)[0]
    np.testing.assert_allclose(fl.ConvTranspose2d(w, stride=2).forward(dy), want, atol=1e-12)


def test_same_multiplies_the_size_by_the_stride():
    for k in (1, 2, 3, 5):
        layer = fl.ConvTranspose2d(np.ones((1, 1, k, k)), stride=(2, 3), padding="same")
        assert layer.output_shape((1, 4, 5)) == (1, 8, 15)


def test_padding_that_cuts_everything_is_refused():
    with pytest.raises(fl.FilterLabError, match="cuts"):
        fl.ConvTranspose2d(np.ones((1, 1, 2, 2)), padding=3).output_shape((1, 2, 2))
