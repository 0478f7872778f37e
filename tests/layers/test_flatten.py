from __future__ import annotations

import numpy as np

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Flatten()), Case(fl.Flatten(), ((4,),))]
WRONG = []


def test_channel_row_column_order():
    x = np.arange(12.0).reshape(1, 2, 2, 3)
    np.testing.assert_array_equal(fl.Flatten().forward(x), np.arange(12.0)[None])
    cell = fl.Flatten().explain((x,), fl.Flatten().forward(x), 7, 0, 0).terms[0].where
    assert (cell.channel, cell.row, cell.col) == (1, 0, 1)
