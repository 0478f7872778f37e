from __future__ import annotations

import numpy as np
import pytest

from filterlab.errors import Cancelled
from filterlab.images import statistics as st


def maps():
    rng = np.random.default_rng(3)
    relu = np.maximum(rng.normal(size=(4, 300, 1000)), 0).astype(np.float32)
    return {
        "relu": relu,
        "wide": rng.normal(size=(1, 1, st.BLOCK * 2 + 7)).astype(np.float32),
        "one": np.float32([[[3.5]]]),
        "vector": rng.normal(size=10).astype(np.float32),
        "strided": relu[:, ::2, ::3],
        "doubles": rng.normal(size=(2, 30, 40)) * 1e12,
    }


@pytest.mark.parametrize("name", maps())
def test_they_are_numpys_in_float64(name):
    values = maps()[name]
    wide = values.astype(np.float64)
    found = st.statistics(values)
    assert (found.count, found.finite) == (values.size, values.size)
    assert (found.minimum, found.maximum) == (wide.min(), wide.max())
    assert found.mean == pytest.approx(wide.mean(), rel=1e-12, abs=1e-15)
    assert found.std == pytest.approx(wide.std(), rel=1e-12)
    assert found.total == pytest.approx(wide.sum(), rel=1e-12, abs=1e-9)
    assert found.zeros == np.count_nonzero(values == 0)
    assert found.zero_share == found.zeros / values.size


@pytest.mark.parametrize("name", maps())
def test_histograms_are_numpys(name):
    values = maps()[name]
    found = st.summarize(values, bins=64).histogram
    counts, edges = np.histogram(values.astype(np.float64), 64, (found.edges[0], found.edges[-1]))
    np.testing.assert_array_equal(found.counts, counts)
    np.testing.assert_allclose(found.edges, edges)
    assert found.counts.sum() == values.size
    assert found.top == counts.max()


def test_float32_sums_lose_nothing():
    values = np.full((1, 3000, 3000), 0.1, np.float32)
    found = st.statistics(values)
    assert found.mean == pytest.approx(float(np.float32(0.1)), rel=1e-14)
    assert found.std == pytest.approx(0, abs=1e-12)


def test_what_is_not_finite_is_counted_and_left_out():
    values = np.float32([[np.nan, 1, 0], [np.inf, -np.inf, 3]])
    found = st.summarize(values, bins=4)
    s = found.statistics
    assert (s.count, s.nans, s.infinities, s.finite, s.zeros) == (6, 1, 2, 3, 1)
    assert (s.minimum, s.maximum, s.total) == (0, 3, 4)
    assert s.mean == pytest.approx(4 / 3)
    assert found.histogram.counts.sum() == 3


def test_nothing_finite_gives_nan_and_an_empty_histogram():
    found = st.summarize(np.full((2, 3, 4), np.nan, np.float32), bins=8)
    assert np.isnan([found.statistics.mean, found.statistics.minimum, found.statistics.total]).all()
    assert found.statistics.nans == 24
    assert found.histogram.top == 0
    assert np.isfinite(found.histogram.edges).all()


@pytest.mark.parametrize("value", [0.0, -2.5, 1e30, -3e38, 1e-40, 1e300])
def test_a_constant_map_has_one_full_bin(value):
    values = np.full((3, 20), value, np.float32 if abs(value) < 3.4e38 else np.float64)
    found = st.summarize(values, bins=32)
    assert found.statistics.std == pytest.approx(0, abs=abs(value) * 1e-12)
    assert found.histogram.top == 60
    assert np.all(np.diff(found.histogram.edges) > 0)


def test_neighbouring_float32_values_fall_into_different_bins():
    low = np.float32(1)
    values = np.array([low, np.nextafter(low, np.float32(2))])
    assert st.summarize(values, bins=8).histogram.counts.tolist() == [1, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_numbers_do_not_overflow(dtype):
    top = float(np.finfo(dtype).max)
    found = st.summarize(np.array([-top, top, top / 2, -top / 2], dtype), bins=4)
    assert found.statistics.mean == 0
    assert found.statistics.std == pytest.approx(top * np.sqrt(0.625))
    assert found.histogram.counts.tolist() == [1, 1, 0, 2]


def test_log_heights_keep_empty_bins_at_zero():
    found = st.histogram(np.float32([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 0, 1, 4)
    assert found.heights(log=True)[:2].tolist() == [1, 0]
    assert found.heights(log=False).tolist() == [9, 0, 0, 1]


def test_a_given_span_leaves_out_what_lies_beyond():
    assert st.summarize(np.arange(10.0), 2, (2, 6)).histogram.counts.tolist() == [2, 3]


def test_it_stops_when_asked():
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        st.summarize(np.zeros((3, 2000, 2000), np.float32), cancel=cancel)
    assert len(asked) == 3


def test_lines_are_rows_and_columns():
    plane = np.arange(12.0).reshape(3, 4)
    row, column = st.line(plane, 1, along_row=True), st.line(plane, 3, along_row=False)
    assert row.values.tolist() == [4, 5, 6, 7]
    assert row.positions.tolist() == [0, 1, 2, 3]
    assert column.values.tolist() == [3, 7, 11]


def test_lines_are_drawn_with_gaps_for_what_is_not_finite():
    found = st.line(np.float32([[1, np.inf, -np.inf, np.nan, 0.1]]), 0, along_row=True)
    np.testing.assert_array_equal(found.drawable, [1, np.nan, np.nan, np.nan, np.float32(0.1)])
    assert [found.text(i) for i in (1, 4)] == ["inf", "0.1"]


def test_a_signalling_nan_of_a_damaged_file_is_a_gap_like_any_other():
    signalling = np.array([[0x7F800001, 0x3F800000]], np.uint32).view(np.float32)
    np.testing.assert_array_equal(st.line(signalling, 0, along_row=True).drawable, [np.nan, 1])


def test_the_bin_of_a_value():
    found = st.histogram(np.float32([0, 1, 1, 4]), 0, 4, 4)
    assert found.bin_at(1.5) == (1, 2, 2)
    assert found.bin_at(0) == (0, 1, 1)
    assert found.bin_at(4) == (3, 4, 1)
    assert found.bin_at(4.1) is None
    assert found.height_of(9) == 1


def test_a_common_span_holds_all_chosen_channels():
    extents = np.array([[0.0, 1.0], [-2.0, 0.5], [9.0, 9.0]])
    assert st.common_span(extents, (0, 1)) == (-2, 1)
    assert st.common_span(extents, (2,)) == (8.5, 9.5)


def test_every_level_of_an_8_bit_picture_has_a_bin_of_its_own():
    levels = (np.arange(256) / np.float32(255)).astype(np.float32)
    span = st.picture_span(np.array([[0.0, 1.0]]))
    assert st.summarize(np.repeat(levels, 3), span=span).histogram.counts.tolist() == [3] * 256
    assert st.picture_span(np.array([[0.0, 1.0], [-0.1, 1.0]])) is None
    assert st.picture_span(np.array([[0.0, 1.5]])) is None
