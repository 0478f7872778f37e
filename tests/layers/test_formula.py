"""The formula that is shown gives the shape that the layer has."""

from __future__ import annotations

import importlib
import re
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.layers import layer_types

NAMES = {"channels": 0, "features": 0, "height": 1, "width": 2}


def value(formula):
    """What the arithmetic of a formula comes to."""
    python = formula.translate({ord("·"): "*", ord("−"): "-"})
    python = re.sub("⌊(.*?)⌋", r"floor(\1)", python)
    python = re.sub("⌈(.*?)⌉", r"ceil(\1)", python)
    return eval(python, {"floor": floor, "ceil": ceil})


def check(layer, *shapes):
    try:
        output = layer.output_shape(*shapes)
    except fl.FilterLabError:
        return ()
    lines = layer.shape_formula(*shapes)
    for line in lines:
        assert value(line.formula) == line.result == output[NAMES[line.axis]], line
        assert all(str(remark) for remark in line.notes)
    if not lines:
        assert output == max(shapes)
    return lines


@pytest.mark.parametrize("key", layer_types())
def test_every_layer_type(key):
    for case in importlib.import_module(f"tests.layers.test_{key}").CASES:
        check(case.layer, *case.shapes)


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


sizes = st.tuples(st.just(2), st.integers(1, 20), st.integers(1, 20))
paddings = st.one_of(st.sampled_from(["valid", "same", "full"]), st.tuples(pairs(0, 4), pairs(0, 4)))


@given(sizes, pairs(1, 5), pairs(1, 4), pairs(1, 3), paddings, st.sampled_from([fl.Conv2d, fl.Filter2d]))
def test_convolution(shape, kernel, stride, dilation, padding, kind):
    weight = np.ones(kernel if kind is fl.Filter2d else (3, 2, *kernel), np.float32)
    check(kind(weight, stride=stride, dilation=dilation, padding=padding), shape)


@given(sizes, pairs(1, 5), pairs(1, 4), pairs(1, 3), paddings, pairs(0, 2))
def test_transposed_convolution(shape, kernel, stride, dilation, padding, extra):
    limits = [max(s, d) - 1 for s, d in zip(stride, dilation, strict=True)]
    extra = tuple(min(e, most) for e, most in zip(extra, limits, strict=True))
    weight = np.ones((2, 3, *kernel), np.float32)
    options = {"stride": stride, "dilation": dilation, "padding": padding, "output_padding": extra}
    check(fl.ConvTranspose2d(weight, **options), shape)


@given(sizes, pairs(1, 5), st.none() | pairs(1, 4), pairs(1, 3), paddings, st.booleans())
def test_pooling(shape, kernel, stride, dilation, padding, ceil_mode):
    try:
        layer = fl.MaxPool2d(kernel, stride, padding, dilation, ceil_mode)
    except fl.FilterLabError:
        return
    check(layer, shape)


@given(sizes, pairs(1, 25), st.integers(1, 8), st.integers(1, 8))
def test_sizes(shape, size, numerator, denominator):
    check(fl.AdaptiveAvgPool2d(size), shape)
    check(fl.Resize(size), shape)
    check(fl.Crop(size=size), shape)
    check(fl.Upsample(numerator / denominator), shape)


@given(sizes, pairs(-3, 5), pairs(-3, 5))
def test_padding(shape, rows, cols):
    check(fl.Pad((rows, cols), mode="replicate"), shape)


def notes(layer, shape):
    return [[str(remark) for remark in line.notes] for line in layer.shape_formula(shape)]


def test_what_the_floor_drops():
    assert notes(fl.MaxPool2d(3, 2), (1, 10, 12)) == [
        ["the last row is skipped"],
        ["the last column is skipped"],
    ]
    assert notes(fl.MaxPool2d(3, 3), (1, 11, 9)) == [["the last 2 rows are skipped"], []]
    padded = fl.Conv2d(np.ones((1, 1, 3, 3)), stride=2, padding=1)
    assert notes(padded, (1, 8, 9))[0] == ["1 row of the padding is skipped"]


def test_what_ceil_mode_adds():
    assert notes(fl.MaxPool2d(2, 2, ceil_mode=True), (1, 5, 4)) == [
        ["the last window reaches 1 row beyond the end"],
        [],
    ]
    layer = fl.MaxPool2d(2, 3, 1, ceil_mode=True)
    assert "is left out" in notes(layer, (1, 5, 5))[0][0]


def test_what_same_comes_to():
    layer = fl.Filter2d(np.ones((3, 4)), stride=2)
    assert notes(layer, (1, 7, 8)) == [
        ["“same” adds 1 above and 1 below"],
        ["“same” adds 1 left and 1 right"],
    ]


def test_how_adaptive_windows_lie():
    rows, cols = notes(fl.AdaptiveAvgPool2d((3, 4)), (1, 9, 10))
    assert rows == ["windows of 9 / 3 = 3 rows"]
    assert cols == ["window i: ⌊i·10 / 4⌋ up to ⌈(i + 1)·10 / 4⌉, 3 columns"]
