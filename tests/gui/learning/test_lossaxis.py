"""The labels of a logarithmic axis."""

from __future__ import annotations

from math import log10

import pytest

from filterlab.gui.learning.views.lossaxis import LossAxis, StepAxis


def labels(low, high, size=130):
    axis = LossAxis("left")
    axis.setLogMode(y=True)
    axis.setRange(log10(low), log10(high))
    ((spacing, places),) = axis.logTickValues(log10(low), log10(high), size, [])
    return axis.logTickStrings(places, 1, spacing)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.9, 12, ["1", "2", "5", "10"]),
        (0.05, 0.7, ["0.05", "0.1", "0.2", "0.5"]),
        (0.015, 0.6, ["0.03", "0.1", "0.3"]),
        (0.01, 1.9, ["0.01", "0.03", "0.1", "0.3", "1"]),
        (0.035, 0.039, ["0.035", "0.036", "0.037", "0.038", "0.039"]),
        (351, 353, ["351", "352", "353"]),
    ],
)
def test_within_few_decades_numbers_are_round_and_have_room(qapp, low, high, texts):
    assert labels(low * 0.999, high * 1.001) == texts


def test_over_many_decades_powers_of_ten_are_labels(qapp):
    axis = LossAxis("left")
    axis.setLogMode(y=True)
    axis.setRange(-6, 2)
    places = axis.logTickValues(-6, 2, 130, [(2, [-6, -4, -2, 0, 2])])[0][1]
    assert places == [-6, -4, -2, 0, 2]
    assert len(axis.logTickStrings(places, 1, 2)) == 5


def test_one_loss_has_a_place_too(qapp):
    assert labels(1.0, 1.0) == ["1"]


def test_labels_do_not_touch_where_the_axis_is_short(qapp):
    assert labels(0.017, 0.22, size=60) == ["0.02", "0.1"]


def test_the_curve_is_labelled_by_this_axis(bench, qtbot):
    from filterlab.gui.learning.views.curve import LossCurve

    curve = LossCurve(bench.theme)
    qtbot.addWidget(curve)
    assert isinstance(curve.axes["left"], LossAxis)


@pytest.mark.parametrize(("low", "high"), [(1, 3), (0, 1), (1, 13), (0, 400)])
def test_steps_are_whole(qapp, low, high):
    axis = StepAxis("bottom")
    axis.setRange(low, high)
    places = [place for _, level in axis.tickValues(low, high, 150) for place in level]
    assert places
    assert all(place == round(place) for place in places)
