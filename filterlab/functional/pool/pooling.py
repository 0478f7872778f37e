"""Pooling: one number for each window, channel by channel. Maximum, minimum, average, Lp norm and median."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_maps, check_gradient, map_gradient, read_only, unbatch
from filterlab.functional.pool.uneven import (
    SMALLEST_BAND,
    bounds,
    by_outputs,
    divisors,
    planes,
    window_cells,
)
from filterlab.functional.pool.windows import PoolOptions, Windows, pool_windows
from filterlab.functional.threads import by_rows, check_wanted, run_bands
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.pool.methods import PoolMethod

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
    "pool2d_method",
]

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
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    percentile: float = 50.0,
) -> Array:
    """The median of each window's cells inside the input; of an even number of cells, the mean of the middle two.

    percentile: from 0, the least value, to 100, the greatest; between two cells it is interpolated as by
    numpy.percentile. A window with a NaN gives NaN, one in padding alone 0. Shapes and errors as `max_pool2d`.
    """
    maps, windows = _laid(x, "median_pool2d", kernel_size, stride, padding, ceil_mode)
    from filterlab.functional.pool.methods import RANKS, choose

    share = _share(percentile)
    return unbatch(choose(RANKS, windows, maps.itemsize, share).run(maps, windows, share), x)


def median_pool2d_backward(
    dy: Any,
    x: Any,
    kernel_size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    percentile: float = 50.0,
) -> Array:
    """Gradient of `median_pool2d`: dy goes to the cell of that rank, or in parts to the two that it lies between."""
    maps, windows = _laid(x, "median_pool2d", kernel_size, stride, padding, ceil_mode)
    upstream = _upstream(dy, x, maps, windows, "median_pool2d_backward")
    part, low, high = _ranks(maps, windows, _share(percentile))
    return unbatch(_scattered(upstream * (1 - part), low, maps) + _scattered(upstream * part, high, maps), x)


def _share(percentile: Any) -> float:
    if not isinstance(percentile, (int, float)) or not 0 <= percentile <= 100:
        what = say("percentile is {!r}", percentile)
        raise ParameterError(what, "median_pool2d", "give a number from 0 to 100", parameter="percentile")
    return percentile / 100


def pool2d_method(
    operation: str,
    shape: tuple[int, ...],
    kernel_size: Any,
    *,
    percentile: float = 50.0,
    dtype: Any = np.float32,
    **options: Unpack[PoolOptions],
) -> PoolMethod:
    """Return how a pooling of maps of this shape is computed: its name, when it is chosen, why, and what it runs.

    operation: "max_pool2d", "min_pool2d", "avg_pool2d" or "median_pool2d"; options: those of the operation. Raises
    ParameterError, ShapeError.
    """
    from filterlab.functional.pool import methods

    table = methods.TABLES.get(operation)
    if table is None:
        what = say("operation is {!r}", operation)
        hint = say("choose one of {}", ", ".join(methods.TABLES))
        raise ParameterError(what, "pool2d_method", hint, parameter="operation")
    windows = pool_windows(tuple(shape[-2:]), operation, kernel_size, **options)
    return methods.choose(table, windows, np.dtype(dtype).itemsize, _share(percentile))


def prepared_pool2d(
    operation: str,
    shape: tuple[int, ...],
    dtype: Any,
    *,
    count_include_pad: bool = True,
    **options: Any,
) -> Callable[[Array], Array] | None:
    """Return a pooling as a function of maps (N, C, H, W) of this shape and dtype, which works nothing out again.

    It checks nothing either. None for other operations than "max_pool2d", "min_pool2d" and "avg_pool2d". Raises as
    these.
    """
    if operation not in ("max_pool2d", "min_pool2d", "avg_pool2d"):
        return None
    from filterlab.functional.pool import methods

    windows = pool_windows(tuple(shape[2:]), operation, **options)
    method = methods.choose(methods.TABLES[operation], windows, np.dtype(dtype).itemsize)
    option = count_include_pad if operation == "avg_pool2d" else operation == "min_pool2d"
    return method.prepare(shape, dtype, windows, option)


def _laid(
    x: Any, operation: str, kernel_size: Any, *options: Any, **named: Unpack[PoolOptions]
) -> tuple[Array, Windows]:
    """x as (N, C, H, W), and its windows."""
    maps = as_maps(x, operation)
    return maps, pool_windows(maps.shape[2:], operation, kernel_size, *options, **named)


# -- on (N, C, H, W) and windows that are worked out already; adaptive pooling uses these as well -----------


def window_extreme(maps: Array, windows: Windows, least: bool = False) -> Array:
    """Return the maxima of (N, C, H, W) over windows; the minima where `least`."""
    # Imported when it is needed, here and below, as it loads the compiler.
    from filterlab.functional.pool.methods import EXTREMES, choose

    return choose(EXTREMES, windows, maps.itemsize).run(maps, windows, least)


def window_mean(maps: Array, windows: Windows, count_padding: bool) -> Array:
    """Return the sums of (N, C, H, W) over windows, divided by their cells: those of padding too if they count."""
    from filterlab.functional.pool.methods import MEANS, choose

    return choose(MEANS, windows, maps.itemsize).run(maps, windows, count_padding)


def window_winners(maps: Array, windows: Windows) -> tuple[Array, Array]:
    """Return (maxima, flat indices of the first winners) of (N, C, H, W) over windows."""
    from filterlab.functional.pool import loops as pool_loops

    gaps = windows[0].gap, windows[1].gap
    y, index = by_outputs(pool_loops.max_indices, maps, windows, gaps, places=1)
    return y, index


def _ranks(maps: Array, windows: Windows, share: float) -> tuple[Array, ...]:
    """Where between two cells of each window the value at this share lies, and the cells."""
    from filterlab.functional.pool import loops as pool_loops

    return by_outputs(pool_loops.ranks, maps, windows, share, places=2)


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
    values = planes(upstream)
    rows, cols = (bounds(axis) for axis in windows)
    outputs, piece = windows[0].out * windows[1].out, max(LONGEST_PIECE // window_cells(windows), 1)

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
