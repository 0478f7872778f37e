"""Pooling: one number for each window, channel by channel. Maximum, minimum, average, Lp norm and median."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, Unpack

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_maps, check_gradient, map_gradient, read_only, unbatch
from filterlab.functional.memory import empty
from filterlab.functional.pool.selection import NETWORK_SIZES
from filterlab.functional.pool.windows import PoolAxis, PoolOptions, Windows, pool_windows
from filterlab.functional.threads import by_rows, check_wanted, run_bands
from filterlab.text.messages import say

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_indices",
    "median_pool2d",
    "median_pool2d_backward",
    "min_pool2d",
    "min_pool2d_backward",
]

SMALLEST_BAND = 1 << 14  # input cells that are worth handing to another thread
LONGEST_PIECE = 1 << 25  # additions between two checks whether the work is still wanted


def max_pool2d(
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> Array:
    """The greatest value of each window, as torch.nn.functional.max_pool2d.

    x: (C, H, W) or (N, C, H, W); y has its rank and dtype. stride: the kernel size if left out.
    padding: any spelling of `geometry.resolve_padding`. Padding never wins, so a window in padding alone gives minus
    infinity. NaN wins. Raises ShapeError, ParameterError.
    """
    maps, windows = _laid(x, "max_pool2d", kernel_size, stride, padding, ceil_mode, dilation)
    return unbatch(window_extreme(maps, windows), x)


def max_pool2d_indices(x: Any, kernel_size: Any, **options: Unpack[PoolOptions]) -> tuple[Array, Array]:
    """(maxima, winners), winners int64: row * W + column in the input, the first in row order; -1 in padding alone."""
    maps, windows = _laid(x, "max_pool2d", kernel_size, **options)
    y, index = window_winners(maps, windows)
    return unbatch(y, x), unbatch(index, x)


def max_pool2d_backward(dy: Any, x: Any, kernel_size: Any, **options: Unpack[PoolOptions]) -> Array:
    """Gradient of `max_pool2d`: dy goes to the first greatest value in row order."""
    maps, windows = _laid(x, "max_pool2d", kernel_size, **options)
    return unbatch(winners_gradient(dy, x, maps, windows, "max_pool2d_backward"), x)


def min_pool2d(
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> Array:
    """The least value of each window; padding never wins, NaN does. Otherwise as `max_pool2d`."""
    maps, windows = _laid(x, "min_pool2d", kernel_size, stride, padding, ceil_mode, dilation)
    return unbatch(window_extreme(maps, windows, least=True), x)


def min_pool2d_backward(dy: Any, x: Any, kernel_size: Any, **options: Unpack[PoolOptions]) -> Array:
    """Gradient of `min_pool2d`: dy goes to the first least value in row order."""
    maps, windows = _laid(x, "min_pool2d", kernel_size, **options)
    # Negated only to find the winners; dy goes to them with its own sign.
    return unbatch(winners_gradient(dy, x, -maps, windows, "min_pool2d_backward"), x)


def avg_pool2d(
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """The mean of each window, as torch.nn.functional.avg_pool2d.

    The sum is divided by the number of the window's cells inside the padded input, or, without `count_include_pad`,
    inside the input. Cells beyond the padding (with `ceil_mode`) are never counted; a window without any cell gives 0.
    Shapes and errors as `max_pool2d`.
    """
    maps, windows = _laid(x, "avg_pool2d", kernel_size, stride, padding, ceil_mode)
    return unbatch(window_mean(maps, windows, count_include_pad), x)


def avg_pool2d_backward(
    dy: Any,
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Gradient of `avg_pool2d`: each cell of a window gets dy divided by what its sum was divided by."""
    maps, windows = _laid(x, "avg_pool2d", kernel_size, stride, padding, ceil_mode)
    upstream = _upstream(dy, x, maps, windows, "avg_pool2d_backward")
    return unbatch(
        sum_gradient(upstream / divisors(windows, count_include_pad, maps.dtype), maps, windows), x
    )


def divisors(windows: Windows, count_include_pad: bool, dtype: Any) -> Array:
    """Return what the sum of each window is divided by for its mean, (oh, ow)."""
    rows, cols = ((axis.counts if count_include_pad else axis.real) for axis in windows)
    # A window without cells has the sum 0, and 0 / 1 is 0 where 0 / 0 would be NaN.
    return np.maximum(np.outer(rows, cols), 1).astype(dtype)


