"""The gradient of a strided convolution with respect to its input: the phases of the stride, computed together.

Each phase (see `plan.gradient_plans`) is a correlation of its own. Those that see the same cells differ in their
weights alone, and become one correlation with as many times more maps, which packs and reads the cells once
(Shi et al. 2016, Is the deconvolution layer the same as a convolutional layer?). Their maps are then interleaved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.plan import ConvPlan, gradient_plans
from filterlab.functional.geometry import Pair
from filterlab.functional.memory import empty
from filterlab.functional.threads import run_bands

SMALLEST = 1 << 15  # cells that are worth handing to another thread

Correlate = Callable[[Array, Array, Array | None, ConvPlan], Array]


def interleaved_gradient(
    dy: Array, turned: Array, plan: ConvPlan, crop: Pair, shape: Pair, correlate: Correlate
) -> Array:
    """Return the gradient of the padded input, from row and column `crop` on, of so many rows and columns.

    turned: the weight as the input's channels see it, (channels, outputs / groups, kh, kw).
    """
    phases = gradient_plans(plan)
    together: dict[ConvPlan, list[tuple[Pair, tuple[slice, slice]]]] = {}
    for start, taps, phase in phases:
        together.setdefault(phase, []).append((start, taps))
    dx = empty((plan.images, plan.channels, *shape), dy.dtype)
    if len(phases) < plan.stride[0] * plan.stride[1]:
        # The kernel is shorter than the stride: cells between its copies see nothing.
        dx[:] = 0
    for phase, members in together.items():
        weight = _stacked(turned, plan.groups, [taps for _, taps in members])
        part = correlate(dy, weight, None, replace(phase, outputs=len(weight)))
        # Not -1: what is left over cannot be inferred of a batch without images.
        each = len(weight) // (plan.groups * len(members))
        split = read_only(part.reshape(plan.images, plan.groups, len(members), each, *part.shape[2:]))
        starts = [start for start, _ in members]

        def band(start: int, stop: int, split: Array = split, starts: list[Pair] = starts) -> None:
            for number, first in enumerate(starts):
                _spread(split, number, first, plan.stride, crop, dx, start, stop)

        run_bands(band, plan.images * plan.channels, smallest=-(-SMALLEST // max(shape[0] * shape[1], 1)))
    return dx


def _stacked(turned: Array, groups: int, taps: list[tuple[slice, slice]]) -> Array:
    """The weights of several phases as those of one correlation, phase by phase within each group."""
    split = turned.reshape(groups, -1, *turned.shape[1:])
    stacked = np.stack([split[:, :, :, rows, cols] for rows, cols in taps], axis=1)
    return stacked.reshape(-1, *stacked.shape[3:])


@compiled
def _spread(part, number, first, stride, crop, dx, start, stop):  # type: ignore[no-untyped-def]
    """Write one phase to its cells of the maps `start` to `stop` of dx, which are counted through all images.

    part: (n, groups, phases, channels / groups, h, w).
    """
    _, groups, phases, each, rows, cols = part.shape
    channels, height, width = dx.shape[1:]
    source, target = part.reshape(-1), dx.reshape(-1)
    (down, across), left = stride, first[1] - crop[1]
    low = max(-(left // across), 0)
    high = min(cols, (width - 1 - left) // across + 1)
    for m in range(start, stop):
        image, channel = m // channels, m % channels
        group, c = channel // each, channel % each
        cells = (((image * groups + group) * phases + number) * each + c) * rows
        for i in range(rows):
            row = first[0] - crop[0] + i * down
            if 0 <= row < height:
                begin, place = (cells + i) * cols, (m * height + row) * width + left
                for j in range(low, high):
                    target[place + j * across] = source[begin + j]
