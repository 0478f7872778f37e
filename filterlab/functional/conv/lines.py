"""Packing: the padded cells under a block of outputs, copied into lines that every tap reads in place.

Border cells are filled in, and strides are taken apart. With a stride s, the cells that one tap sees lie s apart; so
each padded row is split into phases: phase p holds its cells p, p + s, p + 2 * s, ..., and what a tap sees of it lies
side by side, as vectors want it. Rows are split in the same way. What lies in a line that has no padded cell (beyond
the end of a short phase, or of the last block) is not written, and must not be used.

Example: stride 2 and a kernel of 3 columns, over the padded row a b c d e f g. Phase 0 is the line a c e g, phase 1
is b d f. Tap 0 sees a c e, tap 1 sees b d f, tap 2 sees c e g: phase 0, from its second cell on.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, fetch_cells
from filterlab.functional.geometry import Pair


class Packing(NamedTuple):
    """How a plan's padded picture is packed, in the arrays and numbers that compiled loops take."""

    rows: Array  # see AxisPlan.index
    cols: Array
    inside: Pair  # see AxisPlan.inside, of the columns
    stride: Pair
    row_phases: Array  # the phases that taps see
    col_phases: Array
    seen: Array  # (row phases, rows of a block's lines): whether any tap sees that row
    fill: Any  # what padding shows, in the dtype of the picture


def packing_of(plan: ConvPlan, outputs: int, needed: int, dtype: Any) -> Packing:
    """The packing for blocks of `outputs` rows of outputs, which lie over `needed` rows of each phase."""
    row_phases, places = tap_phases(plan, 0)
    seen = np.zeros((len(row_phases), needed), bool)
    for phase, first in places:
        # Of a few rows of outputs, a dilated kernel skips most rows between its taps; they are not copied.
        seen[phase, first : first + outputs] = True
    cols, fill = plan.cols, np.dtype(dtype).type(plan.fill)
    return Packing(
        plan.rows.index, cols.index, cols.inside, plan.stride, row_phases, tap_phases(plan, 1)[0], seen, fill
    )


def tap_phases(plan: ConvPlan, axis: int) -> tuple[Array, Array]:
    """The phases of an axis's stride that taps see, and for each tap: the number of its phase, its first cell there."""
    return _phases(plan.kernel[axis], plan.stride[axis], plan.dilation[axis])


# Cached, as is what follows from it: a convolution of a small picture takes no longer than working these out.
@lru_cache(maxsize=64)
def _phases(kernel: int, stride: int, dilation: int) -> tuple[Array, Array]:
    offsets = np.arange(kernel) * dilation
    phases, numbers = np.unique(offsets % stride, return_inverse=True)
    return phases, np.stack([numbers, offsets // stride], axis=1)


def line_span(plan: ConvPlan, axis: int, outputs: int) -> int:
    """Cells of one phase of an axis under so many neighbouring outputs.

    The last tap of the last output sees padded cell (outputs - 1) * stride + (kernel - 1) * dilation, which is
    cell outputs - 1 + (kernel - 1) * dilation // stride of its phase; cells of other phases are no more.
    """
    return outputs + (plan.kernel[axis] - 1) * plan.dilation[axis] // plan.stride[axis]


def tap_offsets(plan: ConvPlan, shape: tuple[int, ...]) -> Array:
    """For each channel and tap, in the order of the weights: the index in lines of `shape` of the first cell it sees.

    shape: (channels, row phases, column phases, images, needed, cells), see `pack_lines`. The window one output to
    the right begins one cell further on, the one below `cells` further on.
    """
    return _offsets(plan.kernel, plan.stride, plan.dilation, shape)


@lru_cache(maxsize=32)
def _offsets(kernel: Pair, stride: Pair, dilation: Pair, shape: tuple[int, ...]) -> Array:
    (_, down), (_, across) = (_phases(*axis) for axis in zip(kernel, stride, dilation, strict=True))
    cells, plane = shape[5], prod(shape[3:])
    channels = np.arange(shape[0]) * prod(shape[1:])
    rows = down[:, 0] * (shape[2] * plane) + down[:, 1] * cells
    cols = across[:, 0] * plane + across[:, 1]
    return (channels[:, None, None] + rows[:, None] + cols).ravel()


@compiled(kept=False)
def pack_lines(lines, x, corner, count, packing):  # type: ignore[no-untyped-def]
    """Fill the lines under a block of outputs.

    lines (channels, row phases, column phases, images, needed, cells), contiguous: cell (c, a, b, n, r, t) becomes
    the padded cell ((row + r) * stride + phase a, (col + t) * stride + phase b) of channel c of image n of the block.
    x: (n, c, h, w), contiguous. corner: the block's first image, input channel, output row and output column.
    count: how many images it has, at most what `lines` have room for.
    """
    channels, down, across, images, needed, cells = lines.shape
    image, channel, row, col = corner
    height, width = x.shape[2:]
    flat, source, rows, cols = lines.reshape(-1), x.reshape(-1), packing.rows, packing.cols
    (stride, gap), fill = packing.stride, packing.fill
    runs = _runs(packing, col, cells)
    for c in range(channels):
        for a in range(down):
            top = row * stride + packing.row_phases[a]
            # The last block has fewer rows, and a phase may end before others: no index leaves `rows`.
            present = min(needed, (len(rows) - 1 - top) // stride + 1)
            for n in range(count):
                start = ((image + n) * x.shape[1] + channel + c) * height
                for r in range(present):
                    if not packing.seen[a, r]:
                        continue
                    shown = rows[top + r * stride]
                    begin = (
                        start + shown
                    ) * width  # not read where `shown` is -1: low is then the end of the line
                    for b in range(across):
                        place = ((((c * down + a) * across + b) * images + n) * needed + r) * cells
                        # Written out, not a function of one line: a call counts the references of its arrays, which
                        # for short rows takes longer than the copy.
                        left, end = runs[b, 0], runs[b, 1]
                        low, high = (runs[b, 2], runs[b, 3]) if shown >= 0 else (end, end)
                        for t in range(low):
                            seen = cols[left + t * gap]
                            flat[place + t] = source[begin + seen] if seen >= 0 and shown >= 0 else fill
                        for t in range(high, end):
                            seen = cols[left + t * gap]
                            flat[place + t] = source[begin + seen] if seen >= 0 else fill
                        if low < high:
                            first = begin + cols[left + low * gap]
                            copy_cells(flat, place + low, source, first, gap, high - low)
                            # The next channel's lie pages away, where the processor does not look by itself.
                            fetch_cells(source, first + height * width, gap * (high - low))


@compiled(kept=False)
def _runs(packing, col, cells):  # type: ignore[no-untyped-def]
    """For each column phase: its first padded cell, how many cells it has, and the run of them that can be copied.

    Cells low to high, half-open, show cells of the input `stride` apart, so none has to be looked up. Padded cells
    inside[0] to inside[1] do, and those of a phase from left on are left + t * stride: low is the first t with
    left + t * stride >= inside[0], high the first with left + t * stride >= inside[1], both kept within 0 to count.
    """
    stride = packing.stride[1]
    runs = np.empty((len(packing.col_phases), 4), np.int64)
    for b in range(len(packing.col_phases)):
        left = col * stride + packing.col_phases[b]
        count = min(cells, (len(packing.cols) - 1 - left) // stride + 1)
        low = min(max((packing.inside[0] - left + stride - 1) // stride, 0), count)
        high = max(min((packing.inside[1] - 1 - left) // stride + 1, count), low)
        runs[b, 0], runs[b, 1], runs[b, 2], runs[b, 3] = left, count, low, high
    return runs
