"""Padding and cropping in every padding mode, and the gradient.

The padding modes are separable: a padded cell shows the input cell at (row index, column index), both taken from
`geometry.border_index`. Padding gathers along these indices; the gradient scatters back along them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_maps, check_gradient, own, unbatch
from filterlab.functional.geometry import Pads, border_index, check_border, resolve_padding
from filterlab.functional.memory import empty
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = ["pad", "pad_backward"]

Slices = tuple[slice, slice]
SMALLEST_BAND = 1 << 16  # values that are worth handing to another thread


def pad(x: Any, padding: Any, mode: str = "zeros", value: float = 0.0) -> Array:
    """Pad the last two axes; negative numbers crop.

    x: (C, H, W) or (N, C, H, W), float32 or float64, returned in the same rank and dtype.
    padding: int, (h, w) or ((top, bottom), (left, right)).
    mode: "zeros", "reflect", "replicate", "circular", "symmetric" or "constant" (which puts `value`).
    Raises ShapeError, ParameterError (unknown mode; reflect above n - 1, circular and symmetric above n).
    """
    maps = as_maps(x, "pad")
    return own(unbatch(pad_maps(maps, _pads(padding), mode, value, "pad"), x), x)


def pad_backward(dy: Any, x: Any, padding: Any, mode: str = "zeros", value: float = 0.0) -> Array:
    """Gradient of `pad` with respect to x: the gradient of each padded cell is added to the cell that it shows."""
    maps = as_maps(x, "pad_backward")
    pads = _pads(padding)
    shape = (*np.shape(x)[:-2], *padded_size(maps.shape[2:], pads))
    gradient = check_gradient(dy, shape, "pad_backward").reshape(*maps.shape[:2], *shape[-2:])
    return own(unbatch(unpad_maps(gradient, maps.shape[2:], pads, mode, "pad_backward"), x), dy)


def _pads(padding: Any) -> Pads:
    if isinstance(padding, str):
        hint = say("there is no window here to take it from: give numbers")
        raise ParameterError(say("padding is {!r}", padding), "pad", hint, parameter="padding")
    return resolve_padding(padding, None, (1, 1), (1, 1), (1, 1), "pad", smallest=None)


def padded_size(size: tuple[int, ...], pads: Pads) -> tuple[int, int]:
    """Return (H, W) after padding."""
    return size[0] + pads.top + pads.bottom, size[1] + pads.left + pads.right


def pad_maps(x: Array, pads: Pads, mode: str, value: float = 0.0, operation: str = "pad") -> Array:
    """Pad (N, C, H, W) by known amounts. Returns `x` itself where there is nothing to do."""
    if not any(pads):
        return x
    # A fill and the copy of one block, which is much faster than to look up each cell.
    if mode in ("zeros", "constant"):
        check_border(x.shape[2], pads.top, pads.bottom, mode, operation)
        check_border(x.shape[3], pads.left, pads.right, mode, operation)
        return _pad_constant(x, pads, value if mode == "constant" else 0.0, padded_size(x.shape[2:], pads))
    rows = border_index(x.shape[2], pads.top, pads.bottom, mode, operation)
    cols = border_index(x.shape[3], pads.left, pads.right, mode, operation)
    return x[:, :, rows[:, None], cols]


def _pad_constant(x: Array, pads: Pads, value: float, size: tuple[int, int]) -> Array:
    y = np.full((*x.shape[:2], *size), value, x.dtype)
    inside, source = _overlap(x.shape[2:], pads)
    y[(..., *inside)] = x[(..., *source)]
    return y


def _overlap(size: tuple[int, ...], pads: Pads) -> tuple[Slices, Slices]:
    """Slices of the padded array and of the input that hold the same cells."""
    sides = ((size[0], pads.top, pads.bottom), (size[1], pads.left, pads.right))
    # Cropping may take more than the axis has, where padding on the other side makes up for it: then both slices are
    # empty, and must not become negative, which would count from the end.
    starts = [min(max(-before, 0), n) for n, before, _ in sides]
    stops = [max(n - max(-after, 0), start) for start, (n, _, after) in zip(starts, sides, strict=True)]
    sources = [slice(start, stop) for start, stop in zip(starts, stops, strict=True)]
    insides = [
        slice(source.start + before, source.stop + before)
        for source, (_, before, _) in zip(sources, sides, strict=True)
    ]
    return (insides[0], insides[1]), (sources[0], sources[1])


def unpad_maps(dy: Array, size: tuple[int, ...], pads: Pads, mode: str, operation: str = "pad") -> Array:
    """Return the gradient of `pad_maps`, (N, C, *size), from dy (N, C, padded H, padded W)."""
    if not any(pads):
        return dy
    if mode in ("zeros", "constant"):
        inside, source = _overlap(size, pads)
        return _unpad_constant(dy, size, inside, source)
    rows = border_index(size[0], pads.top, pads.bottom, mode, operation)
    cols = border_index(size[1], pads.left, pads.right, mode, operation)
    return scatter_maps(dy, rows, cols, size)


def scatter_maps(dy: Array, rows: Array, cols: Array, size: tuple[int, ...]) -> Array:
    """Sum dy (N, C, len(rows), len(cols)) into maps (N, C, *size): each cell into the one that rows and cols name."""
    return _scatter(_scatter(dy, rows, size[0], 2), cols, size[1], 3)


def _unpad_constant(dy: Array, size: tuple[int, ...], inside: Slices, source: Slices) -> Array:
    """dy where the input is shown; 0 in cells that were cropped away."""
    dx = empty((*dy.shape[:2], *size), dy.dtype)
    shift = inside[0].start - source[0].start
    whole = source == tuple(slice(0, n) for n in size)

    def band(start: int, stop: int) -> None:
        if not whole:
            # `empty` gives what an earlier result has left there.
            dx[:, :, start:stop] = 0
        low, high = max(start, source[0].start), min(stop, source[0].stop)
        if low < high:
            dx[:, :, low:high, source[1]] = dy[:, :, low + shift : high + shift, inside[1]]

    run_bands(band, size[0], smallest=max(SMALLEST_BAND // max(dx[:, :, 0].size, 1), 1))
    return dx


def _scatter(dy: Array, index: Array, n: int, axis: int) -> Array:
    """Sum the slices of `dy` along `axis` into the cells that `index` names, several of which may be the same."""
    moved = np.moveaxis(dy, axis, 0)
    dx = np.zeros((n, *moved.shape[1:]), dy.dtype)
    # dx[index] += moved would count a cell that is shown several times only once.
    np.add.at(dx, index, moved)
    return np.moveaxis(dx, 0, axis)
