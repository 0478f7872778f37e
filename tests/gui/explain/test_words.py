from __future__ import annotations

from filterlab.gui.explain.words import place_text
from filterlab.layers.base.terms import Where


def test_only_numbers_get_a_minus_sign():
    assert place_text(Where("sobel-x", 0, -1, 3, True, (0, 3))) == "sobel-x [0, −1, 3]"
