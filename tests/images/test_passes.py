"""The compiled passes give what NumPy gives."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PIL import Image

from filterlab.images import passes
from filterlab.images.display import colorize
from filterlab.images.distribution import distribution
from filterlab.images.formats.pillow import planes
from filterlab.images.views import MapView

ODD = np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45, 3.4e38, -3.4e38])


def values(shape, dtype, *, odd):
    found = (np.random.default_rng(5).standard_normal(shape) ** 5).astype(dtype)
    if odd:
        found.reshape(-1)[:: found.size // 10][: len(ODD)] = ODD
    return found


def without_passes(monkeypatch, make):
    with monkeypatch.context() as context:
        context.delitem(sys.modules, "filterlab.images.passes")
        return make()


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 301, 403), (3, 300, 402), (3, 2, 9000)])
def test_smaller_copies_are_the_same_to_the_last_bit(monkeypatch, shape, dtype, odd):
    planes = values(shape, dtype, odd=odd)
    found = MapView(planes).levels
    wanted = without_passes(monkeypatch, lambda: MapView(planes).levels)
    assert len(found) == len(wanted) > 1
    for ours, numpys in zip(found, wanted, strict=True):
        assert ours.dtype == numpys.dtype
        np.testing.assert_array_equal(ours, numpys)


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [8193, 300_002, 300_003])
def test_counts_are_the_same(monkeypatch, count, dtype, odd):
    flat = values(count, dtype, odd=odd)
    found = distribution(flat, (-1.0, 1.0))
    wanted = without_passes(monkeypatch, lambda: distribution(flat, (-1.0, 1.0)))
    np.testing.assert_array_equal(found.bins, wanted.bins)
    np.testing.assert_array_equal(found.below, wanted.below)


@pytest.mark.parametrize("ends", [(-1.0, 1.0), (0.1, 0.7), (-3e38, 1e-3)])
@pytest.mark.parametrize("shape", [(3, 50, 67), (41, 83), (1, 9000)])
def test_pixels_are_the_same(monkeypatch, shape, ends):
    shown = values(shape, np.float32, odd=True)
    for form in (shown, shown[..., ::2], shown.swapaxes(-1, -2)):
        found = colorize(form, *ends)
        wanted = without_passes(monkeypatch, lambda form=form: colorize(form, *ends))
        assert found.dtype == wanted.dtype
        np.testing.assert_array_equal(found, wanted)


def test_planes_of_pixels_are_the_same():
    pixels = np.random.default_rng(2).integers(0, 256, (300, 999, 3), np.uint8)
    image = Image.fromarray(pixels)
    np.testing.assert_array_equal(passes.planes_of(pixels), planes(image))


def test_a_map_that_lies_strided_in_memory_is_read_as_any_other():
    planes = values((3, 120, 90), np.float32, odd=False)
    turned = planes.transpose(0, 2, 1)
    np.testing.assert_array_equal(passes.halved(turned), passes.halved(turned.copy()))
    np.testing.assert_array_equal(passes.count_upper_halves(turned), passes.count_upper_halves(planes))


def one_by_one(work, count):
    for part in reversed(range(count)):
        work(part, part + 1)


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("shape", [(1, 601, 503), (3, 600, 502), (2, 2, 140_000), (2, 1, 300_000)])
def test_a_map_that_is_looked_over_in_parts_is_seen_as_any_other(monkeypatch, shape, odd):
    monkeypatch.setattr(passes, "_PART", 70_000)
    planes = values(shape, np.float32, odd=odd)
    if odd:
        planes[-1] = np.nan
    found, wanted = MapView(planes, one_by_one), MapView(planes)
    np.testing.assert_array_equal(found.extents, wanted.extents)
    assert (found.nans, found.infinities) == (wanted.nans, wanted.infinities)
    for ours, others in zip(found.levels, wanted.levels, strict=True):
        np.testing.assert_array_equal(ours, others)
    for c in range(shape[0]):
        ours, others = found.channel_distribution(c), wanted.channel_distribution(c)
        assert ours.extent == others.extent
        np.testing.assert_array_equal(ours.bins, others.bins)
        np.testing.assert_array_equal(ours.below, others.below)
