"""Colours of single numbers, and maps of weights as a colour that covers more where they are greater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.views import Scale, pixels_of

MOST = 225.0  # of 255: what lies below stays to be seen


@dataclass(frozen=True)
class Heat:
    """The part of a map that is not zero: rows from `top`, columns from `left`, pixels 0xAARRGGBB premultiplied."""

    top: int
    left: int
    pixels: NDArray[np.uint32]


def heat(weights: NDArray[Any], color: tuple[int, int, int]) -> Heat | None:
    """Weights (H, W) as a colour (red, green, blue of 255), opaque in proportion to their square root.

    The root keeps the faint edge of a field to be seen. None where all weights are zero; NaN counts as zero.
    """
    weights = np.nan_to_num(np.asarray(weights), nan=0.0, posinf=1.0, neginf=0.0)
    rows, cols = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    if not rows.size:
        return None
    part = weights[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    alpha = MOST * np.sqrt(np.clip(part, 0.0, 1.0))
    pixels = np.rint(alpha).astype(np.uint32) << np.uint32(24)
    for shift, channel in zip((16, 8, 0), color, strict=True):
        pixels |= np.rint(alpha * (channel / 255)).astype(np.uint32) << np.uint32(shift)
    return Heat(int(rows[0]), int(cols[0]), pixels)


def colors_of(values: Sequence[float], scale: Scale, colormap: str) -> list[int]:
    """The colours 0xFFRRGGBB of some numbers."""
    pixels = pixels_of(np.asarray(values, np.float64)[None], scale.low, scale.high, colormap)
    return [int(pixel) for pixel in pixels[0]]
