"""A map prepared for the screen: its range, and smaller copies, so that drawing takes no longer for a larger map."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.images.display import COLORMAPS, colormap_table, display_range
from filterlab.images.distribution import (
    Distribution,
    all_finite,
    counted,
    distribution,
    joint,
    loaded_passes,
)

if TYPE_CHECKING:
    from filterlab.images.passes import Empty, Share

SMALL = 1 << 16  # cells of a map whose values are counted in a millisecond
SMALLEST = 256  # cells of the longer side of the smallest copy: drawing that many is fast


class ViewCrop(NamedTuple):
    """A part of a map in units of its cells, half-open. It may have fractions, and reach beyond the map."""

    top: float
    left: float
    bottom: float
    right: float


class Scale(NamedTuple):
    """The meaning of the colours of a map.

    low, high: the values at the ends of the colour map. least, greatest: the values between which it is in use.
    """

    low: float
    high: float
    least: float
    greatest: float


class MapView:
    """A map (C, H, W), or a vector (F,) as F maps of one cell, with what is needed to draw any part of it fast.

    array: the numbers themselves, never copied. extents: (C, 2), least and greatest finite value of each channel.
    nans, infinities: how many values are NaN, or infinite. levels: the map, and copies of half, a quarter, ... of its
    size, each of which holds the means of 2 x 2 cells of the one before. share: what looks at a large map band by band,
    and at once for all that its colours need; without it, the distribution is counted when it is asked for. empty:
    gives the memory for the copies.
    """

    def __init__(self, array: NDArray[Any], share: Share | None = None, empty: Empty = np.empty) -> None:
        self.array = array
        self.planes = array if array.ndim == 3 else array.reshape(-1, 1, 1)
        looked = _looked_over(self.planes, share, empty)
        bounds = _bounds(self.planes) if looked is None else looked.bounds
        self.extents = _finite_bounds(self.planes, bounds)
        # Counting is a pass of its own, so it is left out where the extremes show that all values are finite.
        unusual = [self.planes[c] for c in np.flatnonzero(~np.isfinite(bounds).all(axis=1))]
        self.nans = sum(int(np.isnan(plane).sum()) for plane in unusual)
        self.infinities = sum(int(np.isinf(plane).sum()) for plane in unusual)
        self.levels = _halvings([self.planes] if looked is None else [self.planes, looked.smaller], empty)
        self._channels: dict[int, Distribution] = {}
        if looked is not None:
            extents = map(self.channel_extent, range(self.channels))
            self._channels = dict(enumerate(map(counted, looked.counts, extents)))

    def take_from(self, array: NDArray[Any]) -> None:
        """Read the numbers from another array, which has the same: from one that was moved to the disk, for example."""
        self.array = array
        self.planes = self.levels[0] = array if array.ndim == 3 else array.reshape(-1, 1, 1)

    def channel_distribution(self, channel: int) -> Distribution:
        """How the values of a channel are distributed. Counted when first asked for, which may take a moment."""
        known = self._channels.get(channel)
        if known is None:
            known = distribution(self.planes[channel], self.channel_extent(channel))
            self._channels[channel] = known
        return known

    @cached_property
    def distribution(self) -> Distribution:
        """How the values of all channels together are distributed."""
        # Thousands of small maps are counted together in a hundredth of the time; large ones cost as much each by
        # itself, and their channels are then known before somebody waits for one. The extent of a channel without
        # finite values is no value of it.
        finite = not (self.nans or self.infinities)
        if self.is_vector or (finite and self.size[0] * self.size[1] <= SMALL):
            return distribution(self.array, self.extent)
        return joint(map(self.channel_distribution, range(self.channels)))

    @property
    def channels(self) -> int:
        """Number of channels, or of features."""
        return int(self.planes.shape[0])

    @property
    def size(self) -> tuple[int, int]:
        """(height, width); (1, 1) for a vector."""
        return int(self.planes.shape[1]), int(self.planes.shape[2])

    @property
    def is_vector(self) -> bool:
        """True if it is a vector, without rows and columns."""
        return self.array.ndim == 1

    @property
    def extent(self) -> tuple[float, float]:
        """Least and greatest finite value of all channels."""
        return extent_of(self.extents)

    def sample(self, channels: int | slice, crop: ViewCrop, height: int, width: int) -> NDArray[Any]:
        """The values under the middles of height x width screen pixels that the crop is stretched over.

        (height, width) for one channel, (C, height, width) for a slice. Taken from the smallest copy that has no
        fewer cells than pixels, or the map itself; pixels outside the map show its nearest cell.
        """
        level = self._level(crop, height, width)
        rows, cols = self._cells(level, crop, height, width)
        return _picked(self.levels[level][channels], rows, cols)

    def colored(
        self,
        channel: int | None,
        crop: ViewCrop,
        height: int,
        width: int,
        scale: Scale,
        colormap: str,
        *,
        mean: bool = False,
    ) -> NDArray[np.uint32]:
        """The values that `sample` gives, as height x width pixels 0xFFRRGGBB.

        channel: None for a picture, of which the first three channels are RGB, and a single one is grey. mean: show
        the mean of the first three channels in the colour map instead of RGB.
        """
        if channel is None and self.channels < 3:
            channel, colormap = 0, "gray"
        level = self._level(crop, height, width)
        rows, cols = self._cells(level, crop, height, width)
        planes = self.levels[level][:3] if channel is None else self.levels[level][channel]
        part = planes[..., rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        rows, cols = rows - rows[0], cols - cols[0]
        if mean and part.ndim == 3:
            with np.errstate(over="ignore", invalid="ignore"):
                part = part.mean(axis=0)
        # Colouring costs more than picking: it is done on whichever are fewer, the cells or the pixels.
        if part.shape[-2] * part.shape[-1] > height * width:
            return painted(_picked(part, rows, cols), scale, colormap)
        return _picked(painted(part, scale, colormap), rows, cols)

    def channel_extent(self, channel: int) -> tuple[float, float]:
        """Least and greatest finite value of one channel."""
        return float(self.extents[channel, 0]), float(self.extents[channel, 1])

    def holds(self, channel: int, row: int, col: int) -> bool:
        """Return whether the map has a value at this place."""
        inside = zip((channel, row, col), self.planes.shape, strict=True)
        return all(0 <= place < count for place, count in inside)

    @property
    def counted(self) -> NDArray[Any]:
        """The numbers (C, h, w) that ranges and statistics are taken from: all, unless they are too many."""
        return self.planes

    def reduction(self, crop: ViewCrop, height: int, width: int) -> int:
        """n where a map that is larger than memory is drawn from 1/n of its size; else 1."""
        return 1

    def knows(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Return whether the values of these rows and columns are at hand, as those of a map in memory are."""
        return True

    def number(self, channel: int, row: int, col: int) -> Any:
        """One value in the dtype of the map; None where it is not at hand yet. A vector has row 0 and column 0."""
        return self.planes[channel, row, col]

    def column(self, row: int, col: int, most: int) -> list[float] | None:
        """The values of at most so many channels in a cell; None where they are not at hand yet."""
        found: list[float] = self.planes[:most, row, col].tolist()
        return found

    def value(self, channel: int, row: int, col: int) -> float:
        """One value. A vector has row 0 and column 0 alone."""
        return float(self.planes[channel, row, col])

    def values(self, channel: int | None, top: int, left: int, bottom: int, right: int) -> list[list[float]]:
        """The values of some rows and columns, half-open; channel None for the means of the first three channels."""
        part = self.planes[:3, top:bottom, left:right]
        with np.errstate(over="ignore", invalid="ignore"):
            chosen = part.mean(axis=0) if channel is None else self.planes[channel, top:bottom, left:right]
        block: list[list[float]] = chosen.tolist()
        return block

    def greatest(self, count: int) -> list[int]:
        """The indices of the greatest entries of a vector, the greatest first; ties in the order of the vector."""
        # Negated instead of reversed, which would put later ones first among equals; NaN comes last.
        order = np.argsort(-self.planes[:, 0, 0], kind="stable")[:count]
        return [int(i) for i in order]

    def _level(self, crop: ViewCrop, height: int, width: int) -> int:
        """The smallest copy that has no fewer cells under the crop than there are pixels."""
        # The smaller of both ratios decides, so that neither axis is shown from fewer cells than pixels.
        shrink = min((crop.bottom - crop.top) / max(height, 1), (crop.right - crop.left) / max(width, 1))
        level = 0
        while level + 1 < len(self.levels) and shrink >= 2 ** (level + 1):
            level += 1
        return level

    def _cells(
        self, level: int, crop: ViewCrop, height: int, width: int
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The rows and columns of a copy that lie under the middles of the pixels."""
        _, tall, wide = self.levels[level].shape
        rows = _middles(crop.top, crop.bottom, height, 2**level, tall)
        cols = _middles(crop.left, crop.right, width, 2**level, wide)
        return rows, cols


def scale_of(extent: tuple[float, float], colormap: str, *, picture: bool = False) -> Scale:
    """The scale for values between these two.

    A diverging colour map is symmetric about zero, and values of one sign use one half of it. For others, the range is
    that of `display_range`. picture: sequential colours stand for 0..1 whatever the values.
    """
    low, high = extent
    if COLORMAPS[colormap][1] == "diverging":
        top = max(-low, high) or 1.0
        return Scale(-top, top, -top if low < 0 else 0.0, 0.0 if low < 0 and high <= 0 else top)
    low, high = display_range((low, high), picture=picture)
    return Scale(low, high, low, high)


def extent_of(extents: NDArray[np.float64]) -> tuple[float, float]:
    """Least and greatest value of several channels. extents: (C, 2), those of each."""
    return float(extents[:, 0].min()), float(extents[:, 1].max())


def joint_extent(views: Iterable[MapView]) -> tuple[float, float]:
    """Least and greatest value of several maps; (0, 0) for none."""
    extents = [view.extent for view in views] or [(0.0, 0.0)]
    return min(low for low, _ in extents), max(high for _, high in extents)


def ramp(scale: Scale, colormap: str, width: int) -> NDArray[np.uint32]:
    """The part of the colour map that is in use, as a row of pixels (1, width)."""
    values = np.linspace(scale.least, scale.greatest, max(width, 1))
    return pixels_of(values[None], scale.low, scale.high, colormap)


class _Looked(NamedTuple):
    """What one pass over a map finds: bounds of each channel, counts of its values, and the first smaller copy."""

    bounds: NDArray[np.float64]
    counts: NDArray[np.uint32]
    smaller: NDArray[Any]


def _looked_over(planes: NDArray[Any], share: Share | None, empty: Empty) -> _Looked | None:
    """Look over the channels of a large map; None where that is not to be, or would not be faster."""
    passes = loaded_passes()
    _, height, width = planes.shape
    # The counts of a channel take as much memory as 65,536 of its values.
    small = height * width < 4 * SMALL or min(height, width) < 2
    if share is None or passes is None or planes.dtype != np.float32 or small:
        return None
    looked = _Looked(*passes.looked_over(planes, share, empty))
    looked.bounds[[not all_finite(counts) for counts in looked.counts]] = np.nan
    return looked


def _bounds(planes: NDArray[Any]) -> NDArray[np.float64]:
    """Least and greatest value of each channel; NaN where one is NaN."""
    return np.stack([planes.min(axis=(1, 2)), planes.max(axis=(1, 2))], axis=1).astype(np.float64)


def _finite_bounds(planes: NDArray[Any], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    extents = bounds.copy()
    for c in np.flatnonzero(~np.isfinite(extents).all(axis=1)):
        finite = planes[c][np.isfinite(planes[c])]
        extents[c] = (finite.min(), finite.max()) if finite.size else (0, 0)
    return extents


def _halvings(levels: list[NDArray[Any]], empty: Empty) -> list[NDArray[Any]]:
    """The copies of a map, and those that follow them."""
    while max(levels[-1].shape[1:]) > SMALLEST and min(levels[-1].shape[1:]) >= 2:
        # All copies together take a third of the map, as each has a quarter of the cells of the one before.
        levels.append(_halved(levels[-1], empty))
    return levels


def _halved(planes: NDArray[Any], empty: Empty) -> NDArray[Any]:
    """Means of 2 x 2 cells; a last odd row or column is left out.

    NaN and infinity spread to the mean, so that they stay visible in small copies.
    """
    if passes := loaded_passes():
        means: NDArray[Any] = passes.halved(planes, empty)
        return means
    height, width = planes.shape[1] // 2 * 2, planes.shape[2] // 2 * 2
    even, odd = planes[:, 0:height:2, :width], planes[:, 1:height:2, :width]
    with np.errstate(over="ignore", invalid="ignore"):
        rows = even + odd
        means = rows[:, :, 0::2] + rows[:, :, 1::2]
        # In place, which spares one more array of this size.
        means *= planes.dtype.type(0.25)
    return means


def _middles(start: float, stop: float, count: int, scale: int, cells: int) -> NDArray[np.intp]:
    # The middle of pixel i lies (i + 0.5) steps from the start; `scale` turns cells of the map into those of a copy.
    places = (start + (np.arange(count) + 0.5) * ((stop - start) / max(count, 1))) / scale
    return np.clip(np.floor(places), 0, cells - 1).astype(np.intp)


def _picked(planes: NDArray[Any], rows: NDArray[np.intp], cols: NDArray[np.intp]) -> NDArray[Any]:
    """planes[..., rows, cols]. Rows come first unless that makes the array larger: less is copied on the way."""
    if len(rows) > planes.shape[-2]:
        return planes.take(cols, axis=-1).take(rows, axis=-2)
    return planes.take(rows, axis=-2).take(cols, axis=-1)


def painted(values: NDArray[Any], scale: Scale, colormap: str) -> NDArray[np.uint32]:
    """Values (H, W), or (3, H, W) as RGB, as opaque pixels 0xFFRRGGBB."""
    if values.ndim == 3:
        return rgb_pixels_of(values, scale.low, scale.high)
    return pixels_of(values, scale.low, scale.high, colormap)


def pixels_of(values: NDArray[Any], low: float, high: float, colormap: str) -> NDArray[np.uint32]:
    """Values (H, W) as opaque pixels 0xFFRRGGBB of a colour map, whose ends are low and high.

    NaN is mid-grey, and infinity has colours of its own, which no end of a colour map has.
    """
    table = _packed_table(colormap)
    with np.errstate(invalid="ignore", over="ignore"):
        # The conversion truncates, which rounds here, as 0.5 was added. What it makes of NaN depends on the processor,
        # hence `_mark_odd`.
        pixels = table.take(_scaled(values, low, high).astype(np.uint8))
    return _mark_odd(pixels, values[None])


NAN_PIXEL = np.uint32(0xFF808080)
INFINITE_PIXELS = np.uint32(0xFFFF00FF), np.uint32(0xFF00C000)  # of inf and of -inf


def _mark_odd(pixels: NDArray[np.uint32], values: NDArray[Any]) -> NDArray[np.uint32]:
    """Give the pixels of values (C, H, W) that are not finite colours of their own."""
    finite = np.isfinite(values)
    if not finite.all():
        for marked, pixel in zip((values == np.inf, values == -np.inf), INFINITE_PIXELS, strict=True):
            pixels[marked.any(axis=0)] = pixel
        pixels[np.isnan(values).any(axis=0)] = NAN_PIXEL
    return pixels


def rgb_pixels_of(values: NDArray[Any], low: float = 0.0, high: float = 1.0) -> NDArray[np.uint32]:
    """Values (3, H, W) as opaque pixels 0xFFRRGGBB; low is black, high is full colour.

    A pixel with NaN or infinity in a channel has the colours that `pixels_of` gives them.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        red, green, blue = _scaled(values, low, high).astype(np.uint8).astype(np.uint32)
    pixels: NDArray[np.uint32] = (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    pixels |= np.uint32(0xFF000000)
    return _mark_odd(pixels, values)


def _scaled(values: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """Values on a scale with 0.5 at low and 255.5 at high, clipped to 0..255.

    Their integer parts are the nearest of 256 levels: rounding takes no pass of its own.
    """
    factor = values.dtype.type(255 / (high - low))
    # The inverse of a small range overflows. float32 then goes on as float64; there, such a range is a single value.
    if not np.isfinite(factor):
        return _scaled(values.astype(np.float64), low, high) if values.dtype == np.float32 else values * 0
    levels = values - values.dtype.type(low)
    levels *= factor
    levels += values.dtype.type(0.5)
    return np.clip(levels, 0, 255, out=levels)


# Two threads may both make a table; they make the same one, so that no lock is needed.
_tables: dict[str, NDArray[np.uint32]] = {}


def _packed_table(colormap: str) -> NDArray[np.uint32]:
    if colormap not in _tables:
        red, green, blue = np.rint(colormap_table(colormap) * 255).astype(np.uint32).T
        _tables[colormap] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return _tables[colormap]
