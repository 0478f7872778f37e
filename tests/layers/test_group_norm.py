from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.GroupNorm(2), ((4, 3, 3),)),
    Case(fl.GroupNorm(1, weight=[2.0, -1], bias=[0.1, 0.2], eps=1e-3)),
]
WRONG = [("num_groups", 0), ("num_groups", 1.5), ("eps", -1)]


def test_one_group_for_each_channel_is_instance_norm(rng):
    x = rng.standard_normal((2, 3, 5, 5))
    np.testing.assert_allclose(fl.GroupNorm(3).forward(x), fl.InstanceNorm2d().forward(x), atol=1e-12)


def test_groups_must_divide_the_channels():
    with pytest.raises(fl.FilterLabError, match="does not divide 3 channels"):
        fl.GroupNorm(2).output_shape((3, 4, 4))
