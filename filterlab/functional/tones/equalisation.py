"""Histogram equalisation: the values of a map spread so that each range of them is as frequent as any other."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from filterlab.functional.arrays import Array, as_maps, unbatch
from filterlab.functional.geometry import Pair, pair
from filterlab.functional.tones.histogram import binned, need_bins

__all__ = ["clahe", "equalize"]


def equalize(x: Any, bins: int = 256) -> Array:
    """The share of the values of its map that lie below each value, from 0 to 1; x is (C, H, W) or (N, C, H, W).

    The finite values of each map are counted in `bins` bins of equal width, from the least to the greatest; between the
    middles of bins, the cumulative share is a straight line, as in scikit-image's `equalize_hist`. NaN stays, minus
    infinity gets the share of the first bin, infinity 1. A map of one value becomes 0.5. Raises ShapeError unless x is
    maps, and ParameterError for less than 2 bins.
    """
    values = as_maps(x, "equalize")
    need_bins(bins, "equalize")
    y = np.empty_like(values)
    for index in np.ndindex(values.shape[:2]):
        y[index] = _equalized(values[index], bins)
    return unbatch(y, x)


def _equalized(plane: Array, bins: int) -> Array:
    values, shares = tone_curve(plane, bins)
    # Beyond the curve lie infinities alone: the first bin's share, and 1. A curve of one corner gives its share to NaN.
    found: Array = np.where(np.isnan(plane), plane, np.interp(plane, values, shares))
    return found


def tone_curve(plane: Array, bins: int) -> tuple[Array, Array]:
    """(values, shares), the corners of the curve that equalises a map (H, W), both float64, values in rising order."""
    found = binned(plane, bins)
    if found.low == found.high:
        return np.array([2 * found.low]), np.array([0.5])
    return found.middle(np.arange(bins)), np.cumsum(found.counts()) / found.places.size


class TileCurves(NamedTuple):
    """The curves of the tiles of a map: `shares` (rows, columns, bins) at `values` (bins,); `centres` of the tiles."""

    values: Array
    shares: Array
    centres: tuple[Array, Array]

    def beside(self, axis: int, cell: int) -> tuple[int, int, float]:
        """(tile before, tile after, how far a row or column lies from one centre to the other, from 0 to 1)."""
        centres = self.centres[axis]
        after = int(np.searchsorted(centres, cell, side="right"))
        low, high = max(after - 1, 0), min(after, len(centres) - 1)
        if low == high:
            return low, high, 0.0
        return low, high, float((cell - centres[low]) / (centres[high] - centres[low]))


def clahe(x: Any, tiles: Any = 8, clip: float = 4.0, bins: int = 256) -> Array:
    """Contrast-limited adaptive equalisation: each value by the curves of the four tiles around it; Zuiderveld 1994.

    A map is split into `tiles` (rows, columns). In each of them values are counted as by `equalize`; counts above
    `clip` times the mean one are cut off, and what is cut off is given to all bins alike. Between the centres of tiles
    the shares are mixed bilinearly, as in OpenCV's. NaN stays. x: (C, H, W) or (N, C, H, W). Raises ShapeError,
    ParameterError.
    """
    maps = as_maps(x, "clahe")
    need_bins(bins, "clahe")
    y = np.empty_like(maps)
    for index in np.ndindex(maps.shape[:2]):
        y[index] = _mixed(maps[index], tile_curves(maps[index], pair(tiles, "tiles", "clahe", 1), clip, bins))
    return unbatch(y, x)


def tile_curves(plane: Array, tiles: Pair, clip: float, bins: int) -> TileCurves:
    """The curves of `clahe` for a map (H, W), float64. Tiles are no smaller than a cell."""
    found = binned(plane, bins)
    edges = [
        np.linspace(0, n, min(count, n) + 1).round().astype(int)
        for n, count in zip(plane.shape, tiles, strict=True)
    ]
    shares = np.full((len(edges[0]) - 1, len(edges[1]) - 1, bins), 0.5)
    if found.low == found.high:
        return TileCurves(2 * found.low + np.arange(bins, dtype=np.float64), shares, _centres(edges))
    places = np.zeros(plane.shape, np.intp)
    places[found.finite] = found.places
    for i, rows in enumerate(pairwise(edges[0])):
        for j, cols in enumerate(pairwise(edges[1])):
            tile = np.s_[slice(*rows), slice(*cols)]
            shares[i, j] = _limited(np.bincount(places[tile][found.finite[tile]], minlength=bins), clip)
    return TileCurves(found.middle(np.arange(bins)), shares, _centres(edges))


def _centres(edges: list[Array]) -> tuple[Array, Array]:
    rows, cols = ((ends[1:] + ends[:-1] - 1) / 2 for ends in edges)
    return rows, cols


def _limited(counts: Array, clip: float) -> Array:
    """The cumulative shares of counts that are cut off at `clip` times their mean."""
    total = counts.sum()
    if not total:
        return np.full(len(counts), 0.5)
    limit = max(clip * total / len(counts), 1.0)
    kept = np.minimum(counts, limit)
    shares: Array = np.cumsum(kept + (total - kept.sum()) / len(counts)) / total
    return shares


def _mixed(plane: Array, curves: TileCurves) -> Array:
    y = np.empty(plane.shape)
    for rows in _stretches(curves, 0, plane.shape[0]):
        for cols in _stretches(curves, 1, plane.shape[1]):
            y[rows, cols] = _mixed_part(plane, curves, rows, cols)
    return y


def _stretches(curves: TileCurves, axis: int, n: int) -> list[slice]:
    """The rows or columns between the same two centres."""
    ends = np.unique([0, *np.ceil(curves.centres[axis]).astype(int).tolist(), n])
    return [slice(start, stop) for start, stop in pairwise(ends.tolist())]


def _mixed_part(plane: Array, curves: TileCurves, rows: slice, cols: slice) -> Array:
    (top, bottom, _), (left, right, _) = curves.beside(0, rows.start), curves.beside(1, cols.start)
    down, along = (
        np.array([curves.beside(axis, cell)[2] for cell in range(part.start, part.stop)])
        for axis, part in enumerate((rows, cols))
    )
    part = plane[rows, cols]
    # Bins of equal width are found by one division, which takes a quarter of the time of np.interp.
    last = len(curves.values) - 1
    # 0 where the map has a single value, of so large a number that 1 beside it is lost.
    step = curves.values[1] - curves.values[0] or 1.0
    place = np.clip((part - curves.values[0]) / step, 0, last)
    first = np.minimum(np.nan_to_num(place).astype(np.intp), last - 1)
    beyond = place - first

    def shares(i: int, j: int) -> Array:
        curve = curves.shares[i, j]
        found: Array = curve[first] + (curve[first + 1] - curve[first]) * beyond
        return found

    upper, lower = (shares(i, left) * (1 - along) + shares(i, right) * along for i in (top, bottom))
    mixed: Array = upper * (1 - down[:, None]) + lower * down[:, None]
    return mixed
