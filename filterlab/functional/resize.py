"""Changing the number of cells: upsampling, resizing, and moving channels into cells and back.

Interpolation is separable and linear: each output row is a weighted sum of input rows, each output column of input
columns. So resizing is a product with a sparse matrix on either side, and its gradient one with their transposes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import floor
from typing import Any

import numpy as np

from filterlab.errors import ChannelError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_maps, check_gradient, map_gradient, own, unbatch
from filterlab.functional.geometry import is_int, pair
from filterlab.functional.memory import empty
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = [
    "COORDINATES",
    "RESIZE_MODES",
    "ROUNDINGS",
    "UPSAMPLE_MODES",
    "axis_weights",
    "pixel_shuffle",
    "pixel_shuffle_backward",
    "pixel_unshuffle",
    "pixel_unshuffle_backward",
    "placed_weights",
    "resampled",
    "resize",
    "resize_backward",
    "upsample",
    "upsample_backward",
]

UPSAMPLE_MODES = ("nearest", "bilinear", "bicubic")
RESIZE_MODES = (*UPSAMPLE_MODES, "area")
COORDINATES = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")
ROUNDINGS = ("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")
ROWS = 64  # output rows made at a time, so that what lies between the two products stays in the cache
SMALLEST_BAND = 1 << 16  # values that are worth handing to another thread
_CUBIC = -0.75  # the free constant a of cubic convolution (Keys 1981), as PyTorch and OpenCV choose it


# Each tile and each explanation asks for the same axes again. The arrays are shared: nobody may write into them.
@lru_cache(maxsize=64)
def axis_weights(
    n: int, out: int, mode: str, scale: float | None = None, antialias: bool = False
) -> tuple[Array, Array, Array]:
    """Return (start, stop, weights) of each of `out` outputs over an axis of `n` cells.

    Output i is the sum of weights[i, t] * x[start[i] + t] over t < stop[i] - start[i]. scale: out / n by default.
    Positions are those of the cells' middles (align_corners=False): the middle of output i lies at
    (i + 0.5) / scale - 0.5 of the input. Beyond the border the edge is repeated. antialias: "bilinear" and "bicubic"
    widen their kernel by 1 / scale when shrinking.
    """
    if mode == "nearest":
        cells = _nearest(n, out, scale)
        return cells, cells + 1, np.ones((out, 1))
    if mode == "area":
        start, stop = np.arange(out) * n // out, -(-(np.arange(1, out + 1) * n) // out)
        # Equal weights, which `_packed` divides by their sum: the mean of the window.
        return _packed(start, stop, lambda i, t: np.ones_like(t, float))
    # Where the size of an axis stays, PyTorch copies it whatever the scale says, except in bicubic mode.
    ratio = n / out if scale is None or (out == n and mode == "bilinear") else 1 / scale
    if antialias:
        return _antialiased(n, out, mode, ratio)
    center = (np.arange(out) + 0.5) * ratio - 0.5
    reach = 1 if mode == "bilinear" else 2
    if mode == "bilinear":
        # PyTorch moves positions before the middle of the first cell onto it, except in bicubic mode.
        center = np.maximum(center, 0.0)
    first = np.floor(center).astype(int) - (reach - 1)
    taps = first[:, None] + np.arange(2 * reach)
    weights = _tent(taps - center[:, None]) if mode == "bilinear" else _cubic(taps - center[:, None], _CUBIC)
    return _folded(np.clip(taps, 0, n - 1), weights)


@lru_cache(maxsize=64)
def placed_weights(
    n: int,
    out: int,
    mode: str,
    coordinates: str,
    rounding: str = "floor",
    scale: float | None = None,
    cubic: float = _CUBIC,
) -> tuple[Array, Array, Array]:
    """As `axis_weights`, with the positions of the ONNX operator Resize: one of `COORDINATES`.

    scale: out / n by default. rounding: one of `ROUNDINGS`, which "nearest" takes positions to cells by. cubic: the
    constant a of cubic convolution. Beyond the border the edge is repeated.
    """
    center = _places(n, out, coordinates, out / n if scale is None else scale)
    if mode == "nearest":
        cells = np.clip(_ROUNDED[rounding](center).astype(int), 0, n - 1)
        return cells, cells + 1, np.ones((out, 1))
    reach = 1 if mode == "bilinear" else 2
    if mode == "bilinear":
        center = np.clip(center, 0, n - 1)
    taps = np.floor(center).astype(int)[:, None] + np.arange(1 - reach, 1 + reach)
    distance = taps - center[:, None]
    weights = _tent(distance) if mode == "bilinear" else _cubic(distance, cubic)
    return _folded(np.clip(taps, 0, n - 1), weights)


def _places(n: int, out: int, coordinates: str, scale: float) -> Array:
    """The position in the input of each output, by the formulas of the ONNX operator Resize.

    In single precision, as other programs work them out: a position halfway between two cells goes to the same one.
    """
    places, factor = np.arange(out, dtype=np.float32), np.float32(scale)
    half = np.float32(0.5)
    if coordinates == "align_corners":
        return places * np.float32(n - 1) / np.float32(max(out - 1, 1))
    if coordinates == "asymmetric":
        return places / factor
    if coordinates == "pytorch_half_pixel" and out == 1:
        return np.zeros(1, np.float32)
    moved = (places + half) / factor - half
    if coordinates == "half_pixel_symmetric":
        # Where n * scale is not whole, the middle of the input stays in the middle of the output.
        return moved + np.float32(n / 2 * (1 - out / (n * scale)))
    return moved


_ROUNDED: dict[str, Callable[[Array], Array]] = {
    "floor": np.floor,
    "ceil": np.ceil,
    "round_prefer_floor": lambda places: np.ceil(places - 0.5),
    "round_prefer_ceil": lambda places: np.floor(places + 0.5),
}


def _nearest(n: int, out: int, scale: float | None) -> Array:
    """The cell that each output repeats, as PyTorch has it: in single precision, for factors 1 and 2 exactly."""
    if out in (n, 2 * n):
        return np.arange(out) * n // out
    ratio = np.float32(n) / np.float32(out) if scale is None else np.float32(1 / scale)
    return np.minimum(np.floor(np.arange(out, dtype=np.float32) * ratio).astype(int), n - 1)


def _tent(distance: Array) -> Array:
    """The kernel of linear interpolation."""
    return np.maximum(1 - np.abs(distance), 0)


def _cubic(distance: Array, a: float) -> Array:
    """The kernel of cubic convolution (Keys 1981, equation 4), by Horner's rule."""
    d = np.abs(distance)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((d - 5) * d + 8) * d * a - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


