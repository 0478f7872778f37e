"""What the tiles of the convolution promise beyond right sums: the same digits however the work is cut."""

from __future__ import annotations

import os
import subprocess
import sys
from unittest.mock import Mock

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.functional import pointwise
from filterlab.functional.conv import blocks, depth, in_place, interleaving, methods
from filterlab.functional.conv.convolution import prepared_conv2d
from filterlab.functional.conv.instructions import TERMS
from filterlab.functional.conv.plan import plan_conv2d
from filterlab.functional.conv.weight_gradient import weight_gradient
from filterlab.functional.prepared import in_few_passes

CASES = {
    "rows of one map": ((2, 3, 40, 53), (3, 1, 5, 4), {"groups": 3, "padding": (2, 1)}),
    "in place": ((2, 3, 40, 53), (6, 1, 3, 3), {"groups": 3, "padding": (2, 1)}),
    "in place, the sides cropped": ((1, 2, 33, 70), (2, 1, 3, 3), {"groups": 2, "padding": ((1, 0), (0, 0))}),
    "in place, stride 2": (
        (2, 3, 60, 71),
        (6, 1, 3, 3),
        {"groups": 3, "padding": ((1, 2), (2, 0)), "stride": 2},
    ),
    "in place, stride 2, no padding": ((1, 2, 17, 70), (2, 1, 3, 3), {"groups": 2, "stride": 2}),
    "a tall kernel": ((1, 1, 30, 150), (1, 1, 31, 9), {"padding": (15, 4)}),
    "tall kernels of some channels": ((2, 5, 22, 41), (3, 5, 7, 3), {"padding": 2}),
    "few of many channels": ((1, 70, 30, 35), (3, 70, 3, 3), {"padding": 1}),
    "maps": ((1, 9, 33, 64), (13, 9, 3, 3), {"padding": 1}),
    "maps, stride 3 by 2": ((2, 5, 41, 131), (9, 5, 5, 3), {"stride": (3, 2), "padding": 2}),
    "joined rows": ((3, 20, 14, 15), (21, 20, 3, 3), {"padding": 1, "dilation": (1, 2)}),
    "joined rows, stride 2": ((5, 6, 17, 19), (8, 6, 4, 3), {"stride": 2, "padding_mode": "reflect"}),
    "vectors of maps": ((3, 30, 11, 14), (33, 30, 3, 3), {"padding": 1, "stride": (2, 1)}),
    "vectors of maps in groups": ((2, 60, 13, 9), (64, 30, 3, 3), {"padding": 1, "groups": 2}),
    "groups": ((2, 12, 20, 70), (20, 3, 2, 7), {"groups": 4, "padding_mode": "circular", "padding": 3}),
    "1x1": ((2, 40, 12, 25), (30, 40, 1, 1), {}),
    "1x1 of larger maps": ((2, 21, 23, 25), (30, 7, 1, 1), {"groups": 3}),
}


def by_windows(x, weight, *, stride=1, dilation=1, groups=1, padding=0, padding_mode="zeros"):
    """float64, from a view of all windows."""
    (down, across), (low, wide) = np.broadcast_to(stride, 2), np.broadcast_to(dilation, 2)
    padded = F.pad(x, padding, padding_mode).astype(float)
    reach = (weight.shape[2] - 1) * low + 1, (weight.shape[3] - 1) * wide + 1
    seen = np.lib.stride_tricks.sliding_window_view(padded, reach, (2, 3))
    seen = seen[:, :, ::down, ::across, ::low, ::wide]
    images, channels = seen.shape[:2]
    seen = seen.reshape(images, groups, channels // groups, *seen.shape[2:])
    split = weight.reshape(groups, -1, *weight.shape[1:]).astype(float)
    return np.einsum("ngcijuv,gocuv->ngoij", seen, split).reshape(images, len(weight), *seen.shape[3:5])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_sum_windows(rng, name, dtype):
    shape, weight_shape, options = CASES[name]
    x, weight = rng.normal(size=shape).astype(dtype), rng.normal(size=weight_shape).astype(dtype)
    bias = rng.normal(size=len(weight)).astype(dtype)
    want = by_windows(x, weight, **options) + bias[:, None, None]
    bound = np.finfo(dtype).eps * by_windows(np.abs(x), np.abs(weight), **options).max()
    assert np.abs(F.conv2d(x, weight, bias, **options) - want).max() < 8 * bound


@pytest.fixture
def _chosen_anew():
    yield
    methods.choose.cache_clear()


@pytest.mark.usefixtures("_chosen_anew")
@pytest.mark.parametrize("name", CASES)
def test_blocks_of_any_size_give_the_same_digits(rng, name, monkeypatch):
    shape, weight_shape, options = CASES[name]
    x, weight = (rng.normal(size=size).astype(np.float32) for size in (shape, weight_shape))
    y = F.conv2d(x, weight, **options)
    for size in (1, 1 << 12, 1 << 14):  # the first: a row of one tile at a time
        monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
        methods.choose.cache_clear()  # the choice depends on the size of a block
        np.testing.assert_array_equal(F.conv2d(x, weight, **options), y)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("in place")])
