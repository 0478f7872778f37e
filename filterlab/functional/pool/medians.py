"""Medians and other percentiles of windows, by the networks of `selection`."""

from __future__ import annotations

from filterlab.functional.arrays import Array, read_only
from filterlab.functional.memory import empty, scratch
from filterlab.functional.pool.median_loops import LONGEST, ROOM, SLACK, ranked_rows
from filterlab.functional.pool.median_tiles import kernel_of
from filterlab.functional.pool.windows import PoolAxis, Windows
from filterlab.functional.threads import run_bands

MOST = 31  # cells of a side: the compiler takes seconds for the networks of larger windows
FEWEST = 3  # cells of a window
SPARSE = 16  # windows of which one is wanted: where they move by more, most would be worked out for nothing
SMALLEST_BAND = 1 << 12  # outputs that are worth handing to another thread


def fit(windows: Windows, share: float) -> bool:
    """Whether networks take these windows.

    Windows that are cut off at the border have a network only for their median, of an odd number of cells. The numbers
    are the same either way.
    """
    rows, cols = windows
    cells = rows.taps * cols.taps
    if max(rows.taps, cols.taps) > MOST or cells < FEWEST or rows.stride * cols.stride > SPARSE:
        return False
    if all(axis.regular == (0, axis.out) for axis in windows):
        return True
    wide = all(axis.inside[1] - axis.inside[0] >= axis.taps for axis in windows)
    return share == 0.5 and cells % 2 == 1 and wide


def ranked(maps: Array, windows: Windows, share: float) -> Array:
    """The value at `share` of the way through the cells of each window of (N, C, H, W), for windows that `fit`."""
    rows, cols = windows
    place = share * (rows.taps * cols.taps - 1)
    low = int(place)
    part = maps.dtype.type(place - low)
    ranks = (low, low + 1) if part > 0 else (low,)
    kernel = kernel_of(rows.taps, cols.taps, _together(rows), ranks)
    loop = ranked_rows(*kernel[:3], ranks)
    # Windows that move by more are some of those that move by one.
    oh, ow = ((axis.out - 1) * axis.stride + 1 for axis in windows)
    y, flat = empty((*maps.shape[:2], oh, ow), maps.dtype), read_only(maps).reshape(-1)
    lines = kernel.lines + rows.taps + kernel.together - 1
    line = min(max(ROOM // (maps.itemsize * lines), SLACK), LONGEST, ow) + cols.taps + SLACK
    shape, out = (*maps.shape[2:], oh, ow), y.reshape(-1)
    first, inside = (_start(rows), _start(cols)), (*rows.inside, *cols.inside)

    def band(start: int, end: int) -> None:
        room = scratch(lines * line, maps.dtype)
        loop(flat, shape, first, inside, part, room, line, start, end, out)

    smallest = max(SMALLEST_BAND // ow, 2 * kernel.together)
    run_bands(band, maps.shape[0] * maps.shape[1] * oh, smallest=smallest)
    return y if rows.stride == cols.stride == 1 else y[:, :, :: rows.stride, :: cols.stride].copy()


def _together(rows: PoolAxis) -> int:
    """How many windows below each other share their work: more share more, but keep more in the registers."""
    if rows.taps < 3:
        return 1
    return 3 if rows.taps == 3 else 2 if rows.taps <= 9 else 4


def _start(axis: PoolAxis) -> int:
    return int(axis.start or 0)
