from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Unfold(2)),
    Case(fl.Unfold((2, 3), stride=(2, 1), padding=((1, 0), (0, 2)), dilation=(1, 2))),
]
WRONG = [("kernel_size", 0), ("stride", 0), ("dilation", 0), ("padding", "none")]


def test_a_convolution_is_a_product_with_the_unfolded_map(rng):
    x, weight = rng.standard_normal((2, 3, 8, 9)), rng.standard_normal((4, 3, 3, 2))
    options = {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)}
    columns = fl.Unfold((3, 2), **options).forward(x)
    found = np.einsum("ok,nkhw->nohw", weight.reshape(4, -1), columns)
    np.testing.assert_allclose(found, fl.Conv2d(weight, **options).forward(x), rtol=0, atol=1e-12)
