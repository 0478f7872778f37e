"""Colours of single numbers, and maps of weights as a colour that covers more where they are greater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.views import Scale, pixels_of

MOST = 235.0  # of 255: what lies below stays to be seen


@dataclass(frozen=True, eq=False)
class Heat:
    """The part of a map of weights (h, w), between 0 and 1, that is not zero: rows from `top`, columns from `left`."""

    top: int
    left: int
    weights: NDArray[Any]

    def pixels(self, colormap: str, shrink: int = 1) -> NDArray[np.uint32]:
        """Pixels 0xAARRGGBB, premultiplied: opaque, and along the colour map, in proportion to the weights' root.

        The root keeps the faint edge of a field to be seen. shrink: so many cells a pixel along both axes; the greatest
        of them counts, so that single ones are not lost.
        """
        part = np.sqrt(np.clip(_greatest(self.weights, shrink), 0.0, 1.0))
        alpha = np.rint(MOST * part).astype(np.uint32)
        opaque = pixels_of(part, 0.0, 1.0, colormap)
        pixels = alpha << np.uint32(24)
        for shift in (np.uint32(16), np.uint32(8), np.uint32(0)):
            channel = (opaque >> shift) & np.uint32(255)
            pixels |= (channel * alpha // np.uint32(255)) << shift
        return pixels


def heat(weights: NDArray[Any]) -> Heat | None:
    """The part of weights (H, W) that is not zero; None where there is none. What is no number counts as zero."""
    weights = np.nan_to_num(np.asarray(weights), nan=0.0, posinf=1.0, neginf=0.0)
    rows, cols = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    if not rows.size:
        return None
    part = weights[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    return Heat(int(rows[0]), int(cols[0]), part)


def _greatest(weights: NDArray[Any], shrink: int) -> NDArray[Any]:
    """Of each block of shrink x shrink cells; blocks at the end may be smaller."""
    if shrink <= 1:
        return weights
    rows = np.arange(0, weights.shape[0], shrink)
    cols = np.arange(0, weights.shape[1], shrink)
    found: NDArray[Any] = np.maximum.reduceat(np.maximum.reduceat(weights, rows, axis=0), cols, axis=1)
    return found


def colors_of(values: Sequence[float], scale: Scale, colormap: str) -> list[int]:
    """The colours 0xFFRRGGBB of some numbers."""
    pixels = pixels_of(np.asarray(values, np.float64)[None], scale.low, scale.high, colormap)
    return [int(pixel) for pixel in pixels[0]]
