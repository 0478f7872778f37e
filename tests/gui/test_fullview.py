from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.fullview import full_view, joined

PICTURE = (0, 0, 48, 64)


def show(bench, settle, *nodes):
    bench.document.edit("other", fl.Pipeline(nodes))
    settle(bench)


def conv(size, **more):
    return fl.Conv2d(weight=np.ones((2, 3, size, size), np.float32), **more)


def test_without_a_picture_there_is_no_full_view(bench):
    assert full_view(bench) is None


@pytest.mark.parametrize(
    "nodes",
    [
        [("conv", conv(5, padding=2)), ("pool", fl.MaxPool2d(2)), ("deep", fl.GlobalAvgPool2d())],
        [("conv", conv(5)), ("pool", fl.AvgPool2d(3)), ("flat", fl.Flatten())],
        [("small", fl.Resize((7, 9))), ("back", fl.Resize((48, 64)))],
    ],
)
def test_maps_within_the_picture_leave_it_as_it_is(opened, settle, nodes):
    show(opened, settle, *nodes)
    assert full_view(opened) == PICTURE


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (fl.Pad(((3, 1), (2, 0))), (-3, -2, 52, 66)),
        (conv(5, padding="full"), (-2, -2, 52, 68)),
        (conv(7, stride=4, padding=3), (-1.5, -1.5, 49.5, 65.5)),
        (fl.ConvTranspose2d(np.ones((3, 1, 3, 3), np.float32)), (-1, -1, 50, 66)),
    ],
)
def test_maps_that_reach_beyond_it_are_within_the_full_view(opened, settle, layer, expected):
    show(opened, settle, ("map", layer), ("relu", fl.ReLU()))
    assert full_view(opened) == expected


def test_hidden_maps_and_vectors_do_not_count(opened, settle):
    show(opened, settle, ("pad", fl.Pad(4)), ("flat", fl.Flatten()))
    assert full_view(opened) == (-4, -4, 56, 72)
    opened.view.set(hidden=frozenset({"pad"}))
    assert full_view(opened) == PICTURE


def test_maps_still_to_come_count_and_impossible_ones_do_not(opened, settle):
    opened.results.want(["sobel"])
    opened.document.edit("more", fl.Pipeline([("pad", fl.Pad(4)), ("pool", fl.MaxPool2d(99))]))
    settle(opened)
    del opened.results.maps["pad"]
    assert full_view(opened) == (-4, -4, 56, 72)


def test_joined_parts():
    assert joined([(0, 0, 4, 6), (-1, 2, 3, 8)]) == (-1, 0, 5, 10)
