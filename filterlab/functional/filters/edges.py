"""Thin edges from two derivatives: non-maximum suppression, and Canny's detector (1986)."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array, as_maps, map_gradient, shape_text, unbatch
from filterlab.text.messages import say

__all__ = ["canny", "thin_edges", "thin_edges_backward"]


def thin_edges(across: Any, down: Any) -> Array:
    """The length of the gradient where it is greatest along its own direction, else 0.

    across, down: the derivatives along rows and along columns, (C, H, W) or (N, C, H, W) alike. A cell is compared with
    the two points one row or column away that the gradient points to, interpolated between the cells beside them, as
    in scikit-image's canny; beyond the border lies 0. NaN stays. Raises ShapeError.
    """
    columns, rows = _pair(across, down, "thin_edges")
    with np.errstate(all="ignore"):
        length = np.hypot(columns, rows)
        return unbatch(np.where(_greatest(columns, rows, length) | np.isnan(length), length, 0), across)


def thin_edges_backward(dy: Any, across: Any, down: Any) -> tuple[Array, Array]:
    """Gradients of `thin_edges`, for the cells that stay."""
    columns, rows = _pair(across, down, "thin_edges_backward")
    upstream = map_gradient(dy, across, columns, columns.shape, "thin_edges_backward")
    with np.errstate(all="ignore"):
        length = np.hypot(columns, rows)
        each = np.where(_greatest(columns, rows, length) & (length > 0), upstream / length, 0)
    return unbatch(each * columns, across), unbatch(each * rows, across)


def _pair(across: Any, down: Any, operation: str) -> tuple[Array, Array]:
    columns, rows = as_maps(across, operation, "across"), as_maps(down, operation, "down")
    if columns.shape != rows.shape:
        what = say("the derivatives are {} and {}", shape_text(columns.shape[1:]), shape_text(rows.shape[1:]))
        raise ShapeError(what, operation, "give two maps of the same shape")
    return columns, rows


def _greatest(columns: Array, rows: Array, length: Array) -> Array:
    """Whether no point one step along the gradient, on either side, is longer."""
    around = np.pad(length, ((0, 0), (0, 0), (1, 1), (1, 1)))
    height, width = length.shape[2:]

    def at(down: Any, right: Any) -> Array:
        return around[:, :, 1 + down : 1 + down + height, 1 + right : 1 + right + width]

    steep = np.abs(rows) > np.abs(columns)
    part = np.where(steep, np.abs(columns) / np.abs(rows), np.abs(rows) / np.abs(columns))
    # Whether the gradient points down to the right (or up to the left), or across the other diagonal.
    falling = ((rows >= 0) & (columns >= 0)) | ((rows <= 0) & (columns <= 0))
    stays = np.ones(length.shape, bool)
    for way in (1, -1):
        corner = np.where(falling, at(way, way), np.where(steep, at(way, -way), at(-way, way)))
        straight = np.where(steep, at(way, 0), at(0, way))
        stays &= part * corner + (1 - part) * straight <= length
    return stays


def canny(x: Any, low: float = 0.1, high: float = 0.2, sigma: float = 1.0) -> Array:
    """1 on edges one cell wide, else 0, for each map of x, (C, H, W) or (N, C, H, W).

    The map is smoothed by a Gaussian of `sigma` cells, reflected at the border. Of the thinned lengths of Sobel's
    gradient, those of at least `high` are edges, and with them all of at least `low` that hang together with these over
    sides and corners. NaN and infinities make no edge.
    """
    maps = as_maps(x, "canny")
    y = np.empty_like(maps)
    for index in np.ndindex(maps.shape[:2]):
        thin = thin_gradient(maps[index], sigma)
        y[index] = _connected(thin, low, high)
    return unbatch(y, x)


def thin_gradient(plane: Array, sigma: float) -> Array:
    """The thinned length of the gradient of a smoothed map (H, W), in double precision."""
    from scipy import ndimage  # it takes as long to import as everything else here together

    with np.errstate(all="ignore"):
        smooth = ndimage.gaussian_filter(plane.astype(np.float64), sigma, mode="reflect") if sigma else plane
        across, down = (ndimage.sobel(smooth.astype(np.float64), axis, mode="reflect") for axis in (1, 0))
    thin: Array = thin_edges(across[None], down[None])[0]
    return thin


def _connected(thin: Array, low: float, high: float) -> Array:
    from scipy import ndimage

    with np.errstate(invalid="ignore"):
        weak = (thin >= low) & (thin > 0)
        groups, count = ndimage.label(weak, np.ones((3, 3)))
        strong = np.zeros(count + 1, bool)
        strong[groups[weak & (thin >= high)]] = True
    strong[0] = False
    edges: Array = strong[groups]
    return edges
