from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.layers.base import slices
from filterlab.layers.base.weights import parse_weights

SOBEL, LAWS = {"preset": "sobel"}, {"preset": "laws", "row": "E3", "column": "L3"}


def weights(value):
    return parse_weights(value, "weight")


def numbers(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_one_plane_of_numbers_is_exchanged():
    given = weights(numbers(2, 3, 2, 2))
    result = slices.with_plane(given, (1, 2), np.full((2, 2), -1.0))
    expected = given.array.copy()
    expected[1, 2] = -1
    np.testing.assert_array_equal(result, expected)
    assert given.array[1, 2].min() > 0


def test_a_preset_in_one_plane_stays_a_preset():
    given = weights(numbers(2, 1, 3, 3))
    result = weights(slices.with_plane(given, (1, 0), SOBEL))
    assert result.to_json() == [given.array[0].tolist(), [SOBEL]]
    assert slices.plane_recipe(result, (1, 0)) == SOBEL
    assert slices.plane_recipe(result, (0, 0)) is None
    np.testing.assert_array_equal(result.array[1, 0], fl.kernels.sobel())
    np.testing.assert_array_equal(result.array[0], given.array[0])


def test_editing_one_plane_keeps_the_presets_of_others():
    given = weights([[SOBEL], [LAWS]])
    result = weights(slices.with_plane(given, (0, 0), np.ones((3, 3))))
    assert slices.plane_recipe(result, (0, 0)) is None
    assert slices.plane_recipe(result, (1, 0)) == LAWS


def test_the_only_plane_may_take_any_size():
    for given, index in ((weights(numbers(3, 3)), ()), (weights(numbers(1, 1, 3, 3)), (0, 0))):
        result = weights(slices.with_plane(given, index, numbers(2, 5)))
        assert result.shape[-2:] == (2, 5)
        preset = weights(slices.with_plane(given, index, {**SOBEL, "size": 5}))
        assert slices.plane_recipe(preset, index) == {**SOBEL, "size": 5}


def test_double_precision_and_random_weights_become_numbers():
    double = weights(numbers(2, 1, 3, 3).astype(np.float64))
    result = slices.with_plane(double, (0, 0), SOBEL)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result[0, 0], fl.kernels.sobel())
    drawn = weights({"init": "normal", "shape": [2, 1, 3, 3]})
    result = slices.with_plane(drawn, (0, 0), np.zeros((3, 3)))
    np.testing.assert_array_equal(result[1], drawn.array[1])


def test_a_new_size_makes_presets_anew_where_it_can():
    given = weights([[SOBEL], [LAWS], [numbers(3, 3).tolist()]])
    result = weights(slices.with_size(given, 5, 5))
    assert slices.plane_recipe(result, (0, 0)) == {**SOBEL, "size": 5}
    assert slices.plane_recipe(result, (1, 0)) is None
    assert result.array[2, 0, 2, 2] == 4
    even = weights(slices.with_size(given, 4, 4))
    assert slices.plane_recipe(even, (0, 0)) is None
    assert even.shape == (3, 1, 4, 4)


def test_a_new_size_of_numbers_and_of_random_weights():
    result = slices.with_size(weights(numbers(2, 2, 3, 3)), 1, 1)
    assert result.reshape(-1).tolist() == [4, 13, 22, 31]
    drawn = weights({"init": "normal", "shape": [2, 1, 3, 3], "seed": 4})
    assert slices.with_size(drawn, 5, 7) == {"init": "normal", "shape": [2, 1, 5, 7], "seed": 4}


def test_lengths_follow_the_other_arrays():
    conv = fl.Conv2d(np.ones((6, 2, 1, 1)), groups=2)
    assert slices.axis_length(conv, "output channels") == 6
    assert slices.axis_length(fl.ConvTranspose2d(np.ones((4, 3, 1, 1)), groups=2), "output channels") == 6
    assert slices.axis_length(fl.InstanceNorm2d(), "channels") is None
    assert slices.axis_length(fl.InstanceNorm2d(), "channels", 5) == 5


def test_numbers_one_by_one():
    array = numbers(2, 3)
    assert slices.with_number(array, (1, 2), 0.5)[1, 2] == 0.5
    assert array[1, 2] == 5
    with pytest.raises(ParameterError, match="too large"):
        slices.with_number(array, (0, 0), 1e40)
    assert slices.with_length(array[0], 5).tolist() == [0, 1, 2, 2, 2]
    assert slices.with_length(array[0], 1).tolist() == [0]
    assert slices.constant(3, 0.5).tolist() == [0.5] * 3


def test_planes_know_their_channels():
    conv, axes = fl.Conv2d(np.ones((4, 3, 1, 1)), groups=2), ("output channels", "input channels / groups")
    assert [slices.channels_of(conv, axes, at) for at in ((1, 2), (2, 0))] == [(1, 2), (2, 3)]
    turned = fl.ConvTranspose2d(np.ones((4, 3, 1, 1)), groups=2)
    axes = ("input channels", "output channels / groups")
    assert [slices.channels_of(turned, axes, at) for at in ((1, 2), (2, 0))] == [(2, 1), (3, 2)]
    assert slices.channels_of(fl.Filter2d(np.ones((3, 3))), ("height", "width"), ()) is None


def test_an_inverse_of_another_size_is_made_anew():
    layer = fl.Filter2d({"wiener": {"preset": "box"}, "size": 5}).resized(kernel_size=(7, 9))
    assert layer.raw()["kernel"].recipe == {"wiener": {"preset": "box"}, "size": [7, 9]}
    assert layer.kernel.shape == (7, 9)
