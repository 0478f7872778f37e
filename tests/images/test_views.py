from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.display import COLORMAPS, colormap_table
from filterlab.images.views import (
    INFINITE_PIXELS,
    NAN_PIXEL,
    MapView,
    Scale,
    ViewCrop,
    joint_extent,
    pixels_of,
    ramp,
    rgb_pixels_of,
    scale_of,
)
from tests.images.colorimetry import ciede2000, lab


@pytest.fixture
def view(rng):
    return MapView(rng.standard_normal((4, 30, 40)).astype(np.float32))


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_the_whole_map_at_its_own_size_is_the_map(view):
    whole = ViewCrop(0, 0, 30, 40)
    np.testing.assert_array_equal(view.sample(2, whole, 30, 40), view.array[2])
    np.testing.assert_array_equal(view.sample(slice(0, 3), whole, 30, 40), view.array[:3])


def test_a_part_is_enlarged_cell_by_cell(view):
    enlarged = view.sample(1, ViewCrop(4, 6, 8, 9), 16, 12)
    np.testing.assert_array_equal(enlarged, view.array[1, 4:8, 6:9].repeat(4, 0).repeat(4, 1))


def test_beyond_the_edge_is_the_nearest_cell(view):
    sampled = view.sample(0, ViewCrop(-2, -2, 2, 2), 4, 4)
    np.testing.assert_array_equal(sampled[:3, :3], np.full((3, 3), view.array[0, 0, 0]))
    assert sampled[3, 3] == view.array[0, 1, 1]