@pytest.mark.parametrize("border", [("zeros", 0.0), ("constant", -2.5)])
def test_maps_read_in_place_give_the_digits_of_packed_lines(rng, name, border):
    shape, weight_shape, options = CASES[name]
    x, weight = (rng.normal(size=size).astype(np.float32) for size in (shape, weight_shape))
    plan = plan_conv2d(shape, weight_shape, **options, padding_mode=border[0], value=border[1])
    bias = rng.normal(size=len(weight)).astype(np.float32)
    x[-1, 0, 0, 3:6] = np.nan, np.inf, -np.inf
    assert in_place.fits(plan)
    y = in_place.correlate(x, weight, bias, plan)
    np.testing.assert_array_equal(y, blocks.correlate("rows", x, weight, bias, plan))


@pytest.mark.parametrize("name", CASES)
def test_vectors_of_maps_give_the_digits_of_vectors_of_columns(rng, name):
    shape, weight_shape, options = CASES[name]
    x, weight = (rng.normal(size=size).astype(np.float32) for size in (shape, weight_shape))
    plan, bias = plan_conv2d(shape, weight_shape, **options), rng.normal(size=len(weight)).astype(np.float32)
    x[-1, 0, 3, 3:6] = np.nan, np.inf, -np.inf
    y = depth.correlate(x, weight, bias, plan)
    np.testing.assert_array_equal(y, blocks.correlate("maps", x, weight, bias, plan))


@pytest.mark.parametrize("size", [(7, 7), (2, 1), (1, 1), (16, 16)])
def test_a_layer_that_keeps_its_weights_gives_the_digits_of_a_single_call(rng, size):
    x = rng.normal(size=(1, 30, *size)).astype(np.float32)
    weight = rng.normal(size=(33, 30, 3, 3)).astype(np.float32)
    prepared = prepared_conv2d(x.shape, x.dtype, weight, padding=1)
    np.testing.assert_array_equal(prepared(x), F.conv2d(x, weight, padding=1))


@pytest.mark.parametrize("size", [(7, 7), (14, 14), (3, 17)])
def test_changes_that_1x1_layers_make_of_their_sums_have_the_digits_of_changes_apart(rng, size):
    x, weight = rng.normal(size=(1, 70, *size)), rng.normal(size=(33, 70, 1, 1))
    x[0, 3, 0, 1:4] = np.nan, np.inf, -np.inf
    changes = [pointwise.normalizing(rng.uniform(0.5, 2, (4, 33)), 1e-5), pointwise.limited(float, -1.0, 6.0)]
    y = prepared_conv2d(x.shape, x.dtype, weight, then=in_few_passes(changes))(x)
    want = F.conv2d(x, weight)
    for change in changes:
        change(want, slice(None))
    np.testing.assert_array_equal(y, want)


def test_weights_that_are_kept_are_laid_out_for_few_windows_as_well():
    plan = plan_conv2d((1, 64, 7, 7), (64, 64, 3, 3), padding=1)
    assert methods.choose(methods.CORRELATION, plan, 4).name != "depth"
    assert methods.choose(methods.KEPT, plan, 4).name == "depth"