def lp_pool2d(
    x: Any, norm_type: float, kernel_size: Any, *, stride: Any = None, ceil_mode: bool = False
) -> Array:
    """(sum of x^p)^(1/p) over each window, as torch.nn.functional.lp_pool2d, p = `norm_type`.

    Powers keep their sign, as in PyTorch: odd powers of negative values are negative, and a negative sum has a root
    only for p = 1 (NaN otherwise). A window that `ceil_mode` cuts off counts as if the rest of it had the same mean.
    Raises ShapeError, ParameterError.
    """
    power, cells = _lp_power(norm_type), _cells(kernel_size)
    maps = as_maps(x, "lp_pool2d")
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        # Mean times cells instead of a sum, as PyTorch computes it: this scales up windows that `ceil_mode` cuts off.
        mean = avg_pool2d(_powers(maps, power), kernel_size, stride=stride, ceil_mode=ceil_mode)
        return unbatch(_powers(mean * maps.dtype.type(cells), 1 / power), x)


def lp_pool2d_backward(
    dy: Any, x: Any, norm_type: float, kernel_size: Any, *, stride: Any = None, ceil_mode: bool = False
) -> Array:
    """Gradient of `lp_pool2d`; 0 where the sum is 0."""
    power, cells = _lp_power(norm_type), _cells(kernel_size)
    maps = as_maps(x, "lp_pool2d_backward")
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        mean = avg_pool2d(_powers(maps, power), kernel_size, stride=stride, ceil_mode=ceil_mode)
        total = mean * maps.dtype.type(cells)
        upstream = check_gradient(dy, total.shape[4 - np.ndim(x) :], "lp_pool2d_backward")
        outer = upstream.reshape(total.shape) * _powers(total, 1 / power - 1) * maps.dtype.type(cells)
        # The power 1 / p - 1 is negative for p > 1, and infinite at 0.
        outer = np.where(total == 0, 0, outer).astype(maps.dtype, copy=False)
        inner = avg_pool2d_backward(outer, maps, kernel_size, stride=stride, ceil_mode=ceil_mode)
        return unbatch(inner * _powers(maps, power - 1), x)


def _powers(maps: Array, power: float) -> Array:
    """maps**power, on our threads."""
    powers: Array = by_rows(lambda values: values**power, maps)
    return powers


def _lp_power(norm_type: Any) -> float:
    if not isinstance(norm_type, (int, float)) or not 0 < norm_type < np.inf:
        what = say("norm_type is {!r}", norm_type)
        raise ParameterError(what, "lp_pool2d", "give a number above 0", parameter="norm_type")
    return float(norm_type)


def _cells(kernel_size: Any) -> int:
    kernel = kernel_size if isinstance(kernel_size, (list, tuple)) else (kernel_size, kernel_size)
    return int(np.prod(kernel))


def median_pool2d(
    x: Any, kernel_size: Any, *, stride: Any = None, padding: Any = 0, ceil_mode: bool = False
) -> Array:
    """The median of each window's cells inside the input; of an even number of cells, the mean of the middle two.

    A window with a NaN gives NaN, one in padding alone 0. Shapes and errors as `max_pool2d`.
    """
    maps, windows = _laid(x, "median_pool2d", kernel_size, stride, padding, ceil_mode)
    if _networks(windows):
        return unbatch(_network_medians(maps, windows), x)
    from filterlab.functional.pool import median_loops

    return unbatch(_by_outputs(median_loops.any_medians, maps, windows, places=0)[0], x)


def median_pool2d_backward(
    dy: Any, x: Any, kernel_size: Any, *, stride: Any = None, padding: Any = 0, ceil_mode: bool = False
) -> Array:
    """Gradient of `median_pool2d`: dy goes to the middle cell, or half of it to each of the middle two."""
    maps, windows = _laid(x, "median_pool2d", kernel_size, stride, padding, ceil_mode)
    # An odd window has the same cell as low and as high, and gets both halves.
    halves = _upstream(dy, x, maps, windows, "median_pool2d_backward") / 2
    _, low, high = _medians(maps, windows)
    return unbatch(_scattered(halves, low, maps) + _scattered(halves, high, maps), x)


