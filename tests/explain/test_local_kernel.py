"""The kernel at a value: kernel and constants add up to the value, and the kernel is what the value does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from tests.explain.random_pipelines import branched, position


def last(pipe):
    return pipe.nodes[-1].name


def pixels(picture, region):
    """The pixels of an unclipped region, 0 beside the picture."""
    height, width = picture.shape[1:]
    sides = (
        (0, 0),
        (max(-region.top, 0), max(region.bottom - height, 0)),
        (max(-region.left, 0), max(region.right - width, 0)),
    )
    wide = np.pad(picture, sides)
    top, left = max(region.top, 0), max(region.left, 0)
    return wide[:, top : top + region.bottom - region.top, left : left + region.right - region.left]


def total(found, picture):
    product = (found.kernel.astype(np.float64) * pixels(picture.astype(np.float64), found.region)).sum()
    return product + sum(found.bias.values()) + found.remainder


@given(branched(), st.integers(0, 99), st.data())
def test_kernel_parts_and_remainder_add_up_to_the_value(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    made = pipe.run(picture, last(pipe))[last(pipe)]
    where = position(data.draw, made.shape)
    found = pipe.local_kernel(picture, last(pipe), *where)
    assert found.value == made[where[: made.ndim]]
    size = max(1, np.abs(made).max(), np.abs(found.kernel).sum())
    assert total(found, picture) == pytest.approx(found.value, abs=1e-12 * size)
    if found.exact:
        assert abs(found.remainder) <= 1e-10 * size


@settings(max_examples=60)
@given(branched(), st.integers(0, 99), st.data())
def test_in_float32_the_remainder_of_straight_layers_is_round_off(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)
    made = pipe.run(picture, last(pipe))[last(pipe)]
    where = position(data.draw, made.shape)
    found = pipe.local_kernel(picture, last(pipe), *where)
    assert found.kernel.dtype == np.float32
    if found.exact:
        assert abs(found.remainder) <= 1e-5 * max(1, np.abs(made).max(), np.abs(found.kernel).sum())


@settings(max_examples=60)
@given(branched(), st.integers(0, 99), st.data())
def test_the_kernel_is_how_the_value_changes(built, seed, data):
    pipe, shape = built
    rng = np.random.default_rng(seed)
    picture, way = rng.uniform(-1, 1, shape), rng.uniform(-1, 1, shape)
    made = pipe.run(picture, last(pipe))[last(pipe)]
    where = position(data.draw, made.shape)
    found = pipe.local_kernel(picture, last(pipe), *where)
    step = 1e-6
    ahead, behind = (
        pipe.run(picture + sign * step * way, last(pipe))[last(pipe)][where[: made.ndim]] for sign in (1, -1)
    )
    slope = (found.kernel * pixels(way, found.region)).sum()
    # A kink between the two makes each half of the step right by itself, and their mean wrong.
    halves = (ahead - found.value) / step, (found.value - behind) / step
    assert min(abs(half - slope) for half in halves) <= 1e-4 * max(1, np.abs(found.kernel).sum())


def test_only_layers_that_add_something_have_a_part():
    pipe = fl.Pipeline(
        [
            ("conv", fl.Conv2d(np.ones((2, 1, 3, 3)), bias=[0.5, -9.0])),
            fl.ReLU(),
            ("mix", fl.Conv2d(np.full((1, 2, 1, 1), 2.0))),
            ("limit", fl.Clamp(max=3.0)),
        ]
    )
    picture = np.full((1, 5, 5), 0.1)
    found = pipe.local_kernel(picture, "mix", 0, 0, 0)
    # The second channel is 0 behind ReLU, so that neither its weights nor its bias count.
    assert found.exact
    assert found.bias == {"conv": pytest.approx(1.0)}
    np.testing.assert_allclose(found.kernel, np.full((1, 3, 3), 2.0))
    limited = pipe.local_kernel(picture + 1, "limit", 0, 0, 0)
    assert limited.bias == {"limit": pytest.approx(3.0)}
    assert not limited.kernel.any()


def test_curved_layers_leave_a_stated_remainder(rng):
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.standard_normal((1, 1, 3, 3)), bias=[0.3])), fl.Sigmoid()])
    picture = rng.random((1, 6, 6))
    found = pipe.local_kernel(picture, last(pipe), 0, 1, 1)
    z = pipe.run(picture, "conv")["conv"][0, 1, 1]
    s = 1 / (1 + np.exp(-z))
    assert not found.exact
    assert found.remainder == pytest.approx(s - s * (1 - s) * z, abs=1e-12)
    assert found.bias == {"conv": pytest.approx(0.3 * s * (1 - s))}


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular", "symmetric", "zeros"])
def test_repeated_pixels_count_where_they_are_taken_from(rng, mode):
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.random((1, 1, 5, 5)), padding=2, padding_mode=mode))])
    picture = rng.random((1, 7, 8))
    found = pipe.local_kernel(picture, "conv", 0, 0, 0)
    seen = pipe.input_region("conv", 0, 0)
    assert found.region.top <= seen.top
    assert found.region.right >= seen.right
    outside = found.kernel.copy()
    outside[:, -found.region.top :, -found.region.left :] = 0
    assert not outside.any()
    assert total(found, picture) == pytest.approx(found.value, abs=1e-14)
    if mode == "circular":  # taken from the far end: the region reaches to it
        assert (found.region.bottom, found.region.right) == (7, 8)


def test_the_constant_of_a_border_is_its_layer_s(rng):
    pipe = fl.Pipeline(
        [("pad", fl.Pad(1, mode="constant", value=2.0)), ("sum", fl.Conv2d(np.ones((1, 1, 3, 3))))]
    )
    found = pipe.local_kernel(rng.random((1, 4, 4)), "sum", 0, 0, 0)
    assert found.bias == {"pad": pytest.approx(10.0)}


def test_a_value_of_the_picture_is_itself(rng):
    picture = rng.random((3, 4, 4)).astype(np.float32)
    found = fl.Pipeline([fl.ReLU()]).local_kernel(picture, "image", 2, 1, 3)
    assert vars(found.region) == {"top": 1, "left": 3, "bottom": 2, "right": 4}
    np.testing.assert_array_equal(found.kernel.ravel(), [0, 0, 1])
    assert (found.bias, found.exact, found.value) == ({}, True, picture[2, 1, 3])


def test_known_maps_give_the_same(rng):
    pipe = fl.Pipeline([fl.Conv2d(rng.random((2, 1, 3, 3))), fl.ReLU(), fl.MaxPool2d(2)])
    picture = rng.random((1, 12, 12))
    alone = pipe.local_kernel(picture, last(pipe), 1, 2, 2)
    helped = pipe.local_kernel(picture, last(pipe), 1, 2, 2, maps=pipe.run(picture))
    np.testing.assert_array_equal(alone.kernel, helped.kernel)


def test_infinity_does_not_reach_weights_that_do_not_see_it(rng):
    pipe = fl.Pipeline([fl.Conv2d(rng.random((1, 1, 3, 3)), bias=[1.0]), fl.ReLU()])
    picture = rng.random((1, 9, 9))
    picture[0, 8, 8] = np.inf
    found = pipe.local_kernel(picture, last(pipe), 0, 0, 0)
    assert np.isfinite(found.kernel).all()
    assert abs(found.remainder) < 1e-14


def test_wrong_places_are_refused(rng):
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.random((1, 1, 3, 3))))])
    with pytest.raises(fl.FilterLabError, match="row"):
        pipe.local_kernel(rng.random((1, 5, 5)), "conv", 0, 3, 0)
    with pytest.raises(fl.FilterLabError, match="batch"):
        pipe.local_kernel(rng.random((2, 1, 5, 5)), "conv", 0, 0, 0)


def test_it_can_be_written_as_json(rng):
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.random((1, 3, 3, 3)), bias=[0.5]))])
    found = pipe.local_kernel(rng.random((3, 5, 5)), "conv", 0, 1, 2).to_dict()
    text = json.loads(json.dumps(found))
    assert text["region"] == {"top": 1, "left": 2, "bottom": 4, "right": 5}
    assert text["bias"] == {"conv": 0.5}
    assert np.shape(text["kernel"]) == (3, 3, 3)
