"""The exponential of rows of single-precision numbers, in vectors, and the softmax over the channels of maps.

exp(v) = 2^n * exp(r) with n the whole number nearest to v / log(2), and |r| <= log(2) / 2 (Cody and Waite 1980).
exp(r) is a polynomial. The error is below two units in the last place: 1.2e-7 relative.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from functools import partial
from math import log
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.compiling import compiled
from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.pool.combining import operands, write_row

ABREAST = 4  # vectors; more do not fit the registers
# log(2) in two parts, of which products of the first with n are exact.
LOG_2_HIGH, LOG_2_LOW = 0.693359375, -2.12194440e-4
LEAST = -104.0  # its exponential, and those below, are 0 in single precision
MAGIC = 12582912.0  # 1.5 * 2^23: in a sum with it the fraction is rounded off, and the last bits are the whole number
BIAS = 127  # which is added to the exponent of a number in its format
# exp(r) = 1 + r + r^2 * a polynomial, here from its highest power on: fitted by reweighted least squares to a relative
# error of 3.1e-9.
POLYNOMIAL = (1.3814538252e-3, 8.3687454462e-3, 4.1668388997e-2, 1.6666521132e-1, 4.9999994040e-1)


def _write(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, *sources), scalar = operands(names, context, builder, signature, args)
    write_row(
        builder,
        target,
        sources,
        given["count"],
        scalar,
        lambda cells, _: power(builder, builder.fsub(*cells)),
        abreast=ABREAST,
    )
    return context.get_dummy_value()


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, of float32 numbers or vectors, rounded once where the processor can."""
    kind = a.type
    name = f"llvm.fmuladd.v{kind.count}f32" if isinstance(kind, ir.VectorType) else "llvm.fmuladd.f32"
    function = ir.FunctionType(kind, [kind] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [a, b, c])


def power(builder: Any, v: Any) -> Any:
    """exp(v), of a float32 number or vector of numbers up to 88."""
    add, number = partial(multiply_add, builder), partial(_constant, v.type)
    # In this order, NaN is kept.
    v = builder.select(builder.fcmp_ordered("<", v, number(LEAST)), number(LEAST), v)
    rounded = add(v, number(1 / log(2)), number(MAGIC + 2 * BIAS))
    n = builder.fsub(rounded, number(MAGIC + 2 * BIAS))
    r = add(n, number(-LOG_2_HIGH), v)
    r = add(n, number(-LOG_2_LOW), r)
    p = number(POLYNOMIAL[0])
    for coefficient in (*POLYNOMIAL[1:], 1.0, 1.0):
        p = add(p, r, number(coefficient))
    if isinstance(v.type, ir.VectorType) and v.type.count * 4 == BYTES == 64:
        return _scaled(builder, p, n)
    # 2^n as two factors, as the least numbers are beyond what one can be.
    places = _bits(builder, rounded)
    half = builder.lshr(places, _constant(places.type, 1))
    for part in (half, builder.sub(places, half)):
        p = builder.fmul(p, _two_to(builder, part, v.type))
    return p


def double_power(builder: Any, v: Any) -> tuple[Any, Any]:
    """p and s, a power of 2, of which exp(2 * v) is p * s + s, of float32 numbers from 0 to 40."""
    add, number = partial(multiply_add, builder), partial(_constant, v.type)
    rounded = add(v, number(2 / log(2)), number(MAGIC + BIAS))
    n = builder.fsub(rounded, number(MAGIC + BIAS))
    # Half of r, so that v is not doubled first: 2^k goes into the coefficient of r^k. n is so small that log(2) may be
    # rounded off.
    r = add(n, number(-log(2) / 2), v)
    p = number(POLYNOMIAL[0] * 2**6)
    for k, coefficient in zip(range(5, 1, -1), POLYNOMIAL[1:], strict=True):
        p = add(p, r, number(coefficient * 2**k))
    p = add(builder.fmul(p, r), r, builder.fadd(r, r))  # exp(2 * r) - 1
    return p, _two_to(builder, _bits(builder, rounded), v.type)


def _scaled(builder: Any, p: Any, n: Any) -> Any:
    """p * 2^n, of vectors of AVX-512, which has an instruction for it: the same digits as of two factors."""
    kind, mask, mode = p.type, ir.IntType(16), ir.IntType(32)
    function = ir.FunctionType(kind, [kind, kind, kind, mask, mode])
    name = "llvm.x86.avx512.mask.scalef.ps.512"
    call = cgutils.get_or_insert_function(builder.module, function, name)
    return builder.call(call, [p, n, p, mask(0xFFFF), mode(4)])  # all lanes, rounded as always


def _constant(kind: Any, value: float) -> Any:
    return ir.Constant(kind, [value] * kind.count if isinstance(kind, ir.VectorType) else value)


def _bits(builder: Any, v: Any) -> Any:
    """The bits of float32 numbers, as integers."""
    whole = ir.IntType(32)
    return builder.bitcast(
        v, ir.VectorType(whole, v.type.count) if isinstance(v.type, ir.VectorType) else whole
    )


def _two_to(builder: Any, places: Any, kind: Any) -> Any:
    """2^n, of which the last nine bits of `places` are n + BIAS: what lies above is shifted out."""
    return builder.bitcast(builder.shl(places, _constant(places.type, 23)), kind)


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


@compiled(error_model="numpy")
def softmax_rows(x, length, start, end, y):
    """Softmax of rows `start` to `end` of x (rows, length), flat float32. A row is added up in order, in double."""
    less = np.empty(length, np.float32)
    for row in range(start * length, end * length, length):
        cells, powers = x[row : row + length], y[row : row + length]
        most = cells[0]
        for j in range(length):
            most = cells[j] if (cells[j] > most or cells[j] != cells[j]) else most
        less[:] = most
        exponentials(y, row, x, row, less, length)
        total = 0.0
        for j in range(length):
            total += powers[j]
        divisor = np.float32(total)
        for j in range(length):
            powers[j] /= divisor
