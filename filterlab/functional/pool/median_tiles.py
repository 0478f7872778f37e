"""Medians of rows of windows: a selection network run on vectors of neighbouring windows.

Each function here says in plain loops what it computes; in a compiled loop, a call of it becomes the instructions of
the network (see `conv/instructions.py` for how these are written). There is one for each kernel size, as a network
has a fixed number of inputs.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.pool.selection import NETWORK_SIZES, median_network

_INT = ir.IntType(64)


def write_medians(
    size: int, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """Write the network for windows of size x size over vectors, and over a last vector that ends with the row."""
    given = dict(zip(names, args, strict=True))
    scalar = context.get_data_type(signature.args[0].dtype)
    lanes = BYTES // context.get_abi_sizeof(scalar)
    arrays = {
        name: context.make_array(kind)(context, builder, given[name]).data
        for name, kind in zip(names, signature.args, strict=True)
        if name in ("x", "y")
    }
    source = builder.gep(arrays["x"], [given["x_offset"]])
    target = builder.gep(arrays["y"], [given["y_offset"]])
    count, stride = given["count"], given["x_stride"]
    wide = builder.icmp_signed(">=", count, _INT(lanes))
    last = builder.sub(count, _INT(lanes))

    def network(at: Any, kind: Any) -> None:
        _network(builder, size, builder.gep(source, [at]), stride, builder.gep(target, [at]), kind)

    with builder.if_else(wide) as (vectors, single):
        with vectors, cgutils.for_range_slice(builder, _INT(0), count, _INT(lanes)) as (at, _):
            # The last vector ends with the row. What it computes again comes out the same, and the network, which
            # may have thousands of steps, stands here only once.
            inside = builder.icmp_signed("<", at, last)
            network(builder.select(inside, at, last), ir.VectorType(scalar, lanes))
        with single, cgutils.for_range(builder, count, intp=_INT) as loop:
            network(loop.index, scalar)
    return context.get_dummy_value()


def _network(builder: Any, size: int, source: Any, stride: Any, target: Any, kind: Any) -> None:
    """The steps of the network on numbers, or vectors of numbers, of one kind."""
    rows = [builder.gep(source, [builder.mul(stride, _INT(row))]) for row in range(size)]
    found: list[Any] = []
    for step in median_network(size, size):
        if step.kind == "input":
            row, col = divmod(step.first, size)
            found.append(_load(builder, builder.gep(rows[row], [_INT(col)]), kind))
            continue
        a, b = found[step.first], found[step.second]
        # This very form is one instruction, minps or maxps; no number here is NaN.
        below = builder.fcmp_ordered("<" if step.kind == "min" else ">", a, b)
        found.append(builder.select(below, a, b))
    _store(builder, found[-1], target, kind)


def _load(builder: Any, pointer: Any, kind: Any) -> Any:
    # Windows begin anywhere, so vectors are aligned as single numbers are.
    align = 4 if _scalar(kind) == ir.FloatType() else 8
    return builder.load(builder.bitcast(pointer, kind.as_pointer()), align=align)


def _store(builder: Any, value: Any, pointer: Any, kind: Any) -> None:
    align = 4 if _scalar(kind) == ir.FloatType() else 8
    builder.store(value, builder.bitcast(pointer, kind.as_pointer()), align=align)


def _scalar(kind: Any) -> Any:
    return kind.element if isinstance(kind, ir.VectorType) else kind


def _medians(size, x, x_offset, x_stride, y, y_offset, count):
    for j in range(count):
        start = x_offset + j
        cells = [x[start + row * x_stride + col] for row in range(size) for col in range(size)]
        y[y_offset + j] = np.sort(np.array(cells))[size * size // 2]


def _tile(size: int) -> Callable[..., None]:
    def tile(x, x_offset, x_stride, y, y_offset, count):
        """y[y_offset + j] = the median of size x size cells of x, rows `x_stride` apart, from x_offset + j on.

        j < count; x and y are flat, and hold no NaN.
        """
        _medians(size, x, x_offset, x_stride, y, y_offset, count)

    # Compiled code is kept by the name of what goes into it.
    tile.__name__ = tile.__qualname__ = f"medians_{size}"
    return micro_kernel(partial(write_medians, size))(tile)


TILES = {size: _tile(size) for size in NETWORK_SIZES}
