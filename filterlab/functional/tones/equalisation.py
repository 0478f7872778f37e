"""Histogram equalisation: the values of a map spread so that each range of them is as frequent as any other."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, as_maps, unbatch

__all__ = ["equalize"]


def equalize(x: Any, bins: int = 256) -> Array:
    """The share of the values of its map that lie below each value, from 0 to 1; x is (C, H, W) or (N, C, H, W).

    The finite values of each map are counted in `bins` bins of equal width, from the least to the greatest; between the
    middles of bins, the cumulative share is a straight line, as in scikit-image's `equalize_hist`. NaN stays, minus
    infinity gets the share of the first bin, infinity 1. A map of one value becomes 0.5. Raises ShapeError unless x is
    maps.
    """
    values = as_maps(x, "equalize")
    y = np.empty_like(values)
    for index in np.ndindex(values.shape[:2]):
        y[index] = _equalized(values[index], bins)
    return unbatch(y, x)


def _equalized(plane: Array, bins: int) -> Array:
    values, shares = tone_curve(plane, bins)
    # Beyond the curve lie infinities alone: the first bin's share, and 1.
    found: Array = np.interp(plane, values, shares)
    return found


def tone_curve(plane: Array, bins: int) -> tuple[Array, Array]:
    """(values, shares), the corners of the curve that equalises a map (H, W), both float64, values in rising order."""
    finite = plane[np.isfinite(plane)].astype(np.float64)
    # Halves, as the distance between the largest numbers is none of float64.
    low, high = (finite.min() / 2, finite.max() / 2) if finite.size else (0.0, 0.0)
    if low == high:
        return np.array([2 * low]), np.array([0.5])
    places = (finite / 2 - low) / (high - low) * bins
    counts = np.bincount(np.minimum(places.astype(np.intp), bins - 1), minlength=bins)
    middles = 2 * (low + (np.arange(bins) + 0.5) * ((high - low) / bins))
    return middles, np.cumsum(counts) / finite.size