def _laid(
    x: Any, operation: str, kernel_size: Any, *options: Any, **named: Unpack[PoolOptions]
) -> tuple[Array, Windows]:
    """x as (N, C, H, W), and its windows."""
    maps = as_maps(x, operation)
    return maps, pool_windows(maps.shape[2:], operation, kernel_size, *options, **named)


# -- on (N, C, H, W) and windows that are worked out already; adaptive pooling uses these as well -----------


def _planes(maps: Array) -> Array:
    """(N * C, H, W): the loops take each channel of each image by itself."""
    return read_only(maps).reshape(-1, *maps.shape[2:])


def _bounds(axis: PoolAxis) -> Array:
    return np.stack([axis.first, axis.stop])


def _result(maps: Array, windows: Windows, dtype: Any = None) -> Array:
    shape = (maps.shape[0] * maps.shape[1], windows[0].out, windows[1].out)
    return empty(shape, dtype or maps.dtype)


def _band_rows(maps: Array, y: Array) -> int:
    """The fewest output rows that are worth a thread, by the input cells that they read."""
    return max(SMALLEST_BAND * y.shape[1] // max(maps.shape[2] * maps.shape[3], 1), 1)


def _window_cells(windows: Windows) -> int:
    """The number of cells of the largest window; at least 1."""
    return max(int(windows[0].real.max()) * int(windows[1].real.max()), 1)


def window_extreme(maps: Array, windows: Windows, least: bool = False) -> Array:
    """Return the maxima of (N, C, H, W) over windows; the minima where `least`."""
    # Imported when it is needed, here and below, as it loads the compiler.
    from filterlab.functional.pool import direct, loops, strips

    if direct.fit(windows):
        return direct.extremes(maps, windows, least)
    if strips.fit(windows, maps.itemsize):
        return strips.extremes(maps, windows, least)
    rows, cols = windows
    # A sign is changed exactly, and NaN and ties stay what they are: one loop serves both.
    x, y = _planes(-maps if least else maps), _result(maps, windows)
    down, across, gaps = _bounds(rows), _bounds(cols), (rows.gap, cols.gap)
    run_bands(
        lambda start, end: loops.max_rows(x, down, across, gaps, start, end, y),
        len(y) * rows.out,
        smallest=_band_rows(maps, y),
    )
    y = y.reshape(*maps.shape[:2], rows.out, cols.out)
    return -y if least else y


def window_mean(maps: Array, windows: Windows, count_padding: bool) -> Array:
    """Return the sums of (N, C, H, W) over windows, divided by their cells: those of padding too if they count."""
    from filterlab.functional.pool import direct, loops, strips

    if direct.fit(windows):
        return direct.means(maps, windows, count_padding)
    if strips.fit(windows, maps.itemsize):
        return strips.means(maps, windows, count_padding)
    rows, cols = windows
    x, y = _planes(maps), _result(maps, windows)
    down, across, gaps = _bounds(rows), _bounds(cols), (rows.gap, cols.gap)
    run_bands(
        lambda start, end: loops.sum_rows(x, down, across, gaps, start, end, y),
        len(y) * rows.out,
        smallest=_band_rows(maps, y),
    )
    with np.errstate(all="ignore"):
        y /= divisors(windows, count_padding, maps.dtype)
    return y.reshape(*maps.shape[:2], rows.out, cols.out)


def window_winners(maps: Array, windows: Windows) -> tuple[Array, Array]:
    """Return (maxima, flat indices of the first winners) of (N, C, H, W) over windows."""
    from filterlab.functional.pool import loops as pool_loops

    gaps = windows[0].gap, windows[1].gap
    y, index = _by_outputs(pool_loops.max_indices, maps, windows, gaps, places=1)
    return y, index


def _networks(windows: Windows) -> bool:
    """Whether selection networks take these windows: square ones of a few sizes, which move by one."""
    rows, cols = windows
    return rows.taps == cols.taps and rows.taps in NETWORK_SIZES and (rows.stride, cols.stride) == (1, 1)


def _network_medians(maps: Array, windows: Windows) -> Array:
    from filterlab.functional.pool.median_loops import median_rows

    rows, cols = windows
    x, y = _planes(maps), _result(maps, windows)
    down, across, size = _bounds(rows), _bounds(cols), (rows.taps, *maps.shape[2:])
    loop, flat = median_rows(rows.taps), read_only(x.reshape(-1))

    def band(start: int, end: int) -> None:
        loop(flat, down, across, size, cols.regular, start, end, y)

    run_bands(band, len(y) * rows.out, smallest=_band_rows(maps, y))
    return y.reshape(*maps.shape[:2], rows.out, cols.out)


def _medians(maps: Array, windows: Windows) -> tuple[Array, Array, Array]:
    from filterlab.functional.pool import loops as pool_loops

    y, low, high = _by_outputs(pool_loops.medians, maps, windows, places=2)
    return y, low, high


def _by_outputs(
    loop: Callable[..., None], maps: Array, windows: Windows, *options: Any, places: int
) -> tuple[Array, ...]:
    """The values that a loop chooses from each window, and so many arrays of places from which they came."""
    rows, cols = windows
    # int64 is PyTorch's type of indices, and no map is too large for it.
    x, indices = _planes(maps), [_result(maps, windows, np.int64) for _ in range(places)]
    y, down, across = _result(maps, windows), _bounds(rows), _bounds(cols)

    def band(start: int, end: int) -> None:
        loop(x, down, across, *options, start, end, y, *indices)

    # By outputs, not rows: a window as large as the picture is work enough for a thread by itself.
    run_bands(band, y.size, smallest=max(SMALLEST_BAND // _window_cells(windows), 1))
    return tuple(found.reshape(*maps.shape[:2], rows.out, cols.out) for found in (y, *indices))


def _upstream(dy: Any, x: Any, maps: Array, windows: Windows, operation: str) -> Array:
    """`dy` as (N, C, oh, ow) in the dtype of the maps."""
    shape = (*maps.shape[:2], windows[0].out, windows[1].out)
    return map_gradient(dy, x, maps, shape, operation)


def winners_gradient(dy: Any, x: Any, maps: Array, windows: Windows, operation: str) -> Array:
    """Return the gradient of maxima over windows of `maps` (N, C, H, W)."""
    upstream = _upstream(dy, x, maps, windows, operation)
    return _scattered(upstream, window_winners(maps, windows)[1], maps)


def _scattered(upstream: Array, index: Array, maps: Array) -> Array:
    from filterlab.functional.pool import loops as pool_loops

    # Cell by cell in one thread for each plane: windows overlap, and two threads must not add to one cell.
    dx = np.zeros((maps.shape[0] * maps.shape[1], maps.shape[2] * maps.shape[3]), maps.dtype)
    shape = len(dx), upstream.shape[2] * upstream.shape[3]
    values = read_only(upstream).reshape(shape)
    places = index.reshape(shape)
    run_bands(
        lambda start, end: pool_loops.scatter(values, places, start, end, dx),
        len(dx),
        smallest=max(SMALLEST_BAND // values.shape[1], 1),
    )
    return dx.reshape(maps.shape)


def sum_gradient(upstream: Array, maps: Array, windows: Windows) -> Array:
    """Return the gradient of sums over windows without gaps, (N, C, H, W)."""
    from filterlab.functional.pool import loops as pool_loops

    dx = np.zeros((maps.shape[0] * maps.shape[1], *maps.shape[2:]), maps.dtype)
    values = _planes(upstream)
    rows, cols = (_bounds(axis) for axis in windows)
    outputs, piece = windows[0].out * windows[1].out, max(LONGEST_PIECE // _window_cells(windows), 1)

    def band(start: int, end: int) -> None:
        # Two threads cannot add to one plane, and a plane may take long.
        for plane, first in product(range(start, end), range(0, outputs, piece)):
            check_wanted()
            pool_loops.spread(values, rows, cols, plane, first, min(first + piece, outputs), dx)

    run_bands(
        band,
        len(dx),
        smallest=max(SMALLEST_BAND // (maps.shape[2] * maps.shape[3]), 1),
    )
    return dx.reshape(maps.shape)
