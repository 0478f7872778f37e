"""The subject, item by item: figures that a reader of the textbook can check by hand.

Rows of chapter 6 of *Dive into Deep Learning*, of CNN Explainer and of Distill's receptive-field article.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.resources import examples
from filterlab.run.ledger import ledger

GRID = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
TWO_BY_TWO = np.array([[0, 1], [2, 3]], np.float32)
SIXTEEN = np.arange(16, dtype=np.float32).reshape(1, 4, 4)


def example(name):
    return fl.Pipeline.load(examples()[name])


def rows_of(pipeline, shape):
    return {row.name: row for row in ledger(pipeline, shape)}


# -- 1: cross-correlation and convolution ------------------------------------------------------------------


def test_cross_correlation_and_its_flipped_twin():
    kernel = TWO_BY_TWO[None, None]
    plain, flipped = fl.Conv2d(kernel), fl.Conv2d(kernel, operation="convolution")
    maps = fl.Pipeline(
        [
            fl.Node("correlation", plain, ("image",)),
            fl.Node("convolution", flipped, ("image",)),
            fl.Node("difference", fl.Subtract(), ("correlation", "convolution")),
        ]
    ).run(GRID)
    np.testing.assert_array_equal(maps["correlation"], [[[19, 25], [37, 43]]])
    np.testing.assert_array_equal(maps["convolution"], [[[5, 11], [23, 29]]])
    np.testing.assert_array_equal(maps["difference"], [[[14, 14], [14, 14]]])
    np.testing.assert_array_equal(F.conv2d(GRID, kernel), [[[19, 25], [37, 43]]])


# -- 2: the convolution layer ------------------------------------------------------------------------------


def test_output_is_smaller_by_the_kernel_less_one(rng):
    x = rng.standard_normal((1, 9, 7)).astype(np.float32)
    assert F.conv2d(x, np.ones((1, 1, 4, 2), np.float32)).shape == (1, 9 - 4 + 1, 7 - 2 + 1)


def test_connections_are_local(rng):
    x, kernel = rng.standard_normal((1, 9, 9)), rng.standard_normal((1, 1, 3, 3))
    moved = x.copy()
    moved[0, 4, 5] += 1
    changed = np.argwhere(F.conv2d(moved, kernel)[0] != F.conv2d(x, kernel)[0])
    assert changed.min(axis=0).tolist() == [2, 3]
    assert changed.max(axis=0).tolist() == [4, 5]
    assert len(changed) == 9


def test_weights_are_shared(rng):
    x, kernel = rng.standard_normal((1, 9, 9)), rng.standard_normal((1, 1, 3, 3))
    moved = np.roll(x, (1, 2), axis=(1, 2))
    np.testing.assert_allclose(
        F.conv2d(moved, kernel)[:, 1:, 2:], F.conv2d(x, kernel)[:, :-1, :-2], rtol=1e-12
    )


def test_bias_moves_every_value(rng):
    x, kernel = rng.standard_normal((1, 5, 5)), rng.standard_normal((1, 1, 3, 3))
    with_bias = F.conv2d(x, kernel, np.array([0.5]))
    np.testing.assert_allclose(with_bias, F.conv2d(x, kernel) + 0.5, rtol=1e-12)


# -- 4, 5: padding and stride ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kernel", "padding", "stride", "output"),
    [
        ((3, 3), 1, 1, (8, 8)),
        ((5, 3), (2, 1), 1, (8, 8)),
        ((3, 3), 0, 2, (3, 3)),
        ((3, 3), 1, 2, (4, 4)),
        ((3, 5), (0, 1), (3, 4), (2, 2)),
    ],
)
def test_padding_and_stride(kernel, padding, stride, output):
    layer = fl.Conv2d(np.ones((1, 1, *kernel)), stride=stride, padding=padding)
    pipeline = fl.Pipeline([("conv", layer)])
    assert pipeline.output_shapes((1, 8, 8)) == {"conv": (1, *output)}
    assert pipeline.run(np.ones((1, 8, 8)))["conv"].shape == (1, *output)


def test_output_formula():
    for n in range(3, 12):
        for k, p, s in [(1, 0, 1), (2, 1, 2), (3, 0, 2), (3, 1, 3), (3, 2, 4)]:
            layer = fl.Conv2d(np.ones((1, 1, k, k)), stride=s, padding=p)
            shape = fl.Pipeline([("conv", layer)]).output_shapes((1, n, n))["conv"]
            assert shape == (1, *(floor((n + 2 * p - k) / s + 1),) * 2)


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        ("zeros", [0, 0]),
        ("reflect", [3, 2]),
        ("symmetric", [2, 1]),
        ("replicate", [1, 1]),
        ("circular", [3, 4]),
    ],
)
def test_border_modes(mode, left):
    row = np.array([[[1, 2, 3, 4]]], np.float32)
    np.testing.assert_array_equal(F.pad(row, (0, 2), mode)[0, 0, :2], left)


def test_stride_takes_every_second_window_and_drops_the_rest():
    pipeline = fl.Pipeline([("conv", fl.Conv2d(np.ones((1, 1, 3, 3)), stride=2))])
    regions = [pipeline.input_region("conv", i, 0, size=(8, 8)) for i in range(3)]
    assert [(region.top, region.bottom) for region in regions] == [
        (0, 3),
        (2, 5),
        (4, 7),
    ]  # row 7: never seen


# -- 6: why stride and pooling -----------------------------------------------------------------------------


def test_plain_layers_take_55_to_shrink_224_to_4():
    pipeline = fl.Pipeline(fl.Conv2d({"init": "ones", "shape": [1, 1, 5, 5]}) for _ in range(55))
    sizes = [shape[1] for shape in pipeline.output_shapes((1, 224, 224)).values()]
    assert sizes == [224 - 4 * depth for depth in range(1, 56)]
    assert sizes[-1] == 4


# -- 7: the receptive field --------------------------------------------------------------------------------


def test_vgg16_at_its_last_pooling():
    pipeline = example("vgg16")
    field = pipeline.receptive_field("pool5")
    assert (field.size, field.stride, field.padding) == ((212, 212), (32, 32), (90, 90))


def test_receptive_field_recursion():
    """RF_i = (RF_{i+1} - 1) s_i + k_i, from the last layer down."""
    layers = [(7, 2), (3, 2), (1, 1), (3, 1), (2, 2), (5, 3)]
    pipeline = fl.Pipeline((f"l{i}", fl.MaxPool2d(k, stride=s)) for i, (k, s) in enumerate(layers))
    fields = {}
    size = 1
    for i, (k, s) in reversed(list(enumerate(layers))):
        size = (size - 1) * s + k
        fields[i] = size
    last = f"l{len(layers) - 1}"
    for i, want in fields.items():
        of = f"l{i - 1}" if i else "image"
        assert pipeline.receptive_field(last, of=of).size == (want, want)


def test_the_box_in_every_earlier_map_is_what_moves_the_value(rng):
    pipeline = fl.Pipeline(
        [
            ("conv1", fl.Conv2d(rng.random((2, 1, 3, 3)), padding=1)),
            ("pool", fl.AvgPool2d(2)),
            ("conv2", fl.Conv2d(rng.random((1, 2, 3, 3)))),
        ]
    )
    x = rng.random((1, 12, 12))
    box = pipeline.input_region("conv2", 1, 2, size=(12, 12))
    assert (box.top, box.left, box.bottom, box.right) == (1, 3, 9, 11)
    value = pipeline.run(x)["conv2"][0, 1, 2]
    for row, col in np.ndindex(12, 12):
        moved = x.copy()
        moved[0, row, col] += 1
        inside = box.top <= row < box.bottom and box.left <= col < box.right
        assert (pipeline.run(moved, "conv2")["conv2"][0, 1, 2] != value) == inside


# -- 8, 9, 10: channels ------------------------------------------------------------------------------------


def test_input_channels_are_filtered_one_by_one_and_summed():
    """d2l's figure: 19*... two channels, X and X + 1, with kernels K and K + 1."""
    x = np.concatenate([GRID, GRID + 1])
    kernel = np.stack([TWO_BY_TWO, TWO_BY_TWO + 1])[None]
    np.testing.assert_array_equal(F.conv2d(x, kernel), [[[56, 72], [104, 120]]])
    parts = [F.conv2d(x[c : c + 1], kernel[:, c : c + 1]) for c in range(2)]
    np.testing.assert_array_equal(parts[0] + parts[1] + 0.5, F.conv2d(x, kernel, np.array([0.5], np.float32)))