def _antialiased(n: int, out: int, mode: str, ratio: float) -> tuple[Array, Array, Array]:
    """The kernel stretched by the shrinking factor, with weights that sum to 1 over the cells inside the axis."""
    stretch = max(ratio, 1.0)
    support = (1 if mode == "bilinear" else 2) * stretch
    center = (np.arange(out) + 0.5) * ratio
    # The conversion truncates, as in PyTorch and Pillow; where that differs from floor, the maximum gives 0 anyway.
    start = np.maximum((center - support + 0.5).astype(int), 0)
    stop = np.minimum((center + support + 0.5).astype(int), n)

    def weigh(i: Array, t: Array) -> Array:
        distance = (start[i] + t - center[i] + 0.5) / stretch
        # Antialiased bicubic uses Keys' own constant, as Pillow does.
        return _tent(distance) if mode == "bilinear" else _cubic(distance, -0.5)

    return _packed(start, stop, weigh)


def _packed(start: Array, stop: Array, weigh: Any) -> tuple[Array, Array, Array]:
    """The weights of windows of unequal length, padded with zeros; each row sums to 1."""
    longest = int((stop - start).max())
    i, t = np.meshgrid(np.arange(len(start)), np.arange(longest), indexing="ij")
    weights = np.where(t < (stop - start)[:, None], weigh(i, t), 0.0)
    return _trimmed(start, weights / weights.sum(axis=1, keepdims=True))


