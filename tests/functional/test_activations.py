"""Activations against their formulas, their gradients against differences, their ends at infinity."""

from __future__ import annotations

import math

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import FilterLabError

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def elu(x, alpha=1.0):
    return x if x > 0 else alpha * math.expm1(x)


# name: (arguments, the formula for one number, where its slope jumps)
ACTIVATIONS = {
    "relu": ((), lambda x: max(x, 0.0), [0]),
    "relu6": ((), lambda x: min(max(x, 0.0), 6.0), [0, 6]),
    "leaky_relu": ((0.1,), lambda x: x if x > 0 else 0.1 * x, [0]),
    "elu": ((0.7,), lambda x: elu(x, 0.7), [0]),
    "celu": ((0.7,), lambda x: max(x, 0.0) + min(0.0, 0.7 * math.expm1(x / 0.7)), [0]),
    "selu": ((), lambda x: SELU_SCALE * elu(x, SELU_ALPHA), [0]),
    "gelu": ((), lambda x: x * 0.5 * math.erfc(-x / math.sqrt(2)), []),
    "sigmoid": ((), sigmoid, []),
    "logsigmoid": ((), lambda x: min(x, 0.0) - math.log1p(math.exp(-abs(x))), []),
    "silu": ((), lambda x: x * sigmoid(x), []),
    "mish": ((), lambda x: x * math.tanh(math.log1p(math.exp(-abs(x))) + max(x, 0.0)), []),
    "hardswish": ((), lambda x: x * min(max(x + 3, 0.0), 6.0) / 6, [-3, 3]),
    "hardsigmoid": ((), lambda x: min(max(x + 3, 0.0), 6.0) / 6, [-3, 3]),
    "hardtanh": ((-2.0, 0.5), lambda x: min(max(x, -2.0), 0.5), [-2, 0.5]),
    "tanh": ((), math.tanh, []),
    "tanhshrink": ((), lambda x: x - math.tanh(x), []),
    "softplus": ((2.0, 5.0), lambda x: x if 2 * x > 5 else math.log1p(math.exp(2 * x)) / 2, [2.5]),
    "softsign": ((), lambda x: x / (1 + abs(x)), [0]),
    "hardshrink": ((0.5,), lambda x: x if abs(x) > 0.5 else 0.0, [-0.5, 0.5]),
    "softshrink": ((0.5,), lambda x: math.copysign(max(abs(x) - 0.5, 0.0), x), [-0.5, 0.5]),
    "threshold": ((0.3, -1.0), lambda x: x if x > 0.3 else -1.0, [0.3]),
    "clamp": ((-1.0, 2.0), lambda x: min(max(x, -1.0), 2.0), [-1, 2]),
    "abs": ((), abs, [0]),
}
GRID = np.concatenate([np.linspace(-8, 8, 161), [-80, -30, 30, 80], [-3, -1, -0.5, 0, 0.5, 1, 3, 6]])


def test_every_activation_is_here():
    from filterlab.functional import activations

    names = {name for name in activations.__all__ if not name.endswith("_backward")}
    assert names == {*ACTIVATIONS, "prelu"} - {"clamp"}  # which is arithmetic


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_are_those_of_the_formula(name):
    args, formula, _ = ACTIVATIONS[name]
    want = [formula(float(x)) for x in GRID]
    np.testing.assert_allclose(getattr(F, name)(GRID, *args), want, rtol=1e-13, atol=1e-15)
    single = getattr(F, name)(GRID.astype(np.float32), *args)
    assert single.dtype == np.float32
    # A value on a jump may fall on its other side when it is rounded.
    smooth = np.float32(GRID) == GRID
    np.testing.assert_allclose(single[smooth], np.array(want)[smooth], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_the_derivatives(name):
    args, formula, kinks = ACTIVATIONS[name]
    x = np.array([v for v in np.linspace(-6.03, 6.01, 97) if all(abs(v - kink) > 1e-3 for kink in kinks)])
    slope = [(formula(v + 1e-5) - formula(v - 1e-5)) / 2e-5 for v in x]
    dy = np.linspace(-1, 2, len(x))
    np.testing.assert_allclose(getattr(F, f"{name}_backward")(dy, x, *args), dy * slope, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_passes_and_infinities_stay_numbers(name):
    args = ACTIVATIONS[name][0]
    x = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30], np.float32)
    y = getattr(F, name)(x, *args)
    assert np.isnan(y[0])
    assert not np.isnan(y[3:]).any()
    if name != "softsign":  # inf / inf, as PyTorch has it
        assert not np.isnan(y[1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_maps_are_done_in_parts_with_the_same_result(name, rng):
    args = ACTIVATIONS[name][0]
    x = rng.normal(size=(2, 3, 200, 201)).astype(np.float32)
    whole = getattr(F, name)(x, *args)
    np.testing.assert_array_equal(whole[1, 2, 7:9], getattr(F, name)(x[1, 2, 7:9].copy(), *args))


def test_gelu_by_tanh():
    x = np.linspace(-4, 4, 33)
    want = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    np.testing.assert_allclose(F.gelu(x, "tanh"), want, atol=1e-14)
    with pytest.raises(FilterLabError, match="approximate"):
        F.gelu(x, "erf")


def test_clamp_with_min_above_max_gives_max():
    np.testing.assert_array_equal(F.clamp(np.array([-1.0, 0.0, 9.0]), 5, 2), [2, 2, 2])


def test_prelu_has_one_slope_for_each_channel(rng):
    x, weight = rng.normal(size=(2, 3, 4, 4)), np.array([0.1, 0.2, 0.3])
    y = F.prelu(x, weight)
    np.testing.assert_allclose(y[:, 1], np.where(x[:, 1] > 0, x[:, 1], 0.2 * x[:, 1]))
    dy = rng.normal(size=x.shape)
    np.testing.assert_allclose(
        F.prelu_backward(dy, x, weight)[:, 2], dy[:, 2] * np.where(x[:, 2] > 0, 1, 0.3)
    )
    want = (dy * np.minimum(x, 0)).sum((0, 2, 3))
    np.testing.assert_allclose(F.prelu_weight_backward(dy, x, weight), want)
    with pytest.raises(FilterLabError, match="3"):
        F.prelu(x, np.ones(2))
