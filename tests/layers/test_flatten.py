from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Flatten()),
    Case(fl.Flatten(), ((4,),)),
    *(Case(fl.Flatten(order), ((2, 3, 4),)) for order in ("HWC", "WCH")),
]
WRONG = [("order", "HW")]


def test_channel_row_column_order():
    x = np.arange(12.0).reshape(1, 2, 2, 3)
    np.testing.assert_array_equal(fl.Flatten().forward(x), np.arange(12.0)[None])
    cell = fl.Flatten().explain((x,), fl.Flatten().forward(x), 7, 0, 0).terms[0].where
    assert (cell.channel, cell.row, cell.col) == (1, 0, 1)


def test_the_order_of_maps_with_their_channels_last(rng):
    x = rng.random((2, 3, 4, 5))
    np.testing.assert_array_equal(fl.Flatten("HWC").forward(x), x.transpose(0, 2, 3, 1).reshape(2, -1))