@pytest.mark.parametrize(
    "weight_shape", [(1, 1, 3, 3), (2, 6, 5, 5), (1, 1, 12, 12), (9, 6, 3, 3), (9, 30, 3, 3), (16, 116, 3, 3)]
)
def test_a_part_of_a_picture_gives_the_same_digits(rng, weight_shape):
    """Tiles of large pictures, computed one by one, make the picture that is computed as a whole."""
    weight = rng.normal(size=weight_shape).astype(np.float32)
    x = rng.normal(size=(weight_shape[1], 50, 90)).astype(np.float32)
    y = F.conv2d(x, weight)
    reach = weight_shape[2] - 1
    for top, left, rows, cols in (
        (0, 0, 50, 90),
        (3, 5, 20, 14),
        (11, 40, 14, 49),
        (20, 1, reach + 1, reach + 1),
    ):
        part = F.conv2d(x[:, top : top + rows, left : left + cols], weight)
        np.testing.assert_array_equal(part, y[:, top : top + rows - reach, left : left + cols - reach])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_reaches_only_the_windows_that_see_it(rng, name, bad):
    shape, weight_shape, options = CASES[name]
    x, weight = rng.normal(size=shape).astype(np.float32), rng.normal(size=weight_shape).astype(np.float32)
    clean = F.conv2d(x, weight, **options)
    x[-1, -1, shape[2] // 2, shape[3] // 2] = bad
    mark = np.zeros(shape)
    mark[-1, -1, shape[2] // 2, shape[3] // 2] = 1
    seen = by_windows(mark, np.ones(weight_shape), **options) > 0
    y = F.conv2d(x, weight, **options)
    assert not np.isfinite(y[seen]).any()
    np.testing.assert_array_equal(y[~seen], clean[~seen])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_reaches_only_the_gradients_of_weights_that_see_it(rng, bad):
    x, dy = (rng.standard_normal((6, channels, 8, 8)) for channels in (2, 3))
    x[2, 1, 0, 7] = bad  # the corner, which of 3x3 kernels only two rows and two columns see
    weight = np.zeros((3, 2, 3, 3))
    with np.errstate(invalid="ignore"):
        gradient = F.conv2d_weight_backward(dy, x, weight, padding=1)[0]
    seen = np.zeros((2, 3, 3), bool)
    seen[1, :2, 1:] = True
    assert (np.isfinite(gradient) != seen).all()
    x[2, 1, 0, 7] = 0
    finite = F.conv2d_weight_backward(dy, x, weight, padding=1)[0]
    np.testing.assert_allclose(gradient[:, ~seen], finite[:, ~seen], rtol=1e-12, atol=1e-12)


GRADIENTS = {
    "outputs beyond a vector": ((2, 5, 17, 19), (33, 5, 3, 3), {"padding": 1, "stride": 2}),
    "groups, dilated": ((3, 8, 9, 30), (40, 4, 3, 3), {"padding": 2, "dilation": 2, "groups": 2}),
    "1x1 in place": ((1, 30, 13, 13), (70, 30, 1, 1), {}),
    "1x1 of several pictures": ((4, 8, 5, 7), (16, 8, 1, 1), {}),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_of_weights_are_the_same_sums_with_and_without_columns(rng, name):
    shape, weight_shape, options = GRADIENTS[name]
    plan = plan_conv2d(shape, weight_shape, **options)
    x, dy = (rng.standard_normal(size).astype(np.float32) for size in (shape, plan.out_shape))
    tiles = weight_gradient(dy, x, plan, tiled=True)
    dy_wide, x_wide = dy.astype(np.float64), x.astype(np.float64)
    error = np.abs(tiles - weight_gradient(dy_wide, x_wide, plan))
    # Parts of TERMS products, and some of these sums (Higham 2002, section 4.2).
    assert (error <= (TERMS + 16) * 2**-24 * weight_gradient(np.abs(dy_wide), np.abs(x_wide), plan)).all()
    dy[0, -1, 2, 3] = np.nan
    broken = weight_gradient(dy, x, plan, tiled=True)
    np.testing.assert_array_equal(broken[:-1], tiles[:-1])
    assert np.isnan(broken[-1]).all()


@pytest.mark.parametrize("stride", [(2, 2), (1, 2), (3, 4), (2, 1)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_phases_that_each_cell_gives_by_itself_have_the_digits_of_phases_apart(
    rng, monkeypatch, stride, dtype
):
    x = rng.normal(size=(2, 9, 14, 37)).astype(dtype)
    weight, bias = (rng.normal(size=shape).astype(dtype) for shape in ((9, 7, *stride), 7))
    x[1, 3, 5, 6] = np.nan
    with monkeypatch.context() as patch:
        patch.setattr(interleaving, "_by_itself", lambda plan: False)
        want = F.conv_transpose2d(x, weight, bias, stride=stride)
    assert np.isnan(want).sum() == 7 * stride[0] * stride[1]
    work = Mock(wraps=interleaving.BlockWork)
    monkeypatch.setattr(interleaving, "BlockWork", work)
    for size in (interleaving.BAND_BYTES, 1):
        monkeypatch.setattr(interleaving, "BAND_BYTES", size)
        np.testing.assert_array_equal(F.conv_transpose2d(x, weight, bias, stride=stride), want)
    _, _, grid, *_ = work.call_args.args
    assert grid.cols == x.shape[3], "the last bands were not single rows"


def test_blocks_fit_the_cache_and_cover_all_outputs(monkeypatch):
    monkeypatch.setattr(blocks, "thread_count", lambda: 2)  # more would get smaller blocks of few pictures
    wide = plan_conv2d((1, 512, 40, 3000), (64, 512, 3, 3), stride=1, padding=1, dilation=1, groups=1)
    grid = blocks.grid_of(wide, 4, joined=False)
    assert grid.rows * grid.cols < 40 * 3000
    assert np.prod(grid.shape) * 512 * 4 <= 2 * blocks.BLOCK_BYTES
    small = plan_conv2d((64, 8, 9, 3), (16, 8, 3, 1), stride=1, padding=0, dilation=1, groups=1)
    assert blocks.grid_of(small, 4, joined=True).images > 1


@pytest.mark.soak
@pytest.mark.parametrize("features", ["+sse2", "+avx,+avx2,+fma"])
def test_processors_with_shorter_registers(features, tmp_path):
    """The same tests, compiled for such a processor, in a process of their own."""
    names = {"+sse2": "x86-64", "+avx,+avx2,+fma": "haswell"}
    environment = {
        **os.environ,
        "NUMBA_CPU_NAME": names[features],
        "NUMBA_CPU_FEATURES": features,
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "pytest", "-q", __file__]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
