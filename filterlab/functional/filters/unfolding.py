"""The values of every window laid out as channels (im2col), so that a convolution becomes a 1x1 convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array, as_maps, map_gradient, unbatch
from filterlab.functional.geometry import Pads, Pair, output_size, pair, resolve_padding, span

__all__ = ["unfold", "unfold_backward"]

Laid = tuple[Pair, Pair, Pair, Pads, Pair]  # kernel, stride, dilation, padding, and the size of the output


def unfold(x: Any, kernel_size: Any, *, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Array:
    """(C * kh * kw, oh, ow): channel (c * kh + u) * kw + v holds what tap (u, v) of a window reads in channel c.

    These are the numbers of torch.nn.Unfold, which lays the windows out in one row. x: (C, H, W) or (N, C, H, W); the
    padding holds zeros. Raises ShapeError, ParameterError.
    """
    maps = as_maps(x, "unfold")
    kernel, step, gap, pads, size = _laid(maps, kernel_size, stride, padding, dilation)
    padded = np.pad(maps, ((0, 0), (0, 0), *pads.sides))
    taps = [padded[(..., *_seen(tap, step, gap, size))] for tap in np.ndindex(*kernel)]
    y = np.stack(taps, axis=2).reshape(len(maps), maps.shape[1] * len(taps), *size)
    return unbatch(y, x)


def unfold_backward(
    dy: Any, x: Any, kernel_size: Any, *, stride: Any = 1, padding: Any = 0, dilation: Any = 1
) -> Array:
    """Gradient of `unfold`: what windows have read is added up where it came from (torch.nn.Fold)."""
    maps = as_maps(x, "unfold_backward")
    kernel, step, gap, pads, size = _laid(maps, kernel_size, stride, padding, dilation)
    count, channels, height, width = maps.shape
    shape = (count, channels * kernel[0] * kernel[1], *size)
    upstream = map_gradient(dy, x, maps, shape, "unfold_backward")
    taps = upstream.reshape(count, channels, kernel[0] * kernel[1], *size)
    padded = np.zeros(
        (count, channels, height + pads.top + pads.bottom, width + pads.left + pads.right), maps.dtype
    )
    for i, tap in enumerate(np.ndindex(*kernel)):
        padded[(..., *_seen(tap, step, gap, size))] += taps[:, :, i]
    return unbatch(padded[..., pads.top : pads.top + height, pads.left : pads.left + width], x)


def _laid(maps: Array, kernel_size: Any, stride: Any, padding: Any, dilation: Any) -> Laid:
    kernel = pair(kernel_size, "kernel_size", "unfold", 1)
    step, gap = pair(stride, "stride", "unfold", 1), pair(dilation, "dilation", "unfold", 1)
    height, width = maps.shape[2:]
    pads = resolve_padding(padding, (height, width), kernel, step, gap, "unfold")
    rows, cols = (
        output_size(n, kernel[i], step[i], gap[i], *pads.sides[i], operation="unfold")
        for i, n in enumerate((height, width))
    )
    return kernel, step, gap, pads, (rows, cols)


def _seen(tap: tuple[int, ...], stride: Pair, dilation: Pair, size: Pair) -> tuple[slice, slice]:
    """The cells of the padded map that a tap reads, from the first window to the last."""
    rows, cols = (
        slice(tap[i] * dilation[i], tap[i] * dilation[i] + span(size[i], stride[i]), stride[i])
        for i in (0, 1)
    )
    return rows, cols