def test_each_output_channel_has_its_own_kernel():
    """d2l: K, K + 1 and K + 2 stacked give three maps."""
    x = np.concatenate([GRID, GRID + 1])
    kernel = np.stack([TWO_BY_TWO, TWO_BY_TWO + 1])
    weight = np.stack([kernel, kernel + 1, kernel + 2])
    layer = fl.Conv2d(weight)
    maps = fl.Pipeline([("conv", layer)]).run(x)["conv"]
    np.testing.assert_array_equal(
        maps, [[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]]
    )
    assert layer.parameter_count() == 3 * 2 * 2 * 2


def test_one_by_one_convolution_is_a_linear_layer_at_each_pixel(rng):
    x, weight, bias = rng.standard_normal((3, 4, 5)), rng.standard_normal((2, 3)), rng.standard_normal(2)
    pixels = x.reshape(3, -1).T
    want = F.linear(pixels, weight, bias).T.reshape(2, 4, 5)
    np.testing.assert_allclose(F.conv2d(x, weight[:, :, None, None], bias), want, rtol=1e-12)


def test_grey_from_rgb(rng):
    picture = rng.random((3, 6, 7), np.float32)
    luma = example("rgb-to-grey").run(picture)["luma"]
    assert luma.shape == (1, 6, 7)
    np.testing.assert_allclose(luma[0], np.tensordot([0.299, 0.587, 0.114], picture, 1), rtol=1e-5)


