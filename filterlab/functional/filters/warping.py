"""Pictures turned, scaled, sheared and moved: each output is interpolated where an affine map sends it.

A transform is a matrix (2, 3): the input's (row, column) = matrix[:, :2] @ the output's (row, column) + matrix[:, 2],
in which whole numbers are the middles of cells, as in scipy.ndimage.affine_transform. Beyond the input lies `value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, cos, radians, sin, tan
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_maps, map_gradient, unbatch
from filterlab.functional.geometry import Pair
from filterlab.functional.threads import SMALLEST_ROWS, run_bands
from filterlab.text.messages import say

__all__ = ["warp", "warp_backward"]

MODES = ("bilinear", "nearest")


class WeighedCell(NamedTuple):
    """One of the cells that outputs are made from: where it lies, whether inside the input, and its weight there."""

    row: Array
    col: Array
    inside: Array
    weight: Array


def warp(x: Any, matrix: Array, size: Pair, mode: str = "bilinear", value: float = 0.0) -> Array:
    """The picture seen through a transform, (C, h, w) or (N, C, h, w) with `size` (h, w).

    mode: "bilinear", or "nearest", which rounds half up. Raises ParameterError for another one.
    """
    maps = as_maps(x, "warp")
    y = np.empty((*maps.shape[:2], *size), maps.dtype)
    _need_mode(mode)

    def band(start: int, stop: int) -> None:
        total = np.zeros((*maps.shape[:2], stop - start, size[1]), maps.dtype)
        for corner in corners(matrix, (start, stop), size[1], maps.shape[2:], mode):
            cells = np.where(corner.inside, maps[:, :, corner.row, corner.col], maps.dtype.type(value))
            # A weight of 0 does not see its cell: NaN or infinity there must not spread.
            total += np.where(corner.weight == 0, 0, cells * corner.weight.astype(maps.dtype))
        y[:, :, start:stop] = total

    with np.errstate(invalid="ignore", over="ignore"):
        run_bands(band, size[0], smallest=max(SMALLEST_ROWS // max(y[:, :, 0].size, 1), 1))
    return unbatch(y, x)


def warp_backward(
    dy: Any, x: Any, matrix: Array, size: Pair, mode: str = "bilinear", value: float = 0.0
) -> Array:
    """Gradient of `warp`: each output gives its part to the cells that it was made from."""
    maps = as_maps(x, "warp_backward")
    upstream = map_gradient(dy, x, maps, (*maps.shape[:2], *size), "warp_backward")
    _need_mode(mode)
    height, width = maps.shape[2:]
    dx = np.zeros((maps.shape[0] * maps.shape[1], height * width))
    for corner in corners(matrix, (0, size[0]), size[1], (height, width), mode):
        weight = np.where(corner.inside, corner.weight, 0).ravel()
        places = (corner.row * width + corner.col).ravel()
        for plane, given in zip(dx, upstream.reshape(len(dx), size[0] * size[1]), strict=True):
            plane += np.bincount(places, weight * given, minlength=len(plane))
    return unbatch(dx.reshape(maps.shape).astype(maps.dtype), x)


def _need_mode(mode: str) -> None:
    if mode not in MODES:
        hint = say("it is one of {}", ", ".join(MODES))
        raise ParameterError(say("{} is {!r}", "mode", mode), "warp", hint, parameter="mode")


def corners(matrix: Array, rows: Pair, width: int, size: Any, mode: str) -> Iterator[WeighedCell]:
    """What the outputs of some rows (first, one past the last) are made from: four cells each, or the nearest one."""
    at = np.meshgrid(np.arange(*rows), np.arange(width), indexing="ij")
    row, col = (line[0] * at[0] + line[1] * at[1] + line[2] for line in matrix.tolist())
    if mode == "nearest":
        yield _corner(np.floor(row + 0.5), np.floor(col + 0.5), np.ones(row.shape), size)
        return
    top, left = np.floor(row), np.floor(col)
    for u in (0, 1):
        for v in (0, 1):
            weight = abs(1 - u - (row - top)) * abs(1 - v - (col - left))
            yield _corner(top + u, left + v, weight, size)


def _corner(row: Array, col: Array, weight: Array, size: Any) -> WeighedCell:
    inside = (row >= 0) & (row < size[0]) & (col >= 0) & (col < size[1])
    rows, cols = (np.clip(place, 0, n - 1).astype(np.intp) for place, n in zip((row, col), size, strict=True))
    return WeighedCell(rows, cols, inside, weight)


def turning(angle: float, scale: Pair | tuple[float, float] = (1, 1), shear: float = 0.0) -> Array:
    """(2, 2): where an output's (row, column) about the centre comes from.

    The picture is sheared along its rows by `shear` degrees, scaled by (rows, columns), then turned anticlockwise by
    `angle` degrees.
    """
    (c, s), slope = cos_and_sin(angle), tan(radians(shear))
    # Rows point down: anticlockwise, what is on the right comes from below.
    back = np.array([[c, s], [-s, c]], np.float64)
    return np.array([[1.0, 0.0], [slope, 1.0]]) @ np.diag([1 / scale[0], 1 / scale[1]]) @ back


def about_centre(linear: Array, size: Pair, output: Pair, moved: tuple[float, float] = (0, 0)) -> Array:
    """(2, 3): the transform that keeps the centres of input and output on each other, then moves by (rows, columns)."""
    middle, target = ((np.array(each) - 1) / 2 for each in (size, output))
    return np.column_stack([linear, middle - linear @ (target + np.array(moved))])


def cos_and_sin(angle: float) -> tuple[float, float]:
    """Cosine and sine of an angle in degrees, exact for whole quarters, so that cells fall on cells."""
    theta = radians(angle)
    return (round(cos(theta)), round(sin(theta))) if angle % 90 == 0 else (cos(theta), sin(theta))


def turned_size(angle: float, size: Pair) -> Pair:
    """The size that holds all of a picture of `size` (height, width) turned by an angle in degrees."""
    c, s = map(abs, cos_and_sin(angle))
    height, width = size
    return ceil(height * c + width * s), ceil(width * c + height * s)
