"""Taking parts of maps, and putting channels into another order: nothing is computed, values are copied.

x is (C, H, W) or (N, C, H, W). Parts are given as in Python's slices: `start`, `stop` (None for the end; negative
numbers count from the end) and `step`. Raises ShapeError where nothing is left.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import ChannelError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_maps, as_values, check_gradient, own, unbatch
from filterlab.functional.geometry import is_int
from filterlab.text.messages import say

__all__ = [
    "channel_shuffle",
    "channel_shuffle_backward",
    "channel_slice",
    "channel_slice_backward",
    "slice2d",
    "slice2d_backward",
    "sliced",
]

Part = tuple[int | None, int | None, int]


def sliced(n: int, part: Part, operation: str) -> range:
    """The positions that a slice takes from an axis of `n`. Raises ShapeError where there are none."""
    if part[2] == 0:
        raise ParameterError("step is 0", operation, "give a number other than 0", parameter="step")
    taken = range(*slice(*part).indices(n))
    if not taken:
        what = say("the slice {} takes nothing of {}", ":".join("" if p is None else str(p) for p in part), n)
        raise ShapeError(
            what, operation, "start before the end, and stop behind the start", parameter="start"
        )
    return taken


def channel_slice(x: Any, start: int | None = None, stop: int | None = None, step: int = 1) -> Array:
    """x[:, start:stop:step]: some channels, in reverse order where `step` is negative. x may be (N, features)."""
    maps = _batched(x, "channel_slice")
    sliced(maps.shape[1], (start, stop, step), "channel_slice")
    return own(_as_given(maps[:, start:stop:step], x), x)


def channel_slice_backward(
    dy: Any, x: Any, start: int | None = None, stop: int | None = None, step: int = 1
) -> Array:
    """Gradient of `channel_slice`: dy in the channels that were taken, 0 in the others."""
    maps = _batched(x, "channel_slice_backward")
    dx = np.zeros_like(maps)
    part = dx[:, start:stop:step]
    part[...] = _batched(dy, "channel_slice_backward")
    return _as_given(dx, x)


def slice2d(x: Any, start: Any = (0, 0), stop: Any = (None, None), step: Any = (1, 1)) -> Array:
    """x[..., start[0]:stop[0]:step[0], start[1]:stop[1]:step[1]]: some rows and columns. Steps are positive."""
    maps = as_maps(x, "slice2d")
    return own(unbatch(maps[(..., *_rows_and_columns(maps, start, stop, step))], x), x)


def slice2d_backward(
    dy: Any, x: Any, start: Any = (0, 0), stop: Any = (None, None), step: Any = (1, 1)
) -> Array:
    """Gradient of `slice2d`: dy in the cells that were taken, 0 in the others."""
    maps = as_maps(x, "slice2d_backward")
    dx = np.zeros_like(maps)
    part = dx[(..., *_rows_and_columns(maps, start, stop, step))]
    part[...] = as_maps(check_gradient(dy, unbatch(part, x).shape, "slice2d_backward"), "slice2d_backward")
    return unbatch(dx, x)


def _rows_and_columns(maps: Array, start: Any, stop: Any, step: Any) -> tuple[slice, slice]:
    parts = [*zip(start, stop, step, strict=True)]
    for n, part in zip(maps.shape[2:], parts, strict=True):
        sliced(n, part, "slice2d")
    return slice(*parts[0]), slice(*parts[1])


def channel_shuffle(x: Any, groups: int) -> Array:
    """Interleave the channels of `groups` groups: channel g * k + i becomes channel i * groups + g; Zhang et al. 2018.

    k is the number of channels of a group. Raises ChannelError where `groups` does not divide the channels.
    """
    maps = as_maps(x, "channel_shuffle")
    return own(unbatch(_interleaved(maps, _divided(maps.shape[1], groups)), x), x)


def channel_shuffle_backward(dy: Any, x: Any, groups: int) -> Array:
    """Gradient of `channel_shuffle`: dy shuffled back."""
    maps = as_maps(x, "channel_shuffle_backward")
    upstream = as_maps(
        check_gradient(dy, np.shape(x), "channel_shuffle_backward"), "channel_shuffle_backward"
    )
    # Interleaving C / groups groups is the inverse of interleaving `groups`.
    back = maps.shape[1] // _divided(maps.shape[1], groups)
    return own(unbatch(_interleaved(upstream, back), x), dy)


def _interleaved(maps: Array, groups: int) -> Array:
    n, c, height, width = maps.shape
    return maps.reshape(n, groups, c // groups, height, width).swapaxes(1, 2).reshape(maps.shape)


def _divided(channels: int, groups: Any) -> int:
    if not is_int(groups) or groups < 1 or channels % groups:
        what = say("groups is {!r}, which does not divide {} channel(s)", groups, channels)
        raise ChannelError(what, "channel_shuffle", "choose a divisor", parameter="groups")
    return int(groups)


def _batched(x: Any, operation: str) -> Array:
    """Maps (N, C, H, W) or vectors (N, features)."""
    array = as_values(x, operation)
    return array[None] if array.ndim == 3 else array


def _as_given(y: Array, x: Any) -> Array:
    return y if y.ndim == 2 else unbatch(y, x)
