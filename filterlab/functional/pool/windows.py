"""The windows of a pooling, worked out for both axes before the loops run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import adaptive_bounds, is_int, output_size, pair, resolve_padding, span
from filterlab.functional.remembering import remembered
from filterlab.text.messages import say


class PoolOptions(TypedDict, total=False):
    """The options of a pooling, as `max_pool2d` has them."""

    stride: Any
    padding: Any
    dilation: Any
    ceil_mode: bool


@dataclass(frozen=True)
class PoolAxis:
    """Windows along one axis: window i holds the cells first[i], first[i] + gap, ... below stop[i] of the input.

    Cells of padding are left out; a window that lies in padding alone has first >= stop. The windows from regular[0]
    to regular[1], half-open, are complete and `stride` apart, so that loops over them need no bounds. counts: the
    cells of each window inside the padded input, which is what an average that counts padding divides by.
    """

    first: Array
    stop: Array
    gap: int
    taps: int
    stride: int
    regular: tuple[int, int]
    counts: Array
    start: int | None
    inside: tuple[int, int]

    @property
    def out(self) -> int:
        """The number of windows."""
        return len(self.first)

    @property
    def real(self) -> Array:
        """The number of cells of the input that each window holds."""
        # The ceiling of (stop - first) / gap; negative where a window lies in the padding alone.
        return np.maximum(-((self.first - self.stop) // self.gap), 0)


Windows = tuple[PoolAxis, PoolAxis]
Shape = tuple[int, ...]


@remembered
def pool_windows(
    size: tuple[int, ...],
    operation: str,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    dilation: Any = 1,
) -> Windows:
    """Return the windows of a pooling over (h, w). Raises ShapeError, ParameterError."""
    kernel = pair(kernel_size, "kernel_size", operation, 1)
    # Without a stride the windows lie side by side, PyTorch's default.
    steps = kernel if stride is None else pair(stride, "stride", operation, 1)
    gaps = pair(dilation, "dilation", operation, 1)
    pads = resolve_padding(padding, (size[0], size[1]), kernel, steps, gaps, operation)
    rows, cols = (
        _strided(n, k, s, d, *side, ceil_mode, operation)
        for n, k, s, d, side in zip(size, kernel, steps, gaps, pads.sides, strict=True)
    )
    return rows, cols


def _strided(
    n: int, kernel: int, stride: int, gap: int, before: int, after: int, ceil_mode: bool, operation: str
) -> PoolAxis:
    out = output_size(n, kernel, stride, gap, before, after, ceil_mode=ceil_mode, operation=operation)
    start = np.arange(out) * stride - before
    end = start + span(kernel, gap)
    # Negative padding crops: cells beyond the cut are no part of any window.
    lowest, highest = max(-before, 0), n - max(-after, 0)
    # A window that starts before the input begins with its first tap inside, a whole number of gaps further on.
    first = np.where(start < lowest, start + -((start - lowest) // gap) * gap, start)
    stop = np.minimum(end, highest)
    whole = np.flatnonzero((start >= lowest) & (end <= highest))
    regular = (int(whole[0]), int(whole[-1]) + 1) if len(whole) else (0, 0)
    # From the unclipped start: cells of the padding count, those beyond it do not (PyTorch's divisor). Only averages
    # read this, and they have no dilation.
    counts = np.minimum(end, n + after) - start
    return PoolAxis(first, stop, gap, kernel, stride, regular, counts, -before, (lowest, highest))


@remembered
def adaptive_windows(size: tuple[int, ...], output_size: Any, operation: str) -> Windows:
    """Return the windows of an adaptive pooling; None keeps the size of an axis. Raises ParameterError."""
    wanted = output_size if isinstance(output_size, (list, tuple)) else (output_size, output_size)
    if len(wanted) != 2 or not all(v is None or (is_int(v) and v > 0) for v in wanted):
        hint = say("give a positive int or (height, width); None keeps a size")
        raise ParameterError(
            say("output_size is {!r}", output_size), operation, hint, parameter="output_size"
        )
    rows, cols = (_adaptive(n, n if out is None else int(out)) for n, out in zip(size, wanted, strict=True))
    return rows, cols


def windows_part(axis: PoolAxis, outputs: tuple[int, int], first: int) -> PoolAxis:
    """Return some of the windows of an adaptive axis, over the cells from `first` on alone."""
    some = slice(*outputs)
    begins, ends = axis.first[some] - first, axis.stop[some] - first
    return replace(
        axis,
        first=begins,
        stop=ends,
        regular=(0, len(begins)) if axis.regular[1] else (0, 0),
        counts=axis.counts[some],
        start=None if axis.start is None else int(begins[0]),
        inside=(0, int(ends[-1])),
    )


def _adaptive(n: int, out: int) -> PoolAxis:
    first, stop = adaptive_bounds(n, out)
    # Else windows differ in length or distance, and none can go through the fast loop.
    even = n % out == 0
    taps, stride, regular = (n // out, n // out, (0, out)) if even else (1, 1, (0, 0))
    return PoolAxis(first, stop, 1, taps, stride, regular, stop - first, 0 if even else None, (0, n))