def _folded(cells: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Weights by cell: those of taps beyond the border, which show the edge, are added up there."""
    start = cells.min(axis=1)
    longest = int((cells.max(axis=1) - start).max()) + 1
    dense = np.zeros((len(cells), longest))
    np.add.at(dense, (np.arange(len(cells))[:, None], cells - start[:, None]), weights)
    return _trimmed(start, dense)


def _trimmed(start: Array, dense: Array) -> tuple[Array, Array, Array]:
    """Windows without the cells of weight 0 at their ends, which must not count as seen (nor make NaN of infinity)."""
    longest = dense.shape[1]
    used = dense != 0
    low, high = used.argmax(axis=1), longest - used[:, ::-1].argmax(axis=1)
    shifted = np.take_along_axis(dense, np.minimum(low[:, None] + np.arange(longest), longest - 1), axis=1)
    shifted[np.arange(longest) >= (high - low)[:, None]] = 0
    return start + low, start + high, shifted


def dense_weights(n: int, out: int, axis: tuple[Array, Array, Array]) -> Array:
    """The weights of an axis, as `axis_weights` gives them, as a dense (out, n) matrix, float64."""
    dense: Array = _matrix(n, out, axis, np.float64).toarray()
    return dense


def _matrix(n: int, out: int, axis: tuple[Array, Array, Array], dtype: Any) -> Any:
    """The weights of an axis as a sparse (out, n) matrix."""
    # Imported here, as scipy.sparse takes a while to load.
    from scipy.sparse import csr_array

    start, _, weights = axis
    rows, taps = np.nonzero(weights)
    return csr_array((weights[rows, taps].astype(dtype), (rows, start[rows] + taps)), shape=(out, n))


def _apply(maps: Array, rows: Any, cols: Any) -> Array:
    """rows @ map @ cols.T for each map, some rows at a time, which stay in the cache."""
    n, c, height, width = maps.shape
    planes = maps.reshape(-1, height, width)
    y = empty((n * c, rows.shape[0], cols.shape[0]), maps.dtype)
    starts = range(0, rows.shape[0], ROWS)
    # Cut once for all planes: slicing a sparse matrix copies that part of it.
    parts = [rows] if len(starts) == 1 else [rows[start : start + ROWS] for start in starts]

    def band(start: int, stop: int) -> None:
        for number in range(start, stop):
            plane, part = divmod(number, len(parts))
            some = slice(part * ROWS, (part + 1) * ROWS)
            # Sparse matrices multiply fast from the left only, hence the transposes.
            y[plane, some] = (cols @ (parts[part] @ planes[plane]).T).T

    run_bands(band, len(planes) * len(parts), smallest=_smallest(min(ROWS, y.shape[1]) * y.shape[2]))
    return y.reshape(n, c, *y.shape[1:])


def _repeat(maps: Array, down: int, across: int) -> Array:
    """Each cell repeated `down` times downwards and `across` times to the right."""
    n, c, height, width = maps.shape
    y = empty((n, c, height * down, width * across), maps.dtype)
    lines = y.reshape(n, c, height, down, width * across)

    def band(start: int, stop: int) -> None:
        lines[:, :, start:stop] = maps[:, :, start:stop].repeat(across, axis=3)[:, :, :, None]

    run_bands(band, height, smallest=_smallest(n * c * down * width * across))
    return y


def _smallest(each: int) -> int:
    """The fewest items of so many values each that are worth handing to another thread."""
    return max(SMALLEST_BAND // max(each, 1), 1)


def _check_mode(mode: str, legal: tuple[str, ...], operation: str) -> None:
    if mode not in legal:
        raise ParameterError(
            say("mode is {!r}", mode), operation, say("one of {}", ", ".join(legal)), parameter="mode"
        )


def _factors(scale: Any) -> tuple[float, float]:
    values = tuple(scale) if isinstance(scale, (list, tuple)) else (scale, scale)
    numbers = all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in values)
    if len(values) != 2 or not numbers or not all(0 < v < np.inf for v in values):
        what, hint = say("scale is {!r}", scale), say("give a number above 0, or (height, width)")
        raise ParameterError(what, "upsample", hint, parameter="scale")
    return float(values[0]), float(values[1])


def upsampled_size(n: int, scale: float) -> int:
    """Return floor(n * scale). Raises ShapeError where nothing is left."""
    # In double precision and rounded down, as PyTorch works the size out.
    out = floor(n * scale)
    if out < 1:
        raise ShapeError(
            say("scale {:g} leaves nothing of {} cell(s)", scale, n), "upsample", "use a larger scale"
        )
    return out


def _upsampling(maps: Array, scale: Any, mode: str) -> tuple[Any, Any]:
    _check_mode(mode, UPSAMPLE_MODES, "upsample")
    sizes = [
        (n, upsampled_size(n, factor), factor)
        for n, factor in zip(maps.shape[2:], _factors(scale), strict=True)
    ]
    rows, cols = (_matrix(n, out, axis_weights(n, out, mode, factor), maps.dtype) for n, out, factor in sizes)
    return rows, cols


def upsample(x: Any, scale: Any, mode: str = "nearest") -> Array:
    """Maps of floor(n * scale) cells on each axis, as torch.nn.Upsample(scale_factor=scale).

    x: (C, H, W) or (N, C, H, W). scale: a number or (height, width). mode: "nearest", "bilinear" or "bicubic"
    (cubic convolution, Keys 1981, with a = -0.75). Raises ShapeError, ParameterError.
    """
    maps = as_maps(x, "upsample")
    factors = _factors(scale)
    # Whole factors only repeat cells, without any arithmetic.
    if mode == "nearest" and all(f.is_integer() for f in factors):
        return unbatch(_repeat(maps, int(factors[0]), int(factors[1])), x)
    return unbatch(_apply(maps, *_upsampling(maps, scale, mode)), x)


def upsample_backward(dy: Any, x: Any, scale: Any, mode: str = "nearest") -> Array:
    """Gradient of `upsample` with respect to x: the transposed matrices applied to dy."""
    maps = as_maps(x, "upsample_backward")
    return _transposed(dy, x, maps, _upsampling(maps, scale, mode), "upsample_backward")


def _transposed(dy: Any, x: Any, maps: Array, matrices: tuple[Any, Any], operation: str) -> Array:
    rows, cols = matrices
    shape = (*maps.shape[:2], rows.shape[0], cols.shape[0])
    upstream = map_gradient(dy, x, maps, shape, operation)
    # The transpose of a CSR matrix is CSC, of which `_apply` could not cut rows quickly.
    return unbatch(_apply(upstream, rows.T.tocsr(), cols.T.tocsr()), x)


def resized_axis(
    n: int,
    out: int,
    mode: str = "bilinear",
    antialias: bool = False,
    coordinates: str | None = None,
    rounding: str = "floor",
    scale: float | None = None,
    cubic: float = _CUBIC,
) -> tuple[Array, Array, Array]:
    """The weights of `resize` along an axis, as `axis_weights` gives them."""
    if coordinates is not None and mode != "area":
        return placed_weights(n, out, mode, coordinates, rounding, scale, cubic)
    return axis_weights(n, out, mode, None, antialias and mode in ("bilinear", "bicubic"))


def resampled(x: Any, rows: tuple[Array, Array, Array], cols: tuple[Array, Array, Array]) -> Array:
    """Maps whose rows and columns are weighted sums of those of x, as `axis_weights` gives the weights."""
    # Sparse products would copy maps that do not lie in one piece again for every few rows.
    maps = np.ascontiguousarray(as_maps(x, "resize"))
    down, across = (
        _matrix(n, len(axis[0]), axis, maps.dtype)
        for n, axis in zip(maps.shape[2:], (rows, cols), strict=True)
    )
    return unbatch(_apply(maps, down, across), x)


def _resizing(maps: Array, size: Any, mode: str, options: dict[str, Any]) -> tuple[Any, Any]:
    _check_mode(mode, RESIZE_MODES, "resize")
    scales = options.pop("scale", None) or (None, None)
    rows, cols = (
        _axis_matrix(maps.dtype.char, n, out, mode, scale=scale, **options)
        for n, out, scale in zip(maps.shape[2:], pair(size, "size", "resize", 1), scales, strict=True)
    )
    return rows, cols


# A sparse matrix takes longer to make than a small picture to resize. Weights of a large axis are not kept for long.
@lru_cache(maxsize=16)
def _axis_matrix(dtype: str, n: int, out: int, mode: str, **options: Any) -> Any:
    return _matrix(n, out, resized_axis(n, out, mode, **options), np.dtype(dtype))


def resize(x: Any, size: Any, mode: str = "bilinear", antialias: bool = False, **options: Any) -> Array:
    """Maps of `size` (int or (h, w)), as torch.nn.functional.interpolate(size=size).

    mode: as for `upsample`, or "area" (the mean of the adaptive window). antialias: "bilinear" and "bicubic" widen
    their kernel when shrinking, as Pillow does. coordinates, rounding, scale (height, width), cubic: as for
    `placed_weights`; without `coordinates` positions are PyTorch's. Raises ParameterError.
    """
    maps = as_maps(x, "resize")
    return unbatch(_apply(maps, *_resizing(maps, size, mode, {"antialias": antialias, **options})), x)


def resize_backward(
    dy: Any, x: Any, size: Any, mode: str = "bilinear", antialias: bool = False, **options: Any
) -> Array:
    """Gradient of `resize` with respect to x."""
    maps = as_maps(x, "resize_backward")
    return _transposed(
        dy, x, maps, _resizing(maps, size, mode, {"antialias": antialias, **options}), "resize_backward"
    )


def pixel_shuffle(x: Any, r: int) -> Array:
    """Return (C * r * r, H, W) as (C, H * r, W * r): r * r channels become a block of cells; Shi et al. 2016.

    Raises ChannelError where r * r does not divide the number of channels, ParameterError for an r below 1.
    """
    maps = as_maps(x, "pixel_shuffle")
    n, channels, height, width = maps.shape
    r = _block(r, "pixel_shuffle")
    if channels % (r * r):
        what = say("{} channel(s) cannot be divided by {} * {}", channels, r, r)
        raise ChannelError(what, "pixel_shuffle", "give a multiple of r * r channels", parameter="r")
    # Channel (c * r + i) * r + j goes to row i and column j of the block, as in torch.nn.PixelShuffle.
    blocks = maps.reshape(n, channels // (r * r), r, r, height, width)
    shuffled = blocks.transpose(0, 1, 4, 2, 5, 3).reshape(n, channels // (r * r), height * r, width * r)
    return own(unbatch(shuffled, x), x)


def pixel_unshuffle(x: Any, r: int) -> Array:
    """Return (C, H * r, W * r) as (C * r * r, H, W), the inverse of `pixel_shuffle`. Raises ShapeError."""
    maps = as_maps(x, "pixel_unshuffle")
    n, channels, height, width = maps.shape
    r = _block(r, "pixel_unshuffle")
    if height % r or width % r:
        what = say("{} by {} cells cannot be divided by {}", height, width, r)
        raise ShapeError(what, "pixel_unshuffle", "crop or pad to a multiple of r", parameter="r")
    blocks = maps.reshape(n, channels, height // r, r, width // r, r)
    shuffled = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(n, channels * r * r, height // r, width // r)
    return own(unbatch(shuffled, x), x)


def _block(r: Any, operation: str) -> int:
    if not is_int(r) or r < 1:
        raise ParameterError(say("r is {!r}", r), operation, "give a whole number, 1 or more", parameter="r")
    return int(r)


def pixel_shuffle_backward(dy: Any, x: Any, r: int) -> Array:
    """Gradient of `pixel_shuffle`: dy unshuffled."""
    shape = pixel_shuffle(x, r).shape
    return pixel_unshuffle(check_gradient(dy, shape, "pixel_shuffle_backward"), r)


def pixel_unshuffle_backward(dy: Any, x: Any, r: int) -> Array:
    """Gradient of `pixel_unshuffle`: dy shuffled."""
    shape = pixel_unshuffle(x, r).shape
    return pixel_shuffle(check_gradient(dy, shape, "pixel_unshuffle_backward"), r)
