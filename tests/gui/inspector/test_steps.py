from __future__ import annotations

import pytest

from filterlab.gui.inspector import steps


@pytest.mark.parametrize(
    ("value", "span", "step"),
    [(0, 2, 0.1), (1, 255, 1), (64, 255, 10), (1e-5, 1e-2, 1e-5), (0, 1e-2, 5e-4), (0.05, 2, 0.01)],
)
def test_steps_suit_the_number_and_its_range(value, span, step):
    assert steps.number_step(value, span) == pytest.approx(step)


def test_sums_have_no_crumbs():
    assert steps.stepped(0.1, 0.2) == 0.3
    assert steps.stepped(0.3, -0.1) == 0.2


def test_sliders_go_there_and_back():
    for position in (0, 1, 77, steps.SLIDER_STEPS):
        value = steps.at_slider(position, -1.0, 3.0)
        assert steps.slider_position(value, -1.0, 3.0) == position
    assert steps.slider_position(99, 0, 1) == steps.SLIDER_STEPS
    assert steps.slider_position(-99, 0, 1) == 0
