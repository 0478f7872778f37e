"""Compiled passes over the values of a map, for its distribution, its smaller copies and its pixels.

NumPy needs several passes and copies for each of them: with it, most of the time from an edit to new maps on the screen
goes into looking at maps, and not into computing them. Both give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.compiling import compiled

BINS = 1 << 16
# Values of a part: clearing and adding up its tables of counts takes a tenth of counting them.
_PART = 1 << 19
# Calls work(start, stop) on bands that cover range(count), side by side where it can: `run_bands` of the engine.
Share = Callable[[Callable[[int, int], None], int], None]
# Calls empty(shape, dtype) for an array of arbitrary content: `np.empty`, or what uses memory that came free again.
Empty = Callable[[tuple[int, ...], Any], NDArray[Any]]


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """The values in one piece of memory that may not be written to: loops are compiled anew for each kind of array."""
    plain = np.ascontiguousarray(values).view()
    plain.flags.writeable = False
    return plain


def count_upper_halves(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """(65536,): how many of fewer than 2^32 values have each pattern of upper 16 bits."""
    tables = np.zeros((4, BINS), np.uint32)
    _count(_plain(values).reshape(-1).view(np.uint32), *tables)
    return (tables[0] + tables[1] + (tables[2] + tables[3])).astype(np.int64)


@compiled
def _count(words: Any, first: Any, second: Any, third: Any, fourth: Any) -> None:
    # Neighbours mostly fall into the same bin. In tables of their own, no count waits for the one before.
    half = np.uint64(16)  # unsigned, or each index would be looked at for a sign
    end = words.size // 4 * 4
    for i in range(0, end, 4):
        first[np.uint64(words[i]) >> half] += np.uint32(1)
        second[np.uint64(words[i + 1]) >> half] += np.uint32(1)
        third[np.uint64(words[i + 2]) >> half] += np.uint32(1)
        fourth[np.uint64(words[i + 3]) >> half] += np.uint32(1)
    for i in range(end, words.size):
        first[np.uint64(words[i]) >> half] += np.uint32(1)


def looked_over(
    planes: NDArray[np.float32], share: Share, empty: Empty
) -> tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.float32]]:
    """All that a view asks of planes (C, H, W), read once: their bounds, their counts, and their smaller copy.

    bounds: (C, 2), the least and the largest value of each that is not NaN. counts: (C, 65536), as of
    `count_upper_halves`. The copy is that of `halved`, in memory from `empty`.
    """
    plain = _plain(planes)
    words = plain.view(np.uint32)
    channels, height, width = plain.shape
    bounds = np.tile(np.array([np.inf, -np.inf]), (channels, 1))
    counts = np.zeros((channels, BINS), np.uint32)
    means = empty((channels, height // 2, width // 2), np.float32)
    rows = max(_PART // width // 2 * 2, 2)  # even, as two rows make one of the copy
    parts = [(c, top) for c in range(channels) for top in range(0, height, rows)]
    lock = Lock()

    def work(start: int, stop: int) -> None:
        for c, top in parts[start:stop]:
            least, largest = np.full(width, np.inf, np.float32), np.full(width, -np.inf, np.float32)
            tables = np.zeros((4, BINS), np.uint32)
            bottom = min(top + rows, height)
            _look_over(plain[c], words[c], (top, bottom), least, largest, *tables, np.float32(0.25), means[c])
            with lock:
                counts[c] += tables[0] + tables[1] + (tables[2] + tables[3])
                bounds[c] = min(bounds[c, 0], least.min()), max(bounds[c, 1], largest.max())

    share(work, len(parts))
    return bounds, counts, means


@compiled
def _look_over(
    plane: Any,
    words: Any,
    rows: Any,
    least: Any,
    largest: Any,
    first: Any,
    second: Any,
    third: Any,
    fourth: Any,
    quarter: Any,
    means: Any,
) -> None:
    for i in range(rows[0], rows[1]):
        row = plane[i]
        # For each column by itself: of a running extreme of all, no vector could be made.
        for j in range(row.size):
            least[j] = row[j] if row[j] < least[j] else least[j]
            largest[j] = row[j] if row[j] > largest[j] else largest[j]
        _count(words[i], first, second, third, fourth)
        if i % 2:
            _halve_rows(plane[i - 1], row, quarter, means[i // 2])


def put_levels(
    planes: NDArray[np.float32], low: float, scale: float, top: int, pixels: NDArray[np.uint8]
) -> None:
    """Write (value - low) * scale, rounded and within 0 to `top`, of planes (C, H, W) into pixels (H, W, C); NaN as 0.

    All in single precision. top: at most 255.
    """
    numbers = (np.float32(number) for number in (low, scale, top))
    (_put_colours if len(planes) == 3 else _put_greys)(_plain(planes), *numbers, pixels)


@compiled(kept=False)
def _level(value: Any, low: Any, scale: Any, top: Any) -> Any:
    work = (value - low) * scale
    # In this order, NaN becomes 0.
    work = work if work > np.float32(0) else np.float32(0)
    work = work if work < top else top
    # A sum with 1.5 * 2^23 has no room for a fraction, and is rounded to even like `rint`, but in vectors.
    return np.uint8((work + np.float32(12582912.0)) - np.float32(12582912.0))


@compiled
def _put_colours(planes: Any, low: Any, scale: Any, top: Any, pixels: Any) -> None:
    for i in range(planes.shape[1]):
        red, green, blue, row = planes[0, i], planes[1, i], planes[2, i], pixels[i].reshape(-1)
        for j in range(planes.shape[2]):
            row[3 * j] = _level(red[j], low, scale, top)
            row[3 * j + 1] = _level(green[j], low, scale, top)
            row[3 * j + 2] = _level(blue[j], low, scale, top)


@compiled
def _put_greys(planes: Any, low: Any, scale: Any, top: Any, pixels: Any) -> None:
    for c in range(planes.shape[0]):
        for i in range(planes.shape[1]):
            values, row = planes[c, i], pixels[i, :, c]
            for j in range(values.size):
                row[j] = _level(values[j], low, scale, top)


def planes_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Planes (3, H, W) in [0, 1] of pixels (H, W, 3)."""
    planes = np.empty((3, *pixels.shape[:2]), np.float32)
    _put_planes(_plain(pixels), planes)
    return planes


