"""Numbers in cells: two significant digits and the sign are always there, or no cell has a number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlab.text.lettering import Letters, lettered

SIZES = [
    Letters(pixels, pixels * 1.2, lambda text, pixels=pixels: len(text) * pixels * 0.6)
    for pixels in (14, 11, 9)
]


def value_of(lines, power):
    spelled = "".join(lines).replace("−", "-")
    return float(spelled) * 10.0**power


def written(array, width=100, height=50):
    return lettered(np.asarray(array, np.float32), width, height, SIZES)


def test_round_numbers_stay_as_they_are():
    found = written([[-2, 0, 0.5]])
    assert (found.power, found.pixels) == (0, 14)
    assert found.lines == {-2: ("−2",), 0: ("0",), 0.5: ("0.5",)}


def test_as_many_digits_stand_there_as_fit():
    third = float(np.float32(1 / 3))
    assert written([[third]], 100).lines[third] == ("0.333333",)
    assert written([[third]], 45).lines[third] == ("0.333",)
    assert written([[third]], 26).lines[third] == (".33",)


def test_a_common_power_of_ten_makes_room():
    found = written([[0.00012, -0.00034]], 30)
    assert found.power == -5
    assert sorted(found.lines.values()) == [("12",), ("−34",)]


def test_what_is_negligible_is_0():
    assert list(written([[1, 1e-8]]).lines.values()) == [("0",), ("1",)]
    assert written([[1, 1e-6]]).lines[float(np.float32(1e-6))] != ("0",)


def test_a_mantissa_may_stand_above_its_power():
    found = written([[7.1, 5.8e-6]], 26, 40)
    assert ("5.8", "e−6") in found.lines.values()
    assert value_of(("5.8", "e−6"), 0) == 5.8e-6


def test_cells_that_are_too_small_have_no_numbers_at_all():
    assert written([[1, 0.123]], 10) is None
    assert written([[1]], 100, 8) is None


numbers = st.floats(-(2.0**99), 2.0**99, width=32).filter(lambda x: x == 0 or abs(x) > 1e-30)


@given(st.lists(numbers, min_size=1, max_size=9), st.sampled_from([24, 34, 52, 90]))
def test_every_text_is_the_number_to_two_digits_and_fits(values, width):
    array = np.array(values, np.float32)
    found = written(array, width)
    if found is None:
        return
    letters = next(size for size in SIZES if size.pixels == found.pixels)
    for number, lines in found.lines.items():
        assert all(letters.width(line) <= width for line in lines)
        assert letters.height * len(lines) <= 50
        if abs(number) <= 1e-7 * np.abs(array).max():
            assert lines == ("0",)
        else:
            assert value_of(lines, found.power) == pytest.approx(number, rel=0.0501)
