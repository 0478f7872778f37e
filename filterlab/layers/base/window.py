"""Which cells of its input each output of a layer sees, along one axis.

A layer declares this once; its output size, its receptive field and the input region of a tile all follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import gcd, lcm, prod
from typing import Any, TypeVar

import numpy as np

from filterlab.errors import NeedsSizeError, ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import Pads, Pair, output_size, span
from filterlab.text.messages import say

Positions = TypeVar("Positions", int, Array)

# A network has the same few windows hundreds of times, and fractions are slow to make: each window is made once.
_REMEMBERED = 4096

MOST_VALUES = 1 << 40  # numbers of one map: four terabytes of float32, more than any machine computes at once
MOST_LISTED = 1 << 24  # windows that are listed along one axis: more would take gigabytes
MOST_PHASES = 1 << 20  # taps that are examined to find the windows of a dilated transposed convolution


@dataclass(frozen=True)
class AxisWindow:
    """Output i sees the inputs floor(step * i + low) to floor(step * i + high), both included.

    A kernel of span k, stride s and padding p has step s, low -p, high k - 1 - p. Upsampling and transposed
    convolution have a step below one. Positions outside the input are padding.
    count: number of outputs, None where the size of the input is not known. gap: cells from one tap to the next,
    the first tap lying on the first cell; between the taps of a dilated kernel nothing is seen.
    """

    step: Fraction
    low: Fraction
    high: Fraction
    count: int | None = None
    gap: int = 1

    @cached_property
    def line(self) -> tuple[int, int, int, int]:
        """(step, low, high) times their common denominator, and that: integers are far faster than fractions."""
        common = lcm(self.step.denominator, self.low.denominator, self.high.denominator)
        step, low, high = (int(value * common) for value in (self.step, self.low, self.high))
        return step, low, high, common

    def first(self, i: Positions) -> Positions:
        """The first input that output `i`, or each output of an int array, sees."""
        step, low, _, common = self.line
        # // rounds down for negative positions too, which lie in the padding before the map; int() would round towards
        # 0.
        return (i * step + low) // common

    def stop(self, i: Positions) -> Positions:
        """One past the last input that output `i`, or each output of an int array, sees."""
        step, _, high, common = self.line
        return (i * step + high) // common + 1

    def reach(self, first: int, last: int) -> tuple[int, int]:
        """(first input, one past the last) that the outputs `first` to `last`, both included, see together."""
        return self.first(first), self.stop(last)

    @property
    def periodic(self) -> bool:
        """True where moving by `step.denominator` outputs moves the window by a whole number of cells."""
        return True


@dataclass(frozen=True)
class ListedWindow(AxisWindow):
    """Windows that follow no line (adaptive pooling, resizing): a start and a stop for each output.

    Positions beyond the outputs, for which there is no window, count as the nearest output.
    """

    starts: Array = field(default_factory=lambda: np.zeros(1, int))
    stops: Array = field(default_factory=lambda: np.ones(1, int))

    def first(self, i: Positions) -> Positions:
        return self.starts[np.clip(i, 0, len(self.starts) - 1)]

    def stop(self, i: Positions) -> Positions:
        return self.stops[np.clip(i, 0, len(self.stops) - 1)]

    def reach(self, first: int, last: int) -> tuple[int, int]:
        # A window is narrower than its neighbours where a resampling weight is 0, so that the first and the last output
        # need not be those that reach furthest.
        low, high = (min(max(i, 0), len(self.starts) - 1) for i in (first, last))
        return int(self.starts[low : high + 1].min()), int(self.stops[low : high + 1].max())

    @property
    def periodic(self) -> bool:
        return False


@dataclass(frozen=True)
class PhasedWindow(AxisWindow):
    """Windows that repeat every few outputs, shifted by whole cells, but follow no line in between.

    starts, stops: of the first `step.denominator` outputs, which repeat `step.numerator` cells on. A window without
    any cell starts where it stops.
    """

    starts: tuple[int, ...] = (0,)
    stops: tuple[int, ...] = (1,)

    def first(self, i: Positions) -> Positions:
        return self._at(self.starts, i)

    def stop(self, i: Positions) -> Positions:
        return self._at(self.stops, i)

    def _at(self, ends: tuple[int, ...], i: Positions) -> Positions:
        turns, phase = i // len(ends), i % len(ends)
        own = ends[phase] if isinstance(phase, int) else np.array(ends)[phase]
        found: Positions = own + turns * self.step.numerator
        return found

    def reach(self, first: int, last: int) -> tuple[int, int]:
        period = len(self.starts)
        # One period from either end suffices: the windows in between are shifted copies of these, further inside.
        positions = {
            *range(first, min(first + period, last + 1)),
            *range(max(last - period, first), last + 1),
        }
        ends = [(self.first(i), self.stop(i)) for i in positions]
        # Empty windows must not widen the range; where all are empty, one of them says where it is empty.
        seen = [(start, stop) for start, stop in ends if start < stop] or ends[:1]
        return min(start for start, _ in seen), max(stop for _, stop in seen)


Window = tuple[AxisWindow, AxisWindow]
Size = Pair | None  # (height, width) of an input; None where the size of the picture is not known


def same_window(size: Size) -> Window:
    """Each output sees the input at its own position."""
    rows, cols = size or (None, None)
    return _identity(rows), _identity(cols)


@lru_cache(_REMEMBERED)
def _identity(n: int | None) -> AxisWindow:
    return AxisWindow(Fraction(1), Fraction(0), Fraction(0), n)


@lru_cache(_REMEMBERED)
def strided_window(
    n: int | None,
    kernel: int,
    stride: int,
    dilation: int,
    before: int,
    after: int,
    *,
    ceil_mode: bool = False,
    operation: str = "",
) -> AxisWindow:
    """The window of a convolution or pooling along an axis of `n` cells. Raises ShapeError if none fits."""
    count = None
    if n is not None:
        count = output_size(
            n, kernel, stride, dilation, before, after, ceil_mode=ceil_mode, operation=operation
        )
    last = span(kernel, dilation) - 1 - before
    return AxisWindow(Fraction(stride), Fraction(-before), Fraction(last), count, dilation)


def sliding_windows(
    size: Size,
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    pads: Pads,
    *,
    ceil_mode: bool = False,
    operation: str = "",
) -> Window:
    """The windows of a convolution or pooling over a map. Raises ShapeError if none fits."""
    rows, cols = size or (None, None)
    options: dict[str, Any] = {"ceil_mode": ceil_mode, "operation": operation}
    return (
        strided_window(rows, kernel[0], stride[0], dilation[0], pads.top, pads.bottom, **options),
        strided_window(cols, kernel[1], stride[1], dilation[1], pads.left, pads.right, **options),
    )


@lru_cache(_REMEMBERED)
def transposed_window(kernel: int, stride: int, dilation: int, before: int, count: int | None) -> AxisWindow:
    """Output i of a transposed convolution sees the inputs j with i = j * stride - before + tap * dilation."""
    reach = span(kernel, dilation) - 1
    low = Fraction(before - reach + stride - 1, stride)  # the ceiling of (i + before - reach) / stride
    # Solved for j, only every (stride / gcd)-th tap meets an input, and these inputs lie dilation / gcd apart.
    step, high, gap = Fraction(1, stride), Fraction(before, stride), dilation // gcd(stride, dilation)
    # With both above 1 some outputs meet other taps, or none, than a straight line from low to high says.
    if stride == 1 or dilation == 1:
        return AxisWindow(step, low, high, count, gap)
    if stride * kernel > MOST_PHASES:
        what = say("stride {} with kernel {} and dilation {}", stride, kernel, dilation)
        hint = say("stride times kernel must be at most {} with a dilation", MOST_PHASES)
        raise ShapeError(what, "ConvTranspose2d", hint, parameter="stride")
    starts, stops = zip(*(_copies(i + before, kernel, stride, dilation) for i in range(stride)), strict=True)
    return PhasedWindow(step, low, high, count, gap, starts=starts, stops=stops)


def _copies(place: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """(first, stop) of the inputs whose copies of the kernel have a tap at a place."""
    over = (place - tap * dilation for tap in range(kernel))
    cells = [at // stride for at in over if at % stride == 0]
    return (min(cells), max(cells) + 1) if cells else (place // stride, place // stride)


def listed_window(n: int, starts: Array, stops: Array) -> AxisWindow:
    """Windows given one by one over an axis of `n` cells."""
    count = len(starts)
    # On average; the listed ends say where each window really lies.
    step = Fraction(n, count)
    return ListedWindow(step, Fraction(0), Fraction(0), count, starts=starts, stops=stops)


def need_possible(shape: tuple[int, ...], operation: str) -> None:
    """Raise ShapeError for an output of `shape` that no memory will ever hold."""
    if prod(shape) > MOST_VALUES:
        what = say("its output of {} would be more than {} numbers", shape_text(shape), MOST_VALUES)
        raise ShapeError(what, operation, "choose smaller sizes, or fewer channels")


def need_count(count: int | None) -> int:
    """The number of windows along an axis whose size is known."""
    assert count is not None, "a window made for a known size has a count"
    return count


def need_listable(count: int, operation: str) -> int:
    """`count`, or ShapeError where so many windows cannot be written down one by one."""
    if count > MOST_LISTED:
        what = say("{} rows or columns are too many", count)
        raise ShapeError(what, operation, say("at most {} here; choose smaller sizes", MOST_LISTED))
    return count


def whole_window(n: int, count: int) -> AxisWindow:
    """Each of `count` outputs sees the whole axis of `n` cells."""
    # One number seen through `count` places: a list of them takes as much memory as the map.
    starts, stops = (np.broadcast_to(np.int64(edge), (count,)) for edge in (0, n))
    return listed_window(n, starts, stops)


def need_size(size: Size, operation: str) -> Pair:
    """`size`, or NeedsSizeError where it is not known."""
    if size is None:
        raise NeedsSizeError(
            "the answer depends on the size of the picture", operation, "give size=(height, width)"
        )
    return size
