"""The gradient of a strided convolution with respect to its input: the phases of the stride, computed together.

Each phase (see `plan.gradient_plans`) is a correlation of its own. Those that see the same cells differ in their
weights alone, and become one correlation with as many times more maps, which packs and reads the cells once
(Shi et al. 2016, Is the deconvolution layer the same as a convolutional layer?). Their maps are then interleaved.

Where the kernel is as large as the stride, each cell of dy gives a block of the result by itself, as in most networks
that enlarge maps; there, the phases of a few rows are interleaved while the cache has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import lcm
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks, points
from filterlab.functional.conv.instructions import BYTES, OUTPUTS, VECTORS
from filterlab.functional.conv.methods import SMALL_PLANE
from filterlab.functional.conv.plan import ConvPlan, gradient_plans
from filterlab.functional.conv.points import sum_points
from filterlab.functional.conv.tiles import weave_cells
from filterlab.functional.conv.work import BlockWork, Grid
from filterlab.functional.geometry import Pair
from filterlab.functional.memory import empty
from filterlab.functional.threads import run_bands, thread_count

BAND_BYTES = 1 << 18  # of the phases of some rows: a quarter of a second-level cache
SMALLEST = 1 << 15  # cells that are worth handing to another thread


class _BlockJob(NamedTuple):
    """As `points.PointsJob`, with the stride and the width of dy."""

    weight: Array
    bias: Array
    groups: int
    terms: Array
    other: Array
    limits: Array
    down: int
    across: int
    width: int


Taps = tuple[slice, slice]
Correlate = Callable[[Array, Array, Array | None, ConvPlan], Array]


def interleaved_gradient(
    dy: Array, turned: Array, plan: ConvPlan, crop: Pair, shape: Pair, correlate: Correlate
) -> Array:
    """Return the gradient of the padded input, from row and column `crop` on, of so many rows and columns.

    turned: the weight as the input's channels see it, (channels, outputs / groups, kh, kw).
    """
    if (
        _by_itself(plan)
        and crop == (0, 0)
        and shape == tuple(n * s for n, s in zip(plan.out, plan.stride, strict=True))
    ):
        return _blockwise(dy, turned, plan)
    phases = gradient_plans(plan)
    together: dict[ConvPlan, list[tuple[Pair, Taps]]] = {}
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


def _by_itself(plan: ConvPlan) -> bool:
    """Whether each cell of dy gives as many cells as the stride steps over, and tiles are filled by maps and cells."""
    if plan.kernel != plan.stride or plan.dilation != (1, 1) or plan.groups > 1:
        return False
    many = plan.channels * plan.stride[0] * plan.stride[1] >= OUTPUTS
    return many and (plan.images == 1 or plan.out[0] * plan.out[1] >= SMALL_PLANE)


def _blockwise(dy: Array, turned: Array, plan: ConvPlan) -> Array:
    """The gradient of such a plan, in bands of rows."""
    (down, across), dtype = plan.stride, dy.dtype
    taps, grid = _bands(plan, dtype.itemsize, (thread_count(), BAND_BYTES))
    weight = _stacked(turned, 1, taps)
    cells = plan.out[0] * plan.out[1]
    job = _BlockJob(*points.job_of(weight, None, 1), down, across, plan.out[1])
    dx = empty((plan.images, plan.channels, plan.out[0] * down, plan.out[1] * across), dtype)
    work = BlockWork(
        _loop,
        job,
        grid,
        (plan.images, len(weight), 1, cells),
        dtype,
        sums=len(weight) * grid.cols,
        products=plan.outputs,
    )
    work.run(dy.reshape(plan.images, plan.outputs, 1, cells), dx)
    return dx


# Remembered: working it out takes a tenth of the time of a large layer.
@lru_cache(maxsize=512)
def _bands(plan: ConvPlan, itemsize: int, given: tuple[int, int]) -> tuple[list[Taps], Grid]:
    """The taps of each phase, and the bands of rows; given: see `blocks._layout`."""
    phases = gradient_plans(plan)
    phase = replace(phases[0][2], outputs=plan.channels * len(phases))
    width = plan.out[1]
    rows = max(min(BAND_BYTES // (phase.outputs * width * itemsize), blocks.fair_rows(phase)), 1)
    # As many rows as are whole tiles, where so many fit: a tile takes as long when part of it is beyond the band.
    whole = lcm(VECTORS * (BYTES // itemsize), width) // width
    rows = rows // whole * whole or rows
    return [taps for _, taps, _ in phases], points.grid_of(rows * width, itemsize)


@compiled
def _loop(dy, job, grid, start, stop, buffer, sums, dx):  # type: ignore[no-untyped-def]
    """Bands `start` to `stop` of the cells of dy (n, outputs, 1, cells), counted through cells and images."""
    inputs, plane, source = dy.shape[1], dy.shape[3], dy.reshape(-1)
    maps = dx.shape[1] * job.down * job.across
    bands = -(-plane // grid.cols)
    for number in range(start, stop):
        col, image = number % bands * grid.cols, number // bands
        cols = min(grid.cols, plane - col)
        sum_points(source, image * inputs * plane + col, plane, buffer, job, 0, maps, sums, 0, cols, cols)
        _weave(sums, cols, job, dx, image, col // job.width)


@compiled(kept=False)
def _weave(parts, cols, job, dx, image, row):  # type: ignore[no-untyped-def]
    """Write the phases of some rows of dy, from `row` on, of which `parts` has `cols` cells for each map."""
    channels, height, width = dx.shape[1:]
    flat, each = dx.reshape(-1), cols * channels  # cells of one phase
    for c in range(channels):
        for i in range(cols // job.width):
            for a in range(job.down):
                place = ((image * channels + c) * height + (row + i) * job.down + a) * width
                begin = a * job.across * each + c * cols + i * job.width
                if job.across == 2:
                    weave_cells(flat, place, parts, begin, begin + each, job.width)
                else:
                    for b in range(job.across):
                        for j in range(job.width):
                            flat[place + j * job.across + b] = parts[begin + b * each + j]


def _stacked(turned: Array, groups: int, taps: list[Taps]) -> Array:
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
