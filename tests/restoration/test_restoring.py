"""Restorations of blurred pictures: how much they gain, at the border too, and what they refuse."""

from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.restoration.options import METHOD
from tests.restoration.blurring import MOTION, border_ratio, photographed, psnr, sample


@pytest.mark.parametrize("method", METHOD.kind.options)
def test_a_motion_blur_is_undone_up_to_the_border(method):
    blurred, truth = photographed(sample("camera", 136, 136), MOTION)
    found = fl.restore(blurred, MOTION, method=method)
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6
    assert border_ratio(found.image, truth) < 1.5
    assert found.stopped
