"""Kernels of 3x3 by transforms of tiles: the sums of windows, the same digits for every cut, and nothing mixed in."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import filterlab as fl
import filterlab.functional as F
from filterlab.compiling import compiled
from filterlab.functional import threads
from filterlab.functional.conv import blocks, methods, transforms, winograd
from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.plan import plan_conv2d
from tests.functional.strategies import MODES, arrays, pairs

# Tiles of a block and of a strip: those of the engine, and so few that there are several of a small map.
SIZES = {"one block": (winograd.BLOCK_TILES, winograd.STRIP_TILES), "many blocks": (8, 3)}
SOME = settings(max_examples=40)


@st.composite
def layers(draw):
    """(x, weight, bias, options) of convolutions that transforms of tiles can compute."""
    images, channels, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 5)), draw(st.integers(1, 10))
    size, mode = draw(pairs(1, 12)), draw(st.sampled_from(MODES))
    padding = draw(st.tuples(pairs(0, 3), pairs(0, 3)))
    for n, sides in zip(size, padding, strict=True):
        assume(n + sum(sides) >= 3)
        limit = {"reflect": n - 1, "circular": n, "symmetric": n}.get(mode)
        assume(limit is None or max(sides) <= limit)
    x = arrays(draw, images, channels, *size).astype(np.float32)
    weight = arrays(draw, outputs, channels, 3, 3).astype(np.float32)
    bias = arrays(draw, outputs).astype(np.float32) if draw(st.booleans()) else None
    fill = draw(st.sampled_from([0.0, -2.0]))
    return x, weight, bias, {"padding": padding, "padding_mode": mode, "value": fill}


def transformed(x, weight, bias=None, **options):
    """By transforms of tiles, whatever the shape."""
    return winograd.correlate(x, weight, bias, plan_conv2d(x.shape, weight.shape, **options))


def directly(x, weight, bias=None, **options):
    """Window by window, in float32."""
    return blocks.correlate("maps", x, weight, bias, plan_conv2d(x.shape, weight.shape, **options))


def exactly(x, weight, bias=None, **options):
    """The sums in float64, and those of their terms' absolute values."""
    x, weight = x.astype(float), weight.astype(float)
    y, terms = (F.conv2d(abs(x) if up else x, abs(weight) if up else weight, **options) for up in (0, 1))
    if "constant" in options.values():
        terms = F.conv2d(abs(x), abs(weight), **{**options, "value": abs(options["value"])})
    return y if bias is None else y + bias[:, None, None], terms


@pytest.mark.parametrize("sizes", SIZES)
@SOME
@given(layer=layers())
def test_transforms_give_the_sums_of_windows(sizes, layer):
    x, weight, bias, options = layer
    block, strip = SIZES[sizes]
    with patch.multiple(winograd, BLOCK_TILES=block, STRIP_TILES=strip):
        got = transformed(x, weight, bias, **options)
    want, terms = exactly(x, weight, bias, **options)
    assert (np.abs(got - want) <= 1e-6 * (terms + 2)).all()


@SOME
@given(layers(), st.data(), st.sampled_from([np.nan, np.inf, -np.inf, 1e30, 3e38, 1e6]))
def test_a_cell_beyond_all_others_reaches_only_the_windows_that_see_it(layer, data, bad):
    x, weight, bias, options = layer
    clean = transformed(x, weight, bias, **options)
    place = tuple(data.draw(st.integers(0, n - 1)) for n in x.shape)
    seen = np.zeros(x.shape, np.float32)
    seen[place] = 1
    seen = directly(seen, np.ones_like(weight), **{**options, "value": 0.0}) > 0
    x[place] = bad
    with np.errstate(all="ignore"):
        got, want = transformed(x, weight, bias, **options), directly(x, weight, bias, **options)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    # What is too large is summed directly; what one mode of padding repeats in a window may not be.
    finite = seen & np.isfinite(want)
    np.testing.assert_allclose(got[finite], want[finite], rtol=0, atol=5 if bad == 1e6 else 0)
    np.testing.assert_array_equal(got[seen & ~finite], want[seen & ~finite])
    assert np.isfinite(got[~seen]).all()
    np.testing.assert_allclose(got[~seen], clean[~seen], rtol=1e-5, atol=2e-5)


