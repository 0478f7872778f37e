"""Recipes of weights: what is legal, and that everything else is refused in words, as the layer is made."""

from __future__ import annotations

import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.layers.base.kinds import LONGEST_SIDE
from filterlab.layers.base.weights import MOST_NUMBERS, Weights, parse_weights

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
        ({"init": "zeros", "shape": SHAPE, "std": 1}, "unknown key 'std' .*allowed: init, shape, seed"),
        ({"init": "zeros", "shape": SHAPE, 3: 1}, "unknown key 3"),
        ({"init": "zeros", "shape": SHAPE, "self": 1}, "unknown key 'self'"),
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
        ({"values": "many"}, "not a number"),
        ({"values": [["1", "2"]]}, "not a number"),
        ({"values": [[None]]}, "not a number"),
        ({"values": [[1e300]]}, "NaN or infinity"),
        ({"values": [[float("nan")]], "dtype": "float64"}, "NaN or infinity"),
        ({"values": [[1]], "dtype": "float16"}, 'dtype \'float16\' .*"float32" or "float64"'),
        ({"values": [[1]], "dtype": ["float32"]}, "dtype \\['float32'\\]"),
        ({"values": [[1]], "shape": [1]}, "unknown key 'shape' .*allowed: dtype, values"),
        ({"dtype": "float64"}, "give numbers"),
        ({"values": [[{"preset": "sobel"}]]}, "a recipe among its values"),
        ({"preset": "sobel", "self": 1}, "no parameter 'self'"),
        ({"preset": "sobel", "size": 10**5000}, "size is <a number of 16610 bits>"),
        ([{"preset": "sobel"}, [[1, 2]]], "stacks kernels of shapes 3x3, 1x2"),
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


BOX = {"preset": "box", "size": 255}


@pytest.mark.parametrize(
    "recipe",
    [
        {"init": "kaiming_normal", "shape": [16_000, 3, 100, 100]},
        {"init": "zeros", "shape": [10**9, 10**9, 3, 3]},
        {"init": "zeros", "shape": [2**31 - 1] * 4},
        [[BOX] * 65] * 64,
    ],
)
def test_a_recipe_of_too_many_numbers_is_refused_when_it_is_read(recipe):
    with pytest.raises(ParameterError, match=f"weight .*numbers .at most {MOST_NUMBERS}") as caught:
        fl.Conv2d(weight=recipe)
    assert caught.value.parameter == "weight"


@pytest.mark.parametrize("shape", [[10_000, 10_000], [1, LONGEST_SIDE + 1]])
def test_a_kernel_that_no_picture_has_room_for_is_refused(shape):
    with pytest.raises(ParameterError, match=f"kernel has shape .*at most {LONGEST_SIDE} cells a side"):
        fl.Filter2d(kernel={"init": "ones", "shape": shape})
    with pytest.raises(ParameterError, match="size is 30000"):
        fl.Filter2d(kernel={"preset": "gaussian", "size": 30_000})


@pytest.mark.parametrize("name", ["running_mean", "running_var"])
def test_a_list_for_more_channels_than_there_are_is_refused(name):
    lists = {"running_mean": [0.0], "running_var": [1.0]}
    with pytest.raises(ParameterError, match=f"{name} has 268435456 numbers"):
        fl.BatchNorm2d(**{**lists, name: {"init": "ones", "shape": [2**28]}})


def test_the_largest_networks_in_use_are_legal_and_wait():
    layer = fl.Linear(weight={"init": "kaiming_normal", "shape": [4096, 25088]})  # of VGG-16
    assert layer.parameter_count() == 4096 * 25088
    assert not layer.raw()["weight"].ready


@pytest.mark.parametrize(
    "recipe",
    [
        {"preset": "gabor", "size": [5, 9]},
        {"preset": "laws"},
        [[{"preset": "sobel"}], [[[1, 2, 3]] * 3]],
        [[[{"preset": "box", "size": 3}]]],
        {"init": "normal", "shape": SHAPE},
    ],
)
def test_what_a_recipe_makes_has_the_shape_that_was_told_before(recipe, monkeypatch):
    weights = parse_weights(recipe, "weight")
    assert not weights.ready
    shape = weights.shape
    assert weights.array.shape == shape
    assert weights.array.dtype == np.float32
    assert not weights.array.flags.writeable
    assert weights.to_json() == recipe


def test_kernels_and_numbers_stand_in_their_places():
    numbers = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
    weights = parse_weights([[{"preset": "sobel"}, numbers], [numbers, {"preset": "scharr"}]], "weight")
    np.testing.assert_array_equal(weights.array[0, 0], fl.kernels.sobel(3))
    np.testing.assert_array_equal(weights.array[0, 1], numbers)
    np.testing.assert_array_equal(weights.array[1, 1], fl.kernels.scharr(3))


def test_a_recipe_is_the_layers_own_copy():
    recipe = [[{"preset": "box", "size": 3}]]
    layer = fl.Conv2d(weight=recipe)
    recipe[0][0]["size"] = 5
    assert layer.params()["weight"] == [[{"preset": "box", "size": 3}]]
    assert layer.weight.shape == (1, 1, 3, 3)


def _nested(depth, value=1.0, key=None):
    for _ in range(depth):
        value = [value] if key is None else {key: value}
    return value


