"""Folding batch norms leaves the numbers of every node that is left, and says what it could not fold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.functional.geometry import PADDING_MODES
from filterlab.merging.batch_norms import fold_batch_norms

REPEATING = [mode for mode in PADDING_MODES if mode not in ("zeros", "constant")]


def batch_norm(rng, channels):
    mean, bias = rng.normal(size=(2, channels))
    variance, weight = rng.uniform(0.5, 2, (2, channels))
    return fl.BatchNorm2d(
        running_mean=mean, running_var=variance, weight=weight * rng.choice([-1, 1]), bias=bias
    )


def norm_of(kind, rng, channels):
    if kind == "batch_norm":
        return batch_norm(rng, channels)
    if kind == "scale":
        return fl.ScaleShift(weight=rng.uniform(0.5, 2, channels))
    if kind == "shift":
        return fl.ScaleShift(bias=rng.normal(size=channels))
    return fl.Normalize(mean=rng.normal(size=channels), std=rng.uniform(0.5, 2, channels))


def convolution(rng, mode="zeros", groups=2, **options):
    options = {"padding": 1, "padding_mode": mode, "value": 0.3, "groups": groups, **options}
    return fl.Conv2d(weight=rng.normal(size=(6, 4 // groups, 3, 2)), **options)


def agree(before, after, x):
    """Every node that is left makes the map that it made before."""
    one, other = before.run(x), after.run(x)
    assert set(other) < set(one)
    for name, found in other.items():
        np.testing.assert_allclose(found, one[name], rtol=1e-12, atol=1e-12, err_msg=name)


def picture(rng, channels=4):
    return rng.normal(size=(channels, 6, 7))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1 << 16),
    kinds=st.lists(st.sampled_from(["batch_norm", "scale", "shift", "normalize"]), min_size=1, max_size=3),
    mode=st.sampled_from(PADDING_MODES),
    groups=st.sampled_from([1, 2]),
    bias=st.booleans(),
    operation=st.sampled_from(["cross-correlation", "convolution"]),
    transposed=st.booleans(),
)
def test_norms_behind_a_convolution_go_into_it(seed, kinds, mode, groups, bias, operation, transposed):
    rng = np.random.default_rng(seed)
    given_bias = rng.normal(size=6) if bias else None
    conv = convolution(rng, mode, groups, bias=given_bias, operation=operation, stride=2)
    if transposed:
        weight = rng.normal(size=(4, 6 // groups, 3, 2))
        conv = fl.ConvTranspose2d(weight=weight, bias=given_bias, stride=2, padding=1, groups=groups)
    norms = [(f"norm{i}", norm_of(kind, rng, 6)) for i, kind in enumerate(kinds)]
    pipe = fl.Pipeline([("conv", conv), *norms, ("relu", fl.ReLU())])
    found = pipe.fold_batch_norms()
    last = norms[-1][0]
    assert [node.name for node in found.pipeline.nodes] == [last, "relu"]
    assert found.folded == dict.fromkeys(["conv", *(name for name, _ in norms[:-1])], last)
    assert found.kept == {}
    assert isinstance(found.pipeline, fl.Pipeline)
    agree(pipe, found.pipeline, picture(rng))


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 1 << 16),
    mode=st.sampled_from(REPEATING),
    kind=st.sampled_from(["batch_norm", "scale", "shift"]),
    groups=st.sampled_from([1, 2]),
    operation=st.sampled_from(["cross-correlation", "convolution"]),
)
def test_norms_in_front_go_into_a_convolution_whose_padding_repeats_the_map(
    seed, mode, kind, groups, operation
):
    rng = np.random.default_rng(seed)
    pipe = fl.Pipeline(
        [
            ("first", norm_of(kind, rng, 4)),
            ("second", batch_norm(rng, 4)),
            ("conv", convolution(rng, mode, groups, operation=operation, dilation=2)),
        ]
    )
    found = pipe.fold_batch_norms()
    assert [node.name for node in found.pipeline.nodes] == ["conv"]
    agree(pipe, found.pipeline, picture(rng))


@pytest.mark.parametrize("mode", ["zeros", "constant"])
def test_a_shift_in_front_of_filled_padding_is_refused_by_the_name_of_the_mode(rng, mode):
    pipe = fl.Pipeline([("norm", batch_norm(rng, 4)), ("conv", convolution(rng, mode))])
    found = pipe.fold_batch_norms()
    assert found.pipeline is pipe
    assert f"padding ({mode})" in str(found.kept["norm"])
    assert "'conv'" in str(found.kept["norm"])


def test_a_scale_in_front_of_zeros_goes_in(rng):
    pipe = fl.Pipeline([("scale", norm_of("scale", rng, 4)), ("conv", convolution(rng))])
    found = pipe.fold_batch_norms()
    assert found.folded == {"scale": "conv"}
    agree(pipe, found.pipeline, picture(rng))


def test_without_padding_a_shift_in_front_goes_in(rng):
    for padding in (0, "valid"):
        pipe = fl.Pipeline([("bn", batch_norm(rng, 4)), ("conv", convolution(rng, padding=padding))])
        found = pipe.fold_batch_norms()
        assert found.folded == {"bn": "conv"}
        agree(pipe, found.pipeline, picture(rng))


def test_fully_connected_layers_take_what_stands_on_either_side(rng):
    pipe = fl.Pipeline(
        [
            ("flatten", fl.Flatten()),
            ("before", fl.ScaleShift(weight=rng.normal(size=168), bias=rng.normal(size=168))),
            ("fc", fl.Linear(weight=rng.normal(size=(5, 168)))),
            ("after", fl.ScaleShift(weight=rng.normal(size=5), bias=rng.normal(size=5))),
        ]
    )
    found = pipe.fold_batch_norms()
    assert [node.name for node in found.pipeline.nodes] == ["flatten", "after"]
    assert found.folded == {"fc": "after", "before": "after"}
    agree(pipe, found.pipeline, picture(rng))


def test_what_stays_is_said_with_the_reason(rng):
    pipe = fl.Pipeline(
        [
            fl.Node("prepared", norm_of("normalize", rng, 4), ("image",)),
            fl.Node("shared", convolution(rng), ("prepared",)),
            fl.Node("bn1", batch_norm(rng, 6), ("shared",)),
            fl.Node("sum", fl.Add(), ("bn1", "shared")),
            fl.Node("bn2", batch_norm(rng, 6), ("sum",)),
            fl.Node("off", fl.Conv2d(weight=rng.normal(size=(6, 6, 1, 1))), ("bn2",), enabled=False),
            fl.Node("bn3", batch_norm(rng, 6), ("off",)),
        ]
    )
    found = pipe.fold_batch_norms()
    assert found.pipeline is pipe
    assert {name: str(reason) for name, reason in found.kept.items()} == {
        "prepared": "it follows 'image', which is no convolution",
        "bn1": "'shared' is read by 'sum', too",
        "bn2": "it follows 'sum', which is no convolution",
        "bn3": "'off' is switched off",
    }


def test_maps_that_are_asked_for_stay(rng):
    pipe = fl.Pipeline([("conv", convolution(rng)), ("bn", batch_norm(rng, 6))])
    found = fold_batch_norms(pipe, keep=["conv"])
    assert str(found.kept["bn"]) == "'conv' is an output of the network"


def test_numbers_that_do_not_fit_or_would_not_be_finite_stay(rng):
    pipe = fl.Pipeline([("conv", convolution(rng)), ("bn", batch_norm(rng, 5))])
    assert "5 channels, the layer beside it 6" in str(pipe.fold_batch_norms().kept["bn"])
    flat = fl.BatchNorm2d(running_mean=np.zeros(6), running_var=np.zeros(6), eps=0)
    pipe = fl.Pipeline([("conv", convolution(rng)), ("bn", flat)])
    assert "finite" in str(pipe.fold_batch_norms().kept["bn"])


def test_weights_keep_their_precision():
    rng = np.random.default_rng(1)
    conv = fl.Conv2d(weight=rng.normal(size=(6, 4, 3, 3)).astype(np.float32))
    norm = fl.BatchNorm2d(running_mean=np.ones(6, np.float32), running_var=np.ones(6, np.float32))
    pipe = fl.Pipeline([("conv", conv), ("bn", norm)])
    folded = pipe.fold_batch_norms().pipeline["bn"]
    assert (folded.weight.dtype, folded.bias.dtype) == (np.float32, np.float32)
