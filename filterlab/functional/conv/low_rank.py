"""Kernels of low rank: a sum of few products of a column and a row, each applied as two one-dimensional passes.

A kernel of kh x kw that is the sum of r such products (Gaussian, box and Sobel kernels: r = 1; a Laplacian of Gaussian
or a difference of two Gaussians: r = 2) takes r * (kh + kw) products for each output instead of kh * kw:

    y[i, j] = bias + sum over s < r, v < kw of across[s, v] * (sum over u < kh of down[s, u] * padded[i + u, j + v])

What is dropped is bounded: with float32's unit roundoff e = 2^-24, the products of the factors, as they are rounded,
differ from the kernel by at most 2 * e times the sum of its absolute weights, all cells together. That is as much as
rounding each weight and each product once, less than what the sum itself loses; and the factors cancel each other
so little that the partial sums are at most twice as large as those of the kernel.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.instructions import BYTES, OUTPUTS, VECTORS
from filterlab.functional.conv.lines import Packing, packing_of
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import sum_rows
from filterlab.functional.conv.work import BlockWork
from filterlab.functional.memory import empty

SMALLEST_AREA = 36  # cells of a kernel; smaller ones take no longer than reading and writing the maps
GAIN = 2  # times fewer products: the first pass also writes its sums to the cache, and the second reads them
# More than this takes longer to look through for factors, at a call with new weights, than passes would save.
MOST_CELLS, MOST_KERNELS = 1 << 15, 256


class KernelFactors(NamedTuple):
    """Columns and rows whose products make up the kernels: those of kernel o are the first ranks[o]."""

    down: Array  # (outputs, rank, kh)
    across: Array  # (outputs, rank, kw)
    ranks: Array  # int64 (outputs,)


class _PassesJob(NamedTuple):
    """See `blocks._Job`; its offsets and weights are here those of the two passes."""

    weight: Array
    bias: Array
    packing: Packing
    groups: int
    factors: KernelFactors
    down_offsets: Array
    across_offsets: Array
    zero: Array  # the bias of the first pass


def rank_of(weight: Array, plan: ConvPlan) -> int | None:
    """Return the largest rank of the kernels where factors save products, None otherwise."""
    kh, kw = plan.kernel
    if (
        plan.channels != plan.groups
        or weight.itemsize != 4
        or kh * kw < max(SMALLEST_AREA, 2 * GAIN * min(kh, kw))
        or weight.size > MOST_CELLS
        or len(weight) > MOST_KERNELS
        or (*plan.stride, *plan.dilation) != (1, 1, 1, 1)
    ):
        return None
    found = factors_of(weight)
    return None if found is None else found.down.shape[1]


def factors_of(weight: Array) -> KernelFactors | None:
    """Return factors of the kernels of weight (outputs, 1, kh, kw), None where they would not save products."""
    return _factors(weight.tobytes(), weight.shape)


# Remembered by content: a picture is filtered again and again, by a weight that is made anew each time.
@lru_cache(maxsize=32)
def _factors(content: bytes, shape: tuple[int, ...]) -> KernelFactors | None:
    kernels = np.frombuffer(content, np.float32).reshape(shape[0], *shape[2:])
    kh, kw = shape[2:]
    most = kh * kw // (GAIN * (kh + kw))
    found = []
    for kernel in kernels:
        pair = _split(kernel.astype(np.float64), most)
        if pair is None:
            return None
        found.append(pair)
    rank = max(len(down) for down, _ in found)
    down, across = (np.zeros((len(found), rank, n), np.float32) for n in (kh, kw))
    for o, (columns, rows) in enumerate(found):
        down[o, : len(columns)], across[o, : len(rows)] = columns, rows
    return KernelFactors(
        read_only(down), read_only(across), read_only(np.array([len(pair[0]) for pair in found]))
    )


def _split(kernel: Array, most: int) -> tuple[Array, Array] | None:
    """At most so many columns (r, kh) and rows (r, kw) that make up the kernel within the bound, None if none do."""
    size = np.abs(kernel).sum()
    if not 0 < size < np.inf:
        return None
    for columns, rows in (_cross(kernel), *_singular(kernel, most)):
        products = np.abs(columns[:, :, None] * rows[:, None])
        dropped = np.abs(np.einsum("ru,rv->uv", columns, rows) - kernel).sum()
        if dropped <= 2**-23 * size and products.sum() <= 2 * size:
            return columns, rows
    return None


def _cross(kernel: Array) -> tuple[Array, Array]:
    """The column and the row through the largest weight: for rank 1 exact, also where the weights are whole numbers."""
    u, v = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    return _rounded(kernel[None, :, v] / kernel[u, v], kernel[None, u])


def _singular(kernel: Array, most: int):  # type: ignore[no-untyped-def]
    """The first r singular vectors for each r up to `most`; none where the kernel has no low rank."""
    left, values, right = np.linalg.svd(kernel, full_matrices=False)
    needed = int((values > 2**-22 * values[0]).sum())
    for r in range(max(needed - 1, 1), min(needed + 2, most) + 1):
        # Columns of sum 1, so that the sums in between are no larger than the cells.
        scale = np.abs(left[:, :r]).sum(axis=0)
        yield _rounded((left[:, :r] / scale).T, right[:r] * (values[:r] * scale)[:, None])


def _rounded(columns: Array, rows: Array) -> tuple[Array, Array]:
    """In float32, as they are multiplied; what is only round-off of a zero becomes one, for infinities times zero."""
    both = []
    for factors in (columns, rows):
        least = 2**-40 * np.abs(factors).max(axis=1, keepdims=True)
        both.append(np.where(np.abs(factors) < least, 0, factors).astype(np.float32).astype(np.float64))
    return both[0], both[1]


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`, for one channel in each group and kernels that have factors."""
    factors = factors_of(weight)
    assert factors is not None  # `rank_of` says whether there are any
    grid, (kh, kw) = _grid(plan, x.itemsize), plan.kernel
    rank = factors.down.shape[1]
    planes = np.arange(rank)[:, None] * (grid.rows * grid.cells)
    job = _PassesJob(
        read_only(weight),
        read_only(np.zeros(plan.outputs, x.dtype) if bias is None else bias),
        packing_of(plan, grid.rows, grid.needed, x.dtype),
        plan.groups,
        factors,
        read_only(np.arange(kh) * grid.cells),
        read_only((planes + np.arange(kw)).ravel()),
        read_only(np.zeros(1, x.dtype)),
    )
    y = empty(plan.out_shape, x.dtype)
    sums, products = rank * grid.rows * grid.cells, rank * (kh + kw)
    BlockWork(_LOOP, job, grid, y.shape, x.dtype, sums=sums, products=products).run(x, y)
    return y


