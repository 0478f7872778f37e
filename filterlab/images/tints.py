"""Colours of single numbers, and maps of weights as a colour that is the more opaque the greater they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.views import Scale, pixels_of

MOST = 235.0  # alpha of the greatest weight, of 255: the picture below it stays visible


@dataclass(frozen=True, eq=False)
class Heat:
    """The part of a map of weights that is not zero: (h, w) between 0 and 1, from row `top` and column `left` on."""

    top: int
    left: int
    weights: NDArray[Any]

    def pixels(self, colormap: str, shrink: int = 1) -> NDArray[np.uint32]:
        """Premultiplied pixels 0xAARRGGBB. Opacity and place in the colour map follow the square root of a weight.

        The root makes the faint edge of a field visible. shrink: the number of cells per pixel along both axes, of
        which the greatest counts, so that single ones are not lost.
        """
        part = np.sqrt(np.clip(_greatest(self.weights, shrink), 0.0, 1.0))
        return _laid(pixels_of(part, 0.0, 1.0, colormap), part)


def _laid(opaque: NDArray[np.uint32], part: NDArray[Any]) -> NDArray[np.uint32]:
    """Pixels as opaque as `part`, 0 to 1, says."""
    alpha = np.rint(MOST * part).astype(np.uint32)
    pixels = alpha << np.uint32(24)
    # Qt's premultiplied format holds each colour times alpha.
    for shift in (np.uint32(16), np.uint32(8), np.uint32(0)):
        channel = (opaque >> shift) & np.uint32(255)
        pixels |= (channel * alpha // np.uint32(255)) << shift
    return pixels


@dataclass(frozen=True, eq=False)
class SignedHeat(Heat):
    """As `Heat`, for weights between -1 and 1: positive and negative ones in the colours of kernels, 0 transparent."""

    def pixels(self, colormap: str, shrink: int = 1) -> NDArray[np.uint32]:
        """As of `Heat`; the colour map is that of kernels, whatever is asked for."""
        most, least = _greatest(self.weights, shrink), -_greatest(-self.weights, shrink)
        part = np.where(most >= -least, most, least)
        root = np.sqrt(np.abs(part))
        return _laid(pixels_of(np.copysign(root, part), -1.0, 1.0, "BrBG"), root)


def signed_heat(weights: NDArray[Any], top: int, left: int, size: tuple[int, int]) -> Heat | None:
    """A kernel (h, w) that lies at row `top` and column `left` of a picture of `size`; None where all of it is 0.

    Weights are scaled to -1..1, and what lies beside the picture is left out.
    """
    height, width = size
    rows = slice(max(-top, 0), max(min(weights.shape[0], height - top), 0))
    cols = slice(max(-left, 0), max(min(weights.shape[1], width - left), 0))
    part = np.nan_to_num(weights[rows, cols], nan=0.0, posinf=0.0, neginf=0.0)
    greatest = np.abs(part).max(initial=0.0)
    return SignedHeat(max(top, 0), max(left, 0), part / greatest) if greatest else None


def heat(weights: NDArray[Any], top: int = 0, left: int = 0) -> Heat | None:
    """The part of weights (H, W) that is not zero; None where there is none. NaN counts as zero.

    top, left: the row and column of the picture where the weights begin.
    """
    # NaN would be true in `any` below, and spread the part over cells that show nothing.
    weights = np.nan_to_num(np.asarray(weights), nan=0.0, posinf=1.0, neginf=0.0)
    rows, cols = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    if not rows.size:
        return None
    part = weights[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    return Heat(top + int(rows[0]), left + int(cols[0]), part)


def _greatest(weights: NDArray[Any], shrink: int) -> NDArray[Any]:
    """The greatest weight of each block of shrink x shrink cells; blocks at the ends may be smaller."""
    if shrink <= 1:
        return weights
    rows = np.arange(0, weights.shape[0], shrink)
    cols = np.arange(0, weights.shape[1], shrink)
    found: NDArray[Any] = np.maximum.reduceat(np.maximum.reduceat(weights, rows, axis=0), cols, axis=1)
    return found


def colors_of(values: Sequence[float], scale: Scale, colormap: str) -> list[int]:
    """The colours 0xFFRRGGBB of some numbers on a scale."""
    pixels = pixels_of(np.asarray(values, np.float64)[None], scale.low, scale.high, colormap)
    return [int(pixel) for pixel in pixels[0]]
