from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.ChannelShuffle(groups=2), ((6, 3, 4),)), Case(fl.ChannelShuffle(groups=3), ((6, 3, 4),))]
WRONG = [("groups", 0), ("groups", "two")]


def test_one_channel_of_each_group_in_turn():
    x = np.arange(6.0).reshape(1, 6, 1, 1)
    assert fl.ChannelShuffle(groups=2).forward(x).ravel().tolist() == [0, 3, 1, 4, 2, 5]
    assert fl.ChannelShuffle(groups=3).forward(x).ravel().tolist() == [0, 2, 4, 1, 3, 5]


def test_groups_must_divide_the_channels():
    with pytest.raises(fl.FilterLabError, match=r"groups is 4, which does not divide 6 channels"):
        fl.ChannelShuffle(groups=4).output_shape((6, 3, 3))
