"""A map prepared for the screen: its range, and smaller copies so that drawing costs what the screen holds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.images.display import colormap_table

SMALLEST = 256  # cells of the longer side; below it no smaller copy is kept


class Crop(NamedTuple):
    """A part of a map in its own cells, half-open; fractions are fine, and it may stick out."""

    top: float
    left: float
    bottom: float
    right: float


class MapView:
    """A map (C, H, W), or a vector (F,) as F maps of one cell, with what is needed to draw any part of it fast.

    array: the numbers themselves, never copied. extents: (C, 2), least and greatest finite value a channel.
    Copies of half, quarter, ... size hold the means of 2x2 cells.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array
        self.planes = array if array.ndim == 3 else array.reshape(-1, 1, 1)
        self.extents = channel_extents(self.planes)
        self.levels = _halvings(self.planes)

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
        """Whether it has no rows and columns."""
        return self.array.ndim == 1

    @property
    def extent(self) -> tuple[float, float]:
        """Least and greatest finite value of all channels."""
        return float(self.extents[:, 0].min()), float(self.extents[:, 1].max())

    def sample(self, channels: int | slice, crop: Crop, height: int, width: int) -> NDArray[Any]:
        """The values under the middles of height x width screen pixels that the crop is stretched over.

        (height, width) for one channel, (C, height, width) for a slice. Taken from the largest copy that has no
        more cells than pixels, or the map itself; pixels outside the map show its nearest cell.
        """
        shrink = min((crop.bottom - crop.top) / max(height, 1), (crop.right - crop.left) / max(width, 1))
        level = 0
        while level + 1 < len(self.levels) and shrink >= 2 ** (level + 1):
            level += 1
        planes = self.levels[level]
        rows = _middles(crop.top, crop.bottom, height, 2**level, planes.shape[1])
        cols = _middles(crop.left, crop.right, width, 2**level, planes.shape[2])
        return planes[channels][..., rows[:, None], cols]


def channel_extents(planes: NDArray[Any]) -> NDArray[np.float64]:
    """Least and greatest finite value of each channel, (C, 2); 0, 0 where there is none."""
    low, high = planes.min(axis=(1, 2)), planes.max(axis=(1, 2))
    extents = np.stack([low, high], axis=1).astype(np.float64)
    for c in np.flatnonzero(~np.isfinite(extents).all(axis=1)):
        finite = planes[c][np.isfinite(planes[c])]
        extents[c] = (finite.min(), finite.max()) if finite.size else (0, 0)
    return extents


def _halvings(planes: NDArray[Any]) -> list[NDArray[Any]]:
    levels = [planes]
    while max(levels[-1].shape[1:]) > SMALLEST and min(levels[-1].shape[1:]) >= 2:
        levels.append(_halved(levels[-1]))
    return levels


def _halved(planes: NDArray[Any]) -> NDArray[Any]:
    """Means of 2x2 cells; a last odd row or column is left out."""
    height, width = planes.shape[1] // 2 * 2, planes.shape[2] // 2 * 2
    even, odd = planes[:, 0:height:2, :width], planes[:, 1:height:2, :width]
    with np.errstate(over="ignore", invalid="ignore"):
        rows = even + odd
        means = rows[:, :, 0::2] + rows[:, :, 1::2]
        means *= planes.dtype.type(0.25)
    return means


def _middles(start: float, stop: float, count: int, scale: int, cells: int) -> NDArray[np.intp]:
    places = (start + (np.arange(count) + 0.5) * ((stop - start) / max(count, 1))) / scale
    return np.clip(np.floor(places), 0, cells - 1).astype(np.intp)


def pixels_of(values: NDArray[Any], low: float, high: float, colormap: str) -> NDArray[np.uint32]:
    """Values (H, W) as opaque 0xFFRRGGBB pixels of a colour map; low and high are its ends. NaN is mid-grey."""
    table = _packed_table(colormap)
    with np.errstate(invalid="ignore", over="ignore"):
        levels = (values - values.dtype.type(low)) * values.dtype.type(255 / (high - low))
        levels = np.clip(levels + values.dtype.type(0.5), 0, 255)
        bad = np.isnan(levels)
        pixels = table[levels.astype(np.uint8)]
    if bad.any():
        pixels[bad] = NAN_PIXEL
    return pixels


NAN_PIXEL = np.uint32(0xFF808080)


def rgb_pixels_of(values: NDArray[Any], low: float = 0.0, high: float = 1.0) -> NDArray[np.uint32]:
    """Values (3, H, W) as opaque 0xFFRRGGBB pixels; low is black, high full colour."""
    with np.errstate(invalid="ignore", over="ignore"):
        levels = (values - values.dtype.type(low)) * values.dtype.type(255 / (high - low))
        levels = np.nan_to_num(np.clip(levels + values.dtype.type(0.5), 0, 255), nan=0.0)
    red, green, blue = levels.astype(np.uint32)
    return np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue


_tables: dict[str, NDArray[np.uint32]] = {}


def _packed_table(colormap: str) -> NDArray[np.uint32]:
    if colormap not in _tables:
        red, green, blue = np.rint(colormap_table(colormap) * 255).astype(np.uint32).T
        _tables[colormap] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return _tables[colormap]
