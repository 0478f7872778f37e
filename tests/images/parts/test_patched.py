"""Maps of which a part is newer than the rest."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.parts.patched import ALIGNED, PatchedView
from filterlab.images.views import MapView, Scale, ViewCrop

CORNER = (2 * ALIGNED, ALIGNED)
SIZE = 4 * ALIGNED, 5 * ALIGNED
INSIDE = [ViewCrop(130.0, 70.5, 300.25, 300.0), ViewCrop(*CORNER, 384.0, 384.0)]
BEYOND = [ViewCrop(127.9, 70.0, 300.0, 300.0), ViewCrop(130.0, 70.0, 385.0, 300.0), ViewCrop(0, 0, 700, 900)]


@pytest.fixture
def maps(rng):
    """The old map, the new one, and the old one with a part of the new."""
    old, new = rng.standard_normal((2, 3, 700, 900), np.float32)
    (top, left), (height, width) = CORNER, SIZE
    part = MapView(new[:, top : top + height, left : left + width])
    return MapView(old), MapView(new), PatchedView(MapView(old), part, CORNER)


@pytest.mark.parametrize("pixels", [(90, 110), (300, 410)])
def test_a_crop_inside_of_the_part_is_drawn_new_and_any_other_old(maps, pixels):
    old, new, patched = maps
    scale = Scale(0.0, 1.0, 0.0, 1.0)
    for crops, expected in ((INSIDE, new), (BEYOND, old)):
        for crop in crops:
            assert patched.renews(crop) == (expected is new)
            for channels in (1, slice(None)):
                found = patched.sample(channels, crop, *pixels)
                np.testing.assert_array_equal(found, expected.sample(channels, crop, *pixels))
            for channel in (None, 2):
                found = patched.colored(channel, crop, *pixels, scale, "gray")
                np.testing.assert_array_equal(found, expected.colored(channel, crop, *pixels, scale, "gray"))


def test_pixels_beyond_the_border_of_the_map_are_those_of_the_part(rng):
    values = rng.random((1, 128, 128), np.float32)
    patched = PatchedView(MapView(values * 0), MapView(values[:, 64:, 64:]), (64, 64))
    crop = ViewCrop(100.0, 100.0, 128.7, 129.0)
    assert patched.renews(crop)
    np.testing.assert_array_equal(patched.sample(0, crop, 20, 20), MapView(values).sample(0, crop, 20, 20))


def test_numbers_are_new_inside_of_the_part_alone(maps):
    old, new, patched = maps
    for place, expected in (((130, 70), new), ((383, 383), new), ((384, 383), old), ((5, 5), old)):
        assert patched.number(1, *place) == expected.number(1, *place)
        assert patched.value(1, *place) == expected.value(1, *place)
        assert patched.column(*place, 3) == expected.column(*place, 3)
        row, col = place
        for channel in (None, 2):
            part = (channel, row, col, row + 1, col + 1)
            assert patched.values(*part) == expected.values(*part)


def test_ranges_are_those_of_the_map_before(maps):
    old, _, patched = maps
    assert patched.extent == old.extent
    assert patched.distribution is patched.old.distribution
    assert patched.channel_distribution(1) is patched.old.channel_distribution(1)
    assert (patched.size, patched.channels) == (old.size, old.channels)
