"""Pictures from the screen's 32-bit pixels (0xFFRRGGBB), and small ones for it."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.display import display_range
from filterlab.images.views import MapView, ViewCrop, pixels_of, rgb_pixels_of

MOSAIC = 4  # channels of a map that a thumbnail shows


def from_pixels(
    buffer: Any, height: int, width: int, stride: int, *, grey: bool = False
) -> NDArray[np.float32]:
    """32-bit pixels in rows of `stride` bytes as a picture (3, H, W) in [0, 1].

    grey: as (1, H, W), from their red channel.
    """
    # Qt begins each row at a multiple of four bytes, and may own more than the pixels: `stride` says how much.
    rows = np.frombuffer(buffer, np.uint8, height * stride).reshape(height, stride)
    pixels = rows[:, : 4 * width].copy().view(np.uint32)
    # A grey picture has three equal channels on the screen, of which one is enough.
    shifts = (16,) if grey else (16, 8, 0)
    planes = np.stack([(pixels >> np.uint32(shift)) & np.uint32(255) for shift in shifts])
    return np.divide(planes, np.float32(255), dtype=np.float32)


def thumbnail(
    values: NDArray[Any], size: int, range: tuple[float, float] | None = None
) -> NDArray[np.uint32]:
    """A picture (C, H, W) as pixels whose longer side is at most `size`. Small ones are enlarged by whole factors.

    Three channels are shown as RGB; otherwise the first channel is shown. Without a `range`, values are shown in 0..1,
    or in the range that they have where that is larger.
    """
    low, high = range or _range(values)
    if len(values) == 3:
        return rgb_pixels_of(_fitted(values, size), low, high)
    colormap = "gray" if low >= 0 else "RdBu_r"
    return pixels_of(_fitted(values[:1], size)[0], low, high, colormap)


def mosaic(values: NDArray[Any], size: int, range: tuple[float, float], colormap: str) -> NDArray[np.uint32]:
    """The channels of a map (C, H, W) that vary most as tiles in a square, in the colours of one range (low, high)."""
    with np.errstate(all="ignore"):
        spread = np.nan_to_num(values.std(axis=(1, 2)), posinf=0.0)
    shown = values[np.sort(np.argsort(-spread, kind="stable")[: _tiles(len(values))])]
    across = ceil(sqrt(len(shown)))
    tiles = [pixels_of(tile, *range, colormap) for tile in _fitted(shown, max(size // across, 1))]
    rows = [np.hstack(tiles[i : i + across]) for i in (0, across) if i < len(tiles)]
    return np.vstack(rows)


def kernel_pixels(kernel: NDArray[Any], size: int) -> NDArray[np.uint32]:
    """A kernel (h, w) in the colours of weights, with zero in the middle of their range."""
    low, high = display_range(kernel, "symmetric")
    return pixels_of(_fitted(kernel[None], size)[0], low, high, "BrBG")


def enlarged(values: NDArray[Any], scale: float) -> NDArray[Any]:
    """Numbers (h, w) resampled by a factor to the nearest whole size, at least one cell."""
    height, width = values.shape
    rows, cols = max(round(height * scale), 1), max(round(width * scale), 1)
    found: NDArray[Any] = MapView(values[None]).sample(0, ViewCrop(0, 0, height, width), rows, cols)
    return found


def _tiles(channels: int) -> int:
    """The number of tiles in a mosaic, which must fill its square."""
    return MOSAIC if channels >= MOSAIC else 1


def _range(values: NDArray[Any]) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size or (finite.min() >= 0 and finite.max() <= 1):
        return 0.0, 1.0
    return display_range(finite)


def _fitted(values: NDArray[Any], size: int) -> NDArray[Any]:
    """Values (C, H, W) resampled so that the longer side has `size` cells, or as many as a whole factor gives."""
    height, width = values.shape[1:]
    scale = size / max(height, width)
    # Fractional factors would show some cells one pixel larger than others.
    if scale >= 2:
        scale = float(int(scale))
    rows, cols = max(round(height * scale), 1), max(round(width * scale), 1)
    return MapView(values).sample(slice(None), ViewCrop(0, 0, height, width), rows, cols)
