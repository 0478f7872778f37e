"""The gradient of a convolution's weight: slopes of the output times patches laid out as columns, by BLAS.

A block is as many output rows (or whole small pictures) as keep its columns in the second-level cache. Blocks
run side by side on our threads, each with one BLAS thread: while one lays out columns another multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array
from filterlab.functional.conv.lines import copy_line, split_row, tap_phases
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.threads import run_bands, single_threaded_blas

BLOCK_BYTES = 1 << 20  # of columns
SMALLEST = 1 << 16  # bytes of columns that are worth a call of BLAS
SHARES = 8  # sums that are added up at the end
FEWEST_SHARES = 4
SUMS_BYTES = 1 << 24  # of all shares


class _Block(NamedTuple):
    """Images i to j (half-open), one group, output rows start to stop."""

    first: int
    last: int
    group: int
    start: int
    stop: int


def weight_gradient(dy: Array, x: Array, plan: ConvPlan) -> Array:
    """Gradient with respect to the weight: output gradients times columns, summed over all positions."""
    shares = _shares(plan, x.itemsize)
    sums: list[dict[int, Array]] = [{} for _ in shares]  # of each share, by group

    def band(start: int, stop: int) -> None:
        buffer = np.empty(0, x.dtype)
        for number in range(start, stop):
            for block in shares[number]:
                columns, buffer = _columns(x, plan, block, buffer)
                slopes = _slopes(dy, plan, block)
                with no_fork():
                    part = slopes @ columns.T
                _add(sums[number], block.group, part)

    with single_threaded_blas():
        run_bands(band, len(shares))
    taps = _taps(plan)
    total = np.zeros((plan.groups, plan.outputs // plan.groups, taps), x.dtype)
    for share in sums:
        for group, part in share.items():
            total[group] += part
    return total.reshape(plan.outputs, -1, *plan.kernel)


def _shares(plan: ConvPlan, itemsize: int) -> list[list[_Block]]:
    """All blocks, in runs of which each has a sum of its own: as many for any number of threads.

    The order of a sum shows in its digits, so the threads must not decide it. Large weights are summed in few.
    """
    taps = _taps(plan)
    most = min(SHARES, max(SUMS_BYTES // (plan.outputs * taps * itemsize), FEWEST_SHARES))
    blocks = list(_blocks(plan, taps * itemsize, most))
    count = min(most, len(blocks))
    return [blocks[len(blocks) * i // count : len(blocks) * (i + 1) // count] for i in range(count)]


def _add(sums: dict[int, Array], group: int, part: Array) -> None:
    if group in sums:
        sums[group] += part
    else:
        sums[group] = part


def _taps(plan: ConvPlan) -> int:
    """Products in one sum: rows of the columns."""
    return plan.channels // plan.groups * plan.kernel[0] * plan.kernel[1]


def _slopes(dy: Array, plan: ConvPlan, block: _Block) -> Array:
    """The block's gradients of the output, (outputs, positions)."""
    count = plan.outputs // plan.groups
    outputs = slice(block.group * count, (block.group + 1) * count)
    part = dy[block.first : block.last, outputs, block.start : block.stop]
    return part.swapaxes(0, 1).reshape(count, -1)


def _blocks(plan: ConvPlan, position_bytes: int, shares: int) -> Iterator[_Block]:
    """Blocks of as many rows as the cache allows, small enough to give each share some."""
    _, _, height, width = plan.out_shape
    row_bytes = width * position_bytes
    even = -(-height * plan.images * plan.groups // shares)
    rows = max(min(BLOCK_BYTES // row_bytes, max(even, SMALLEST // row_bytes)), 1)
    together = max(rows // height, 1)
    for group in range(plan.groups):
        for first in range(0, plan.images, together):
            last = min(first + together, plan.images)
            for start in range(0, height, rows):
                yield _Block(first, last, group, start, min(start + rows, height))


def _columns(x: Array, plan: ConvPlan, block: _Block, buffer: Array) -> tuple[Array, Array]:
    """The block's columns, and the buffer they live in, which grows to the largest block."""
    channels = plan.channels // plan.groups
    part = x[block.first : block.last, block.group * channels : (block.group + 1) * channels]
    if plan.pointwise and len(part) == 1:
        return part[0, :, block.start : block.stop].reshape(channels, -1), buffer
    taps = _taps(plan)
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


@compiled
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