def data(rng, kind, channels):
    normal = rng.normal(size=(1, channels, 30, 33)).astype(np.float32)
    if kind == "one large value":
        normal[0, channels // 2, 15, 16] = 1e6
    if kind == "unequal places":
        normal *= np.exp(rng.normal(size=(30, 33)) * 2).astype(np.float32)
    return {
        "rectified": np.maximum(normal, 0),
        "sparse": np.maximum(normal - 1.5, 0),
        "large mean": normal + 1000,
        "8 bits": rng.integers(0, 256, normal.shape).astype(np.float32),
    }.get(kind, normal)


KINDS = ("normal", "rectified", "sparse", "large mean", "8 bits", "one large value", "unequal places")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [64, 128])
def test_transforms_keep_the_digits_of_direct_sums(rng, kind, channels):
    x = data(rng, kind, channels)
    weight = rng.normal(size=(33, channels, 3, 3)).astype(np.float32)
    assert F.conv2d_method(x.shape, weight.shape, padding=1).name == "winograd"
    want, terms = exactly(x, weight, padding=1)
    error, plain = (abs(form(x, weight, padding=1) - want) for form in (F.conv2d, directly))
    # PyTorch's own sums lose more than these, whose parts are shorter: a third more of normal numbers.
    assert np.sqrt((error**2).mean()) < 2 * np.sqrt((plain**2).mean())
    assert error.max() < 3 * plain.max()
    assert (error / terms).max() < 4 * (plain / terms).max()


def test_windows_that_see_nothing_are_the_bias_and_sparse_maps_have_the_digits_of_direct_sums(rng):
    x = np.zeros((1, 32, 40, 40), np.float32)
    x[0, 3, 11, 20], x[0, 30, 30, 7] = 1, -1e-3
    weight, bias = rng.normal(size=(32, 32, 3, 3)).astype(np.float32), rng.normal(size=32).astype(np.float32)
    np.testing.assert_array_equal(
        transformed(x, weight, bias, padding=1), directly(x, weight, bias, padding=1)
    )


@pytest.mark.parametrize("bad", [np.inf, np.nan, 1e38])
def test_weights_beyond_all_others_are_not_transformed(rng, bad):
    x, weight = (rng.normal(size=size).astype(np.float32) for size in ((1, 32, 30, 30), (32, 32, 3, 3)))
    x[:, :, 10:14, 3:9] = 0
    weight[4, 5, 0, 1] = bad
    np.testing.assert_array_equal(transformed(x, weight), directly(x, weight))


@pytest.mark.parametrize("taps", [[(1, 1)], [(0, 2)], [(0, 0), (2, 1)]], ids=str)
@pytest.mark.parametrize("dense", [True, False])
def test_kernels_of_one_or_two_weights_keep_the_digits_of_direct_sums(rng, taps, dense):
    x = rng.normal(size=(1, 40, 30, 33)).astype(np.float32)
    weight = rng.normal(size=(40, 40, 3, 3)).astype(np.float32)
    kept = np.zeros((3, 3), bool)
    kept[tuple(zip(*taps, strict=True))] = True
    weight[0] *= kept & (dense | np.eye(40, dtype=bool)[0, :, None, None])  # of one map among others
    y, plain = transformed(x, weight, padding=1)[:, 0], directly(x, weight, padding=1)[:, 0]
    want = exactly(x, weight, padding=1)[0][:, 0]
    assert np.sqrt(((y - want) ** 2).mean()) <= 2 * np.sqrt(((plain - want) ** 2).mean())


def test_neither_threads_nor_blocks_nor_the_batch_change_a_digit(rng, monkeypatch):
    x = rng.normal(size=(3, 40, 61, 47)).astype(np.float32)
    x[1, :, 20:40, 10:30] = 0
    x[2, 3, 9, 9] = np.nan
    weight, bias = rng.normal(size=(37, 40, 3, 3)).astype(np.float32), rng.normal(size=37).astype(np.float32)
    y = F.conv2d(x, weight, bias, padding=1)
    for image in range(3):
        np.testing.assert_array_equal(F.conv2d(x[image], weight, bias, padding=1), y[image])
    for count, tiles in ((1, 224), (3, 50), (7, 17)):
        for module in (threads, blocks, winograd):
            monkeypatch.setattr(module, "thread_count", lambda count=count: count)
        monkeypatch.setattr(winograd, "BLOCK_TILES", tiles)
        monkeypatch.setattr(winograd, "STRIP_TILES", 20)
        np.testing.assert_array_equal(F.conv2d(x, weight, bias, padding=1), y)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
