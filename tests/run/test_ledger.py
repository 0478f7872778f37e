"""The ledger: shapes, parameters, multiply-adds and fields of known networks."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.fields.maps import FieldMap
from filterlab.run.ledger import count_text, ledger


def test_a_small_network():
    pipe = fl.Pipeline(
        [
            ("conv", fl.Conv2d(np.ones((8, 3, 3, 3)), bias=np.zeros(8), padding=1)),
            ("pool", fl.MaxPool2d(2)),
            ("flat", fl.Flatten()),
            ("fc", fl.Linear(np.ones((10, 8 * 16 * 16)), bias=np.zeros(10))),
        ]
    )
    conv, pool, flat, fc = ledger(pipe, (3, 32, 32))
    assert (conv.shape, conv.parameters, conv.macs) == ((8, 32, 32), 224, 27 * 8 * 1024)
    assert (pool.shape, pool.parameters, pool.macs) == ((8, 16, 16), 0, 0)
    assert (flat.shape, fc.shape) == ((2048,), (10,))
    assert (fc.parameters, fc.macs) == (20490, 20480)
    assert conv.bytes == 4 * 8 * 32 * 32
    assert pool.receptive_field.size == (4, 4)
    assert fc.receptive_field.size == (34, 34)


def test_groups_divide_the_work():
    depthwise = fl.Conv2d(np.ones((6, 1, 3, 3)), groups=6, padding=1)
    assert ledger(fl.Pipeline([depthwise]), (6, 10, 10))[0].macs == 6 * 9 * 100


def test_a_node_without_a_field_says_why():
    nodes = [
        fl.Node("fine", fl.ReLU(), inputs=("image",)),
        fl.Node("coarse", fl.Upsample(2), inputs=("pool",)),
        fl.Node("pool", fl.MaxPool2d(4, stride=2, padding=1), inputs=("image",)),
        fl.Node("crop", fl.Crop(1), inputs=("pool",)),
        fl.Node("cat", fl.Concat(), inputs=("fine", "coarse")),
        fl.Node("odd", fl.Concat(), inputs=("pool", "half")),
        fl.Node("half", fl.Resize((4, 4)), inputs=("fine",)),
    ]
    rows = {row.name: row for row in ledger(fl.Pipeline(nodes), (1, 8, 8))}
    assert rows["cat"].receptive_field.stride == (1, 1)
    assert rows["odd"].receptive_field.stride == (2, 2)
    shifted = fl.Pipeline(
        [
            fl.Node("a", fl.Crop(((0, 4), (0, 4))), inputs=("image",)),
            fl.Node("b", fl.MaxPool2d(2), inputs=("image",)),
            fl.Node("c", fl.Concat(), inputs=("a", "b")),
        ]
    )
    row = ledger(shifted, (1, 8, 8))[2]
    assert row.receptive_field is None
    assert "unequal stride" in row.reason
    assert row.to_dict()["receptive_field"] is None


def test_as_json():
    row = ledger(fl.Pipeline([("a", fl.MaxPool2d(2, padding=1))]), (3, 8, 8))[0].to_dict()
    assert row == {
        "name": "a",
        "layer": "max_pool2d",
        "shape": [3, 5, 5],
        "parameters": 0,
        "macs": 0,
        "receptive_field": {"size": [2, 2], "stride": [2, 2], "padding": [1, 1]},
    }


def test_a_row_says_where_all_of_the_picture_is_seen():
    pipeline = fl.Pipeline([("pad", fl.Pad(1)), ("gap", fl.GlobalAvgPool2d())])
    rows = [row.to_dict() for row in ledger(pipeline, (3, 8, 9))]
    assert "whole_picture" not in rows[0]
    assert rows[1]["whole_picture"] is True
    assert rows[1]["receptive_field"]["size"] == [10, 11]


def test_a_flattened_value_sees_no_more_than_its_cell():
    weight = np.ones((2, 48), np.float32)
    layers = [
        ("pool", fl.MaxPool2d(2)),
        ("flat", fl.Flatten()),
        ("relu", fl.ReLU()),
        ("fc", fl.Linear(weight)),
    ]
    rows = ledger(fl.Pipeline([*layers, ("softmax", fl.Softmax())]), (3, 8, 8))
    assert [row.name for row in rows if row.receptive_field.whole] == ["fc", "softmax"]
    rows = ledger(fl.Pipeline([("gap", fl.GlobalAvgPool2d()), ("flat", fl.Flatten())]), (3, 8, 8))
    assert all(row.receptive_field.whole for row in rows)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (9_999, "9999"),
        (10_000, "10 k"),
        (14_848, "14.8 k"),
        (25_920_000, "25.9 M"),
        (999_600, "1000 k"),
        (15_300_000_000, "15.3 G"),
        (2 * 10**15, "2000 T"),
    ],
)
def test_counts_are_readable(count, text):
    assert count_text(count) == text


def test_vectors_behind_vectors_are_not_followed_back_each_by_itself(monkeypatch):
    """A chain of a thousand layers took the square of its length."""
    followed = []
    regions = FieldMap.regions
    monkeypatch.setattr(
        FieldMap, "regions", lambda self, name, *rest: followed.append(name) or regions(self, name, *rest)
    )
    layers = [
        fl.Flatten(),
        fl.ReLU(),
        fl.Linear(weight=np.eye(9)),
        fl.Tanh(),
        fl.Linear(weight=np.eye(9)),
        fl.Softmax(),
    ]
    rows = ledger(fl.Pipeline([(f"n{i}", layer) for i, layer in enumerate(layers)]), (1, 3, 3))
    assert [row.receptive_field.whole for row in rows] == [False, False, True, True, True, True]
    assert followed == ["n0", "n2"]
