"""Sums, extremes and ranks over windows that lie anyhow, on our threads: what `loops` and `median_loops` compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, read_only
from filterlab.functional.memory import empty
from filterlab.functional.pool.windows import PoolAxis, Windows
from filterlab.functional.threads import run_bands

SMALLEST_BAND = 1 << 14  # input cells that are worth handing to another thread


def divisors(windows: Windows, count_include_pad: bool, dtype: Any) -> Array:
    """Return what the sum of each window is divided by for its mean, (oh, ow)."""
    rows, cols = ((axis.counts if count_include_pad else axis.real) for axis in windows)
    # A window without cells has the sum 0, and 0 / 1 is 0 where 0 / 0 would be NaN.
    return np.maximum(np.outer(rows, cols), 1).astype(dtype)


def planes(maps: Array) -> Array:
    """(N * C, H, W): the loops take each channel of each image by itself."""
    return read_only(maps).reshape(-1, *maps.shape[2:])


def bounds(axis: PoolAxis) -> Array:
    return np.stack([axis.first, axis.stop])


def _result(maps: Array, windows: Windows, dtype: Any = None) -> Array:
    shape = (maps.shape[0] * maps.shape[1], windows[0].out, windows[1].out)
    return empty(shape, dtype or maps.dtype)


def _band_rows(maps: Array, y: Array) -> int:
    """The fewest output rows that are worth a thread, by the input cells that they read."""
    return max(SMALLEST_BAND * y.shape[1] // max(maps.shape[2] * maps.shape[3], 1), 1)


def window_cells(windows: Windows) -> int:
    """The number of cells of the largest window; at least 1."""
    return max(int(windows[0].real.max()) * int(windows[1].real.max()), 1)


def extremes(maps: Array, windows: Windows, least: bool) -> Array:
    """The maxima of (N, C, H, W) over windows, or the minima."""
    # Imported when it is needed, here and below, as it loads the compiler.
    from filterlab.functional.pool import loops

    rows, cols = windows
    # A sign is changed exactly, and NaN and ties stay what they are: one loop serves both.
    x, y = planes(-maps if least else maps), _result(maps, windows)
    down, across, gaps = bounds(rows), bounds(cols), (rows.gap, cols.gap)
    run_bands(
        lambda start, end: loops.max_rows(x, down, across, gaps, start, end, y),
        len(y) * rows.out,
        smallest=_band_rows(maps, y),
    )
    y = y.reshape(*maps.shape[:2], rows.out, cols.out)
    return -y if least else y


def means(maps: Array, windows: Windows, count_padding: bool) -> Array:
    """The sums of (N, C, H, W) over windows, divided by their cells: those of padding too if they count."""
    from filterlab.functional.pool import loops

    rows, cols = windows
    x, y = planes(maps), _result(maps, windows)
    down, across, gaps = bounds(rows), bounds(cols), (rows.gap, cols.gap)
    run_bands(
        lambda start, end: loops.sum_rows(x, down, across, gaps, start, end, y),
        len(y) * rows.out,
        smallest=_band_rows(maps, y),
    )
    with np.errstate(all="ignore"):
        y /= divisors(windows, count_padding, maps.dtype)
    return y.reshape(*maps.shape[:2], rows.out, cols.out)


def ranked(maps: Array, windows: Windows, share: float) -> Array:
    """The value at `share` (0 to 1) of the way through the cells of each window of (N, C, H, W), in order."""
    from filterlab.functional.pool import median_loops

    return by_outputs(median_loops.any_ranked, maps, windows, share, places=0)[0]


def by_outputs(
    loop: Callable[..., None], maps: Array, windows: Windows, *options: Any, places: int
) -> tuple[Array, ...]:
    """The values that a loop chooses from each window, and so many arrays of places from which they came."""
    rows, cols = windows
    # int64 is PyTorch's type of indices, and no map is too large for it.
    x, indices = planes(maps), [_result(maps, windows, np.int64) for _ in range(places)]
    y, down, across = _result(maps, windows), bounds(rows), bounds(cols)

    def band(start: int, end: int) -> None:
        loop(x, down, across, *options, start, end, y, *indices)

    # By outputs, not rows: a window as large as the picture is work enough for a thread by itself.
    run_bands(band, y.size, smallest=max(SMALLEST_BAND // window_cells(windows), 1))
    return tuple(found.reshape(*maps.shape[:2], rows.out, cols.out) for found in (y, *indices))
