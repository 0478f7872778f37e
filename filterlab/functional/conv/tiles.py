"""Micro-kernels: the innermost sums of a convolution, as plain loops, in whose place compiled code runs vectors.

A tile is `OUTPUTS` feature maps (or rows of one map) by one to `VECTORS` vectors of neighbouring columns. Each function
here says in plain loops what one tile computes; it is the reference that tests hold the fast one to. In a compiled
loop, a call of it becomes the instructions that `instructions.py` writes for the processor at hand; outside of one,
the loops run as they stand (so NUMBA_DISABLE_JIT=1 runs the whole engine in plain Python, to step through it).

All arrays are flat and of one dtype; offsets are int64 and count numbers, not bytes. Both forms read and write the
same cells of `y`. The fast one also reads `x` beyond the last cell that is needed, up to the end of a vector, and
drops what it finds there; callers leave BYTES numbers of room behind `x`, see `blocks.py`.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from numba import types
from numba.core.typing import signature
from numba.extending import lower_builtin, type_callable

from filterlab.functional.conv.instructions import (
    TALL_VECTORS,
    TERMS,
    VECTORS,
    DepthTile,
    MapsTile,
    RowsTile,
    TallTile,
    write_tile,
)
from filterlab.functional.conv.moving import write_copy, write_fetch, write_turn, write_weave


def micro_kernel(write: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator: in compiled code, `write` writes the instructions of a call of the plain loop.

    write(names, context, builder, signature, args): see `instructions.py`; names are those of the loop's arguments.
    Arrays are taken as they are, all else as int64; the loop returns nothing.
    """

    def register(loop: Callable[..., Any]) -> Callable[..., Any]:
        def type_call(context):
            def typer(*args):
                return signature(
                    types.void, *(a if isinstance(a, types.Array) else types.int64 for a in args)
                )

            typer.pysig = inspect.signature(loop)  # type: ignore[attr-defined]
            return typer

        type_callable(loop)(type_call)
        lower_builtin(loop, types.VarArg(types.Any))(
            partial(write, tuple(inspect.signature(loop).parameters))
        )
        return loop

    return register


@micro_kernel(partial(write_tile, MapsTile, range(1, VECTORS + 1)))
def sum_maps(
    x,
    x_offset,
    tap_offsets,
    first,
    last,
    weight,
    weight_offset,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
    bias_offset,
    ahead,
):
    """One row of `width` outputs of each of `count` maps, which see the same cells through weights of their own.

    With n = len(tap_offsets), the products of one output, for map o < count and column j < width:

        y[out_offset + o * out_stride + j] = bias[bias_offset + o] + sum over k < n of
            weight[weight_offset + o * n + k] * x[x_offset + tap_offsets[k] + j]

    Only taps `first` to `last`, half-open, are added, to what y holds after those before them. `first` is a multiple
    of TERMS. count is at most OUTPUTS, width at most VECTORS vectors. Cells `ahead` of those that a tap sees are
    fetched into the cache meanwhile, for the tiles to come; they need not exist. Sums are added up in parts of TERMS
    products, because one float32 running sum over thousands of products loses digits (error grows with the length of
    a sum, see Higham 2002, section 4.2); each product is added with a single rounding where the processor can do
    that.
    """
    taps = len(tap_offsets)
    for o in range(count):
        for j in range(width):
            total = bias[bias_offset + o] if first == 0 else y[out_offset + o * out_stride + j]
            for start in range(first, last, TERMS):
                part = x.dtype.type(0)
                for k in range(start, min(start + TERMS, last)):
                    part += weight[weight_offset + o * taps + k] * x[x_offset + tap_offsets[k] + j]
                total += part
            y[out_offset + o * out_stride + j] = total


@micro_kernel(partial(write_tile, DepthTile, range(1, VECTORS + 1)))
def sum_depth(
    x,
    x_offset,
    places,
    place,
    tap_offsets,
    first,
    last,
    weight,
    weight_offset,
    weight_stride,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
    bias_offset,
    ahead,
):
    """Of `width` maps, the outputs of `count` windows, which begin at x[places[place + o]]: as `sum_maps`, turned.

    The weights of a tap lie side by side, those of the next `weight_stride` further on; a window has a row of y. With
    n = len(tap_offsets), for window o < count and map j < width:

        y[out_offset + o * out_stride + j] = bias[bias_offset + j] + sum over k < n of
            weight[weight_offset + k * weight_stride + j] * x[places[place + o] + tap_offsets[k]]

    Only taps `first` to `last` are added, as in `sum_maps`, and in the same parts. width is a multiple of a vector, at
    most VECTORS; x_offset is not used. With tap k, the line of the cache `ahead` + k lines behind the weight at
    weight_offset is fetched, which need not exist.
    """
    for o in range(count):
        for j in range(width):
            at = out_offset + o * out_stride + j
            total = bias[bias_offset + j] if first == 0 else y[at]
            for start in range(first, last, TERMS):
                part = x.dtype.type(0)
                for k in range(start, min(start + TERMS, last)):
                    part += (
                        weight[weight_offset + k * weight_stride + j] * x[places[place + o] + tap_offsets[k]]
                    )
                total += part
            y[at] = total