def _endless():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        *(_nested(depth) for depth in (40, 900, 100_000)),
        *(_nested(5000, key=key) for key in ("preset", "init", "values", "shape", "other")),
        {"values": _nested(5000)},
        {"init": "zeros", "shape": _nested(5000)},
        {"preset": "gaussian", "size": _nested(5000)},
        [_nested(5000), {"preset": "sobel"}],
        _endless(),
        {"values": _endless()},
    ],
    ids=lambda value: type(value).__name__,
)
def test_nesting_of_any_depth_is_refused_in_a_short_line(value):
    for make in (lambda: fl.Filter2d(kernel=value), lambda: fl.Filter2d([[1.0]], padding=value)):
        with pytest.raises(ParameterError) as caught:
            make()
        assert len(str(caught.value)) < 300


def test_threads_that_ask_at_once_get_the_same_numbers():
    made = []

    def make():
        made.append(threading.get_ident())
        time.sleep(0.05)  # long enough for the others to come
        return np.zeros((2, 2), np.float32)

    weights = Weights((2, 2), {"preset": "test"}, make)
    with ThreadPoolExecutor(4) as pool:
        arrays = list(pool.map(lambda _: weights.array, range(4)))
    assert len(made) == 1
    assert all(array is arrays[0] for array in arrays)


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


def test_a_dirac_needs_both_axes():
    with pytest.raises(ParameterError, match="bias .*'dirac'.*needs both axes"):
        fl.Conv2d(np.ones((2, 1, 1, 1)), bias={"init": "dirac", "shape": [2]})


@pytest.mark.parametrize("layer", [fl.Filter2d, fl.Conv2d, fl.ReLU])
def test_a_parameter_named_self_is_unknown_like_any_other(layer):
    with pytest.raises(ParameterError, match="no parameter 'self'"):
        layer(**{"self": 1})


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan")])
def test_numbers_that_no_float_holds_are_refused(number):
    for make in (lambda: fl.Filter2d([[1.0]], offset=number), lambda: fl.Upsample(number)):
        with pytest.raises(ParameterError) as caught:
            make()
        assert len(str(caught.value)) < 300


def test_recipes_of_very_many_numbers_are_compared_without_making_them():
    large = {"init": "normal", "shape": [1024, 8192], "seed": 1}
    first, same, other = (fl.Linear(weight={**large, "seed": seed}) for seed in (1, 1, 2))
    assert first == same
    assert first != other
    assert not first.raw()["weight"].ready
    small = {"init": "zeros", "shape": [2, 2]}
    assert fl.Linear(weight=small) == fl.Linear(weight=[[0.0, 0.0], [0.0, 0.0]])


def test_numbers_that_are_forgotten_while_somebody_asks_are_given_still():
    weights = parse_weights({"init": "ones", "shape": [2, 2]}, "weight")

    class Forgetting:
        """Another thread's `forget`, just after the numbers were made."""

        def __enter__(self):
            pass

        def __exit__(self, *args):
            weights.forget()

    weights._lock = Forgetting()
    np.testing.assert_array_equal(weights.array, np.ones((2, 2)))


def test_a_shape_of_very_many_axes_is_refused_at_once_and_in_few_words():
    for shape in ([16000] * 200_000, [1] * 9):
        with pytest.raises(ParameterError, match=f"shape of {len(shape)} axes .*at most 8 axes") as caught:
            fl.Conv2d(weight={"init": "zeros", "shape": shape})
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"wiener": {"preset": "box"}}, "size is None"),
        ({"wiener": {"preset": "box"}, "size": 0}, "size is 0"),
        ({"wiener": {"preset": "box"}, "size": 46}, "46 x 46 weights are too many"),
        ({"wiener": {"preset": "box"}, "size": 5, "noise": 0}, "noise is 0"),
        ({"wiener": {"preset": "bux"}, "size": 5}, "no kernel 'bux'"),
        ({"wiener": {"preset": "box"}, "size": 5, "sizes": 5}, "unknown key 'sizes'"),
        ({"wiener": [1, 2, 3], "size": 5}, "undoes \\[1, 2, 3\\]"),
        ({"wiener": {"wiener": {"preset": "box"}, "size": 5}, "size": 5}, "undoes"),
        ({"wiener": [{"wiener": [[1]], "size": 5}], "size": 5}, "undoes"),
        ({"wiener": [[1, float("nan")]], "size": 5}, "NaN"),
    ],
)
def test_wrong_inverses_are_refused_as_the_layer_is_made(recipe, words):
    with pytest.raises(ParameterError, match=f"Filter2d: kernel.*{words}"):
        fl.Filter2d(recipe)


def test_an_inverse_stays_a_recipe_and_may_stand_for_a_plane():
    blur = np.full((3, 3), 1 / 9)
    recipe = {"wiener": blur, "size": [5, 7], "noise": 0.01}
    weights = parse_weights([[recipe]], "weight")
    assert weights.shape == (1, 1, 5, 7)
    assert weights.to_json() == [[{**recipe, "wiener": blur.tolist()}]]
    assert np.array_equal(weights.array[0, 0], fl.kernels.wiener_inverse(np.float32(blur), (5, 7), 0.01))
