"""Sums and extremes of windows that lie evenly: their trees, instructions and loops."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.functional import prepared
from filterlab.functional.pool import combining, direct, strips, trees
from tests.functional import test_pooling


def cells_of(tree, level, start):
    if level == 0:
        return [start]
    return [
        cell
        for t in range(tree.counts[level])
        for cell in cells_of(tree, tree.sources[level, t], start + tree.shifts[level, t])
    ]


@pytest.mark.parametrize("cells", [*range(1, 40), 63, 101, 127, 255, 1000])
def test_a_tree_sees_every_cell_of_the_window(cells):
    for tree, exactly in ((trees.sum_tree(cells), True), (trees.extreme_tree(cells), False)):
        seen = cells_of(tree, len(tree.widths) - 1, 0)
        assert sorted(seen if exactly else set(seen)) == list(range(cells))
        assert max(tree.counts) <= trees.MOST_TERMS


def test_a_large_window_takes_few_additions():
    assert trees.sum_tree(31).counts.sum() <= 12
    assert trees.sum_tree(1000).counts.sum() <= 25


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
@pytest.mark.parametrize("terms", range(1, trees.MOST_TERMS + 1))
def test_rows_are_combined_as_the_plain_loop_does(rng, dtype, terms):
    @compiled(kept=False)
    def fast(y, y_offset, x, offsets, terms, count):
        combining.combine(y, y_offset, x, offsets, terms, count)

    x = (1000 * rng.standard_normal(400)).astype(dtype)
    offsets = rng.integers(0, 300, terms)
    for count in (1, 3, 8, 16, 17, 40, 67):
        wanted, found = np.full(80, 9, dtype), np.full(80, 9, dtype)
        combining.combine(wanted, 5, x, offsets, terms, count)
        fast(found, 5, x, offsets, terms, count)
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("bits", [np.int32, np.int64])
def test_keys_are_in_the_order_of_the_numbers(bits):
    floats = np.float32 if bits == np.int32 else np.float64
    least = np.finfo(floats).smallest_subnormal
    numbers = np.array(
        [-np.inf, -1e30, -1, -least, -0.0, 0.0, least, 1, 1e30, np.inf, np.nan, -np.nan], floats
    )
    numbers = np.concatenate([numbers] * 3)

    @compiled(kept=False)
    def there(y, x, flip):
        combining.to_keys(y, 0, x, 0, len(x), flip)

    @compiled(kept=False)
    def back(y, x, flip):
        combining.from_keys(y, 0, x, 0, len(x), flip)

    for flip in (0, 1):
        keys, plain, again = np.empty((3, len(numbers)), bits)
        there(keys, numbers.view(bits), flip)
        combining.to_keys(plain, 0, numbers.view(bits), 0, len(numbers), flip)
        np.testing.assert_array_equal(keys, plain)
        finite = keys[:10] if flip == 0 else keys[9::-1]
        assert (np.diff(finite) > 0).all()
        assert finite[0] == np.iinfo(bits).min
        assert keys[10:12].min() > finite[-1], "NaN of either sign is above all"
        back(again, keys, flip)
        np.testing.assert_array_equal(again, numbers.view(bits))


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_small_windows_of_keys_are_combined_as_the_plain_loops_do(rng, dtype):
    @compiled(kept=False)
    def down(y, x, offsets, terms, count, flip):
        combining.highest(y, 5, x, offsets, terms, count, flip)

    @compiled(kept=False)
    def across(y, x, offsets, terms, step, count, flip):
        combining.extreme_across(y, 5, x, offsets, terms, step, count, flip)

    @compiled(kept=False)
    def pairs(y, x, offsets, terms, count, flip):
        combining.extreme_pairs(y, 5, x, offsets, terms, count, flip)

    floats = np.float32 if dtype == np.int32 else np.float64
    x = rng.standard_normal(600).astype(floats)
    x[rng.random(600) < 0.1] = np.nan
    x[rng.random(600) < 0.1] = -np.inf
    keys, cells = np.empty(600, dtype), x.view(dtype)
    for count, terms, flip in product((1, 7, 16, 17, 67), (1, 2, 3, 7), (0, 1)):
        offsets = rng.integers(0, 300, terms)
        combining.to_keys(keys, 0, cells, 0, 600, flip)
        for fast, plain, arguments in (
            (down, combining.highest, (cells, offsets, terms, count, flip)),
            (across, combining.extreme_across, (keys, offsets, terms, 1, count, flip)),
            (across, combining.extreme_across, (keys, offsets, terms, 2, count, flip)),
            (pairs, combining.extreme_pairs, (cells, offsets, terms, count, flip)),
        ):
            _check_filled(fast, plain, dtype, *arguments)


def _check_filled(fast, plain, dtype, *arguments):
    wanted, found = np.full(80, 9, dtype), np.full(80, 9, dtype)
    plain(wanted, 5, *arguments)
    fast(found, *arguments)
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_small_windows_are_summed_as_the_plain_loops_do(rng, dtype):
    @compiled(kept=False)
    def across(y, x, offsets, terms, step, count, by, first):
        combining.mean_across(y, 5, x, offsets, terms, step, count, by, first)

    @compiled(kept=False)
    def pairs(y, x, offsets, terms, count, by, first):
        combining.mean_pairs(y, 5, x, offsets, terms, count, by, first)

    x, by = rng.standard_normal(600).astype(dtype), rng.integers(1, 9, 80).astype(dtype)
    for count, terms in product((1, 7, 16, 17, 67), (1, 2, 3, 7)):
        offsets = rng.integers(0, 300, terms)
        for step in (1, 2):
            _check_filled(across, combining.mean_across, dtype, x, offsets, terms, step, count, by, 3)
        _check_filled(pairs, combining.mean_pairs, dtype, x, offsets, terms, count, by, 3)


def test_the_loops_for_uneven_windows_do_the_same(monkeypatch):
    """The poolings that the other tests try, by the other way."""
    monkeypatch.setattr(direct, "fit", lambda windows: False)
    monkeypatch.setattr(strips, "fit", lambda windows, itemsize: False)
    test_pooling.test_max_pool2d_is_the_plain_loop()
    test_pooling.test_min_pool2d_is_the_plain_loop()
    test_pooling.test_avg_pool2d_is_the_plain_loop()
    test_pooling.test_nan_wins_a_maximum_and_a_minimum()


def test_small_windows_have_the_bits_of_strips(rng, monkeypatch):
    x = rng.standard_normal((2, 13, 2500)).astype(np.float32)
    x[rng.random(x.shape) < 0.2] = -0.0
    x[rng.random(x.shape) < 0.01] = np.nan
    cases = list(
        product(POOLS.values(), [(2, 2), (3, 3), (1, 3), (3, 7)], [1, 2], [0, "same", ((0, 1), (1, 0))])
    )
    found = [pool(x, kernel, stride=stride, padding=pad) for pool, kernel, stride, pad in cases]
    monkeypatch.setattr(direct, "fit", lambda windows: False)
    for (pool, kernel, stride, pad), y in zip(cases, found, strict=True):
        wanted = pool(x, kernel, stride=stride, padding=pad)
        np.testing.assert_array_equal(y.view(np.int32), wanted.view(np.int32))


POOLS = {"max": F.max_pool2d, "min": F.min_pool2d, "mean": F.avg_pool2d}


@given(
    st.sampled_from(list(POOLS)),
    st.integers(1, 33),
    st.integers(1, 5),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 2**31),
)
def test_a_cut_gives_the_same_bits(name, size, stride, down, across, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, size + 40, size + 50)).astype(np.float32)
    x[rng.random(x.shape) < 0.2] = 0
    x[rng.random(x.shape) < 0.2] *= -1
    whole = POOLS[name](x, size, stride=stride)
    cut = POOLS[name](
        x[:, down * stride :, across * stride : across * stride + size + 9], size, stride=stride
    )
    there = whole[:, down:, across : across + cut.shape[2]]
    np.testing.assert_array_equal(cut.view(np.int32), there.view(np.int32))


@pytest.mark.parametrize("size", [3, 15])
@pytest.mark.parametrize("name", POOLS)
def test_no_bit_depends_on_how_the_rows_are_dealt_out(name, size, rng, monkeypatch):
    x = rng.standard_normal((3, 50, 700)).astype(np.float32)
    whole = POOLS[name](x, size, stride=1, padding=size // 2)
    for rows in (1, 7, 64):

        def deal(band, count, rows=rows, **options):
            for start in reversed(range(0, count, rows)):
                band(start, min(start + rows, count))

        monkeypatch.setattr(prepared, "run_bands", deal)
        found = POOLS[name](x, size, stride=1, padding=size // 2)
        np.testing.assert_array_equal(found.view(np.int32), whole.view(np.int32))


@pytest.mark.parametrize("size", [2, 7, 15, 31])
def test_what_is_broken_or_huge_reaches_only_the_windows_that_see_it(size, rng):
    clean = rng.standard_normal((1, 80, 90)).astype(np.float32)
    for value in (np.nan, np.inf, -np.inf, 1e30):
        x = clean.copy()
        x[0, 40, 50] = value
        sees = np.zeros(clean.shape, bool)
        sees[0, 40 - size + 1 : 41, 50 - size + 1 : 51] = True
        for name, pool in POOLS.items():
            y, before = pool(x, size, stride=1), pool(clean, size, stride=1)
            other = ~sees[:, : y.shape[1], : y.shape[2]]
            np.testing.assert_array_equal(y[other], before[other], err_msg=name)


@pytest.mark.parametrize("size", [3, 5, 15, 31, 101])
def test_means_lose_no_more_than_additions_in_pairs_do(size, rng):
    """Each level of a tree rounds a value at most log2 of its terms times, and the division once."""
    x = (rng.random((1, size + 20, size + 20)) + 100).astype(np.float32)
    y = F.avg_pool2d(x, size, stride=1).astype(np.float64)
    exact = F.avg_pool2d(x.astype(np.float64), size, stride=1)
    rounds = 2 * np.ceil(np.log2(size)) + 4
    assert (np.abs(y - exact) <= rounds * 2.0**-24 * exact).all()
