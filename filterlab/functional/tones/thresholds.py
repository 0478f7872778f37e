"""Thresholds: 1 for values above, 0 for the others."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, as_maps, as_values, unbatch
from filterlab.functional.tones.histogram import binned, need_bins

__all__ = ["binarize", "otsu"]


def binarize(x: Any, threshold: float) -> Array:
    """1 where x is above the threshold, else 0; NaN stays. x: maps, or vectors (N, features)."""
    return above(as_values(x, "binarize"), threshold)


def above(values: Array, threshold: float) -> Array:
    """1 where a value is above the threshold, else 0; NaN stays."""
    return np.where(np.isnan(values), values, values > threshold).astype(values.dtype)


def otsu(x: Any, bins: int = 256) -> Array:
    """1 where a value is above Otsu's threshold of its map, else 0; x (C, H, W) or (N, C, H, W). NaN stays.

    Raises ShapeError, and ParameterError for less than 2 bins.
    """
    maps = as_maps(x, "otsu")
    need_bins(bins, "otsu")
    y = np.empty_like(maps)
    for index in np.ndindex(maps.shape[:2]):
        y[index] = above(maps[index], otsu_threshold(maps[index], bins))
    return unbatch(y, x)


def otsu_threshold(plane: Array, bins: int = 256) -> float:
    """The middle of the bin that splits the finite values of a map best; of equal ones the first.

    It makes w0 w1 (m0 - m1)^2 as large as it can be, with the numbers w and the means m of the values on either side:
    Otsu 1979, counted as in scikit-image's threshold_otsu. A map of one value is its own threshold.
    """
    found = binned(plane, bins)
    if found.low == found.high:
        return float(2 * found.low)
    counts = found.counts().astype(np.float64)
    # In steps of bins: the threshold depends on the order and the distances of the bins alone.
    middles = np.arange(bins) + 0.5
    below, beyond = np.cumsum(counts), np.cumsum(counts[::-1])[::-1]
    mean_below = np.cumsum(counts * middles) / below
    mean_beyond = (np.cumsum((counts * middles)[::-1]) / beyond[::-1])[::-1]
    between = below[:-1] * beyond[1:] * (mean_below[:-1] - mean_beyond[1:]) ** 2
    best = int(np.argmax(between))
    return float(found.middle(best))
