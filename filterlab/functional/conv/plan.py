"""The plan of a convolution: all sizes and positions, worked out and checked before any arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd
from typing import Any, TypedDict

from filterlab.errors import ChannelError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, like, shape_text
from filterlab.functional.geometry import (
    Pads,
    Pair,
    border_index,
    check_border,
    is_int,
    output_size,
    pair,
    resolve_padding,
    span,
)
from filterlab.functional.remembering import remembered
from filterlab.text.messages import say

# Cells of an axis. Up to the first number of padded ones, or the ratio to input and output together, plans are computed
# as they are. Beyond the second the lines that are packed take all time and memory, however small the output is; a
# stride that skips most of the padding packs few, and then only the index of the padded axis, of the third, takes room.
ORDINARY_PADDED, MOST_PACKED, MOST_PADDED, MOST_RATIO = 1 << 12, 1 << 18, 1 << 24, 8


class ConvOptions(TypedDict, total=False):
    """The options of a convolution, as `conv2d` has them."""

    stride: Any
    padding: Any
    dilation: Any
    groups: int
    padding_mode: str
    value: float


@dataclass(frozen=True)
class AxisPlan:
    """One axis of a plan. Padded cells are counted from 0, padding included.

    index: int64 (padded cells,), the input cell that each padded cell shows, -1 for the fill. out: the number of
    windows. inside: the padded cells from inside[0] to inside[1], half-open, show neighbouring cells of the input.
    """

    index: Array
    out: int
    kernel: int
    stride: int
    dilation: int
    inside: Pair


@dataclass(frozen=True)
class ConvPlan:
    """A cross-correlation of maps (n, channels, h, w) with a weight (outputs, channels / groups, kh, kw)."""

    images: int
    channels: int
    outputs: int
    groups: int
    size: Pair
    kernel: Pair
    stride: Pair
    dilation: Pair
    pads: Pads
    mode: str
    fill: float
    # Windows of each axis where these are not all that fit: a transposed convolution knows how many there were,
    # and its output padding makes room for more.
    counts: Pair | None = None

    @cached_property
    def rows(self) -> AxisPlan:
        """The vertical axis."""
        return self._axis(0)

    @cached_property
    def cols(self) -> AxisPlan:
        """The horizontal axis."""
        return self._axis(1)

    def _axis(self, axis: int) -> AxisPlan:
        before, after = self.pads.sides[axis]
        n, kernel, stride, dilation = (v[axis] for v in (self.size, self.kernel, self.stride, self.dilation))
        self.check(axis)
        index = border_index(n, before, after, self.mode, "conv2d")
        inside = max(before, 0), max(before, 0) + n - max(-before, 0) - max(-after, 0)
        return AxisPlan(index, self.out[axis], kernel, stride, dilation, inside)

    @cached_property
    def out(self) -> Pair:
        """How many windows lie on each axis. Raises ShapeError where none fits."""
        down, across = (
            output_size(n, kernel, stride, dilation, *pads, operation="conv2d")
            for n, kernel, stride, dilation, pads in zip(
                self.size, self.kernel, self.stride, self.dilation, self.pads.sides, strict=True
            )
        )
        return (down, across) if self.counts is None else self.counts

    def check(self, axis: int) -> None:
        """Raise ParameterError where the padding of an axis cannot be filled, or is too wide to be computed with."""
        (before, after), n = self.pads.sides[axis], self.size[axis]
        check_border(n, before, after, self.mode, "conv2d")
        if not self._excess(axis, self._packed(axis), MOST_PACKED) and not self._padding_exceeds(
            axis, MOST_PADDED
        ):
            return
        padded, window = n + before + after, span(self.kernel[axis], self.dilation[axis])
        if self.dilation[axis] > 1 and 2 * window > padded:
            what = say("the dilated window spans {} cell(s) around an input of {}", window, n)
            raise ParameterError(what, "conv2d", say("use a smaller dilation"), parameter="dilation")
        what = say("padding makes an axis of {} cell(s) from an input of {}", padded, n)
        raise ParameterError(what, "conv2d", say("use less padding"), parameter="padding")

    def _packed(self, axis: int) -> int:
        """Cells of the axis in lines: all phases of the stride that taps see, see `line_span`."""
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        # The offsets u * dilation repeat modulo the stride after stride / gcd taps.
        phases = min(kernel, stride // gcd(stride, dilation))
        return phases * (self.out[axis] + (kernel - 1) * dilation // stride)

    def _padding_exceeds(self, axis: int, ordinary: int) -> bool:
        """Whether the padded axis is in excess of `ordinary`."""
        return self._excess(axis, self.size[axis] + sum(self.pads.sides[axis]), ordinary)

    def _excess(self, axis: int, cells: int, ordinary: int) -> bool:
        """Whether there are more cells than `ordinary`, and out of proportion to the input and the output."""
        return cells > max(ordinary, MOST_RATIO * (self.size[axis] + self.out[axis]))

    @property
    def excessive(self) -> bool:
        """Whether an axis of the padded picture is out of all proportion to the input and the output."""
        return any(self._padding_exceeds(axis, ORDINARY_PADDED) for axis in (0, 1))

    @cached_property
    def trimmed(self) -> tuple[ConvPlan, tuple[slice, slice]] | None:
        """The plan without the taps at the ends of each axis that see nothing but zeros, and the slices that are left.

        None where no tap is left. Only where the padding is out of all proportion to the input, as with a dilation of
        millions: ordinary plans stay as they are, and so do their sums, bit by bit.
        """
        plan, slices = self, [slice(0, kernel) for kernel in self.kernel]
        for axis in (0, 1):
            if (
                self.fill == 0
                and self.mode in ("zeros", "constant")
                and self._padding_exceeds(axis, ORDINARY_PADDED)
            ):
                seeing = [tap for tap in range(self.kernel[axis]) if self._sees(axis, tap)]
                if not seeing:
                    return None
                slices[axis] = slice(seeing[0], seeing[-1] + 1)
                plan = plan._without(axis, seeing[0], seeing[-1] + 1)
        return plan, (slices[0], slices[1])

    def _sees(self, axis: int, tap: int) -> bool:
        """Whether a tap sees a cell of the input in any window."""
        stride, first = self.stride[axis], tap * self.dilation[axis] - self.pads[2 * axis]
        window = max(-(first // stride), 0)  # the first where the tap is not before the input
        return window < self.out[axis] and first + window * stride < self.size[axis]

    def _without(self, axis: int, start: int, stop: int) -> ConvPlan:
        """The same windows with the taps from `start` to `stop` alone, and the padding that these see."""
        kernel, pads, counts = list(self.kernel), list(self.pads), self.out
        kernel[axis] = stop - start
        before = pads[2 * axis] - start * self.dilation[axis]
        seen = (counts[axis] - 1) * self.stride[axis] + span(kernel[axis], self.dilation[axis])
        pads[2 * axis : 2 * axis + 2] = before, seen - before - self.size[axis]
        return replace(self, kernel=(kernel[0], kernel[1]), pads=Pads(*pads), counts=counts)

    @property
    def out_shape(self) -> tuple[int, int, int, int]:
        """The shape of the result, (n, outputs, h, w)."""
        return self.images, self.outputs, *self.out

    @property
    def pointwise(self) -> bool:
        """Whether this is a 1x1 kernel that visits every cell: a plain matrix product."""
        complete = (self.rows.out, self.cols.out) == self.size
        return self.kernel == (1, 1) and self.stride == (1, 1) and complete and not any(self.pads)


def plan_conv2d(
    x_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    value: float = 0.0,
) -> ConvPlan:
    """Return the plan for x (n, c, h, w) and weight (o, c / groups, kh, kw).

    Raises ShapeError where the window does not fit, ChannelError, ParameterError.
    """
    fill = float(value) if padding_mode == "constant" else 0.0
    # The integer 0 for the fill of nearly all plans: only arguments that are exact are remembered.
    return _plan(x_shape, weight_shape, stride, padding, dilation, groups, padding_mode, fill or 0)


@remembered
def _plan(
    x_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    padding_mode: str,
    fill: float,
) -> ConvPlan:
    outputs = check_weight(weight_shape, groups, "conv2d")
    _check_channels(x_shape, weight_shape, groups)
    images, channels, height, width = x_shape
    size, kernel = (height, width), (weight_shape[2], weight_shape[3])
    strides = pair(stride, "stride", "conv2d", 1)
    gaps = pair(dilation, "dilation", "conv2d", 1)
    pads = resolve_padding(padding, size, kernel, strides, gaps, "conv2d")
    plan = ConvPlan(
        images,
        channels,
        outputs,
        groups,
        size,
        kernel,
        strides,
        gaps,
        pads,
        mode=padding_mode,
        fill=float(fill),
    )
    # What cannot be computed is refused now.
    _ = plan.out_shape
    left = plan.trimmed
    if left is not None:
        left[0].check(0)
        left[0].check(1)
    return plan


def _check_channels(x_shape: tuple[int, ...], weight_shape: tuple[int, ...], groups: int) -> None:
    wanted = weight_shape[1] * groups
    if x_shape[1] != wanted:
        raise ChannelError(
            say(
                "x has {} channel(s) ({}), weight {} with groups={} takes {}",
                x_shape[1],
                shape_text(x_shape),
                shape_text(weight_shape),
                groups,
                wanted,
            ),
            "conv2d",
            "weight is (output channels, input channels / groups, height, width)",
            parameter="weight",
        )


def check_weight(shape: tuple[int, ...], groups: Any, operation: str) -> int:
    """Return the length of a 4-D weight's first axis. Raises ShapeError, and ParameterError unless groups divide it."""
    if len(shape) != 4 or 0 in shape:
        hint = say("give four axes, none empty: (output channels, input channels / groups, height, width)")
        raise ShapeError(say("weight has shape {}", shape_text(shape)), operation, hint, parameter="weight")
    if not is_int(groups) or groups < 1 or shape[0] % groups:
        what = say(
            "groups is {!r}, which does not divide the {} channel(s) of weight {}",
            groups,
            shape[0],
            shape_text(shape),
        )
        raise ParameterError(what, operation, "choose a divisor", parameter="groups")
    return shape[0]