def test_tiles_of_a_pipeline_have_the_digits_of_the_whole(rng, mode):
    side = winograd.SMALLEST
    wide, deep = (rng.normal(size=size).astype(np.float32) for size in ((32, 3, 3, 3), (33, 32, 3, 3)))
    pipeline = fl.Pipeline(
        [
            ("wide", fl.Conv2d(wide, padding=1)),
            ("positive", fl.ReLU()),
            ("deep", fl.Conv2d(deep, np.ones(33), padding=((1, 2), (0, 1)), padding_mode=mode)),
        ]
    )
    image = rng.normal(size=(3, 3 * side + 5, 4 * side + 3)).astype(np.float32)
    whole = pipeline.run(image)["deep"]
    assert F.conv2d_method((32, *image.shape[1:]), deep.shape, padding=1).name == "winograd"
    for tile in ((side + 7, 2 * side - 3), (5, 3 * side)):
        np.testing.assert_array_equal(pipeline.run_tiled(image, ["deep"], tile=tile)["deep"], whole)


def test_what_follows_is_done_to_every_output_once(rng):
    x, weight = (rng.normal(size=size).astype(np.float32) for size in ((2, 32, 61, 50), (40, 32, 3, 3)))
    offsets = rng.normal(size=40).astype(np.float32)

    def add(values, channels):
        values += offsets[channels, None, None]

    forward = F.conv.convolution.prepared_conv2d(x.shape, x.dtype, weight, None, [add, add], padding=1)
    want = F.conv2d(x, weight, padding=1) + offsets[:, None, None] + offsets[:, None, None]
    np.testing.assert_array_equal(forward(x), want)


def test_blocks_of_the_evaluator_are_large_enough_for_the_method():
    shape, side = (32, winograd.SMALLEST, 200), winograd.SMALLEST
    assert side % transforms.STEP == 0
    assert F.conv.convolution.conv2d_blocks(shape, (32, 32, 3, 3), lambda: None, padding=1) == (side, side)
    narrow = (32, side - 1, 200)
    assert F.conv.convolution.conv2d_blocks(narrow, (32, 32, 3, 3), lambda: None, padding=1) == (1, 1)
    assert all(method.name != "winograd" for method in methods.DIRECT)


@compiled(kept=False)
def transform(target, place, apart, source, begin, stride, count):
    transforms.transform_cells(target, place, apart, source, begin, stride, count)


@compiled(kept=False)
def store(target, place, stride, source, begin, apart, bias, o, rows, cols):
    transforms.store_outputs(target, place, stride, source, begin, apart, bias, o, rows, cols)


@pytest.mark.parametrize("count", [1, BYTES // 4, BYTES // 2 + 3])
def test_tiles_are_transformed_as_by_the_plain_loop(rng, count):
    source, apart = rng.normal(size=1000).astype(np.float32), count + BYTES
    got, want = np.zeros(16 * apart + 9, np.float32), np.zeros(16 * apart + 9, np.float32)
    for form, target in ((transform, got), (transforms.transform_cells, want)):
        form(target, 5, apart, source, 3, 2 * count + 2, count)
    for number in range(16):
        line = slice(5 + number * apart, 5 + number * apart + count)
        np.testing.assert_array_equal(got[line], want[line])


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("cols", [1, 2, BYTES // 4, BYTES // 2 + 3, BYTES + 2])
def test_outputs_are_stored_as_by_the_plain_loop(rng, rows, cols):
    source, bias = rng.normal(size=16 * 2 * BYTES).astype(np.float32), rng.normal(size=4).astype(np.float32)
    got, want = (np.full(7 + rows * (cols + 3), 77, np.float32) for _ in range(2))
    for form, target in ((store, got), (transforms.store_outputs, want)):
        form(target, 7, cols + 3, source, 11, BYTES + 5, bias, 2, rows, cols)
    np.testing.assert_array_equal(got, want)
