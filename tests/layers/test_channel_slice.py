from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.ChannelSlice(1, 3), ((5, 3, 4),)),
    Case(fl.ChannelSlice(step=-1), ((3, 3, 4),)),
    Case(fl.ChannelSlice(-3, None, 2), ((5, 3, 4),)),
    Case(fl.ChannelSlice(0, 2), ((5,),)),
]
WRONG = [("step", 0), ("start", "first"), ("stop", 1.5)]


@pytest.mark.parametrize(
    "part", [(None, None, 1), (1, 3, 1), (None, None, -1), (-2, None, 1), (4, 0, -2), (0, 99, 3)]
)
def test_as_a_slice_in_python(rng, part):
    x = rng.random((2, 5, 3, 3))
    np.testing.assert_array_equal(fl.ChannelSlice(*part).forward(x), x[:, slice(*part)])


def test_a_slice_of_nothing_is_refused():
    with pytest.raises(fl.FilterLabError, match=r"the slice 3:3:1 takes nothing of 5"):
        fl.ChannelSlice(3, 3).output_shape((5, 2, 2))