# -- 11: the Inception block -------------------------------------------------------------------------------


def test_inception_block_with_and_without_reduction():
    reduced = rows_of(example("inception-block"), (3, 300, 451))
    plain = rows_of(example("inception-block-no-reduction"), (3, 300, 451))
    for rows in (reduced, plain):
        assert rows["stem/pool"].shape == (192, 28, 28)
        branches = ["3a/1x1", "3a/3x3", "3a/5x5", "3a/pool-proj"]
        assert [rows[name].shape for name in branches] == [(c, 28, 28) for c in (64, 128, 32, 32)]
        assert rows["3a/output"].shape == (256, 28, 28)
    # Each weight is used once at each of the 784 positions.
    weights = 192 * 64 + 192 * 96 + 96 * 128 * 9 + 192 * 16 + 16 * 32 * 25 + 192 * 32
    assert block_total(reduced, "macs") == weights * 784 == 128_049_152
    assert block_total(reduced, "parameters") == weights + 64 + 96 + 128 + 16 + 32 + 32 == 163_696
    weights = 192 * 64 + 192 * 128 * 9 + 192 * 32 * 25 + 192 * 32
    assert block_total(plain, "macs") == weights * 784 == 308_281_344
    assert block_total(plain, "parameters") == weights + 256 == 393_472


def block_total(rows, figure):
    return sum(getattr(row, figure) for name, row in rows.items() if name.startswith("3a/"))


# -- 12, 13, 14: pooling -----------------------------------------------------------------------------------


def test_max_and_mean_pooling():
    np.testing.assert_array_equal(F.max_pool2d(GRID, 2, stride=1), [[[4, 5], [7, 8]]])
    np.testing.assert_array_equal(F.avg_pool2d(GRID, 2, stride=1), [[[2, 3], [5, 6]]])


