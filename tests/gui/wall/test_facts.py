"""What the headers say of layers."""

from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.gui.wall.facts import facts, step_text

RECIPE = {"init": "normal", "shape": [512, 256, 3, 3]}


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (fl.MaxPool2d(2), "Max pooling 2×2"),
        (fl.MaxPool2d((3, 2), stride=2), "Max pooling 3×2 · stride 2"),
        (fl.ReLU(), "ReLU"),
    ],
)
def test_they_tell_the_window_and_what_is_not_as_usual(layer, expected):
    assert facts(layer) == expected


def test_they_do_not_draw_a_million_random_weights():
    layer = fl.Conv2d(RECIPE, stride=2)
    assert facts(layer) == "Convolution 3×3 · stride 2"
    assert not layer.raw()["weight"].ready


def test_padding_that_crops_has_a_minus_sign():
    assert step_text(((-1, 2), (0, 0))) == "−1+2×0"
    assert step_text(-3) == "−3"
    assert step_text("same") == "same"
