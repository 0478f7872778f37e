"""The gradient of a convolution's weight: slopes of the output times patches laid out as columns, by BLAS.

A block is as many output rows (or whole small pictures) as keep its columns in the second-level cache. Blocks
run side by side on our threads, each with one BLAS thread: while one lays out columns another multiplies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numba import njit

from filterlab.functional.arrays import Array
from filterlab.functional.conv_lines import copy_line, split_row, tap_phases
from filterlab.functional.conv_plan import Plan
from filterlab.functional.threads import run_bands, single_threaded_blas, thread_count

BLOCK_BYTES = 1 << 20


class _Block(NamedTuple):
    """Images i to j (half-open), one group, output rows start to stop."""

    first: int
    last: int
    group: int
    start: int
    stop: int


def weight_gradient(dy: Array, x: Array, plan: Plan) -> Array:
    """Gradient with respect to the weight: output gradients times columns, summed over all positions."""
    cells = plan.channels // plan.groups * plan.kernel[0] * plan.kernel[1]
    shape = (plan.groups, plan.outputs // plan.groups, cells)
    # A sum for each band, added up in their order: whichever ends first, the rounding is the same.
    sums: dict[int, Array] = {}

    def work(block: _Block, columns: Array, band: int) -> None:
        part = dy[block.first : block.last, _outputs(plan, block), block.start : block.stop]
        rows = part.swapaxes(0, 1).reshape(part.shape[1], -1)
        if band not in sums:
            sums[band] = np.zeros(shape, x.dtype)
        sums[band][block.group] += rows @ columns.T

    _each_block(x, plan, work)
    total = sum((sums[band] for band in sorted(sums)), np.zeros(shape, x.dtype))
    return total.reshape(plan.outputs, -1, *plan.kernel)


def _outputs(plan: Plan, block: _Block) -> slice:
    count = plan.outputs // plan.groups
    return slice(block.group * count, (block.group + 1) * count)


def _each_block(x: Array, plan: Plan, work: Callable[[_Block, Array, int], None]) -> None:
    """Call `work` with every block, its columns (channels * taps, positions) and the number of its band."""
    blocks = list(_blocks(plan, x.itemsize))

    def band(start: int, stop: int) -> None:
        buffer = np.empty(0, x.dtype)
        for block in blocks[start:stop]:
            columns, buffer = _columns(x, plan, block, buffer)
            work(block, columns, start)

    if len(blocks) == 1:
        run_bands(band, 1)  # in this thread: BLAS may use all of its own
        return
    with single_threaded_blas():
        run_bands(band, len(blocks), per_thread=4 if len(blocks) > 8 * thread_count() else 1)


def _blocks(plan: Plan, itemsize: int) -> Iterator[_Block]:
    _, _, height, width = plan.out_shape
    row_bytes = plan.channels // plan.groups * plan.kernel[0] * plan.kernel[1] * width * itemsize
    rows = max(BLOCK_BYTES // row_bytes, 1)
    # Few large blocks would leave threads idle at the end.
    if plan.images == 1:
        rows = min(rows, -(-height // thread_count()))
    together = max(rows // height, 1)
    if together > 1:
        together = max(min(together, -(-plan.images // thread_count())), 1)
    for group in range(plan.groups):
        for first in range(0, plan.images, together):
            last = min(first + together, plan.images)
            for start in range(0, height, rows):
                yield _Block(first, last, group, start, min(start + rows, height))


def _columns(x: Array, plan: Plan, block: _Block, buffer: Array) -> tuple[Array, Array]:
    """The block's columns, and the buffer they live in, which grows to the largest block."""
    channels = plan.channels // plan.groups
    part = x[block.first : block.last, block.group * channels : (block.group + 1) * channels]
    if plan.pointwise and len(part) == 1:
        return part[0, :, block.start : block.stop].reshape(channels, -1), buffer
    taps = channels * plan.kernel[0] * plan.kernel[1]
    shape = (taps, len(part), block.stop - block.start, plan.cols.out)
    size = int(np.prod(shape))
    if len(buffer) < size:
        buffer = np.empty(size, x.dtype)
    columns = buffer[:size].reshape(shape)
    part = part[:]
    part.flags.writeable = False  # one compiled version for writeable and read-only pictures
    steps = np.array([plan.kernel, plan.stride, plan.dilation])
    phases, places = tap_phases(plan)
    fill = part.dtype.type(plan.fill)
    rows, cols = plan.rows.index, plan.cols.index
    fill_columns(part, rows, cols, plan.cols.inside, steps, phases, places, fill, block.start, columns)
    return columns.reshape(taps, -1), buffer


@njit(cache=True, nogil=True)
def fill_columns(x, rows, cols, inside, steps, phases, places, fill, start, columns):  # type: ignore[no-untyped-def]
    """columns[(c, u, v), n, i, j] = the padded x[n, c] at row (start + i) * stride + u * dilation, column alike.

    rows, cols, inside: see `conv_plan.AxisPlan`; steps: kernel, stride and dilation, (3, 2); phases, places: see
    `tap_phases`. Each row is padded and split into phases once, and copied from there for all taps.
    """
    height = columns.shape[2]
    needed = (height - 1) * steps[1, 0] + (steps[0, 0] - 1) * steps[2, 0] + 1
    lines = np.empty((needed, len(phases), (len(cols) - 1) // steps[1, 1] + 1), x.dtype)
    ready = np.empty(needed, np.bool_)
    for c in range(x.shape[1]):
        for n in range(x.shape[0]):
            ready[:] = False
            for u in range(steps[0, 0]):
                k = (c * steps[0, 0] + u) * steps[0, 1]
                for i in range(height):
                    r = i * steps[1, 0] + u * steps[2, 0]
                    if not ready[r]:
                        row = rows[start * steps[1, 0] + r]
                        split_row(lines[r], x[n, c], row, cols, inside, phases, steps[1, 1], fill)
                        ready[r] = True
                    for v in range(steps[0, 1]):
                        copy_line(columns[k + v, n, i], lines[r, places[v, 0], places[v, 1] :])
