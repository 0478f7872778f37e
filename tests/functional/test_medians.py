"""Selection networks and the median filters that run them, beside sorting."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.errors import FilterLabError
from filterlab.functional.pool import median_tiles, medians
from filterlab.functional.pool.selection import selection_network

SIZES = (3, 5, 7)  # of windows; larger ones take the compiler seconds


def by_network(network, x):
    """The outputs of a network on the rows of x, for windows that begin at its first column."""

    @cache
    def value(step, col):
        kind, row, *sources = network.steps[step]
        if kind == "input":
            return x[row][col]
        return (min if kind == "min" else max)(value(source, col + apart) for source, apart in sources)

    return [value(step, 0) for step in network.outputs]


@pytest.mark.parametrize("window", [(3, 3), (1, 5), (5, 1), (3, 4), (4, 3), (1, 11), (2, 2)])
@pytest.mark.parametrize("ranks", [(0,), (1, 2), "middle", "last"])
def test_networks_of_few_cells_choose_the_right_one_of_zeros_and_ones(window, ranks):
    """Which suffices for all numbers: Knuth 3, section 5.3.4, theorem Z."""
    rows, cols = window
    cells = rows * cols
    ranks = {"middle": (cells // 2,), "last": (cells - 1,)}.get(ranks, ranks)
    network = selection_network(rows, cols, 1, ranks)
    for values in product((0, 1), repeat=cells):
        x = [values[row * cols : (row + 1) * cols] for row in range(rows)]
        assert by_network(network, x) == [sorted(values)[rank] for rank in ranks]


@pytest.mark.parametrize(("side", "together"), [(3, 3), (5, 2), (5, 4), (9, 2), (11, 4)])
def test_tiles_of_windows_choose_as_each_window_alone(side, together, rng):
    network = selection_network(side, side, together, (side, side * side // 2))
    for share in np.linspace(0, 1, 9):
        x = rng.random((side + together - 1, side)) < share
        windows = (np.sort(x[i : i + side], axis=None) for i in range(together))
        wanted = [window[rank] for window in windows for rank in (side, side * side // 2)]
        assert _in_vectors(network, x) == wanted


def _in_vectors(network, x):
    """As `by_network`, with each step done once for all columns."""
    found = []
    x = np.hstack([x, np.zeros_like(x)])
    for kind, row, *sources in network.steps:
        if kind == "input":
            found.append(x[row])
        else:
            a, b = (np.roll(found[step], -apart) for step, apart in sources)
            found.append((np.minimum if kind == "min" else np.maximum)(a, b))
    return [found[step][0] for step in network.outputs]


def test_a_network_compares_no_more_than_it_must():
    def compared(side, together):
        network = selection_network(side, side, together, (side * side // 2,))
        return sum(s.kind != "input" for s in network.steps) / together

    assert compared(3, 1) <= 38  # 19 comparisons, the fewest that are known for 3 x 3 alone
    assert compared(3, 2) <= 23
    assert compared(5, 2) <= 75
    assert compared(15, 4) <= 855


def test_a_step_that_is_read_further_on_is_done_in_an_earlier_pass():
    for side, together in ((5, 2), (9, 2)):
        network = selection_network(side, side, together, (3,))
        for position, step in enumerate(network.steps):
            for source, apart in step.sources:
                earlier = network.passes[source] < network.passes[position]
                assert source < position
                assert earlier or not apart or network.steps[source].kind == "input"


@pytest.mark.parametrize(("rows", "cols", "together"), [(3, 3, 3), (5, 4, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_are_their_plain_loops(rows, cols, together, dtype, rng):
    kernel = median_tiles.kernel_of(rows, cols, together, (2, 7))
    run, line = kernel.run, 128
    own = kernel.lines * line

    @compiled(kept=False)
    def fast(x, room, copied, x_offset, x_stride, line, count):
        run(x, room, copied, x_offset, x_stride, line, count)

    x = np.round(rng.standard_normal(own + 20 * line), 1).astype(dtype)
    for count, copied in product((1, 7, 16, 17, 50), (0, 1)):
        wanted, found = x.copy(), x.copy()
        where = (own + 3, line) if copied else (3, 61)
        run(x, wanted, copied, *where, line, count)
        fast(x, found, copied, *where, line, count)
        for output in range(2 * together):
            part = slice(output * line, output * line + count)
            np.testing.assert_array_equal(found[part], wanted[part])


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


@pytest.mark.parametrize(
    "size", [9, *(pytest.param(size, marks=pytest.mark.soak) for size in (4, 11, 15, 17, 25, 31)), 33]
)
def test_windows_of_every_size_give_medians(size, rng):
    """Networks of many steps, and a window that is too large for one."""
    x = np.round(rng.standard_normal((size + 3, size + 20)), 1).astype(np.float32)
    x[3, 4] = np.nan
    found = F.median_pool2d(x[None], size, stride=1, padding=size // 2)[0]
    np.testing.assert_array_equal(found, sorted_medians(x, size, size // 2))


@pytest.mark.parametrize("percentile", [0, 20, 50, 100])
@pytest.mark.parametrize("padding", [0, 1])
def test_percentiles_are_those_of_numpy(percentile, padding, rng):
    x = rng.standard_normal((1, 12, 40)).astype(np.float32)
    found = F.median_pool2d(x, (3, 3), stride=(1, 2), padding=padding, percentile=percentile)[0]
    for i, j in np.ndindex(*found.shape):
        top, left = i - padding, 2 * j - padding
        cells = x[0, max(top, 0) : top + 3, max(left, 0) : left + 3]
        np.testing.assert_allclose(found[i, j], np.percentile(cells, percentile), rtol=1e-6, atol=1e-7)


def test_a_percentile_is_from_0_to_100():
    for wrong in (-1, 101, np.nan, "median"):
        with pytest.raises(FilterLabError, match="percentile"):
            F.median_pool2d(np.zeros((1, 4, 4)), 2, percentile=wrong)


def test_networks_and_sorting_give_the_same_bits(rng, monkeypatch):
    x = np.round(rng.standard_normal((2, 30, 50)), 1).astype(np.float32)
    x[rng.random(x.shape) < 0.2] = -0.0
    x[0, 10, 20], x[1, 3, 4] = np.nan, np.inf
    cases = list(product([3, 5], [0, 1, 2], [1, 2], [50, 30]))
    found = [F.median_pool2d(x, k, padding=p, stride=s, percentile=q) for k, p, s, q in cases if 2 * p < k]
    monkeypatch.setattr(medians, "fit", lambda windows, share: False)
    again = [F.median_pool2d(x, k, padding=p, stride=s, percentile=q) for k, p, s, q in cases if 2 * p < k]
    for y, wanted in zip(found, again, strict=True):
        np.testing.assert_array_equal(y.view(np.int32), wanted.view(np.int32))


def test_no_bit_depends_on_how_the_rows_are_dealt_out(rng, monkeypatch):
    x = rng.standard_normal((2, 40, 70)).astype(np.float32)
    x[1, 20, 30] = np.nan
    whole = F.median_pool2d(x, 5, stride=1, padding=2)
    for rows in (1, 7):

        def deal(band, count, rows=rows, **options):
            for start in reversed(range(0, count, rows)):
                band(start, min(start + rows, count))

        monkeypatch.setattr(medians, "run_bands", deal)
        found = F.median_pool2d(x, 5, stride=1, padding=2)
        np.testing.assert_array_equal(found.view(np.int32), whole.view(np.int32))