@micro_kernel(partial(write_tile, RowsTile, range(1, VECTORS + 1)))
def sum_rows(
    x, x_offset, x_stride, tap_offsets, weight, weight_offset, y, out_offset, out_stride, count, width, bias
):
    """As `sum_maps`, for `count` rows of one map, which have the same weights and see cells `x_stride` apart:

    y[out_offset + o * out_stride + j] = bias[0] + sum over k < n of
        weight[weight_offset + k] * x[x_offset + o * x_stride + tap_offsets[k] + j]
    """
    taps = len(tap_offsets)
    for o in range(count):
        for j in range(width):
            total = bias[0]
            for first in range(0, taps, TERMS):
                part = x.dtype.type(0)
                for k in range(first, min(first + TERMS, taps)):
                    part += weight[weight_offset + k] * x[x_offset + o * x_stride + tap_offsets[k] + j]
                total += part
            y[out_offset + o * out_stride + j] = total


# With a third of the vectors for narrow tiles: each size is code of its own, with ten runs of rows, see `TallTile`.
@micro_kernel(partial(write_tile, TallTile, (TALL_VECTORS // 3, TALL_VECTORS)))
def sum_tall(
    x,
    x_offset,
    x_stride,
    tap_offsets,
    kh,
    kw,
    weight,
    weight_offset,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
):
    """As `sum_rows`, for kernels of kh x kw without stride and dilation, where rows share most lines that they see.

    Row u of the kernel lies on the line u * x_stride after its first, so of tap_offsets only those of each channel's
    first row are read. count is at most TALL_ROWS, width at most TALL_VECTORS vectors. A part of the sum is as many
    whole channels as have at most TERMS products, or as many rows of the kernel where one channel has more.
    """
    taps = kh * kw
    channels = len(tap_offsets) // taps
    channels_in_part, rows_in_part = max(TERMS // taps, 1), max(TERMS // kw, 1)
    for o in range(count):
        for j in range(width):
            total, part = bias[0], x.dtype.type(0)
            for c in range(channels):
                for u in range(kh):
                    line = x_offset + (o + u) * x_stride + j
                    for v in range(kw):
                        tap = weight[weight_offset + c * taps + u * kw + v]
                        part += tap * x[line + tap_offsets[c * taps + v]]
                    whole = u + 1 == kh and ((c + 1) % channels_in_part == 0 or c + 1 == channels)
                    if whole or (taps > TERMS and (u + 1) % rows_in_part == 0):
                        total, part = total + part, x.dtype.type(0)
            y[out_offset + o * out_stride + j] = total


@micro_kernel(write_copy)
def copy_cells(target, target_offset, source, source_offset, stride, count):
    """target[target_offset + t] = source[source_offset + t * stride] for t < count; they do not overlap.

    Slices would do the same, but each counts its references: for short rows that takes longer than the copy.
    """
    for t in range(count):
        target[target_offset + t] = source[source_offset + t * stride]


@micro_kernel(write_weave)
def weave_cells(target, target_offset, source, first, second, count):
    """target[target_offset + 2 * j] = source[first + j], and source[second + j] behind it, for j < count."""
    for j in range(count):
        target[target_offset + 2 * j] = source[first + j]
        target[target_offset + 2 * j + 1] = source[second + j]


@micro_kernel(write_turn)
def turn_cells(target, target_offset, target_stride, source, source_offset, source_stride, rows, count):
    """target[target_offset + o * target_stride + j] = source[source_offset + j * source_stride + o].

    For o < rows and j < count. The fast form reads squares as wide as a vector; callers leave room for them.
    """
    for o in range(rows):
        for j in range(count):
            target[target_offset + o * target_stride + j] = source[source_offset + j * source_stride + o]


@micro_kernel(write_fetch)
def fetch_cells(x, offset, count):
    """Ask for `count` cells, which need not exist, to be brought into the cache; nothing else happens."""
