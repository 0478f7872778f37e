"""Restorations of blurred pictures: how much they gain, at the border too, and what they refuse."""

from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.restoration.options import METHOD
from tests.restoration.blurring import MOTION, border_ratio, photographed, psnr, sample


@pytest.fixture(scope="module")
def camera():
    """A part of a photograph through a motion blur, and the truth."""
    return photographed(sample("camera", 136), MOTION)


@pytest.mark.parametrize("method", METHOD.kind.options)
def test_every_method_undoes_a_motion_blur(camera, method):
    blurred, truth = camera
    found = fl.restore(blurred, MOTION, method=method)
    assert psnr(found.image, truth) > psnr(blurred, truth) + 6
    assert border_ratio(found.image, truth) < 1.6  # the picture is hardly larger than the outer pixels
    assert found.stopped
