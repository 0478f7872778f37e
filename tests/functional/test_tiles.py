"""Each micro-kernel in compiled code against the plain loops that define it, and the whole engine in plain loops."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from filterlab.compiling import compiled
from filterlab.functional import conv
from filterlab.functional.conv import in_place, methods, points, tiles
from filterlab.functional.conv.instructions import (
    BYTES,
    DEPTH_WINDOWS,
    MAPS,
    OUTPUTS,
    TALL_ROWS,
    TALL_VECTORS,
    TERMS,
    VECTORS,
)
from tests.tools.methods import main


@compiled(kept=False)
def maps(x, at, offsets, first, last, weight, tap, y, place, stride, count, width, bias, o):
    ahead = 1 << 40  # cells that are fetched need not exist
    tiles.sum_maps(
        x, at, offsets, first, last, weight, tap, y, place, stride, count, width, bias, o, ahead
    )  # fmt: skip


@compiled(kept=False)
def depth(x, at, places, p, offsets, first, last, weight, tap, wide, y, place, stride, count, width, bias, m):
    ahead = 1 << 40
    tiles.sum_depth(
        x, at, places, p, offsets, first, last, weight, tap, wide, y, place, stride, count, width, bias, m, ahead
    )  # fmt: skip


@compiled(kept=False)
def panel(x, at, step, taps, weight, tap, y, place, stride, count, width, bias, o, terms, other, limits):
    points.sum_panel(
        x, at, step, taps, weight, tap, y, place, stride, count, width, bias, o, terms, other, limits
    )  # fmt: skip


@compiled(kept=False)
def keep(
    x,
    at,
    step,
    kept,
    to,
    wide,
    taps,
    weight,
    tap,
    y,
    place,
    stride,
    count,
    width,
    bias,
    o,
    terms,
    other,
    limits,
):
    points.keep_panel(
        x, at, step, kept, to, wide, taps, weight, tap, y, place, stride, count, width, bias, o, terms, other,
        limits,
    )  # fmt: skip


@compiled(kept=False)
def rows(x, at, step, offsets, weight, tap, y, place, stride, count, width, bias):
    tiles.sum_rows(x, at, step, offsets, weight, tap, y, place, stride, count, width, bias)


@compiled(kept=False)
def tall(x, at, step, offsets, kh, kw, weight, tap, y, place, stride, count, width, bias):
    tiles.sum_tall(x, at, step, offsets, kh, kw, weight, tap, y, place, stride, count, width, bias)


@compiled(kept=False)
def columns(
    x, at, across, shown, first, col, fill, weight, tap, y, place, stride, count, width, bias, o, step
):
    in_place.sum_columns(
        x, at, across, shown, first, col, fill, weight, tap, y, place, stride, count, width, bias, o, step
    )  # fmt: skip


@compiled(kept=False)
def copy(target, place, source, begin, stride, count):
    tiles.copy_cells(target, place, source, begin, stride, count)


def widths(dtype, vectors):
    lanes = BYTES // np.dtype(dtype).itemsize
    edges = {
        1,
        2,
        lanes - 1,
        lanes,
        lanes + 1,
        vectors * lanes // 2 + 1,
        vectors * lanes - 1,
        vectors * lanes,
    }
    return sorted(edges)


def numbers(rng, size, dtype, whole):
    """Small whole numbers, of which all sums are exact in any order, or any numbers."""
    return (rng.integers(-4, 5, size) if whole else rng.normal(size=size)).astype(dtype)


def readable(rng, needed, dtype, whole):
    """x, in which all cells beyond those that count are NaN."""
    return np.concatenate([numbers(rng, needed, dtype, whole), np.full(BYTES, np.nan, dtype)])


def both(fast, plain, args, place):
    """The outputs of both forms, from a y whose other cells must stay."""
    results = []
    for form in (fast, plain):
        y = np.full(2000, 77.0, args[0].dtype)
        form(*args[:place], y, *args[place:])
        results.append(y)
    return results


def check(got, want, whole, terms):
    if whole:
        np.testing.assert_array_equal(got, want)
    else:
        np.testing.assert_allclose(got, want, rtol=0, atol=40 * np.sqrt(terms) * np.finfo(got.dtype).eps)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("taps", [1, 9, TERMS, TERMS + 1, 2 * TERMS + 3])
def test_tiles_of_maps_and_of_rows_are_the_plain_loops(rng, dtype, taps, whole):
    for count in sorted({1, OUTPUTS - 1, *MAPS[-2:]}):
        for width in widths(dtype, VECTORS):
            offsets = rng.integers(0, 300, taps)
            bias, stride = numbers(rng, OUTPUTS, dtype, whole), width + 3
            weight = numbers(rng, 2 + OUTPUTS * taps, dtype, whole)
            x = readable(rng, 5 + offsets.max() + width, dtype, whole)
            args = (x, 5, offsets, 0, taps, weight, 2, 7, stride, count, width, bias, 0)
            check(*both(maps, partial(tiles.sum_maps, ahead=0), args, 7), whole, taps)
            x = readable(rng, 5 + 31 * (count - 1) + offsets.max() + width, dtype, whole)
            args = (x, 5, 31, offsets, weight, 2, 7, stride, count, width, bias)
            check(*both(rows, tiles.sum_rows, args, 6), whole, taps)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("taps", [1, TERMS, 2 * TERMS + 3])
def test_tiles_of_windows_in_vectors_of_maps_are_the_plain_loops(rng, dtype, taps, whole):
    for vectors, most in enumerate(DEPTH_WINDOWS, 1):
        width = vectors * (BYTES // np.dtype(dtype).itemsize)
        for count in (1, most // 2, most - 1, most):
            offsets, places = rng.integers(0, 300, taps), rng.integers(0, 50, most + 2)
            x, stride = readable(rng, 400, dtype, whole), width + 3
            weight, bias = (numbers(rng, n, dtype, whole) for n in (2 + taps * stride, width + 1))
            args = (x, 0, places, 2, offsets, 0, taps, weight, 2, stride, 7, stride, count, width, bias, 1)
            check(*both(depth, partial(tiles.sum_depth, ahead=0), args, 10), whole, taps)


@pytest.mark.parametrize(("changed", "joins"), [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("taps", [1, 9, TERMS, 2 * TERMS + 3])
def test_tiles_over_panels_are_the_plain_loops_and_keep_their_cells(rng, dtype, taps, whole, changed, joins):
    lanes = BYTES // np.dtype(dtype).itemsize
    for count in (1, OUTPUTS - 1, OUTPUTS):
        for width in {*widths(dtype, VECTORS), VECTORS * lanes + points.EXTRA}:
            step, stride = width + 5, width + 3
            weight, bias = (numbers(rng, 2 + OUTPUTS * n, dtype, whole) for n in (taps, 2))
            terms = numbers(rng, 5 * (2 + OUTPUTS) * changed, dtype, whole)
            x = readable(rng, 5 + step * (taps - 1) + width, dtype, whole)
            # No more of it than counts, as for y.
            other = numbers(rng, (7 + stride * (count - 1) + width) * joins, dtype, whole)
            limits = np.array([-1.5, 2] * joins, dtype)
            args = (x, 5, step, taps, weight, 2, 7, stride, count, width, bias, 2, terms, other, limits)
            check(*both(panel, points.sum_panel, args, 6), whole, taps)
            if width % lanes == 0 or width > VECTORS * lanes:
                kept = np.full(3 + taps * (width + 1), 77, dtype)
                args = (*args[:3], kept, 3, width + 1, *args[3:])
                found = both(keep, points.keep_panel, args, 9)
                check(*found, whole, taps)
                keep(*args[:9], np.empty_like(found[0]), *args[9:])
                cells = np.lib.stride_tricks.sliding_window_view(x[5:], width)[::step][:taps]
                np.testing.assert_array_equal(kept[3:].reshape(taps, -1)[:, :width], cells)
                assert (kept[3:].reshape(taps, -1)[:, width] == 77).all()


@pytest.mark.parametrize("form", [maps, partial(tiles.sum_maps, ahead=0)], ids=["fast", "plain"])
def test_taps_may_be_added_some_at_a_time(rng, form):
    taps, width = 3 * TERMS + 5, 11
    x, offsets = rng.normal(size=600).astype(np.float32), rng.integers(0, 500, taps)
    weight, bias = (rng.normal(size=n).astype(np.float32) for n in (OUTPUTS * taps, OUTPUTS + 3))
    results = []
    for ends in ([0, taps], [0, TERMS, 3 * TERMS, taps]):
        y = np.zeros(OUTPUTS * 20, np.float32)
        for first, last in pairwise(ends):
            form(x, 5, offsets, first, last, weight, 0, y, 0, 20, OUTPUTS, width, bias, 3)
        results.append(y)
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("channels", "kh", "kw"),
    [(1, 1, 1), (3, 1, 4), (2, 3, 2), (5, 7, 5), (2, 9, 9), (2, 16, 8), (1, 2, TERMS + 1), (30, 3, 1)],
)
def test_tiles_under_tall_kernels_are_the_plain_loops(rng, dtype, channels, kh, kw, whole):
    for count in range(1, TALL_ROWS + 1):
        for width in widths(dtype, TALL_VECTORS):
            step = kw + width  # cells of a line
            lines = kh + count  # of a channel
            down, across = np.arange(kh)[:, None] * step, np.arange(kw)
            offsets = (np.arange(channels)[:, None, None] * lines * step + down + across).ravel()
            weight, bias = numbers(rng, 2 + offsets.size, dtype, whole), numbers(rng, 1, dtype, whole)
            x = readable(rng, 5 + (count - 1) * step + offsets.max() + width, dtype, whole)
            args = (x, 5, step, offsets, kh, kw, weight, 2, 7, width + 3, count, width, bias)
            check(*both(tall, tiles.sum_tall, args, 8), whole, offsets.size)


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_of_columns_in_place_are_the_plain_loops(rng, dtype, whole, step):
    for width in widths(dtype, in_place.COLUMNS):
        for col, beyond in ((0, 2), (0, BYTES), (2, 9), (-1, 1), (-1, 20), (-3, -2)):
            across = max(width * step + col + beyond, 1)
            for count in (1, 2, 5):
                # Nothing beside the rows of the plane is read: NaN lies there.
                plane = numbers(rng, 6 * across, dtype, whole)
                x = np.concatenate([np.full(5, np.nan, dtype), plane, np.full(BYTES, np.nan, dtype)])
                shown = np.array([9, -1, 0, 1, 2, 5, 4, -1, 3, 3, 0, -1])
                fill, weight, bias = (
                    np.full(in_place.SHOWN, 3, dtype),
                    numbers(rng, 11, dtype, whole),
                    numbers(rng, 2, dtype, whole),
                )
                place = (x, 5, across, shown, 1, col)
                args = (*place, fill, weight, 2, 7, width + 3, count, width, bias, 1, step)
                check(*both(columns, in_place.sum_columns, args, 9), whole, 9)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 7, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copies_are_the_plain_loop(rng, dtype, stride, count):
    source, got, want = rng.normal(size=200).astype(dtype), np.zeros(60, dtype), np.zeros(60, dtype)
    copy(got, 3, source, 5, stride, count)
    tiles.copy_cells(want, 3, source, 5, stride, count)
    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(got[3 : 3 + count], source[5:][::stride][:count])


@compiled(kept=False)
def turn(target, place, down, source, begin, across, rows, count):
    tiles.turn_cells(target, place, down, source, begin, across, rows, count)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_squares_of_cells_are_turned_as_by_the_plain_loop(rng, dtype):
    lanes = BYTES // np.dtype(dtype).itemsize
    for rows in (1, lanes - 1, lanes + 1, 2 * lanes):
        for count in (1, lanes - 1, lanes, 2 * lanes + 3):
            source = rng.normal(size=5 + (2 * lanes + 3 + lanes) * (3 * lanes)).astype(dtype)
            got, want = (np.full(3 + rows * (count + 2), 77, dtype) for _ in range(2))
            for form, target in ((turn, got), (tiles.turn_cells, want)):
                form(target, 3, count + 2, source, 5, 2 * lanes, rows, count)
            np.testing.assert_array_equal(got, want)


@compiled(kept=False)
def weave(target, place, source, first, second, count):
    tiles.weave_cells(target, place, source, first, second, count)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [0, 1, BYTES // 8, 3 * BYTES])
def test_cells_are_woven_as_by_the_plain_loop(rng, dtype, count):
    source, got, want = (
        rng.normal(size=9 * BYTES).astype(dtype),
        np.zeros(7 * BYTES, dtype),
        np.zeros(7 * BYTES, dtype),
    )
    for form, target in ((weave, got), (tiles.weave_cells, want)):
        form(target, 3, source, 5, 4 * BYTES, count)
    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(got[3 : 3 + 2 * count : 2], source[5 : 5 + count])


PLAIN = """
import numpy as np, filterlab.functional as F
from filterlab.functional.conv import winograd
from filterlab.functional.conv.plan import plan_conv2d
rng = np.random.default_rng(5)
for shape, weight_shape, options in (
    ((1, 9, 10), (1, 1, 7, 2), {}),
    ((2, 5, 6), (2, 1, 3, 2), {"groups": 2, "padding": 1}),
    ((5, 2, 6, 5), (5, 2, 2, 3), {"padding_mode": "reflect", "padding": 1}),
    ((2, 5, 41), (5, 2, 3, 3), {"stride": 2, "dilation": (1, 2), "padding": 2}),
):
    x, weight = (rng.integers(-4, 5, size).astype(np.float32) for size in (shape, weight_shape))
    y = F.conv2d(x, weight, **options)
    print([array.ravel().tolist() for array in (y, *F.conv2d_backward(y, x, weight, **options)[:2])])
# Shapes that lead there would take plain loops too long. Some tiles of it are summed directly.
x, weight = (rng.integers(-4, 5, size).astype(np.float32) for size in ((1, 3, 7, 10), (5, 3, 3, 3)))
x[..., 5:] = 0
print(winograd.correlate(x, weight, None, plan_conv2d(x.shape, weight.shape, padding=1)).ravel().tolist())
"""


def test_the_engine_runs_in_plain_loops_as_well():
    """Whole numbers: both must agree to the last digit."""
    printed = []
    for plain in ("1", "0"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": plain}
        command = [sys.executable, "-c", PLAIN]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    assert printed[0] == printed[1]


def test_the_page_of_methods_stands_in_the_text_about_the_convolution():
    assert inspect.getdoc(conv).endswith(methods.page()), "run `make diagram`"


def test_a_page_of_methods_that_is_out_of_date_is_written_anew(tmp_path):
    old = tmp_path / "page.py"
    text = Path(conv.__file__).read_text(encoding="utf-8")
    old.write_text(text.replace("    tall\n", "    high\n"), encoding="utf-8")
    main(old)
    assert old.read_text(encoding="utf-8") == text
