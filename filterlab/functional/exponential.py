"""The exponential of rows of single-precision numbers, in vectors, and the softmax over the channels of maps.

exp(v) = 2^n * exp(r) with n the whole number nearest to v / log(2), and |r| <= log(2) / 2 (Cody and Waite 1980).
exp(r) is a polynomial with the coefficients of Cephes' `expf` (S. Moshier). The error is below two units in the last
place: 1.2e-7 relative.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.compiling import compiled
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.pool.combining import operands, write_row

LOG2_E = 1.4426950408889634
# log(2) in two parts, of which products of the first with n are exact.
LOG_2_HIGH, LOG_2_LOW = 0.693359375, -2.12194440e-4
LEAST = -104.0  # its exponential, and those below, are 0 in single precision
MAGIC = 12582912.0  # 1.5 * 2^23: in a sum with it the fraction is rounded off, and the last bits are the whole number
POLYNOMIAL = (
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
)


def _write(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, *sources), scalar = operands(names, context, builder, signature, args)
    write_row(
        builder,
        target,
        sources,
        given["count"],
        scalar,
        lambda cells, _: power(builder, builder.fsub(*cells)),
    )
    return context.get_dummy_value()


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, of float32 numbers or vectors, rounded once where the processor can."""
    kind = a.type
    name = f"llvm.fmuladd.v{kind.count}f32" if isinstance(kind, ir.VectorType) else "llvm.fmuladd.f32"
    function = ir.FunctionType(kind, [kind] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [a, b, c])


def power(builder: Any, v: Any, *, added: float | None = None) -> Any:
    """exp(v), of a float32 number or vector of numbers up to 88; or exp(v) + added, rounded once, from -20 on."""
    kind = v.type
    vector = isinstance(kind, ir.VectorType)

    def number(value: float | int, of: Any = kind) -> Any:
        return ir.Constant(of, [value] * of.count if vector else value)

    add = partial(multiply_add, builder)
    whole = ir.VectorType(ir.IntType(32), kind.count) if vector else ir.IntType(32)
    # In this order, NaN is kept.
    v = builder.select(builder.fcmp_ordered("<", v, number(LEAST)), number(LEAST), v)
    rounded = add(v, number(LOG2_E), number(MAGIC))
    n = builder.fsub(rounded, number(MAGIC))
    r = add(n, number(-LOG_2_HIGH), v)
    r = add(n, number(-LOG_2_LOW), r)
    p = number(POLYNOMIAL[0])
    for coefficient in POLYNOMIAL[1:]:
        p = add(p, r, number(coefficient))
    p = add(builder.fmul(p, r), r, builder.fadd(r, number(1.0)) if added is None else r)
    # 2^n in two factors, as the least numbers are beyond what one can be.
    places = builder.sub(
        builder.bitcast(rounded, whole), number(int(np.float32(MAGIC).view(np.int32)), whole)
    )

    def two_to(exponent: Any) -> Any:
        bits = builder.shl(builder.add(exponent, number(127, whole)), number(23, whole))
        return builder.bitcast(bits, kind)

    if added is not None:
        # p is exp(r) - 1 here.
        scale = two_to(places)
        return add(p, scale, builder.fadd(scale, number(added)))
    half = builder.ashr(places, number(1, whole))
    for part in (half, builder.sub(places, half)):
        p = builder.fmul(p, two_to(part))
    return p


@micro_kernel(_write)
def exponentials(y, y_offset, x, x_offset, less, count):
    """y[y_offset + j] = exp(x[x_offset + j] - less[j]) for j < count, where the difference is at most 88.

    All are float32 and flat; y is another array than x.
    """
    y[y_offset : y_offset + count] = np.exp(x[x_offset : x_offset + count] - less[:count])


@compiled(error_model="numpy")
def softmax_columns(x, shape, width, start, end, y):
    """Softmax along the middle axis of x (outer, n, inner), flat float32; blocks have `width` columns.

    Slices, because the compiler makes vectors only of indices that it knows not to be negative.
    start, end: of the blocks, counted through the outer axis. A column is added up in the order of its numbers.
    """
    _, n, inner = shape
    blocks = -(-inner // width)
    most, total = np.empty(width, np.float32), np.empty(width, np.float32)
    for position in range(start, end):
        first = position // blocks * n * inner + position % blocks * width
        count = min(width, inner - position % blocks * width)
        most[:] = -np.inf
        total[:] = 0
        for k in range(n):
            cells = x[first + k * inner : first + k * inner + count]
            for j in range(count):
                a, b = most[j], cells[j]
                most[j] = b if (b > a or b != b) else a
        for k in range(n):
            row = first + k * inner
            exponentials(y, row, x, row, most, count)
            powers = y[row : row + count]
            for j in range(count):
                total[j] += powers[j]
        for j in range(count):
            # Not a division for each number: they take longer than all else. Two roundings instead of one.
            total[j] = np.float32(1) / total[j]
        for k in range(n):
            powers = y[first + k * inner : first + k * inner + count]
            for j in range(count):
                powers[j] *= total[j]