def test_a_large_map_is_sampled_from_means(rng):
    array = rng.random((1, 1024, 1024)).astype(np.float32)
    small = MapView(array).sample(0, ViewCrop(0, 0, 1024, 1024), 256, 256)
    means = array.reshape(256, 4, 256, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(small, means, rtol=1e-5)


@pytest.mark.parametrize(
    ("crop", "size"),
    [
        (ViewCrop(0, 0, 30, 40), (30, 40)),
        (ViewCrop(0, 0, 30, 40), (7, 9)),
        (ViewCrop(3.5, 2.25, 9, 11), (50, 60)),
        (ViewCrop(-3, -3, 40, 50), (86, 106)),
        (ViewCrop(10, 10, 11, 11), (5, 5)),
    ],
)
def test_colored_pixels_are_those_of_the_samples(view, crop, size):
    scale = Scale(-2, 2, -2, 2)
    gray = view.colored(3, crop, *size, scale, "RdBu_r")
    np.testing.assert_array_equal(gray, pixels_of(view.sample(3, crop, *size), -2, 2, "RdBu_r"))
    color = view.colored(None, crop, *size, scale, "gray")
    np.testing.assert_array_equal(color, rgb_pixels_of(view.sample(slice(0, 3), crop, *size), -2, 2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ends_and_middle_of_a_colour_map(dtype):
    pixels = pixels_of(np.array([[-3, -1, 0, 1, 3]], dtype), -1, 1, "RdBu_r")
    table = np.rint(colormap_table("RdBu_r") * 255).astype(np.uint32)
    packed = 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
    np.testing.assert_array_equal(pixels[0], packed[[0, 0, 128, 255, 255]])


def test_what_is_no_number_is_grey_and_counted():
    array = np.array([[[0, np.nan], [np.inf, -np.inf]], [[1, 2], [3, 4]]], np.float32)
    view = MapView(array)
    assert (view.nans, view.infinities) == (1, 2)
    np.testing.assert_array_equal(view.extents, [[0, 0], [1, 4]])
    pixels = pixels_of(array[0], 0, 1, "gray")
    np.testing.assert_array_equal(pixels, [[0xFF000000, NAN_PIXEL], INFINITE_PIXELS])
    color = rgb_pixels_of(np.stack([array[0], array[1], array[1]]))
    assert color[0, 1] == NAN_PIXEL
    np.testing.assert_array_equal(color[1], INFINITE_PIXELS)


@pytest.mark.parametrize("name", COLORMAPS)
def test_infinity_looks_like_no_number(name):
    table = lab(colormap_table(name))
    for pixel in INFINITE_PIXELS:
        color = lab(np.array([int(pixel) >> shift & 255 for shift in (16, 8, 0)]) / 255)
        assert ciede2000(table, color[None]).min() > 5


def test_the_mean_of_the_channels_in_a_colour_map(view):
    whole, scale = ViewCrop(0, 0, 30, 40), Scale(-2, 2, -2, 2)
    shown = view.colored(None, whole, 30, 40, scale, "RdBu_r", mean=True)
    np.testing.assert_array_equal(shown, pixels_of(view.array[:3].mean(axis=0), -2, 2, "RdBu_r"))


def test_how_the_values_of_the_channels_are_distributed(view):
    assert [view.channel_distribution(channel).count for channel in range(4)] == [1200] * 4
    assert view.distribution.count == 4800
    assert view.distribution.extent == view.extent


@pytest.mark.parametrize("odd", [[np.nan], [np.inf], [-np.inf], [np.inf, -np.inf, np.inf], [np.nan, np.inf]])
def test_values_of_each_odd_kind_are_counted_in_whatever_channel(odd):
    array = np.zeros((3, 4, 5), np.float32)
    array[2].flat[: len(odd)] = odd
    array[0].flat[-len(odd) :] = odd
    view = MapView(array)
    assert view.nans == 2 * int(np.isnan(odd).sum())
    assert view.infinities == 2 * int(np.isinf(odd).sum())


def test_ranges_that_single_precision_cannot_divide_by():
    tiny = np.float32(1e-42)
    pixels = pixels_of(np.array([[-tiny, 0, tiny]], np.float32), -float(tiny), float(tiny), "gray")
    np.testing.assert_array_equal(pixels, [[0xFF000000, 0xFF808080, 0xFFFFFFFF]])


def test_diverging_scales_are_symmetric_about_zero():
    assert scale_of((-1, 3), "RdBu_r") == Scale(-3, 3, -3, 3)
    assert scale_of((0.5, 3), "RdBu_r") == Scale(-3, 3, 0, 3)
    assert scale_of((-3, -1), "RdBu_r") == Scale(-3, 3, -3, 0)
    assert scale_of((0, 0), "RdBu_r") == Scale(-1, 1, 0, 1)


def test_sequential_scales_are_display_ranges():
    assert scale_of((0.5, 3), "viridis") == Scale(0, 3, 0, 3)
    assert scale_of((-1, 3), "viridis") == Scale(-3, 3, -3, 3)
    assert scale_of((0.2, 0.4), "gray", picture=True) == Scale(0, 1, 0, 1)


def test_every_colour_map_has_a_scale_and_a_ramp():
    for name in COLORMAPS:
        scale = scale_of((-2.0, 5.0), name)
        bar = ramp(scale, name, 40)
        values = np.array([[scale.least, scale.greatest]])
        assert bar.shape == (1, 40)
        np.testing.assert_array_equal(bar[:, [0, -1]], pixels_of(values, scale.low, scale.high, name))


def test_joint_extent_of_several_maps(view):
    other = MapView(np.full((1, 2, 2), 9, np.float32))
    assert joint_extent([view, other]) == (view.extent[0], 9.0)
    assert joint_extent([]) == (0.0, 0.0)


def test_a_vector_is_maps_of_one_cell():
    view = MapView(np.array([3, 1, 9, 9, -2], np.float32))
    assert view.is_vector
    assert (view.channels, view.size) == (5, (1, 1))
    assert view.value(2, 0, 0) == 9
    assert view.greatest(3) == [2, 3, 0]
    assert view.channel_extent(4) == (-2, -2)


def test_numbers_of_some_cells(view):
    assert view.values(1, 3, 5, 5, 8) == view.array[1, 3:5, 5:8].tolist()
    assert view.values(None, 3, 5, 5, 8) == view.array[:3, 3:5, 5:8].mean(axis=0).tolist()


def test_which_numbers_there_are():
    view = MapView(np.zeros((2, 3, 4), np.float32))
    assert view.holds(1, 2, 3)
    assert not view.holds(2, 0, 0)
    assert not view.holds(0, 0, 4)
    assert not view.holds(0, -1, 0)


def test_the_mean_of_infinities_of_both_signs_is_no_number():
    planes = np.stack([np.full((1, 1), v, np.float32) for v in (np.inf, -np.inf, 0)])
    assert np.isnan(MapView(planes).values(None, 0, 0, 1, 1)[0][0])
