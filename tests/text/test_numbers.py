"""Numbers as text."""

from __future__ import annotations

import pytest

from filterlab.text.numbers import uncertain


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0.0625, 0.00312, "0.0625 ± 0.0031"),
        (-0.0625, 0.0312, "−0.062 ± 0.031"),
        (1234.5, 78.9, "1234 ± 79"),
        (0.25, 0.0, "0.250"),
        (0.25, float("inf"), "0.250 ± ∞"),
        (0.0, 0.0, "0"),
    ],
)
def test_a_number_with_its_error_has_the_digits_that_the_error_leaves(value, error, words):
    assert uncertain(value, error) == words
