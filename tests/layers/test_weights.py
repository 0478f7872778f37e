"""Recipes of weights: what is legal, and that everything else is refused in words, as the layer is made."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.layers.weights import MOST_NUMBERS, parse_weights

SHAPE = [2, 1, 3, 3]


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"init": "normal", "shape": SHAPE, "seed": "three"}, "seed 'three' .*whole number, at least 0"),
        ({"init": "normal", "shape": SHAPE, "seed": -1}, "seed -1"),
        ({"init": "normal", "shape": SHAPE, "seed": True}, "seed True"),
        ({"init": "normal", "shape": SHAPE, "seed": 1.5}, "seed 1.5"),
        ({"init": "normal", "shape": SHAPE, "seed": None}, "seed None"),
        ({"init": "normal", "shape": SHAPE, "std": -1}, "std -1 .*0 to 1e\\+30"),
        ({"init": "normal", "shape": SHAPE, "std": "wide"}, "std 'wide'"),
        ({"init": "normal", "shape": SHAPE, "std": True}, "std True"),
        ({"init": "normal", "shape": SHAPE, "mean": float("nan")}, "mean nan"),
        ({"init": "uniform", "shape": SHAPE, "low": None}, "low None"),
        ({"init": "uniform", "shape": SHAPE, "high": 1e300}, "high 1e\\+300"),
        ({"init": "constant", "shape": SHAPE, "value": [1]}, "value \\[1\\]"),
        ({"init": "constant", "shape": SHAPE, "value": 10**400}, "value 1000"),
        ({"init": "zeros", "shape": [2, True, 3, 3]}, "shape .*whole numbers from 1"),
        ({"init": "zeros", "shape": [2, 1.0, 3, 3]}, "shape"),
        ({"init": "zeros", "shape": [2, 0, 3, 3]}, "shape"),
        ({"init": "zeros", "shape": [2, 2**31, 3, 3]}, "shape .*to 2147483647"),
        ({"init": "zeros", "shape": 3}, "shape 3"),
        ({"init": "zeros"}, "shape None"),
        ({"init": ["zeros"], "shape": SHAPE}, "initializer \\['zeros'\\].*one of constant"),
        ({"init": "zeroes", "shape": SHAPE}, "initializer 'zeroes'"),
        ({"init": "zeros", "shape": SHAPE, "std": 1}, "unknown key 'std' .*legal: init, shape, seed"),
        ({"init": "zeros", "shape": SHAPE, 3: 1}, "unknown key 3"),
    ],
)
def test_wrong_initializers_are_refused_as_the_layer_is_made(recipe, words):
    with pytest.raises(ParameterError, match=f"Conv2d: weight .*{words}") as caught:
        fl.Conv2d(weight=recipe)
    assert caught.value.parameter == "weight"


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"values": [[1, 2], [3]]}, "rows differ in length"),
        ({"values": "many"}, "no number"),
        ({"values": [["1", "2"]]}, "no number"),
        ({"values": [[None]]}, "no number"),
        ({"values": [[1e300]]}, "NaN or infinity"),
        ({"values": [[float("nan")]], "dtype": "float64"}, "NaN or infinity"),
        ({"values": [[1]], "dtype": "float16"}, 'dtype \'float16\' .*"float32" or "float64"'),
        ({"values": [[1]], "dtype": ["float32"]}, "dtype \\['float32'\\]"),
        ({"values": [[1]], "shape": [1]}, "unknown key 'shape' .*legal: dtype, values"),
        ({"dtype": "float64"}, "give numbers"),
    ],
)
def test_wrong_values_are_refused_in_words(recipe, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ParameterError, match=f"kernel .*{words}") as caught:
            fl.Filter2d(kernel=recipe)
    assert caught.value.parameter == "kernel"


def test_values_keep_their_precision():
    third = 1 / 3
    assert fl.Filter2d(kernel={"values": [[third]], "dtype": "float64"}).kernel[0, 0] == third
    single = fl.Filter2d(kernel={"values": [[third]]}).kernel
    assert single.dtype == np.float32
    again = parse_weights({"values": np.array([[third]]), "dtype": "float64"}, "kernel")
    assert again.array.dtype == np.float64


@pytest.mark.parametrize("shape", [[10**9, 10**9, 3, 3], [2**31 - 1] * 4])
def test_a_huge_shape_is_refused_when_it_is_made_into_numbers(shape):
    layer = fl.Conv2d(weight={"init": "kaiming_normal", "shape": shape})
    assert layer.parameter_count() == shape[0] * shape[1] * shape[2] * shape[3]
    with pytest.raises(ParameterError, match=f"weight .*numbers .at most {MOST_NUMBERS}"):
        _ = layer.weight


def test_a_huge_weight_is_refused_at_its_node():
    weight = {"init": "zeros", "shape": [10**9, 3, 1, 1]}
    pipeline = fl.Pipeline([("a", fl.Conv2d(weight=weight))])
    assert pipeline.output_shapes((3, 2, 2))["a"] == (10**9, 2, 2)
    with pytest.raises(ParameterError, match="node 'a'") as caught:
        pipeline.run(np.zeros((3, 2, 2), np.float32))
    assert caught.value.parameter == "weight"


def test_what_a_recipe_makes_must_be_legal_for_its_parameter():
    with pytest.raises(ParameterError, match="running_var holds -1"):
        fl.BatchNorm2d([0, 0], {"init": "constant", "value": -1, "shape": [2]})


def test_drawn_numbers_follow_the_seed_alone():
    recipe = {"init": "normal", "shape": SHAPE, "seed": 7, "mean": 1, "std": 2}
    first, second = (fl.Conv2d(weight=dict(recipe)).weight for _ in range(2))
    np.testing.assert_array_equal(first, second)
    other = fl.Conv2d(weight={**recipe, "seed": 8}).weight
    assert not np.array_equal(first, other)
    default = fl.Conv2d(weight={"init": "normal", "shape": SHAPE}).weight
    np.testing.assert_allclose(default * 2 + 1, fl.Conv2d(weight={**recipe, "seed": 0}).weight, rtol=1e-6)
