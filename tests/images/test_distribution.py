"""Percentiles and shares from counts, beside those of the sorted values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from filterlab.images.distribution import distribution, joint


def made(values):
    values = np.asarray(values)
    finite = values[np.isfinite(values)]
    return distribution(values, (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0))


def noise(count, dtype=np.float32):
    return (np.random.default_rng(3).standard_normal(count) ** 3).astype(dtype)


@pytest.mark.parametrize("count", [100, 8192, 8193, 300_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_percentiles_are_those_of_the_sorted_values_moved_outward(count, dtype):
    values = noise(count, dtype)
    low, high = made(values).percentiles(0.5, 99.5)
    wanted = (
        np.percentile(values, (0.5, 99.5), method="lower")[0],
        np.percentile(values, 99.5, method="higher"),
    )
    assert wanted[0] * 1.01 <= low <= wanted[0]
    assert wanted[1] <= high <= wanted[1] * 1.01


@pytest.mark.parametrize("count", [100, 300_000])
def test_the_shares_beyond_percentiles_are_counted_exactly(count):
    values = noise(count)
    found = made(values)
    low, high = found.percentiles(2, 95)
    assert found.shares(low, high) == pytest.approx(
        ((values < low).mean(), (values > high).mean()), abs=1e-12
    )


def test_the_shares_beyond_any_numbers_are_nearly_exact():
    values, found = noise(300_000), made(noise(300_000))
    for low, high in [(-1, 1), (-0.3, 4.4), (0, 0), (-100, 100), (0.51, 0.52)]:
        wanted = (values < low).mean(), (values > high).mean()
        assert found.shares(low, high) == pytest.approx(wanted, abs=3e-4)


def test_values_at_the_ends_of_a_clipped_map_are_inside():
    values = np.clip(noise(100_000), 0, 1)
    found = made(values)
    assert found.percentiles(0.5, 99.5) == (0, 1)
    assert found.shares(0, 1) == (0, 0)


def test_zeros_are_zero():
    values = np.zeros(10_000, np.float32)
    values[:10] = 3
    found = made(values)
    assert found.percentiles(0.5, 99.5) == (0, 0)
    assert found.shares(0, 0) == (0, pytest.approx(0.001))
    assert made(-np.zeros(5, np.float32)).percentiles(0.5, 99.5) == (0, 0)


@pytest.mark.parametrize("count", [7, 9000])
def test_what_is_no_number_does_not_count(count):
    values = np.full(count, np.nan, np.float32)
    assert made(values).count == 0
    assert made(values).percentiles(0.5, 99.5) == (0, 0)
    assert made(values).shares(-1, 1) == (0, 0)
    values[:4] = np.inf, -np.inf, 2, -3
    assert made(values).count == 2
    assert made(values).percentiles(0, 100) == (-3, 2)


def test_numbers_beyond_single_precision_are_the_largest():
    found = made(np.array([-1e300, 0.0, 1e300]))
    assert found.count == 3
    assert found.percentiles(0, 100) == (-1e300, 1e300)


def test_several_maps_together():
    values = noise(40_000)
    parts = [made(part) for part in (values[:100], values[100:20_000], values[20_000:])]
    together, found = made(values), joint(parts)
    np.testing.assert_array_equal(found.bins, together.bins)
    np.testing.assert_array_equal(found.below, together.below)
    assert found.extent == together.extent
    assert joint([]).count == 0


@given(
    hnp.arrays(np.float32, st.integers(1, 60), elements=st.floats(allow_subnormal=False, width=32)),
    st.integers(0, 50),
    st.integers(50, 100),
)
def test_no_more_lies_beyond_percentiles_than_they_say(values, lower, upper):
    finite = values[np.isfinite(values)].astype(np.float64)
    found = made(values)
    low, high = found.percentiles(lower, upper)
    assert found.count == finite.size
    if finite.size:
        assert finite.min() <= low
        assert high <= finite.max()
        assert (finite < low).mean() <= lower / 100 + 1e-12
        assert (finite > high).mean() <= 1 - upper / 100 + 1e-12
        assert found.shares(low, high) == pytest.approx(((finite < low).mean(), (finite > high).mean()))
