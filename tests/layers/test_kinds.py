"""Numbers out of all reason: refused as the layer is made, with the number that is still legal."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ParameterError

HUGE = 10**19
WEIGHT = np.ones((1, 1, 3, 3), np.float32)


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (lambda: fl.Conv2d(WEIGHT, stride=HUGE), "stride"),
        (lambda: fl.Conv2d(WEIGHT, stride=(1, 2**31)), "stride"),
        (lambda: fl.Conv2d(WEIGHT, padding=HUGE), "padding"),
        (lambda: fl.Conv2d(WEIGHT, padding=((0, 0), (0, HUGE))), "padding"),
        (lambda: fl.Conv2d(WEIGHT, dilation=HUGE), "dilation"),
        (lambda: fl.Conv2d(WEIGHT, groups=HUGE), "groups"),
        (lambda: fl.MaxPool2d(HUGE), "kernel_size"),
        (lambda: fl.Pad(-HUGE), "padding"),
        (lambda: fl.Resize(HUGE), "size"),
        (lambda: fl.AdaptiveAvgPool2d((None, HUGE)), "output_size"),
        (lambda: fl.Upsample(HUGE), "scale"),
        (lambda: fl.Upsample(1e300), "scale"),
        (lambda: fl.PixelShuffle(HUGE), "r"),
    ],
)
def test_huge_numbers_are_refused(make, parameter):
    with pytest.raises(ParameterError, match=f"{parameter} is .*no number larger than 2147483647") as caught:
        make()
    assert caught.value.parameter == parameter


def test_the_largest_legal_numbers_are_arithmetic_not_errors():
    most = 2**31 - 1
    pipeline = fl.Pipeline([("a", fl.Conv2d(WEIGHT, stride=most)), ("b", fl.MaxPool2d(1, stride=most))])
    assert pipeline.output_shapes((1, 5, 5))["b"] == (1, 1, 1)
    assert pipeline.receptive_field("b").stride == (most**2, most**2)
    assert pipeline.run(np.ones((1, 5, 5), np.float32))["b"].item() == 9
    assert fl.Conv2d(WEIGHT, padding=most).padding == ((most, most), (most, most))


def test_ordinary_mistakes_are_not_told_of_the_limit():
    with pytest.raises(ParameterError, match=r"stride is 0 .*at least 1\)$"):
        fl.Conv2d(WEIGHT, stride=0)


@pytest.mark.parametrize("option", ["stride", "padding", "dilation"])
def test_operations_refuse_them_too(option):
    with pytest.raises(ParameterError, match=option):
        F.conv2d(np.ones((1, 5, 5), np.float32), WEIGHT, **{option: HUGE})
    if option != "dilation":
        with pytest.raises(ParameterError, match=option):
            F.avg_pool2d(np.ones((1, 5, 5), np.float32), 2, **{option: HUGE})


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (fl.Resize(2**31 - 1), "more than 1099511627776 numbers"),
        (fl.Resize((1, 2**30)), "too many .at most 16777216"),
        (fl.AdaptiveAvgPool2d((3, 2**31 - 1)), "too many .at most 16777216"),
        (fl.Upsample(2**30 + 0.5), "more than 1099511627776 numbers"),
    ],
)
def test_outputs_that_cannot_be_listed_are_refused(layer, message):
    pipeline = fl.Pipeline([("a", layer)])
    for ask in (pipeline.output_shapes, lambda shape: pipeline.run(np.zeros(shape, np.float32))):
        with pytest.raises(fl.FilterLabError, match=f"node 'a'.* {message}"):
            ask((1, 5, 8))
