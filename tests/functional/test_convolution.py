"""Convolution and transposed convolution against plain loops, on every path and for every spelling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.errors import ChannelError, FilterLabError, ParameterError, ShapeError
from filterlab.functional import threads
from filterlab.functional.conv import blocks, plan
from tests.functional import reference
from tests.functional.strategies import convolutions, spelled, transposed

TOLERANCE = {np.float32: 2e-5, np.float64: 1e-12}
dtypes = st.sampled_from([np.float32, np.float64])


def spell(options):
    return {
        name: spelled(v) if isinstance(v, tuple) and isinstance(v[0], int) else v
        for name, v in options.items()
    }


def close(got, want, dtype, terms=1):
    assert got.dtype == dtype
    assert got.shape == want.shape
    bound = TOLERANCE[dtype] * (1 + np.abs(want).max(initial=0)) * np.sqrt(terms)
    np.testing.assert_allclose(got, want, rtol=0, atol=bound)


@given(convolutions(), dtypes)
def test_conv2d_is_the_plain_loop(case, dtype):
    x, weight, bias, options, border = case
    got = F.conv2d(
        x.astype(dtype),
        weight.astype(dtype),
        None if bias is None else bias.astype(dtype),
        **spell(options),
        **border,
    )
    want = reference.conv2d(
        x.astype(dtype).astype(float), weight.astype(dtype).astype(float), bias, **options,
        mode=border["padding_mode"], value=border["value"],
    )  # fmt: skip
    close(got, want, dtype, weight[0].size)


@given(convolutions())
def test_conv2d_backward_is_the_adjoint(case):
    """The operation without bias and fill is linear in x and in the weight: <dy, f(v)> = <gradient, v>."""
    x, weight, bias, options, border = case
    border = {**border, "value": 0.0}
    y = F.conv2d(x, weight, **options, **border)
    rng = np.random.default_rng(0)
    dy, v, w = rng.normal(size=y.shape), rng.normal(size=x.shape), rng.normal(size=weight.shape)
    dx, dweight, dbias = F.conv2d_backward(dy, x, weight, bias, **options, **border)
    assert np.vdot(dx, v) == pytest.approx(np.vdot(dy, F.conv2d(v, weight, **options, **border)), abs=1e-9)
    assert np.vdot(dweight, w) == pytest.approx(np.vdot(dy, F.conv2d(x, w, **options, **border)), abs=1e-9)
    if bias is None:
        assert dbias is None
    else:
        np.testing.assert_allclose(dbias, dy.sum((0, 2, 3)), atol=1e-12)


@given(transposed(), dtypes)
def test_conv_transpose2d_is_the_plain_loop(case, dtype):
    x, weight, bias, options = case
    got = F.conv_transpose2d(
        x.astype(dtype), weight.astype(dtype), None if bias is None else bias.astype(dtype), **spell(options)
    )
    want = reference.conv_transpose2d(
        x.astype(dtype).astype(float), weight.astype(dtype).astype(float), bias, **options
    )
    close(got, want, dtype, weight[:, 0].size)


@given(transposed())
def test_conv_transpose2d_backward_is_the_adjoint(case):
    x, weight, bias, options = case
    y = F.conv_transpose2d(x, weight, **options)
    rng = np.random.default_rng(0)
    dy, v, w = rng.normal(size=y.shape), rng.normal(size=x.shape), rng.normal(size=weight.shape)
    dx, dweight, dbias = F.conv_transpose2d_backward(dy, x, weight, bias, **options)
    assert np.vdot(dx, v) == pytest.approx(np.vdot(dy, F.conv_transpose2d(v, weight, **options)), abs=1e-9)
    assert np.vdot(dweight, w) == pytest.approx(np.vdot(dy, F.conv_transpose2d(x, w, **options)), abs=1e-9)
    if bias is not None:
        np.testing.assert_allclose(dbias, dy.sum((0, 2, 3)), atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same", "full", 1, (1, 0), ((1, 0), (0, 2))])
@pytest.mark.parametrize("stride", [1, 2])
def test_conv_transpose2d_undoes_the_size_of_conv2d(rng, padding, stride):
    x, weight = rng.normal(size=(2, 8, 10)), rng.normal(size=(3, 2, 3, 4))
    y = F.conv2d(x, weight, stride=stride, padding=padding)
    back = F.conv_transpose2d(y, weight, stride=stride, padding=padding)
    # What the floor dropped does not come back.
    assert all(n - stride < m <= n for n, m in zip(x.shape[1:], back.shape[1:], strict=True))


def test_same_transposed_multiplies_the_size_by_the_stride(rng):
    weight = rng.normal(size=(2, 1, 3, 2))
    for stride in ((1, 1), (2, 2), (3, 4)):
        y = F.conv_transpose2d(rng.normal(size=(2, 5, 7)), weight, stride=stride, padding="same")
        assert y.shape == (1, 5 * stride[0], 7 * stride[1])


# Shapes that lead to every path of the engine; the big ones are compared with PyTorch's formula by sums.
PATHS = {
    "3x3 of one channel": ((1, 70, 90), (1, 1, 3, 3), {"padding": 1}),
    "5x5 of three channels by themselves": ((3, 60, 80), (3, 1, 5, 5), {"groups": 3, "padding": "same"}),
    "separable": ((1, 90, 80), (1, 1, 9, 9), {"padding": "same", "rank": 1}),
    "a large kernel": ((1, 200, 220), (1, 1, 31, 31), {"padding": "same"}),
    "many channels, 3x3": ((32, 40, 44), (32, 32, 3, 3), {"padding": 1}),
    "many channels, 1x1": ((64, 30, 30), (48, 64, 1, 1), {}),
    "many channels, stride 2": ((3, 64, 64), (32, 3, 7, 7), {"padding": 3, "stride": 2}),
    "groups of many": ((32, 20, 20), (64, 8, 3, 3), {"groups": 4, "padding": 1}),
    "dilated": ((16, 30, 30), (16, 16, 3, 3), {"dilation": 3, "padding": 3}),
    "many channels, narrow maps": ((40, 12, 12), (32, 40, 3, 3), {"padding": 1}),
    "narrow maps": ((64, 7, 7), (64, 64, 3, 3), {"padding": 1}),
}


def by_sums(x, weight, stride=1, padding=0, dilation=1, groups=1):
    """float64, one shifted product for each tap of the kernel."""
    outputs, channels, kh, kw = weight.shape
    around = reference.sides(padding, x.shape[1:], (kh, kw), (stride, stride), (dilation, dilation))
    x = np.pad(x, ((0, 0), *around)).astype(float)
    height = (x.shape[1] - reference.span(kh, dilation)) // stride + 1
    width = (x.shape[2] - reference.span(kw, dilation)) // stride + 1
    y = np.zeros((outputs, height, width))
    share = outputs // groups
    for u in range(kh):
        for v in range(kw):
            part = x[:, u * dilation :: stride, v * dilation :: stride][:, :height, :width]
            for g in range(groups):
                rows = slice(g * share, (g + 1) * share)
                cells = part[g * channels : (g + 1) * channels]
                # BLAS would wake its threads for each of a thousand small products.
                y[rows] += np.einsum("oc,chw->ohw", weight[rows, :, u, v].astype(float), cells)
    return y


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("batch", [None, 3])
def test_every_path_gives_the_same_numbers(rng, name, batch):
    shape, kernel, options = PATHS[name]
    options = dict(options)
    weight = rng.normal(size=kernel)
    if options.pop("rank", 0):
        weight = (rng.normal(size=(kernel[2], 1)) * rng.normal(size=(1, kernel[3])))[None, None]
    x = rng.normal(size=shape if batch is None else (batch, *shape))
    want = np.stack([by_sums(image, weight, **options) for image in x.reshape(-1, *shape)])
    terms = np.prod(kernel[1:])
    for dtype, bound in ((np.float64, 1e-13), (np.float32, 3e-6)):
        got = F.conv2d(x.astype(dtype), weight.astype(dtype), **options)
        assert got.dtype == dtype
        scale = np.sqrt(terms) * 4
        assert np.abs(got.reshape(want.shape) - want).max() < bound * scale, F.conv2d_method(
            x.shape, kernel, **options
        )


def test_the_engine_says_which_path_it_takes_and_why():
    methods = [
        F.conv2d_method(shape, kernel, **{k: v for k, v in options.items() if k != "rank"})
        for shape, kernel, options in PATHS.values()
    ]
    names = {"in place", "rows", "tall", "maps", "joined", "points", "winograd", "depth", "frequency"}
    assert {method.name for method in methods} == names
    assert all(method.reason for method in methods)


def test_cross_correlation_does_not_flip():
    x = np.zeros((1, 3, 3), np.float32)
    x[0, 1, 1] = 1
    kernel = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(F.conv2d(x, kernel, padding=1)[0], kernel[0, 0, ::-1, ::-1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_reaches_only_what_sees_it(rng, bad):
    x = rng.normal(size=(1, 40, 40)).astype(np.float32)
    x[0, 20, 20] = bad
    y = F.conv2d(x, np.ones((1, 1, 3, 3), np.float32), padding=1)
    hit = ~np.isfinite(y[0])
    assert hit[19:22, 19:22].all()
    assert hit.sum() == 9


def test_arrays_may_be_views_of_any_kind(rng):
    x, weight = rng.normal(size=(40, 30, 2)), rng.normal(size=(3, 4, 2, 3))
    view, kernel = x.transpose(2, 1, 0)[:, ::-2], weight.transpose(1, 2, 3, 0)
    copy = F.conv2d(view.copy(), kernel.copy(), padding=1)
    np.testing.assert_allclose(F.conv2d(view, kernel, padding=1), copy, atol=1e-12)
    big = x.astype(">f8").transpose(2, 0, 1)
    np.testing.assert_allclose(F.conv2d(big, kernel), F.conv2d(big.astype(float), kernel), atol=1e-12)


def test_integers_are_taken_as_float32():
    y = F.conv2d(np.ones((1, 3, 3), np.uint8), np.ones((1, 1, 3, 3), int))
    assert y.dtype == np.float32
    assert y[0, 0, 0] == 9


X, W = np.zeros((3, 8, 8)), np.zeros((4, 3, 3, 3))

WRONG = {
    "channels": ((X, np.zeros((4, 2, 3, 3))), {}, ChannelError, ["3 channels", "(3, 8, 8)|3x8x8", "2"]),
    "kernel larger than the input": ((X, np.zeros((4, 3, 9, 9))), {}, ShapeError, ["9", "8"]),
    "dilated kernel larger": ((X, W), {"dilation": 4}, ShapeError, ["9", "8"]),
    "stride 0": ((X, W), {"stride": 0}, ParameterError, ["stride is 0"]),
    "stride -1": ((X, W), {"stride": (1, -1)}, ParameterError, ["stride is (1, -1)"]),
    "dilation 0": ((X, W), {"dilation": 0}, ParameterError, ["dilation is 0"]),
    "stride of a half": ((X, W), {"stride": 0.5}, ParameterError, ["stride is 0.5"]),
    "groups that do not divide": ((X, W), {"groups": 2}, FilterLabError, ["groups"]),
    "negative padding": ((X, W), {"padding": -1}, ParameterError, ["padding is -1"]),
    "unknown padding": ((X, W), {"padding": "some"}, ParameterError, ["'some'", "same"]),
    "unknown mode": ((X, W), {"padding": 1, "padding_mode": "mirror"}, ParameterError, ["mirror", "reflect"]),
    "reflect too far": ((X, np.zeros((1, 3, 3, 3))), {"padding": 8, "padding_mode": "reflect"},
                        ParameterError, ["at most 7"]),
    "bias": ((X, W, np.zeros(3)), {}, ShapeError, ["bias", "4"]),
    "rank of x": ((X[0], W), {}, ShapeError, ["(C, H, W)"]),
    "rank of weight": ((X, W[0]), {}, ShapeError, ["weight"]),
    "complex": ((X + 1j, W), {}, FilterLabError, ["complex"]),
    "text": (("picture", W), {}, FilterLabError, ["conv2d"]),
    "empty": ((np.zeros((3, 0, 8)), W), {}, ShapeError, ["0"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name):
    args, options, kind, words = WRONG[name]
    with pytest.raises(kind) as caught:
        F.conv2d(*args, **options)
    text = str(caught.value)
    for word in words:
        assert any(part in text for part in word.split("|")), text


def test_a_gradient_of_the_wrong_shape_is_said():
    with pytest.raises(ShapeError, match="4x6x6"):
        F.conv2d_backward(np.zeros((4, 6, 5)), X, W)


@pytest.mark.parametrize("groups", [1, 3])
def test_an_empty_batch_has_an_empty_result_and_zero_gradients(groups):
    x, weight, bias = np.zeros((0, 6, 5, 7)), np.ones((9, 6 // groups, 3, 3)), np.ones(9)
    y = F.conv2d(x, weight, bias, groups=groups)
    assert y.shape == (0, 9, 3, 5)
    dx, dweight, dbias = F.conv2d_backward(y, x, weight, bias, groups=groups)
    assert dx.shape == x.shape
    np.testing.assert_array_equal(dweight, np.zeros(weight.shape))
    np.testing.assert_array_equal(dbias, np.zeros(9))
    assert F.conv_transpose2d(y, weight, groups=groups).shape == x.shape


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"output_padding": 1}, "output_padding"),
        ({"padding": 20}, "less padding"),
        ({"padding": -1}, "padding"),
    ],
)
def test_what_is_wrong_with_a_transposed_one_is_said(options, message):
    with pytest.raises(FilterLabError, match=message):
        F.conv_transpose2d(np.zeros((4, 6, 6)), W, **options)


@pytest.mark.parametrize("channels", [128, 300])
def test_a_sum_over_many_channels_keeps_its_digits(rng, channels):
    """Thousands of float32 products in a row would lose three times as much."""
    x = rng.random((channels, 40, 40)).astype(np.float32)
    weight = rng.normal(size=(1, channels, 5, 5)).astype(np.float32)
    assert F.conv2d_method(x.shape, weight.shape, padding=2).name == "rows"
    want = F.conv2d(x.astype(float), weight.astype(float), padding=2)
    terms = F.conv2d(x.astype(float), np.abs(weight).astype(float), padding=2)
    assert (np.abs(F.conv2d(x, weight, padding=2) - want) / terms).max() < 5e-8


def test_numbers_do_not_depend_on_the_thread_nor_on_chance(rng):
    """What a worker of the window computes is what the command line computes, to the last digit."""
    x = rng.normal(size=(2, 16, 120, 120)).astype(np.float32)
    weight = rng.normal(size=(16, 16, 3, 3)).astype(np.float32)
    y = F.conv2d(x, weight)
    gradients = F.conv2d_backward(y, x, weight)
    with ThreadPoolExecutor(3) as others:
        for found in others.map(lambda _: F.conv2d(x, weight), range(6)):
            np.testing.assert_array_equal(found, y)
        for found in others.map(lambda _: F.conv2d_backward(y, x, weight), range(6)):
            np.testing.assert_array_equal(found[0], gradients[0])
            np.testing.assert_array_equal(found[1], gradients[1])


@pytest.mark.parametrize(
    ("shape", "weight_shape", "groups"),
    [
        ((1, 16, 200, 200), (8, 16, 3, 3), 1),
        ((1, 40, 60, 70), (10, 8, 3, 3), 5),
        ((70, 6, 16, 16), (12, 6, 3, 3), 1),
        ((9, 3, 40, 50), (4, 3, 5, 5), 1),
    ],
)
def test_gradients_do_not_depend_on_the_number_of_threads(rng, monkeypatch, shape, weight_shape, groups):
    """What learns on two processors learns the same on eight, and where somebody may cancel it."""
    x, weight = (rng.normal(size=size).astype(np.float32) for size in (shape, weight_shape))
    dy = rng.normal(size=F.conv2d(x, weight, groups=groups).shape).astype(np.float32)

    def gradients():
        return F.conv2d_backward(dy, x, weight, weight[:, 0, 0, 0], groups=groups)

    first = gradients()
    with threads.cancellable(lambda: False):
        np.testing.assert_equal(gradients(), first)
    for module in (threads, blocks):
        monkeypatch.setattr(module, "thread_count", lambda: 1)
    np.testing.assert_equal(gradients(), first)
    for module in (threads, blocks):
        monkeypatch.setattr(module, "thread_count", lambda: 7)
    np.testing.assert_equal(gradients(), first)


@pytest.mark.parametrize(
    ("shape", "weight_shape", "stride"),
    [
        ((512, 14, 14), (1, 512, 3, 3), 1),
        ((512, 14, 14), (3, 512, 3, 3), 1),
        ((128, 23, 23), (1, 128, 11, 11), 2),
        ((64, 14, 14), (64, 64, 3, 3), 1),
    ],
)
def test_a_sum_over_columns_keeps_its_digits(rng, shape, weight_shape, stride):
    """Positive products, whose running sum in float32 loses most."""
    x, weight = rng.random(shape, dtype=np.float32), rng.random(weight_shape, dtype=np.float32)
    exact = F.conv2d(x.astype(float), weight.astype(float), stride=stride)
    window = x[:, : weight_shape[2], : weight_shape[3]]
    running = np.cumsum((window[None] * weight).reshape(len(weight), -1), axis=1, dtype=np.float32)[:, -1]
    error = np.abs(F.conv2d(x, weight, stride=stride) - exact)
    assert error.max() <= 6e-7 * exact.max()
    assert np.median(error) < np.abs(running - exact[:, 0, 0]).max() / 2


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular", "symmetric", "constant"])
@pytest.mark.parametrize("width", [2, 3, 4, 40])
@pytest.mark.parametrize(("channels", "groups"), [(1, 1), (2, 1), (4, 4), (40, 1)])
def test_kernels_of_nine_taps_reach_beyond_every_side(rng, mode, width, channels, groups):
    x = rng.standard_normal((channels, 5, width))
    weight = rng.standard_normal((groups, channels // groups, 3, 3))
    bias = rng.standard_normal(groups)
    got = F.conv2d(x, weight, bias, padding=1, groups=groups, padding_mode=mode, value=0.5)
    wide = F.pad(x, 1, mode, 0.5)
    want = by_sums(wide, weight, groups=groups) + bias[:, None, None]
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 2, 3, 7])
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 5])
def test_columns_of_every_stride_and_dilation(rng, stride, dilation, kernel):
    x, weight = rng.standard_normal((3, 25, 31)), rng.standard_normal((9, 3, kernel, kernel))
    options = {"stride": (stride, stride), "dilation": (dilation, dilation)}
    got = F.conv2d(x, weight, padding=2, padding_mode="constant", value=-1, **options)
    wide = F.pad(x, 2, "constant", -1)
    want = by_sums(wide, weight, stride=stride, dilation=dilation)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-11)


@pytest.mark.parametrize("mode", ["zeros", "constant", "reflect", "circular"])
@pytest.mark.parametrize(("padding", "dilation"), [(0, 1), (1, 1), ((2, 0), 1), (((0, 2), (1, 2)), 2)])
def test_many_small_pictures_are_as_each_alone(rng, mode, padding, dilation):
    x, weight, bias = rng.normal(size=(9, 3, 8, 7)), rng.normal(size=(5, 3, 3, 2)), rng.normal(size=5)
    options = {"padding": padding, "dilation": dilation, "padding_mode": mode, "value": 0.5}
    y = F.conv2d(x, weight, bias, **options)
    np.testing.assert_allclose(y, [F.conv2d(one, weight, bias, **options) for one in x], rtol=1e-12)
    dy = rng.normal(size=y.shape)
    dx, dweight, dbias = F.conv2d_backward(dy, x, weight, bias, **options)
    alone = [F.conv2d_backward(*pair, weight, bias, **options) for pair in zip(dy, x, strict=True)]
    np.testing.assert_allclose(dx, [one[0] for one in alone], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dweight, sum(one[1] for one in alone), rtol=1e-10)
    parts = F.conv2d_weight_backward(dy, x, weight, bias, **options)
    np.testing.assert_array_equal(parts[0], dweight)
    np.testing.assert_array_equal(parts[1], dbias)


# -- dilations beyond the picture ------------------------------------------------------------------------------


@pytest.mark.parametrize("padding", ["same", "full", (7, 3), ((9, 0), (1, 12))], ids=str)
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 3), (1, 7), (5, 20)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (2, 4)])
def test_taps_that_lie_in_the_padding_alone_change_nothing(monkeypatch, kernel, stride, dilation, padding):
    generator = np.random.default_rng(0)
    x, weight, bias = (generator.normal(size=s) for s in ((2, 4, 9, 8), (6, 2, *kernel), (6,)))
    options = {"stride": stride, "dilation": dilation, "padding": padding, "groups": 2}

    def computed():
        y = F.conv2d(x, weight, bias, **options)
        return y, *F.conv2d_backward(np.cos(np.arange(y.size)).reshape(y.shape), x, weight, bias, **options)

    try:
        expected = computed()
    except ShapeError:
        return  # the window does not fit
    _take_all_padding_for_wide(monkeypatch)
    for trimmed, whole in zip(computed(), expected, strict=True):
        np.testing.assert_allclose(trimmed, whole, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dilation", [10**6, 10**9])
def test_a_huge_dilation_costs_no_more_than_the_taps_on_the_picture(dilation):
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(1, 303, 384)), generator.normal(size=(1, 1, 3, 3))
    options = {"padding": "same", "dilation": dilation}
    np.testing.assert_allclose(F.conv2d(x, weight, **options), x * weight[0, 0, 1, 1])
    dx, dweight, _ = F.conv2d_backward(x, x, weight, **options)
    np.testing.assert_allclose(dx, x * weight[0, 0, 1, 1])
    np.testing.assert_allclose(dweight[0, 0], [[0, 0, 0], [0, np.square(x).sum(), 0], [0, 0, 0]])
    np.testing.assert_allclose(F.conv_transpose2d(x, weight, **options), x * weight[0, 0, 1, 1])
    # An even kernel has no tap in the middle: nothing of the picture is seen.
    assert (F.conv2d(x, weight[..., :2], np.ones(1), **options) == 1).all()
    assert F.conv2d_method(x.shape, weight[..., :2].shape, **options).name


def test_ordinary_plans_keep_all_their_taps():
    made = plan.plan_conv2d((1, 1, 5, 6), (1, 1, 7, 7), stride=1, padding="full", dilation=40, groups=1)
    assert made.trimmed == (made, (slice(0, 7), slice(0, 7)))


@pytest.mark.parametrize("mode", ["replicate", "constant"])
def test_a_huge_dilation_is_refused_where_the_padding_counts(mode):
    with pytest.raises(ParameterError, match="dilated window spans 2000001 cells around an input of 8"):
        F.conv2d(X, np.ones((4, 3, 3, 3)), dilation=10**6, padding="same", padding_mode=mode, value=1.0)


def test_a_wide_padding_that_the_stride_skips_is_computed():
    x, options = np.ones((1, 2, 2)), {"padding": (140000, 0), "stride": (70000, 1)}
    y = F.conv2d(x, np.ones((1, 1, 1, 1)), **options)
    np.testing.assert_array_equal(y[0], [[0, 0], [0, 0], [1, 1], [0, 0], [0, 0]])
    dx, dweight, _ = F.conv2d_backward(np.ones_like(y), x, np.ones((1, 1, 1, 1)), **options)
    np.testing.assert_array_equal(dx[0], [[1, 1], [0, 0]])
    np.testing.assert_array_equal(dweight, [[[[2]]]])


def test_padding_that_is_too_wide_for_any_stride_is_named():
    with pytest.raises(
        ParameterError, match="padding makes an axis of 2000000003 cells from an input of 8"
    ) as caught:
        F.conv2d(X, W, padding=10**9, stride=5 * 10**8)
    assert caught.value.parameter == "padding"


def _take_all_padding_for_wide(monkeypatch):
    plan._plan.cache_clear()  # plans of these shapes were made with the ordinary limits
    monkeypatch.setattr(plan, "ORDINARY_PADDED", 0)
    monkeypatch.setattr(plan, "MOST_RATIO", 0)


@pytest.fixture(autouse=True)
def _no_plan_outlives_its_test():
    yield
    plan._plan.cache_clear()


@pytest.mark.parametrize("mode", ["replicate", "constant"])
@pytest.mark.parametrize(("stride", "dilation", "padding"), [(1, 7, 9), (3, 2, (11, 4)), (5, 20, 21)])
def test_the_gradient_of_a_wide_padding_is_that_of_any(monkeypatch, mode, stride, dilation, padding):
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(2, 4, 9, 8)), generator.normal(size=(6, 2, 3, 2))
    options = {"stride": stride, "dilation": dilation, "padding": padding, "groups": 2}
    options |= {"padding_mode": mode, "value": 0.5}
    dy = np.cos(F.conv2d(x, weight, **options))
    expected = F.conv2d_input_backward(dy, x, weight, **options)
    _take_all_padding_for_wide(monkeypatch)
    found = F.conv2d_input_backward(dy, x, weight, **options)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("mode", ["replicate", "constant"])
def test_the_gradient_of_a_wide_padding_does_not_lay_it_out(mode):
    x, weight = np.ones((1, 10, 10)), np.ones((1, 1, 3, 3))
    options = {"padding": 100_000, "dilation": 100_000, "padding_mode": mode, "value": 1.0}
    dx = F.conv2d_input_backward(np.ones((1, 10, 10)), x, weight, **options)
    # A padded picture of 200010 by 200010 cells would not fit into the memory.
    assert dx.sum() == (900 if mode == "replicate" else 100)
