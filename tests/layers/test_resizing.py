"""Layers with kernels take other numbers of channels, groups and cells, and keep the weights that stay."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.layers import layer_type

WEIGHT = np.random.default_rng(0).standard_normal((8, 6, 3, 3)).astype(np.float32)
BIAS = np.arange(8, dtype=np.float32)


def test_fewer_and_more_outputs_keep_the_first():
    layer = fl.Conv2d(WEIGHT, BIAS)
    fewer = layer.resized(out_channels=5)
    np.testing.assert_array_equal(fewer.weight, WEIGHT[:5])
    assert fewer.bias.tolist() == [0, 1, 2, 3, 4]
    more = layer.resized(out_channels=10)
    np.testing.assert_array_equal(more.weight[:8], WEIGHT)
    assert more.weight[8:].all(), "new weights are drawn"
    assert more.bias.tolist() == [*BIAS, 0, 0]
    assert (more.out_channels, more.in_channels, more.kernel_size) == (10, 6, (3, 3))
    assert layer.out_channels == 8, "the layer itself stays"


def test_new_weights_are_the_same_each_time_and_as_stated():
    layer = fl.Conv2d(WEIGHT)
    first, second = (layer.resized(in_channels=7).weight[:, 6] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    drawn = fl.Conv2d({"init": "kaiming_normal", "seed": 0, "shape": [8, 7, 3, 3]}).weight
    np.testing.assert_array_equal(first, drawn[:, 6])


def test_groups_keep_the_connections_that_there_are_in_both():
    layer = fl.Conv2d(WEIGHT, BIAS)
    split = layer.resized(groups=2)
    assert split.weight.shape == (8, 3, 3, 3)
    np.testing.assert_array_equal(split.weight[:4], WEIGHT[:4, :3])
    np.testing.assert_array_equal(split.weight[4:], WEIGHT[4:, 3:])
    assert split.in_channels == 6
    joined = split.resized(groups=1)
    np.testing.assert_array_equal(joined.weight[:4, :3], WEIGHT[:4, :3])
    np.testing.assert_array_equal(joined.weight[4:, 3:], WEIGHT[4:, 3:])
    assert joined.weight.shape == WEIGHT.shape


def test_transposed_convolutions_have_their_channels_the_other_way_round():
    weight = WEIGHT[:, :4]
    layer = fl.ConvTranspose2d(weight, np.ones(4, np.float32))
    assert (layer.in_channels, layer.out_channels) == (8, 4)
    made = layer.resized(out_channels=6, in_channels=2)
    assert made.weight.shape == (2, 6, 3, 3)
    np.testing.assert_array_equal(made.weight[:, :4], weight[:2])
    assert made.bias.tolist() == [1, 1, 1, 1, 0, 0]
    split = layer.resized(groups=4)
    assert (split.weight.shape, split.out_channels) == ((8, 1, 3, 3), 4)
    np.testing.assert_array_equal(split.weight[7, 0], weight[7, 3])


@pytest.mark.parametrize("change", [{"groups": 4}, {"out_channels": 7}, {"in_channels": 3}])
def test_groups_must_divide_the_channels(change):
    with pytest.raises(ParameterError, match="groups is .*, which does not divide"):
        fl.Conv2d(WEIGHT[:, :3], groups=2).resized(**change)


@pytest.mark.parametrize("change", [{"out_channels": 0}, {"in_channels": 2.5}, {"kernel_size": 256}])
def test_sizes_that_are_not_allowed_are_named(change):
    with pytest.raises(ParameterError) as caught:
        fl.Conv2d(WEIGHT).resized(**change)
    assert caught.value.parameter == next(iter(change))


def test_a_drawn_weight_stays_a_recipe_where_its_numbers_stay():
    recipe = {"init": "kaiming_normal", "seed": 3, "shape": [4, 3, 3, 3]}
    layer = fl.Conv2d(recipe)
    more = layer.resized(out_channels=6)
    assert more.params()["weight"] == {**recipe, "shape": [6, 3, 3, 3]}
    np.testing.assert_array_equal(more.weight[:4], layer.weight)
    # With other inputs each number is drawn for another place and deviation.
    wider = layer.resized(in_channels=4)
    np.testing.assert_array_equal(wider.weight[:, :3], layer.weight)
    assert isinstance(wider.params()["weight"], list)


def test_presets_stay_in_planes_that_stay():
    layer = fl.Conv2d([[{"preset": "sobel"}], [{"preset": "prewitt"}]])
    more = layer.resized(out_channels=3, in_channels=2)
    saved = more.params()["weight"]
    assert (saved[0][0], saved[1][0]) == ({"preset": "sobel"}, {"preset": "prewitt"})
    assert np.shape(saved[2][1]) == (3, 3)
    larger = layer.resized(kernel_size=5)
    assert larger.params()["weight"][0][0] == {"preset": "sobel", "size": 5}


def test_a_filter_is_resized_around_its_centre():
    layer = fl.Filter2d(np.ones((3, 3)))
    assert layer.kernel_size == (3, 3)
    made = layer.resized(kernel_size=(5, 3), divisor=9)
    np.testing.assert_array_equal(made.kernel, np.pad(np.ones((3, 3)), ((1, 1), (0, 0))))
    assert made.divisor == 9


def test_double_precision_and_other_settings_stay():
    layer = fl.Conv2d(WEIGHT.astype(np.float64), stride=2, padding=1).resized(out_channels=9, kernel_size=5)
    assert layer.weight.dtype == np.float64
    assert layer.weight.shape == (9, 6, 5, 5)
    assert layer.stride == (2, 2)
    np.testing.assert_array_equal(layer.weight[:8, :, 1:4, 1:4], WEIGHT.astype(np.float64))


def test_layers_without_sizes_are_replaced():
    assert fl.MaxPool2d(2).resized(kernel_size=3) == fl.MaxPool2d(3)


@pytest.mark.parametrize("key", ["conv2d", "conv_transpose2d", "filter2d"])
def test_every_size_is_a_property_and_documented(key):
    layer = layer_type(key).starter((3, 12, 12))
    for size in layer.sizes:
        value = getattr(layer, size.name)
        assert size.kind.read(value, size.name) == value
        assert layer.resized(**{size.name: value}) == layer
        assert size.doc.endswith(".")
        assert size.kind.unit
