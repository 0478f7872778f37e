from __future__ import annotations

from filterlab.explain.drawing.scene import english
from filterlab.explain.drawing.words import others_text, place_text
from filterlab.layers.base.terms import Where


def test_only_numbers_get_a_minus_sign():
    assert place_text(Where("sobel-x", 0, -1, 3, True, (0, 3))) == "sobel-x [0, −1, 3]"


def test_a_single_other_term_is_singular():
    assert [others_text(count, english) for count in (1, 2, 1234)] == ["1 other", "2 others", "1,234 others"]
