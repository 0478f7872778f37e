from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.images import COLORMAPS, colorize, colormap_table, display_range, parse_range


@pytest.mark.parametrize(
    ("values", "options", "want"),
    [
        ([0.2, 0.7], {}, (0, 0.7)),
        ([-0.2, 0.7], {}, (-0.7, 0.7)),
        ([-2, 0.7], {}, (-2, 2)),
        ([0.2, 0.7], {"picture": True}, (0, 1)),
        ([-2, 0.7], {"picture": True}, (0, 1)),
        ([0.2, 0.7], {"range": "symmetric"}, (-0.7, 0.7)),
        ([0.2, 0.7], {"range": (0.5, 3)}, (0.5, 3)),
        ([0, 0], {}, (0, 1)),
        ([0, 0], {"range": "symmetric"}, (-1, 1)),
        ([np.nan, np.inf, -np.inf, 0.5], {}, (0, 0.5)),
        ([np.nan, np.nan], {}, (0, 1)),
        (range(1001), {"range": "percentile"}, (5, 995)),
        (range(1001), {"range": "percentile:10,50"}, (100, 500)),
        (range(-500, 501), {"range": "percentile:10,50"}, (-400, 400)),
        (range(-200, 801), {"range": "percentile"}, (-795, 795)),
        ([*range(1001), np.nan, np.inf, -np.inf], {"range": "percentile"}, (5, 995)),
        ([0] * 999 + [3], {"range": "percentile"}, (0, 3)),  # nearly all are equal
        ([0] * 998 + [-1, 3], {"range": "percentile"}, (-3, 3)),
        ([5, 5], {"range": "percentile"}, (0, 5)),
        ([0, 0], {"range": "percentile"}, (0, 1)),
        ([np.nan], {"range": "percentile"}, (0, 1)),
        ([-3e38, 3e38], {"range": "percentile:0,100"}, (-3e38, 3e38)),
    ],
)
def test_ranges(values, options, want):
    assert display_range(np.array([values], np.float32), **options) == pytest.approx(want)


@pytest.mark.parametrize("range", ["percentile:", "percentile:9", "percentile:9,101", "percentiles"])
def test_wrong_percentiles_are_refused(range):
    with pytest.raises(fl.FilterLabError, match="range is") as caught:
        display_range(np.zeros((2, 2)), range)
    assert caught.value.parameter == "range"


@pytest.mark.parametrize("range", ["full", (1, 0), (0, 0), (0,), (0, np.inf), None, ("a", "b")])
def test_wrong_ranges_are_named(range):
    with pytest.raises(fl.FilterLabError, match="range is") as caught:
        display_range(np.zeros((2, 2)), range)
    assert caught.value.parameter == "range"


def test_ranges_of_the_command_line():
    assert parse_range("auto") == "auto"
    assert parse_range("-1,2.5") == (-1, 2.5)
    assert parse_range("percentile:2,98") == "percentile:2,98"
    for text in ("", "1", "1,2,3", "2,1", "nan,1", "a,b", "percentile:98,2", "percentile:nan,2"):
        with pytest.raises(fl.FilterLabError, match="LO,HI"):
            parse_range(text)


@pytest.mark.parametrize("name", COLORMAPS)
def test_colour_maps(name):
    table = colormap_table(name)
    assert table.shape == (256, 3)
    assert table.min() >= 0
    assert table.max() <= 1
    if COLORMAPS[name][1] == "diverging":
        assert np.ptp(table[127:129].mean(axis=0)) < 0.1, "zero is without colour"


def test_unknown_colour_map():
    with pytest.raises(fl.FilterLabError, match="did you mean 'viridis'"):
        colorize(np.zeros((2, 2)), 0, 1, "virdis")
    with pytest.raises(fl.FilterLabError, match=r"no colour map \['viridis'\]"):
        colorize(np.zeros((2, 2)), 0, 1, ["viridis"])


def test_levels_are_rounded_and_clipped():
    values = np.array([[-5, 0, 0.5, 1, 5, np.nan, np.inf, -np.inf]], np.float32)
    np.testing.assert_array_equal(colorize(values, 0, 1), [[0, 0, 128, 255, 255, 0, 255, 0]])
    np.testing.assert_array_equal(colorize(values, 0, 1, bits=16), [[0, 0, 32768, 65535, 65535, 0, 65535, 0]])


@pytest.mark.parametrize(
    "values",
    [
        np.array([[-3e38, 0, 3e38]], np.float32),
        np.array([[-1e308, 0, 1e308]]),
        np.array([[-1e-44, 0, 1e-44]], np.float32),
        np.array([[-5e-324, 0, 5e-324]]),
    ],
)
@pytest.mark.parametrize("bits", [8, 16])
def test_the_greatest_and_least_numbers_have_their_levels(values, bits):
    low, high = float(values[0, 0]), float(values[0, 2])
    levels = colorize(values, low, high, bits=bits)
    assert levels[0, 0] == 0
    assert levels[0, 2] == 2**bits - 1
    if abs(high) > 1e-40:  # below, there are no numbers between
        assert levels[0, 1] == 2 ** (bits - 1)


def test_zero_is_in_the_middle_of_a_symmetric_range():
    assert colorize(np.zeros((1, 1)), -3, 3).item() == 128
    near_white = colorize(np.zeros((1, 1)), -3, 3, "RdBu")[0, 0]
    assert near_white.min() > 235
    assert colorize(np.full((1, 1), np.nan), -3, 3, "RdBu").sum() == 0


def test_pictures_stay_colours(rng):
    picture = rng.random((3, 4, 5), np.float32)
    pixels = colorize(picture, 0, 1, "viridis")
    np.testing.assert_array_equal(pixels, np.rint(picture.transpose(1, 2, 0) * 255))


def test_eight_bits_or_sixteen():
    with pytest.raises(fl.FilterLabError, match="8 or 16"):
        colorize(np.zeros((2, 2)), 0, 1, bits=12)
