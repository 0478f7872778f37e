"""Selection networks and the median filters that run them, beside sorting."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.functional.pool import median_tiles
from filterlab.functional.pool.selection import median_network

SIZES = {size: median_tiles.TILES[size] for size in (3, 5, 7)}  # larger ones take the compiler seconds


def by_network(rows, cols, values):
    found = []
    for step in median_network(rows, cols):
        if step.kind == "input":
            found.append(values[step.first])
        else:
            pick = min if step.kind == "min" else max
            found.append(pick(found[step.first], found[step.second]))
    return found[-1]


@pytest.mark.parametrize("window", [(3, 3), (1, 5), (5, 1), (3, 5), (5, 3), (1, 11)])
def test_networks_of_few_cells_find_the_median_of_zeros_and_ones(window):
    """Which suffices for all numbers: Knuth 3, section 5.3.4, theorem Z."""
    cells = window[0] * window[1]
    for values in product((0, 1), repeat=cells):
        assert by_network(*window, values) == sorted(values)[cells // 2]


@pytest.mark.parametrize("side", [5, 7, 9])
def test_networks_of_many_cells_find_the_median(side, rng):
    for share in np.linspace(0, 1, 41):
        zeros_and_ones = rng.random(side * side) < share
        assert by_network(side, side, zeros_and_ones) == np.sort(zeros_and_ones)[side * side // 2]
        numbers = rng.random(side * side)
        assert by_network(side, side, numbers) == np.median(numbers)


def test_a_network_compares_no_more_than_it_must():
    compared = {side: sum(s.kind != "input" for s in median_network(side, side)) for side in (3, 5, 7)}
    assert compared[3] <= 38  # 19 comparisons, the fewest that are known for 3 x 3
    assert compared[5] <= 206
    assert compared[7] <= 570


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_are_their_plain_loops(size, dtype, rng):
    loop = SIZES[size]

    @compiled(kept=False)
    def fast(x, x_offset, stride, y, y_offset, count):
        loop(x, x_offset, stride, y, y_offset, count)

    width = 61
    x = np.round(rng.standard_normal((size + 2) * width), 1).astype(dtype)
    for count in (1, 2, 7, 8, 15, 16, 17, 33, 50):
        wanted, found = np.full(60, 9, dtype), np.full(60, 9, dtype)
        loop(x, 3, width, wanted, 2, count)
        fast(x, 3, width, found, 2, count)
        np.testing.assert_array_equal(found, wanted)


def sorted_medians(x, size, padding):
    """The median of each window's cells inside the map, window by window."""
    h, w = x.shape
    y = np.zeros((h + 2 * padding - size + 1, w + 2 * padding - size + 1), x.dtype)
    for i, j in np.ndindex(*y.shape):
        rows = slice(max(i - padding, 0), max(i - padding + size, 0))
        cols = slice(max(j - padding, 0), max(j - padding + size, 0))
        values = np.sort(x[rows, cols], axis=None)
        if np.isnan(values).any():
            y[i, j] = np.nan
        elif len(values):
            a, b = values[(len(values) - 1) // 2], values[len(values) // 2]
            y[i, j] = a if a == b else a / 2 + b / 2
    return y


@given(
    st.integers(1, 24),
    st.integers(1, 40),
    st.sampled_from(list(SIZES)),
    st.integers(0, 3),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_median_filters_are_medians(height, width, size, padding, seed, broken):
    padding = min(padding, size // 2)
    if min(height, width) + 2 * padding < size:
        return
    rng = np.random.default_rng(seed)
    x = np.round(rng.standard_normal((height, width)), 1).astype(np.float32)
    if broken:
        x[rng.integers(height), rng.integers(width)] = rng.choice([np.nan, np.inf, -np.inf])
    found = F.median_pool2d(x[None], size, stride=1, padding=padding)[0]
    np.testing.assert_array_equal(found, sorted_medians(x, size, padding))


def test_a_cut_gives_the_same_numbers(rng):
    x = rng.standard_normal((2, 40, 50)).astype(np.float32)
    x[1, 20, 30] = np.nan
    whole = F.median_pool2d(x, 5, stride=1)
    np.testing.assert_array_equal(F.median_pool2d(x[:, 10:30, 7:41], 5, stride=1), whole[:, 10:26, 7:37])


@pytest.mark.parametrize("size", [9, 17])
def test_windows_of_every_size_give_medians(size, rng):
    """A network of many steps, and a window that is too large for one."""
    x = np.round(rng.standard_normal((size + 3, size + 20)), 1).astype(np.float32)
    x[3, 4] = np.nan
    found = F.median_pool2d(x[None], size, stride=1, padding=size // 2)[0]
    np.testing.assert_array_equal(found, sorted_medians(x, size, size // 2))