def check_bias(bias: Any, maps: Array, outputs: int, operation: str) -> Array | None:
    """Return `bias` in the dtype of `maps`, None where there is none. Raises ShapeError unless it is (outputs,)."""
    if bias is None:
        return None
    found = like(bias, maps, operation, "bias")
    if found.shape != (outputs,):
        what = say("bias has shape {} for {} output channel(s)", shape_text(found.shape), outputs)
        raise ShapeError(what, operation, "give one number for each", parameter="bias")
    return found


def gradient_plans(plan: ConvPlan) -> list[tuple[Pair, tuple[slice, slice], ConvPlan]]:
    """Return the stride-1 correlations of the output's gradient that make up the gradient of the padded input.

    On one axis, output i reaches padded cell p through tap u where p = i * s + u * d (stride s, dilation d), so

        dx[p] = sum over taps u with p - u * d divisible by s of weight[u] * dy[(p - u * d) / s].

    The cells p = a, a + s, a + 2s, ... of one phase have the same taps, those with u * d = a (mod s), and with
    p = a + t * s they see dy[t - (u * d - a) / s]: a correlation of dy with these taps in decreasing order, whose
    stride is 1. So no zeros are put between the cells of dy, as the textbook's form does, and none are multiplied.

    Returns for each phase: (a, b) of both axes, the slices of its taps in decreasing order, and the plan, from
    (n, outputs, oh, ow) to (n, channels, cells, cells). Phases without taps are left out: their gradient is zero.
    """
    padded = (len(plan.rows.index), len(plan.cols.index))
    axes = [
        _phases(padded[i], axis.out, axis.kernel, axis.stride, axis.dilation)
        for i, axis in enumerate((plan.rows, plan.cols))
    ]
    found = []
    for a, row_taps, row_gap, top, bottom in axes[0]:
        for b, col_taps, col_gap, left, right in axes[1]:
            kernel = (len(range(plan.kernel[0])[row_taps]), len(range(plan.kernel[1])[col_taps]))
            phase = ConvPlan(
                plan.images,
                plan.outputs,
                plan.channels,
                plan.groups,
                (plan.rows.out, plan.cols.out),
                kernel,
                (1, 1),
                (row_gap, col_gap),
                Pads(top, bottom, left, right),
                "zeros",
                0.0,
            )
            found.append(((a, b), (row_taps, col_taps), phase))
    return found


def _phases(
    padded: int, out: int, kernel: int, stride: int, dilation: int
) -> list[tuple[int, slice, int, int, int]]:
    """For each phase of an axis: (phase, its taps in decreasing order, dilation, padding before, after).

    The taps of a phase are evenly spaced (by s / gcd(s, d)), and so are the cells of dy that they see.
    """
    found = []
    for phase in range(min(stride, padded)):
        taps = [u for u in range(kernel) if (u * dilation - phase) % stride == 0]
        offsets = [(u * dilation - phase) // stride for u in taps]
        if not taps:
            continue
        step = taps[1] - taps[0] if len(taps) > 1 else 1
        gap = offsets[1] - offsets[0] if len(taps) > 1 else 1
        cells = -(-(padded - phase) // stride)
        # The first cell sees dy from -offsets[-1] on, so that many cells of padding go before; behind, as many as
        # make the number of windows that of the phase's cells: out + before + after - (offsets[-1] - offsets[0]).
        stop = taps[0] - step
        reversed_taps = slice(taps[-1], stop if stop >= 0 else None, -step)
        found.append((phase, reversed_taps, gap, offsets[-1], cells - out - offsets[0]))
    return found