@compiled
def _put_planes(pixels: Any, planes: Any) -> None:
    top = np.float32(255)
    for i in range(pixels.shape[0]):
        row, red, green, blue = pixels[i].reshape(-1), planes[0, i], planes[1, i], planes[2, i]
        for j in range(pixels.shape[1]):
            red[j] = np.float32(row[3 * j]) / top
            green[j] = np.float32(row[3 * j + 1]) / top
            blue[j] = np.float32(row[3 * j + 2]) / top


def halved(planes: NDArray[Any], empty: Empty = np.empty) -> NDArray[Any]:
    """Means of 2 x 2 cells of (C, H, W): (C, H // 2, W // 2), so a last odd row or column is left out.

    NaN and infinity spread to the mean, so that they stay visible in small copies.
    """
    channels, height, width = planes.shape
    means = empty((channels, height // 2, width // 2), planes.dtype)
    _halve(_plain(planes), planes.dtype.type(0.25), means)
    return means


@compiled
def _halve(planes: NDArray[Any], quarter: Any, means: NDArray[Any]) -> None:
    for c in range(means.shape[0]):
        for i in range(means.shape[1]):
            _halve_rows(planes[c, 2 * i], planes[c, 2 * i + 1], quarter, means[c, i])


@compiled(kept=False)
def _halve_rows(upper: Any, lower: Any, quarter: Any, mean: Any) -> None:
    for j in range(mean.size):
        left = upper[2 * j] + lower[2 * j]
        mean[j] = (left + (upper[2 * j + 1] + lower[2 * j + 1])) * quarter
