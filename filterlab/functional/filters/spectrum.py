"""Frequencies taken out of pictures, or amplified: maps multiplied by a mask on their spectrum.

Frequencies (u, v) are in cycles a pixel: u along the rows of a map, to the right, v down its columns. They repeat with
period 1, so that -1/2 and 1/2 are the same. A mask is real and the same at (u, v) and (-u, -v), its mirror.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_maps, map_gradient, shape_text, unbatch
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = ["spectrum_mask", "spectrum_mask_backward"]

EDGE = 0.01  # cycles a pixel


def spectrum_mask(x: Any, notches: Any = None, bands: Any = None, edge: float = EDGE) -> Array:
    """Each map (H, W) of x, (C, H, W) or (N, C, H, W), with its spectrum multiplied by a mask.

    notches: (n, 4), each (u, v, radius, gain): frequencies within `radius` of (u, v) or of its mirror are multiplied by
    `gain`. bands: (n, 3), each (low, high, gain): those from `low` to `high` cycles a pixel in any direction. Over
    `edge` cycles a pixel beyond, the factor returns to 1 along half a period of a cosine. Where several overlap, their
    factors are multiplied. Lengths are in cycles a pixel.

    The border is circular: a map counts as repeated on all sides, as its discrete Fourier transform has it. So some of
    a wave whose period does not divide the sides of the map is left near the border, up to about 1 / (radius + edge)
    pixels from it. A NaN or an infinity reaches all of its map. Raises ParameterError for another shape of notches or
    bands, and for a negative edge.
    """
    maps = as_maps(x, "spectrum_mask")
    height, width = maps.shape[2:]
    # Without a mask there is nothing to transform, and the numbers stay as they are.
    if notches is None and bands is None:
        return unbatch(maps.copy(), x)
    factors = mask_factors((height, width), notches, bands, edge).astype(maps.dtype)
    # Laid out plane by plane, whatever the maps are: else the planes would be those of a copy.
    y = np.empty(maps.shape, maps.dtype)
    planes, results = maps.reshape(-1, height, width), y.reshape(-1, height, width)

    def band(start: int, stop: int) -> None:
        from scipy.fft import irfft2, rfft2  # here, because it takes a while to load

        # One by one: the digits of a map do not depend on how many others there are.
        for i in range(start, stop):
            spectrum = rfft2(planes[i])
            spectrum *= factors
            results[i] = irfft2(spectrum, s=(height, width))

    run_bands(band, len(planes))
    return unbatch(y, x)


def spectrum_mask_backward(
    dy: Any, x: Any, notches: Any = None, bands: Any = None, edge: float = EDGE
) -> Array:
    """Gradient of `spectrum_mask`: the same mask on dy, since a real, symmetric mask is its own adjoint."""
    maps = as_maps(x, "spectrum_mask_backward")
    upstream = map_gradient(dy, x, maps, maps.shape, "spectrum_mask_backward")
    return unbatch(spectrum_mask(upstream, notches, bands, edge), x)


def mask_factors(size: tuple[int, int], notches: Any, bands: Any, edge: float = EDGE) -> Array:
    """The factors of `spectrum_mask` for maps of `size`, float64 (H, W // 2 + 1), in the order of `scipy.fft.rfft2`."""
    if not edge >= 0:
        hint = say("it must be 0 or more")
        raise ParameterError(say("{} is {!r}", "edge", edge), "spectrum_mask", hint, parameter="edge")
    height, width = size
    v, u = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    factors = np.ones((height, width // 2 + 1))
    for at_u, at_v, radius, gain in rows_of(notches, 4, "notches"):
        own = abs(_around(u - at_u)), abs(_around(v - at_v))
        mirror = abs(_around(u + at_u)), abs(_around(v + at_v))
        # Only the rows and columns that a notch reaches: a large map has millions of frequencies.
        reached = (np.minimum(a, b).ravel() <= radius + edge for a, b in zip(mirror, own, strict=True))
        cols, rows = (np.flatnonzero(near) for near in reached)
        # The nearer of both: where a notch meets its mirror, it counts once.
        away = np.minimum(*(np.hypot(across[:, cols], down[rows]) for across, down in (own, mirror)))
        factors[np.ix_(rows, cols)] *= _faded(gain, away - radius, edge)
    distance = np.hypot(u, v)
    for low, high, gain in rows_of(bands, 3, "bands"):
        factors *= _faded(gain, np.maximum(low - distance, distance - high), edge)
    return factors


def rows_of(table: Any, columns: int, name: str) -> Array:
    """Notches or bands as float64 (n, columns), none where they are left out. Raises ParameterError otherwise."""
    values = np.zeros((0, columns)) if table is None else np.asarray(table, np.float64)
    if values.ndim != 2 or values.shape[1] != columns:
        what = say("{} has shape {}", name, shape_text(values.shape))
        hint = say("each row has {} number(s)", columns)
        raise ParameterError(what, "spectrum_mask", hint, parameter=name)
    return values


def _around(difference: Array) -> Array:
    """The shortest way between two frequencies along an axis, which repeats."""
    return difference - np.rint(difference)


def _faded(gain: float, beyond: Array, edge: float) -> Array:
    """`gain` where `beyond`, a distance, is 0 or less, and from there to `edge` back to 1."""
    if edge == 0:
        return np.where(beyond <= 0, gain, 1.0)
    way = np.clip(beyond / edge, 0, 1)
    return gain + (1 - gain) * (1 - np.cos(np.pi * way)) / 2
