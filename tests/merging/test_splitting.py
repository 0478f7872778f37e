"""Split layers give the numbers of the one that they stand for, up to the error of the kernel that is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.errors import NeedsSizeError, ParameterError
from filterlab.functional.geometry import PADDING_MODES
from filterlab.kernels.factors import product
from filterlab.merging.splitting import rank_errors, split_cascade, split_ranks
from filterlab.merging.whole import merge_all

SIZE = (21, 24)


def compared(pipe, split, channels, dtype=np.float64, tolerance=1e-12):
    """The maps of a node before and after agree everywhere, at the border too."""
    image = np.random.default_rng(2).uniform(-1, 1, (channels, *SIZE)).astype(dtype)
    name = split.names[-1]
    one, other = pipe.run(image)[name], split.pipeline.run(image)[name]
    np.testing.assert_allclose(other, one, rtol=0, atol=tolerance * np.abs(one).max())


@st.composite
def options(draw):
    return {
        "padding": ((draw(st.integers(0, 3)), draw(st.integers(0, 2))), (draw(st.integers(0, 2)), 1)),
        "padding_mode": draw(st.sampled_from(PADDING_MODES)),
        "value": 0.5,
        "stride": (draw(st.integers(1, 2)), draw(st.integers(1, 3))),
        "dilation": (draw(st.integers(1, 2)), 1),
        "operation": draw(st.sampled_from(["cross-correlation", "convolution"])),
    }


@settings(max_examples=8, deadline=None)
@given(given_options=options(), seed=st.integers(0, 99))
def test_a_filter_of_full_rank_is_the_sum_of_its_parts(given_options, seed):
    kernel = np.random.default_rng(seed).normal(size=(3, 4))
    pipe = fl.Pipeline([("f", fl.Filter2d(kernel=kernel, divisor=3, offset=0.2, **given_options)), fl.ReLU()])
    split = split_ranks(pipe, "f", 3)
    assert split.error < 1e-12
    assert [node.layer.key for node in split.pipeline] == [*["filter2d"] * 6, "add", "relu"]
    compared(pipe, split, 2)


@settings(max_examples=8, deadline=None)
@given(given_options=options(), seed=st.integers(0, 99), groups=st.sampled_from([1, 2]))
def test_a_convolution_of_full_rank_is_columns_and_rows(given_options, seed, groups):
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(6, 4 // groups, 3, 2))
    layer = fl.Conv2d(weight=weight, bias=rng.normal(size=6), groups=groups, **given_options)
    pipe = fl.Pipeline([("c", layer)])
    split = split_ranks(pipe, "c", 12 // groups)
    assert split.error < 1e-12
    compared(pipe, split, 4)


@settings(max_examples=8, deadline=None)
@given(given_options=options(), seed=st.integers(0, 99), kind=st.sampled_from(["filter", "depthwise"]))
def test_a_cascade_is_padded_once_and_exact_where_the_kernel_factors(given_options, seed, kind):
    rng = np.random.default_rng(seed)
    kernels = [np.outer(rng.normal(size=6), rng.normal(size=5)) for _ in range(2)]
    if kind == "filter":
        layer = fl.Filter2d(kernel=kernels[0], divisor=2, offset=0.1, **given_options)
    else:
        layer = fl.Conv2d(weight=np.stack(kernels)[:, None], groups=2, bias=[0.5, -1.0], **given_options)
    pipe = fl.Pipeline([("f", layer)])
    split = split_cascade(pipe, "f")
    assert len(split.names) == 3
    assert split.error < 1e-12
    compared(pipe, split, 2, tolerance=1e-9)


def test_a_gaussian_of_11_is_five_kernels_of_3_exactly_and_cheaper():
    pipe = fl.Pipeline(
        [("blur", fl.Filter2d(kernel={"preset": "gaussian", "size": 11}, padding_mode="reflect"))]
    )
    split = split_cascade(pipe, "blur", 3, (1, *SIZE))
    assert [node.layer.kernel_size for node in split.pipeline] == [(3, 3)] * 5
    assert split.error < 1e-6
    compared(pipe, split, 3, np.float32, 1e-5)
    assert split.macs[0] == 121 * SIZE[0] * SIZE[1]
    assert split.macs[1] < split.macs[0]
    assert "split into 5 layers, relative error" in split.words()


def test_the_error_falls_with_the_rank_and_is_that_of_the_kernel():
    pipe = fl.Pipeline([("f", fl.Filter2d(kernel={"preset": "log", "size": 9}))])
    errors = rank_errors(pipe["f"])
    assert errors == sorted(errors, reverse=True)
    for rank, error in enumerate(errors, 1):
        split = split_ranks(pipe, "f", rank)
        assert split.error == pytest.approx(error, abs=1e-9)
        assert split.made.shape == split.wanted.shape == (1, 1, 9, 9)
    assert errors[-1] < 1e-6


def test_a_network_layer_of_low_rank_is_told_as_such():
    rng = np.random.default_rng(0)
    columns, rows = rng.normal(size=(2, 8, 3, 1)), rng.normal(size=(16, 2, 1, 3))
    weight = np.einsum("riu,orv->oiuv", columns[..., 0], rows[:, :, 0])
    layer = fl.Conv2d(weight=weight, padding=1)
    assert len(rank_errors(layer)) == 2
    split = split_ranks(fl.Pipeline([("c", layer)]), "c", 2, (8, *SIZE))
    before, after = split.macs
    assert before == 16 * 8 * 9 * 21 * 24
    assert after == (2 * 8 * 3 + 16 * 2 * 3) * 21 * 24


def test_names_and_readers_stay_and_what_cannot_be_split_says_why():
    nodes = [("f", fl.Filter2d(kernel={"preset": "gaussian"})), ("relu", fl.ReLU())]
    pipe = fl.Pipeline(nodes)
    split = split_ranks(pipe, "f", 1)
    assert split.names == ("filter1", "f")
    assert split.pipeline.node("relu").inputs == ("f",)

    def refused(words, run, kind=ParameterError):
        with pytest.raises(kind, match=words):
            run()

    refused("ReLU has no kernel", lambda: split_ranks(pipe, "relu", 1))
    refused("whole number, 1 to 5", lambda: split_ranks(pipe, "f", 6))
    refused("no larger than a piece of 5", lambda: split_cascade(pipe, "f", 5))
    conv = fl.Pipeline([("c", fl.Conv2d(weight=np.ones((2, 2, 5, 5))))])
    refused("sums over channels", lambda: split_cascade(conv, "c"))
    strided = fl.Pipeline([("f", fl.Filter2d(kernel={"preset": "gaussian"}, stride=2))])
    refused("size of the picture", lambda: split_ranks(strided, "f", 1), NeedsSizeError)


def test_a_padding_that_follows_the_size_is_split_for_this_one_alone():
    blur = fl.Filter2d(kernel={"preset": "gaussian"}, stride=2, padding="same")
    pipe = fl.Pipeline([("f", blur)])
    for split in (split_ranks(pipe, "f", 1, (1, *SIZE)), split_cascade(pipe, "f", 3, (1, *SIZE))):
        assert split.sized
        assert split.to_dict()["sized"]
        assert split.words().endswith("; in pictures of other sizes, other cells may differ")
        other = np.random.default_rng(0).uniform(size=(1, 22, 24))
        assert not np.allclose(split.pipeline.run(other)["f"], pipe.run(other)["f"], atol=1e-3)
    plain = fl.Pipeline([("f", blur.replace(stride=1))])
    split = split_ranks(plain, "f", 1, (1, *SIZE))
    assert not split.sized
    assert "other sizes" not in split.words()


def test_splitting_and_merging_are_inverse():
    rng = np.random.default_rng(3)
    kernel = product([rng.normal(size=(3, 3)) for _ in range(2)])
    pipe = fl.Pipeline([("f", fl.Filter2d(kernel=kernel))])
    graph = split_cascade(pipe, "f", 3).pipeline
    merged = merge_all(graph, dearer=True)
    np.testing.assert_allclose(merged.pipeline["f"].kernel, kernel, rtol=1e-8, atol=1e-10)
    assert merged.pipeline["f"].padding == "same"
