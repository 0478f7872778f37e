"""Smoothing that keeps edges: the bilateral filter (Tomasi and Manduchi 1998) and the guided one (He et al. 2010).

x is (C, H, W) or (N, C, H, W), and so is the result. Beyond the border there is nothing: weights of cells outside are
0. Sums are made in double precision. Raises ShapeError, ParameterError.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, prod, sqrt
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_maps, map_gradient, read_only, shape_text, unbatch
from filterlab.functional.filters.statistics import around, local_mean
from filterlab.functional.geometry import pair
from filterlab.functional.memory import empty
from filterlab.functional.pool.pooling import avg_pool2d_backward
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = ["bilateral", "bilateral_backward", "guided", "guided_backward"]

SMALLEST = 1 << 16  # products that are worth handing to another thread

Neighbour = tuple[
    slice, slice, slice, slice, float
]  # rows and columns of the cells, of their neighbours; the weight


def bilateral(x: Any, kernel_size: Any, sigma_space: float = 2.0, sigma_value: float = 0.1) -> Array:
    """The mean of the window around each cell, in which near and similar cells count most.

    The weight of a cell is exp(-d^2 / (2 sigma_space^2) - |x_j - x_i|^2 / (2 sigma_value^2)), with its distance d in
    cells and the Euclidean distance of its values in all channels.
    """
    maps = as_maps(x, "bilateral")
    _need_positive("bilateral", sigma_space=sigma_space, sigma_value=sigma_value)
    # Double precision also where what differences are divided by is too small for single precision.
    if maps.dtype == np.float32 and sqrt(0.5) / sigma_value <= float(np.finfo(np.float32).max):
        return unbatch(_smoothed(maps, kernel_size, sigma_space, sigma_value), x)
    y, taps = np.empty_like(maps), prod(pair(kernel_size, "kernel_size", "bilateral", 1))

    def band(start: int, stop: int) -> None:
        total, weights = _sums(maps, kernel_size, sigma_space, sigma_value, start, stop)
        y[:, :, start:stop] = total / weights

    with np.errstate(all="ignore"):
        run_bands(band, maps.shape[2], smallest=max(SMALLEST // max(maps[:, :, 0].size * taps, 1), 1))
    return unbatch(y, x)


def _smoothed(maps: Array, kernel_size: Any, sigma_space: float, sigma_value: float) -> Array:
    """The filter in single precision, whose weights are of it as well; the sums are not."""
    from filterlab.functional.filters.loops import smooth_rows  # which loads the compiler

    size = pair(kernel_size, "kernel_size", "bilateral", 1)
    before = tuple(sides[0] for sides in around(size))
    squares = sum(np.square(axis - n) for axis, n in zip(np.ogrid[: size[0], : size[1]], before, strict=True))
    source, y = read_only(maps), empty(maps.shape, np.float32)
    with np.errstate(all="ignore"):
        # Divided twice, as the square of a deviation may be too small for a number.
        far = np.where(squares == 0, 0, squares / (2 * sigma_space) / sigma_space).astype(np.float32)
        steep = np.float32(sqrt(0.5) / sigma_value)
    work = max(maps.shape[1] * maps.shape[3] * far.size, 1)
    run_bands(
        lambda start, stop: smooth_rows(source, far, before, steep, start, stop, y),
        maps.shape[0] * maps.shape[2],
        smallest=max(SMALLEST // work, 1),
    )
    return y


def _need_positive(operation: str, **values: float) -> None:
    for name, value in values.items():
        if not value > 0:  # NaN, too
            hint = say("it must be above 0")
            raise ParameterError(say("{} is {!r}", name, value), operation, hint, parameter=name)


def _sums(
    maps: Array, kernel_size: Any, sigma_space: float, sigma_value: float, start: int, stop: int
) -> tuple[Array, Array]:
    """(sum of weight times value (N, C, h, W), sum of weights (N, 1, h, W)) of some rows."""
    shape = (*maps.shape[:2], stop - start, maps.shape[3])
    total, weights = np.zeros(shape), np.zeros((shape[0], 1, *shape[2:]))
    for *places, near in _neighbours(maps.shape[2:], kernel_size, sigma_space, start, stop):
        values, weight = _weighed(maps, places, near, sigma_value, start)[:2]
        rows, cols = slice(places[0].start - start, places[0].stop - start), places[1]
        total[:, :, rows, cols] += weight * values
        weights[:, :, rows, cols] += weight
    return total, weights


def _weighed(
    maps: Array, places: list[slice], near: float, sigma_value: float, start: int
) -> tuple[Array, Array, Array]:
    """(values of the neighbours, their weights (N, 1, h, w), how far their values are from those of the cells)."""
    rows, cols, other_rows, other_cols = places
    values = maps[:, :, other_rows, other_cols].astype(np.float64)
    apart = values - maps[:, :, rows, cols]
    # Divided first, as the squares of differences and deviations may be no numbers.
    weight = near * np.exp(np.square(apart / sigma_value).sum(axis=1, keepdims=True) / -2)
    return values, weight, apart


def _neighbours(
    size: Any, kernel_size: Any, sigma_space: float, start: int, stop: int
) -> Iterator[Neighbour]:
    """For each place of the window, the cells of some rows that have a neighbour there, and its weight by distance."""
    (above, below), (left, right) = around(pair(kernel_size, "kernel_size", "bilateral", 1))
    height, width = size
    for u in range(-above, below + 1):
        rows = slice(max(start, -u), min(stop, height - u))
        for v in range(-left, right + 1):
            cols = slice(max(0, -v), min(width, width - v))
            if rows.start < rows.stop and cols.start < cols.stop:
                other = slice(rows.start + u, rows.stop + u), slice(cols.start + v, cols.stop + v)
                near = exp(-(u * u + v * v) / (2 * sigma_space) / sigma_space) if u or v else 1.0
                yield rows, cols, *other, near


@np.errstate(all="ignore")
def bilateral_backward(
    dy: Any, x: Any, kernel_size: Any, sigma_space: float = 2.0, sigma_value: float = 0.1
) -> Array:
    """Gradient of `bilateral`, through the values and through the weights."""
    maps = as_maps(x, "bilateral_backward")
    _need_positive("bilateral_backward", sigma_space=sigma_space, sigma_value=sigma_value)
    upstream = map_gradient(dy, x, maps, maps.shape, "bilateral_backward")
    total, weights = _sums(maps, kernel_size, sigma_space, sigma_value, 0, maps.shape[2])
    y, each = total / weights, upstream / weights
    dx = np.zeros(maps.shape)
    for *places, near in _neighbours(maps.shape[2:], kernel_size, sigma_space, 0, maps.shape[2]):
        values, weight, apart = _weighed(maps, places, near, sigma_value, 0)
        rows, cols, other_rows, other_cols = places
        given = each[:, :, rows, cols]
        # What the sum gains as the weight grows, and how the weight changes as the values move apart.
        gain = (given * (values - y[:, :, rows, cols])).sum(axis=1, keepdims=True)
        pull = weight * gain * apart / sigma_value / sigma_value
        dx[:, :, other_rows, other_cols] += weight * given - pull
        dx[:, :, rows, cols] += pull
    return unbatch(dx.astype(maps.dtype), x)


# -- the guided filter --------------------------------------------------------------------------------------


def guided(x: Any, kernel_size: Any, eps: float = 1e-2, guide: Any = None) -> Array:
    """The window's best line from guide to x, averaged over all windows that hold a cell: mean(a) guide + mean(b).

    In each window a = cov(guide, x) / (var(guide) + eps) and b = mean(x) - a mean(guide). guide: x itself if left out;
    with the shape of x, or with a single channel.
    """
    maps = as_maps(x, "guided")
    _need_positive("guided", eps=eps)
    lead = _guide(maps, guide, "guided")
    a, b = coefficients(maps, lead, kernel_size, eps)
    return unbatch((a * lead + b).astype(maps.dtype), x)


def coefficients(maps: Array, lead: Array, kernel_size: Any, eps: float) -> tuple[Array, Array]:
    """(mean(a), mean(b)) of `guided` at each cell, in double precision."""
    with np.errstate(all="ignore"):
        a, b = _lines(maps, lead, kernel_size, eps)[:2]
        return local_mean(a, kernel_size, "guided"), local_mean(b, kernel_size, "guided")


def _guide(maps: Array, guide: Any, operation: str) -> Array:
    if guide is None:
        return maps.astype(np.float64)
    lead = as_maps(guide, operation, "guide").astype(np.float64)
    if lead.shape not in (maps.shape, (maps.shape[0], 1, *maps.shape[2:])):
        what = say("x is {} and its guide {}", shape_text(maps.shape[1:]), shape_text(lead.shape[1:]))
        raise ShapeError(what, operation, "give a guide of the same shape, or of one channel")
    return lead


def _lines(maps: Array, lead: Array, kernel_size: Any, eps: float) -> tuple[Array, ...]:
    """(a, b, mean of the guide, mean of x, var(guide) + eps) of each window."""
    values = maps.astype(np.float64)
    mean_lead, mean = (local_mean(each, kernel_size, "guided") for each in (lead, values))
    together = local_mean(lead * values, kernel_size, "guided") - mean_lead * mean
    divisor = local_mean(lead * lead, kernel_size, "guided") - mean_lead * mean_lead + eps
    a = together / divisor
    return a, mean - a * mean_lead, mean_lead, mean, divisor


@np.errstate(all="ignore")
def guided_backward(
    dy: Any, x: Any, kernel_size: Any, eps: float = 1e-2, guide: Any = None
) -> tuple[Array, Array]:
    """(gradient of `guided` with respect to x, and to the guide as if it were another map)."""
    maps = as_maps(x, "guided_backward")
    _need_positive("guided_backward", eps=eps)
    lead = _guide(maps, guide, "guided_backward")
    upstream = map_gradient(dy, x, maps, maps.shape, "guided_backward").astype(np.float64)
    a, _, mean_lead, mean, divisor = _lines(maps, lead, kernel_size, eps)

    def back(slopes: Array) -> Array:
        """The gradient of local means."""
        rows, cols = around(pair(kernel_size, "kernel_size", "guided", 1))
        options: dict[str, Any] = {"stride": 1, "padding": (rows, cols), "count_include_pad": False}
        return avg_pool2d_backward(slopes, np.zeros_like(slopes), kernel_size, **options)

    db = back(upstream)
    da = back(upstream * lead) - db * mean_lead
    dtogether, ddivisor = da / divisor, -da * a / divisor
    dmean_lead = -db * a - 2 * mean_lead * ddivisor - dtogether * mean
    dx = back(db - dtogether * mean_lead) + lead * back(dtogether)
    own = upstream * local_mean(a, kernel_size, "guided")
    dlead = own + maps * back(dtogether) + 2 * lead * back(ddivisor) + back(dmean_lead)
    if lead.shape[1] != maps.shape[1]:
        dlead = dlead.sum(axis=1, keepdims=True)
    return unbatch(dx.astype(maps.dtype), x), unbatch(dlead.astype(maps.dtype), x)
