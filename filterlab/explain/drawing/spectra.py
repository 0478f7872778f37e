"""The spectrum of a map, prepared for the screen, and the waves that stand out of it: grids and moiré.

Frequencies (u, v) are those of `functional.filters.spectrum`, in cycles a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees, floor, hypot, inf, log10
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FilterLabError
from filterlab.images.views import pixels_of
from filterlab.text.messages import say

MAGNITUDE, PHASE = "magnitude", "phase"
FINEST = 1024  # frequencies along an axis that are kept for the screen
MOST_CELLS = 1 << 26  # of a map; its spectrum takes eight bytes a cell
MOST_PEAKS = 12
# In the spectra of photographs, a frequency is at most 5 times as strong as is usual around it, unless there is a
# pattern; a grid of 3 % of the range has 10 to 150 times.
OUTSTANDING = 7.0
STANDING = 4.0  # the same for the peak that a person points at
LOWEST = 0.03  # cycles a pixel, below which the shapes of a picture look like peaks
NOTCH = 0.01  # cycles a pixel; wide enough for a period that does not divide the size of the map
_BACKGROUND = 11  # bins whose median is the background of a peak


class Wave(NamedTuple):
    """A frequency that stands out, and its amplitude."""

    u: float
    v: float
    amplitude: float


class WaveReading(NamedTuple):
    """What a spectrum is at a frequency.

    phase: in radians; of a wave that is highest in the first pixel it is 0. length: of the wave, in pixels. angle: of
    the way from crest to crest, anticlockwise from the rows, 0 to 180 degrees.
    """

    amplitude: float
    phase: float
    length: float
    angle: float


@dataclass(frozen=True, eq=False)
class MapSpectrum:
    """Amplitudes and phases of a map of `size` (H, W), float32 (h, w) with zero frequency in the middle.

    Where the map has more than 1024 rows or columns, a cell has the greatest amplitude of the frequencies in it, and
    the phase of its first.
    """

    amplitudes: NDArray[np.float32]
    phases: NDArray[np.float32]
    size: tuple[int, int]

    @property
    def corner(self) -> tuple[float, float]:
        """(u, v) of the upper left corner of the first cell; the last one ends a whole cycle further."""
        height, width = self.size
        return -(width // 2 + 0.5) / width, -(height // 2 + 0.5) / height

    def read(self, u: float, v: float) -> WaveReading:
        """The wave of frequency (u, v), with amplitude and phase of the cell that it lies in."""
        row, col = self._cell(u, v)
        frequency = hypot(u, v)
        length, angle = (1 / frequency if frequency else inf), degrees(atan2(-v, u)) % 180
        return WaveReading(float(self.amplitudes[row, col]), float(self.phases[row, col]), length, angle)

    @property
    def radius(self) -> float:
        """The radius of a notch that takes out one wave, in cycles a pixel."""
        return max(NOTCH, 1.5 / min(self.size))

    def _cell(self, u: float, v: float) -> tuple[int, int]:
        left, top = self.corner
        rows, cols = self.amplitudes.shape
        return floor((v - top) * rows) % rows, floor((u - left) * cols) % cols

    def peak_near(self, u: float, v: float, reach: float) -> tuple[float, float]:
        """The middle of the cell with the greatest amplitude at most `reach` from (u, v) along either axis.

        (u, v) itself where nothing stands out there, as on the slope towards low frequencies.
        """
        rows, cols = self.amplitudes.shape
        row, col = self._cell(u, v)
        down, across = floor(reach * rows), floor(reach * cols)
        if not (down and across):
            return u, v
        near = self.amplitudes[
            np.ix_(
                np.arange(row - down, row + down + 1) % rows, np.arange(col - across, col + across + 1) % cols
            )
        ]
        i, j = (int(place) for place in np.unravel_index(int(near.argmax()), near.shape))
        inside = 0 < i < 2 * down and 0 < j < 2 * across
        if not inside or near[i, j] < STANDING * np.median(near):
            return u, v
        left, top = self.corner
        found = left + (col - across + j + 0.5) / cols, top + (row - down + i + 0.5) / rows
        return found[0] - round(found[0]), found[1] - round(found[1])

    def pixels(self, kind: str, *, dark: bool, most: int = FINEST) -> NDArray[np.uint32]:
        """The logarithm of the amplitudes, or the phases, as pixels 0xFFRRGGBB, at most `most` along an axis.

        A pixel shows the greatest amplitude of its cells, so that no peak is lost.
        """
        starts = [_starts(n, min(n, most)) for n in self.amplitudes.shape]
        if kind == PHASE:
            picked = self.phases[np.ix_(*starts)]
            return pixels_of(picked, -np.pi, np.pi, "signed-dark" if dark else "signed-light")
        greatest, (least, most_of_all) = self.amplitudes, self.span
        for axis, begin in enumerate(starts):
            greatest = np.maximum.reduceat(greatest, begin, axis=axis)
        low, high = log10(least), log10(most_of_all)
        shown = np.log10(np.maximum(greatest, np.float32(least)))
        return pixels_of(shown, low, high, "sequential-dark" if dark else "sequential-light")

    @cached_property
    def span(self) -> tuple[float, float]:
        """The amplitudes at both ends of the colours: the hundredth that is weakest has one colour."""
        high = max(float(self.amplitudes.max()), 1e-30)
        return min(max(float(np.percentile(self.amplitudes, 1)), high * 1e-9), high / 2), high


def map_spectrum(plane: Any, *, soft: bool = True) -> MapSpectrum:
    """The spectrum of a map (H, W) without its mean. Values that are not finite count as the mean.

    soft: multiply the map by a window (Hann) that falls to 0 at its border, so that the jump from one border to the
    opposite one does not lie as a cross over everything else. An amplitude of a is that of the wave a cos(...).
    Raises FilterLabError for more than 67 million cells.
    """
    half, scale = _transformed(plane, soft=soft)
    size = np.shape(plane)
    whole = _whole(np.abs(half).astype(np.float32) * np.float32(scale), size)
    starts = [_starts(n, min(n, FINEST)) for n in size]
    for axis, begin in enumerate(starts):
        whole = np.maximum.reduceat(whole, begin, axis=axis)
    return MapSpectrum(whole, _phases(half, size, starts), (size[0], size[1]))


def find_peaks(plane: Any, most: int = MOST_PEAKS) -> list[Wave]:
    """The waves of a map (H, W) that stand out of its spectrum away from low frequencies, the strongest first.

    Each is a local maximum at least 7 times as high as the median of its ring, the frequencies as far from zero, and as
    that of its neighbourhood, and stands for its mirror, too. Its place is refined by a parabola through the logarithms
    of its neighbours. Raises as `map_spectrum`.
    """
    from scipy import ndimage  # here, because it takes a while to load

    size = np.shape(plane)
    half, scale = _transformed(plane, soft=True)
    amplitudes = np.abs(half) * scale
    v, u = np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])[None]
    distance = np.hypot(u, v)
    # Two frequencies wide; the corners, where a ring has few of them, are one.
    ring = (np.minimum(distance, 0.5) * min(size) / 2).astype(int)
    usual = ndimage.median(amplitudes, ring, np.arange(ring.max() + 1))[ring]
    # One of each pair of mirrors in the column of zero and in that of 1/2, which hold both.
    own = ((u > 0) & (u < 0.5)) | (v >= 0) | (v == -0.5)
    rough = (amplitudes > OUTSTANDING * np.maximum(usual, 1e-30)) & (distance >= LOWEST) & own
    whole = _whole(amplitudes, size)
    found = []
    for row, col in zip(*np.nonzero(rough), strict=True):
        place = (row + size[0] // 2, col + size[1] // 2)
        around = _around(whole, place, _BACKGROUND // 2)
        near = _around(whole, place, 3)
        peak = amplitudes[row, col]
        if peak >= near.max() and peak > OUTSTANDING * np.median(around):
            du, dv = _refined(whole, place)
            found.append(Wave(float(u[0, col]) + du / size[1], float(v[row, 0]) + dv / size[0], float(peak)))
    return sorted(found, key=lambda wave: -wave.amplitude)[:most]


def _transformed(plane: Any, *, soft: bool) -> tuple[NDArray[Any], float]:
    """The half (H, W // 2 + 1) of a spectrum with u from 0 on, and what makes its magnitudes amplitudes."""
    from scipy.fft import rfft2

    values = np.asarray(plane)
    if values.size > MOST_CELLS:
        what = say("a spectrum of {} values takes too much memory", values.size)
        raise FilterLabError(what, "spectrum", say("at most {}; crop the picture before", MOST_CELLS))
    kept = np.isfinite(values)
    mean = float(values[kept].mean(dtype=np.float64)) if kept.any() else 0.0
    values = np.where(kept, values - values.dtype.type(mean), 0)
    total = float(values.size)
    if soft:
        down, across = (np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in values.shape)
        values = values * (down[:, None] * across).astype(values.dtype)
        total = float(down.sum() * across.sum())
    return rfft2(values), 2 / total


def _starts(n: int, count: int) -> NDArray[Any]:
    """The first of `n` frequencies whose middle lies in each of `count` cells."""
    return -((count - 2 * n * np.arange(count)) // (2 * count))


def _whole(half: NDArray[Any], size: tuple[int, ...]) -> NDArray[Any]:
    """Both halves of amplitudes (H, W), which are the same at (u, v) and (-u, -v), zero frequency in the middle."""
    height, width = size
    mirrored = half[-np.arange(height) % height, 1 : (width + 1) // 2][:, ::-1]
    whole: NDArray[Any] = np.fft.fftshift(np.concatenate([half, mirrored], axis=1))
    return whole


def _phases(half: NDArray[Any], size: tuple[int, ...], starts: list[NDArray[Any]]) -> NDArray[np.float32]:
    """The phases at some rows and columns of the whole spectrum."""
    rows, cols = ((begin - n // 2) % n for begin, n in zip(starts, size, strict=True))
    mirrored = cols > size[1] // 2
    picked = half[
        np.where(mirrored, -rows[:, None] % size[0], rows[:, None]), np.where(mirrored, size[1] - cols, cols)
    ]
    angles: NDArray[np.float32] = np.where(mirrored, -1, 1) * np.angle(picked)
    return angles.astype(np.float32)


def _around(whole: NDArray[Any], place: tuple[int, int], reach: int) -> NDArray[Any]:
    """The cells up to `reach` from a place, beyond an edge those of the opposite one."""
    rows, cols = (np.arange(at - reach, at + reach + 1) % n for at, n in zip(place, whole.shape, strict=True))
    found: NDArray[Any] = whole[np.ix_(rows, cols)]
    return found


def _refined(whole: NDArray[Any], place: tuple[int, int]) -> tuple[float, float]:
    """How far (columns, rows) the top of a peak lies from the middle of its cell, -1/2 to 1/2."""
    logs = np.log(np.maximum(_around(whole, place, 1), 1e-30))

    def top(before: float, here: float, after: float) -> float:
        bend = before - 2 * here + after
        return 0.0 if bend >= 0 else min(max((before - after) / (2 * bend), -0.5), 0.5)

    return top(logs[1, 0], logs[1, 1], logs[1, 2]), top(logs[0, 1], logs[1, 1], logs[2, 1])
