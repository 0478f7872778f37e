"""Maps as tables with a row for each value."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl


def test_every_value_has_a_row(rng):
    pipe = fl.Pipeline([("relu", fl.ReLU()), ("flat", fl.Flatten())])
    maps = pipe.run(rng.standard_normal((2, 3, 4)).astype(np.float32))
    table = fl.tidy(maps)
    assert {len(column) for column in table.values()} == {48}
    assert table["value"].dtype == np.float32
    for node, channel, row, col, value in zip(*table.values(), strict=True):
        expected = maps[node][channel, row, col] if node == "relu" else maps[node][channel]
        assert value == expected
    assert set(table["row"][table["node"] == "flat"]) == {0}


def test_no_maps_are_no_rows():
    assert {len(column) for column in fl.tidy({}).values()} == {0}


def test_a_batch_is_refused(rng):
    with pytest.raises(fl.FilterLabError, match="one picture"):
        fl.tidy({"a": rng.random((2, 1, 3, 3))})