def _grid(plan: ConvPlan, itemsize: int) -> blocks.Grid:
    """Blocks that are about square, as what lies around them is packed for each."""
    height, width = plan.out_shape[2:]
    kh, kw = plan.kernel
    room = blocks.BLOCK_BYTES // itemsize
    tile = 2 * VECTORS * (BYTES // itemsize)
    cols = min(max(int(sqrt(room)) // tile, 1) * tile, width)
    if width - cols < tile:
        cols = width
    cells = cols + kw - 1
    rows = min(max(room // cells - kh + 1, OUTPUTS), blocks.fair_rows(plan), height)
    return blocks.Grid(1, rows, cols, (1, 1), rows + kh - 1, cells)


@compiled(kept=False)
def _sum_passes(lines, job, grid, first, sums, y, corner, counts):  # type: ignore[no-untyped-def]
    """Down the columns of the lines into `sums`, then along the rows of these."""
    _, outputs, height, width = y.shape
    (image, row, col), (_, rows, cols) = corner, counts
    cells, flat = grid.cells, y.reshape(-1)
    (_, rank, kh), kw = job.factors.down.shape, job.factors.across.shape[2]
    down, across = job.factors.down.reshape(-1), job.factors.across.reshape(-1)
    down_offsets, zero, tile = job.down_offsets, job.zero, VECTORS * (BYTES // y.itemsize)
    for o in range(first, first + outputs // job.groups):
        many = job.factors.ranks[o]
        for r in range(many):
            columns, plane = (o * rank + r) * kh, r * grid.rows * cells
            for i in range(0, rows, OUTPUTS):
                count, j = min(OUTPUTS, rows - i), 0
                while j < cols + kw - 1:
                    size, at = min(tile, cols + kw - 1 - j), i * cells + j
                    sum_rows(
                        lines, at, cells, down_offsets, down, columns, sums, plane + at, cells, count, size, zero
                    )  # fmt: skip
                    j += size
        offsets, bias, rows_of = job.across_offsets[: many * kw], job.bias[o:], o * rank * kw
        for i in range(0, rows, OUTPUTS):
            count, j = min(OUTPUTS, rows - i), 0
            place = ((image * outputs + o) * height + row + i) * width + col
            while j < cols:
                size, at = min(tile, cols - j), i * cells + j
                sum_rows(
                    sums, at, cells, offsets, across, rows_of, flat, place + j, width, count, size, bias
                )  # fmt: skip
                j += size


_LOOP = blocks.loop_over(_sum_passes)
