"""Rows of a padded picture, ready to be read by taps: border cells filled in, strides taken apart.

With a stride s, the cells that one tap sees lie s apart. So each padded row is split into phases: phase p holds its
cells p, p + s, p + 2 * s, ..., and what a tap sees of it lies side by side.
"""

from __future__ import annotations

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array
from filterlab.functional.conv.plan import ConvPlan


def tap_phases(plan: ConvPlan, axis: int = 1) -> tuple[Array, Array]:
    """The phases of an axis's stride that taps see, and for each tap: which of them, and its first cell."""
    stride, gap = plan.stride[axis], plan.dilation[axis]
    offsets = [tap * gap for tap in range(plan.kernel[axis])]
    phases = sorted({offset % stride for offset in offsets})
    places = [(phases.index(offset % stride), offset // stride) for offset in offsets]
    return np.array(phases), np.array(places)


@compiled
def split_row(lines, source, row, cols, inside, phases, stride, fill):  # type: ignore[no-untyped-def]
    """lines[p, t] = cell phases[p] + t * stride of a padded row.

    row: the row of `source` that it shows, -1 for `fill` alone; cols, inside: see `conv_plan.AxisPlan`.
    """
    if row < 0:
        lines[:] = fill
        return
    for p in range(len(phases)):
        phase, line = phases[p], lines[p]
        count = (len(cols) - 1 - phase) // stride + 1
        # Cells low to high lie in the input, where neighbours follow each other: no look-up.
        low = min(max((inside[0] - phase + stride - 1) // stride, 0), count)
        high = max(min((inside[1] - 1 - phase) // stride + 1, count), low)
        for t in range(low):
            col = cols[phase + t * stride]
            line[t] = source[row, col] if col >= 0 else fill
        for t in range(high, count):
            col = cols[phase + t * stride]
            line[t] = source[row, col] if col >= 0 else fill
        if low < high:
            every(line[low:high], source[row, cols[phase + low * stride] :], stride)


@compiled
def copy_line(target, line):  # type: ignore[no-untyped-def]
    """target[j] = line[j]: as a loop, which is shorter than what a slice assignment compiles to."""
    for j in range(target.shape[0]):
        target[j] = line[j]


@compiled
def every(target, line, stride):  # type: ignore[no-untyped-def]
    """target[t] = line[t * stride]."""
    if stride == 1:
        copy_line(target, line)
    elif stride == 2:
        # A fixed stride lets the compiler read pairs of cells at once.
        for t in range(target.shape[0]):
            target[t] = line[2 * t]
    else:
        for t in range(target.shape[0]):
            target[t] = line[stride * t]
