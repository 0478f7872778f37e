"""Statistics of the numbers of a map: extremes, moments, histogram, and profiles along rows and columns.

Sums are taken in float64 whatever the dtype. NaN and infinity are counted, and left out of everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum, inf, isfinite, log10, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import Cancelled
from filterlab.text.numbers import exact

BINS = 256
BLOCK = 1 << 18  # numbers at a time: few enough that `cancel` is asked many times a second
TOO_LARGE = 1e150  # the squares of larger numbers may overflow float64, so numbers are scaled down first

Cancel = Callable[[], bool]


@dataclass(frozen=True)
class Statistics:
    """Statistics of `count` numbers.

    minimum, maximum, mean, std and total are those of the finite numbers, NaN where there are none; std is that of the
    population (divided by n). zeros, nans and infinities count among all numbers.
    """

    count: int
    minimum: float
    maximum: float
    mean: float
    std: float
    total: float
    zeros: int
    nans: int
    infinities: int

    @property
    def finite(self) -> int:
        """How many of the numbers are finite."""
        return self.count - self.nans - self.infinities

    @property
    def zero_share(self) -> float:
        """The share of zeros among all numbers, from 0 to 1."""
        return self.zeros / self.count if self.count else 0.0


@dataclass(frozen=True)
class Histogram:
    """counts[i] numbers lie in edges[i] <= x < edges[i + 1]; the last bin holds its upper edge too."""

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]

    def heights(self, *, log: bool) -> NDArray[np.float64]:
        """The counts, or log10(1 + count), which keeps an empty bin at 0."""
        return np.log10(1.0 + self.counts) if log else self.counts.astype(np.float64)

    @staticmethod
    def height_of(count: int) -> float:
        """The height of a count among `heights(log=True)`."""
        return log10(1 + count)

    def bin_at(self, value: float) -> tuple[float, float, int] | None:
        """(lower edge, upper edge, count) of the bin that a value falls into; None outside of all bins."""
        if not self.edges[0] <= value <= self.edges[-1]:
            return None
        # The upper edge of all belongs to the last bin, as in np.histogram; side="right" alone would put it behind
        # that.
        i = min(int(np.searchsorted(self.edges, value, side="right")) - 1, len(self.counts) - 1)
        return float(self.edges[i]), float(self.edges[i + 1]), int(self.counts[i])

    @property
    def top(self) -> int:
        """The greatest count."""
        return int(self.counts.max(initial=0))


@dataclass(frozen=True)
class ProfileLine:
    """The values along a row or a column: values[i] is at positions[i]."""

    positions: NDArray[np.float64]
    values: NDArray[Any]

    @property
    def drawable(self) -> NDArray[np.float64]:
        """The values, with NaN in place of infinity, which a plot leaves out as a gap."""
        # Casting a signalling NaN of a damaged file sets the flag that NumPy warns of.
        with np.errstate(invalid="ignore"):
            wide = self.values.astype(np.float64)
        return np.where(np.isfinite(wide), wide, nan)

    def text(self, position: int) -> str:
        """A value with all its digits."""
        return exact(self.values[position])


@dataclass(frozen=True)
class Summary:
    """Statistics and histogram of the same numbers."""

    statistics: Statistics
    histogram: Histogram


@dataclass
class _Moments:
    """Counts and extremes, gathered in one pass over the numbers."""

    count: int = 0
    minimum: float = inf
    maximum: float = -inf
    zeros: int = 0
    nans: int = 0
    infinities: int = 0

    def add(self, block: NDArray[Any]) -> None:
        finite = block[np.isfinite(block)]
        self.count += block.size
        nans = int(np.isnan(block).sum())
        self.nans += nans
        self.infinities += block.size - finite.size - nans
        self.zeros += finite.size - int(np.count_nonzero(finite))
        if finite.size:
            self.minimum = min(self.minimum, float(finite.min()))
            self.maximum = max(self.maximum, float(finite.max()))


def summarize(
    values: NDArray[Any],
    bins: int = BINS,
    span: tuple[float, float] | None = None,
    cancel: Cancel | None = None,
) -> Summary:
    """Statistics and histogram of an array of any shape.

    span: the range of the bins, by default from the least to the greatest finite value, widened where these are
    (nearly) the same. `cancel` is asked between blocks. Raises Cancelled.
    """
    found = statistics(values, cancel)
    low, high = _span(found.minimum, found.maximum, bins) if span is None else span
    return Summary(found, histogram(values, low, high, bins, cancel))


def statistics(values: NDArray[Any], cancel: Cancel | None = None) -> Statistics:
    """Statistics of an array of any shape. `cancel` is asked between blocks. Raises Cancelled."""
    sums = _Moments()
    for block in _blocks(values, cancel):
        sums.add(block)
    finite = sums.count - sums.nans - sums.infinities
    if not finite:
        return Statistics(sums.count, nan, nan, nan, nan, nan, 0, sums.nans, sums.infinities)
    # Two passes, since the textbook formula of one, E[x²] - E[x]², cancels all digits where the mean is large. fsum
    # adds the sums of blocks exactly, so that their number does not count.
    scale = _scale(sums.minimum, sums.maximum)
    total = fsum(float(block.sum()) for block in _finite_blocks(values, scale, cancel))
    mean = total / finite
    squares = fsum(float(np.square(block - mean).sum()) for block in _finite_blocks(values, scale, cancel))
    return Statistics(
        sums.count,
        sums.minimum,
        sums.maximum,
        mean * scale,
        sqrt(squares / finite) * scale,
        total * scale,
        sums.zeros,
        sums.nans,
        sums.infinities,
    )


def histogram(
    values: NDArray[Any], low: float, high: float, bins: int = BINS, cancel: Cancel | None = None
) -> Histogram:
    """Counts in equal bins from low to high; what is not finite or lies outside is not counted.

    `cancel` is asked between blocks. Raises Cancelled.
    """
    scale = _scale(low, high)
    edges = np.linspace(low / scale, high / scale, bins + 1)
    counts = np.zeros(bins, np.int64)
    for block in _finite_blocks(values, scale, cancel):
        # By range, not by edges: np.histogram is much faster where it knows that all bins are equal.
        counts += np.histogram(block, bins, (edges[0], edges[-1]))[0]
    return Histogram(edges * scale, counts)


def common_span(extents: NDArray[np.float64], channels: Sequence[int]) -> tuple[float, float]:
    """The common range of the bins of several channels. extents: (C, 2), least and greatest value of each."""
    chosen = extents[list(channels)]
    return _span(float(chosen[:, 0].min()), float(chosen[:, 1].max()), BINS)


def picture_span(extents: NDArray[np.float64]) -> tuple[float, float] | None:
    """A range whose 256 bins have the levels of 8-bit pictures, k / 255, in their middles; None beyond [0, 1]."""
    if extents[:, 0].min() < 0 or extents[:, 1].max() > 1:
        return None
    half = 0.5 / (BINS - 1)
    return -half, 1 + half


def line(plane: NDArray[Any], position: int, *, along_row: bool) -> ProfileLine:
    """The profile along row or column `position` of a map (H, W)."""
    values = plane[position] if along_row else plane[:, position]
    return ProfileLine(np.arange(len(values), dtype=np.float64), np.ascontiguousarray(values))


def _span(low: float, high: float, bins: int) -> tuple[float, float]:
    """The range from low to high, or so much more that each bin is wider than the step between two numbers there."""
    if not (isfinite(low) and isfinite(high)):
        return 0.0, 1.0
    # Halved first: from -1.7e308 to 1.7e308 the difference overflows. If bins were narrower than a few steps of
    # float64, most of them would stay empty.
    if high / 2 - low / 2 > 4 * bins * np.spacing(max(abs(low), abs(high)) / 2):
        return low, high
    half = max(0.5, max(abs(low), abs(high)) * 1e-3)
    return low - half, high + half


def _scale(low: float, high: float) -> float:
    largest = max(abs(low), abs(high))
    return largest if largest > TOO_LARGE else 1.0


def _blocks(values: NDArray[Any], cancel: Cancel | None) -> Iterator[NDArray[Any]]:
    """The numbers in flat pieces of at most BLOCK, so that their copies in float64 stay small."""
    # By rows, not flat: where the columns of a map are cut off, reshape(-1) would copy all of it.
    rows = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values.reshape(1, -1)
    width = max(rows.shape[1], 1)
    step = max(BLOCK // width, 1)
    for start in range(0, len(rows), step):
        band = rows[start : start + step].reshape(-1)
        for first in range(0, band.size, BLOCK):
            if cancel is not None and cancel():
                raise Cancelled("a newer question is waiting", "statistics")
            yield band[first : first + BLOCK]


def _finite_blocks(
    values: NDArray[Any], scale: float, cancel: Cancel | None
) -> Iterator[NDArray[np.float64]]:
    for block in _blocks(values, cancel):
        wide = block[np.isfinite(block)].astype(np.float64)
        yield wide if scale == 1.0 else wide / scale
