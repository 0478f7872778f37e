from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Upsample(2)),
    Case(fl.Upsample((3, 1))),
    Case(fl.Upsample((2, 3), mode="bilinear")),
    Case(fl.Upsample((4, 2), mode="bicubic")),
    Case(fl.Upsample(0.5, mode="bilinear")),
    Case(fl.Upsample((1.5, 2.5))),
]
WRONG = [("scale", 0), ("scale", -2), ("scale", "x2"), ("mode", "cubic")]


def test_nearest_repeats_every_cell():
    x = np.array([[[[1.0, 2], [3, 4]]]])
    np.testing.assert_array_equal(fl.Upsample((1, 2)).forward(x), [[[[1, 1, 2, 2], [3, 3, 4, 4]]]])


def test_a_factor_that_leaves_nothing_is_refused():
    with pytest.raises(fl.FilterLabError, match="leaves nothing"):
        fl.Upsample(0.1).output_shape((1, 5, 5))