def test_pooling_with_padding_stride_and_channels():
    np.testing.assert_array_equal(F.max_pool2d(SIXTEEN, 3), [[[10]]])
    np.testing.assert_array_equal(F.max_pool2d(SIXTEEN, 3, padding=1, stride=2), [[[5, 7], [13, 15]]])
    both = np.concatenate([SIXTEEN, SIXTEEN + 1])
    np.testing.assert_array_equal(
        F.max_pool2d(both, 3, padding=1, stride=2), [[[5, 7], [13, 15]], [[6, 8], [14, 16]]]
    )


def test_the_winner_of_a_window_is_shown():
    found = fl.Pipeline([("pool", fl.MaxPool2d(2, stride=1))]).explain(GRID, "pool", 0, 1, 0)
    assert found.value == 7
    winners = [term.where for term in found.terms if term.weight == 1]
    assert [(where.row, where.col) for where in winners] == [(2, 1)]


def test_global_average_pooling_gives_one_number_a_channel(rng):
    x = rng.standard_normal((5, 7, 6))
    out = fl.Pipeline([("pool", fl.GlobalAvgPool2d())]).run(x)["pool"]
    np.testing.assert_allclose(out.reshape(5), x.mean(axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize(("n", "o"), [(7, 3), (10, 4), (5, 5), (3, 5)])
def test_adaptive_windows(n, o):
    pipeline = fl.Pipeline([("pool", fl.AdaptiveMaxPool2d(o))])
    for i in range(o):
        region = pipeline.input_region("pool", i, i, size=(n, n))
        assert (region.top, region.bottom) == (floor(i * n / o), ceil((i + 1) * n / o))
        assert (region.left, region.right) == (region.top, region.bottom)


# -- 15, 16: whole networks, and the way into one number ---------------------------------------------------


def test_lenet_shapes():
    shapes = example("lenet-like").output_shapes((1, 512, 512))
    want = {"conv1": (6, 28, 28), "pool1": (6, 14, 14), "conv2": (16, 10, 10), "pool2": (16, 5, 5)}
    assert {name: shapes[name] for name in want} == want
    vectors = ["flatten", "fc1", "fc2", "fc3", "softmax"]
    assert [shapes[name] for name in vectors] == [(400,), (120,), (84,), (10,), (10,)]


def test_tiny_vgg_shapes():
    shapes = example("tiny-vgg-like").output_shapes((3, 300, 451))
    sizes = {
        "conv_1_1": 62,
        "conv_1_2": 60,
        "max_pool_1": 30,
        "conv_2_1": 28,
        "conv_2_2": 26,
        "max_pool_2": 13,
    }
    assert {name: shapes[name] for name in sizes} == {name: (10, n, n) for name, n in sizes.items()}
    assert (shapes["flatten"], shapes["output"]) == ((1690,), (10,))


def test_class_bars_add_up_to_one(rng):
    pipeline = example("tiny-vgg-like")
    bars = pipeline.run(rng.random((3, 64, 64), np.float32), "softmax")["softmax"]
    assert len(pipeline["softmax"].labels) == len(bars) == 10
    assert bars.min() >= 0
    assert abs(bars.sum() - 1) < 1e-6


def test_three_zoom_levels_show_exact_numbers(rng):
    """The overview's value, one unit's sum a channel, one window's products: each adds up to the one above."""
    pipeline = example("tiny-vgg-like")
    picture = rng.random((3, 64, 64), np.float32)
    maps = pipeline.run(picture)
    found = pipeline.explain(picture, "conv_1_2", 4, 20, 30)
    assert found.value == maps["conv_1_2"][4, 20, 30]
    weight = pipeline["conv_1_2"].weight
    sums = {}
    for term in found.terms:
        where = term.where
        assert term.value == maps["relu_1_1"][where.channel, where.row, where.col]
        assert term.weight == weight[4, where.channel, where.row - 20, where.col - 30]
        assert term.product == term.value * term.weight
        sums[where.channel] = sums.get(where.channel, 0.0) + term.product
    assert len(found.terms) == 10 * 3 * 3
    assert sum(sums.values()) + found.bias == pytest.approx(found.value, rel=1e-5, abs=1e-6)
