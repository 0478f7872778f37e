from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from filterlab.text.tally import aligned, apportion, rounded, tally


def number(text):
    return Decimal(text.replace("−", "-"))


@pytest.mark.parametrize("seed", range(40))
def test_what_is_shown_adds_up_and_is_within_a_unit(seed):
    rng = np.random.default_rng(seed)
    for _ in range(25):
        size = 10.0 ** rng.uniform(-9, 9)
        terms = (rng.normal(size=rng.integers(1, 40)) * size).astype(np.float32).astype(float)
        total = float(np.float32(terms.sum()))
        digits = int(rng.integers(2, 7))
        found = tally(list(terms), total, digits)
        assert sum(map(number, found.amounts)) == number(found.total)
        unit = 10.0 ** (np.floor(np.log10(max(abs(terms).max(), abs(total)))) + 1 - digits)
        for text, term in zip((*found.amounts, found.total), (*terms, total), strict=True):
            assert abs(float(number(text)) * 10.0**found.scale - term) < 1.001 * unit


@pytest.mark.parametrize("seed", range(20))
def test_details_add_up_to_their_amount(seed):
    rng = np.random.default_rng(seed)
    parts = rng.normal(size=(5, 9))
    found = tally(list(parts.sum(axis=1)), parts.sum(), 5, list(parts[3]), of=3)
    assert sum(map(number, found.details)) == number(found.amounts[3])
    assert sum(map(number, found.amounts)) == number(found.total)


def test_numbers_that_need_no_rounding_stay_as_they_are():
    found = tally([0.0, 1 / 3, 1 / 3, 1 / 3, 1.0], 2.0, 4)
    assert found.amounts[0] == "0.000"
    assert found.amounts[4] == "1.000"
    assert sorted(found.amounts[1:4]) == ["0.333", "0.333", "0.334"]


def test_whole_numbers_have_no_decimals():
    assert tally([0, 1, 6, 12], 19).amounts == ("0", "1", "6", "12")


def test_a_power_of_ten_is_taken_out_of_huge_and_tiny_numbers():
    found = tally([1e9, 2.5e9], 3.5e9, 3)
    assert (found.amounts, found.total, found.scale) == (("1.0", "2.5"), "3.5", 9)
    found = tally([-1e-9, -2e-9], -3e-9)
    assert (found.amounts, found.total, found.scale) == (("−1", "−2"), "−3", -9)
    found = tally([1e-310], 1e-310, 3)
    assert (found.amounts, found.scale) == (("1",), -310)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_told(odd):
    found = tally([odd, 1.5], odd)
    assert not found.adds_up
    assert found.amounts[1] == "1.5"


def test_nothing_is_nothing():
    assert tally([], 0.0).total == "0"
    assert tally([0.0, 0.0], 0.0).amounts == ("0", "0")
    assert apportion([], 3) == []


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.1, 5, "0.1"),
        (-2.0, 3, "−2"),
        (1 / 3, 3, "0.333"),
        (1e-6, 3, "1.0e-06"),
        (0.0, 2, "0"),
        (1e9, 2, "1e+09"),
    ],
)
def test_single_numbers(value, decimals, text):
    assert rounded(value, decimals) == text


def test_cells_of_a_grid_have_the_same_decimals():
    assert aligned([0.5, 0.125, -2.0, 0.0], 6) == ["0.500", "0.125", "−2", "0"]
    assert aligned([1 / 3, 1e-9, -1 / 3], 4) == ["0.3333", "0.0000", "−0.3333"]
    assert aligned([float("nan"), 1e12, 0.25], 4) == ["nan", "1e+12", "0.25"]
    assert aligned([], 3) == []
