"""Rows of numbers put together, number by number: the innermost work of sums and extremes of windows.

As in `conv/tiles.py`, each function says in a plain loop what it computes, and a call in a compiled loop becomes the
instructions that are written here (see `conv/instructions.py` for how).

Maxima are taken of integers, the places of the numbers in an order: minus infinity, ..., -0, +0, ..., infinity, and NaN
above all. So NaN wins by itself, a maximum is one instruction, and equal zeros of unequal sign have an order too: the
result does not depend on the order in which a window is looked through. The first place, of minus infinity, is that of
padding as well, which wins nowhere. A minimum is the maximum of the negated numbers, negated.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.pool.trees import MOST_TERMS

_INT = ir.IntType(64)
_UNROLLED = 2  # vectors of a round of the loop: the processor reads two at once


def _write_combine(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, source, offsets), scalar = operands(names, context, builder, signature, args)
    done = builder.append_basic_block("combined")
    choice = builder.switch(given["terms"], done)
    for terms in range(1, MOST_TERMS + 1):
        block = builder.append_basic_block(f"terms.{terms}")
        choice.add_case(_INT(terms), block)
        builder.position_at_end(block)
        places = [builder.load(builder.gep(offsets, [_INT(t)])) for t in range(terms)]
        sources = [builder.gep(source, [place]) for place in places]
        write_row(
            builder, target, sources, given["count"], scalar, lambda cells, _: _tree(builder, cells, scalar)
        )
        builder.branch(done)
    builder.position_at_end(done)
    return context.get_dummy_value()


def _write_divide(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, *sources), scalar = operands(names, context, builder, signature, args)
    write_row(builder, target, sources, given["count"], scalar, lambda cells, _: builder.fdiv(*cells))
    return context.get_dummy_value()


def _write_keys(
    into: bool, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """Numbers to their places in the order (`into`), or back.

    The bits of positive numbers grow with them; those of negative ones, but for the sign, are inverted, and back again
    in the same way. Taking off what lies between minus infinity and the least integer turns NaN of negative sign,
    which were below it, over to the other end.
    """
    given, (target, source), scalar = operands(names, context, builder, signature, args)
    bits, digits = scalar.width, 23 if scalar.width == 32 else 52
    flip = builder.trunc(given["flip"], scalar) if bits == 32 else given["flip"]
    sign = builder.shl(flip, scalar(bits - 1))

    def turn(cells: list[Any], kind: Any) -> Any:
        def constant(value: int) -> Any:
            return ir.Constant(kind, [value] * kind.count) if isinstance(kind, ir.VectorType) else kind(value)

        change = _splat(builder, sign, kind) if isinstance(kind, ir.VectorType) else sign
        (value,), least = cells, constant((1 << digits) - 1)
        value = builder.xor(value, change) if into else builder.add(value, least)
        negative = builder.ashr(value, constant(bits - 1))
        value = builder.xor(value, builder.and_(negative, constant((1 << (bits - 1)) - 1)))
        return builder.sub(value, least) if into else builder.xor(value, change)

    write_row(builder, target, [source], given["count"], scalar, turn)
    return context.get_dummy_value()


def _splat(builder: Any, number: Any, kind: Any) -> Any:
    """A vector of one number."""
    nothing = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.IntType(32)(0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, nothing, places)


def operands(
    names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> tuple[dict[str, Any], list[Any], Any]:
    """Return the arguments by name, a pointer for each array, moved on by its offset, and the type of a number."""
    given = dict(zip(names, args, strict=True))
    pointers = []
    for name, kind in zip(names, signature.args, strict=True):
        if isinstance(kind, types.Array):
            pointer = context.make_array(kind)(context, builder, given[name]).data
            offset = given.get(f"{name}_offset")
            pointers.append(pointer if offset is None else builder.gep(pointer, [offset]))
    return given, pointers, context.get_data_type(signature.args[0].dtype)


def write_row(
    builder: Any, target: Any, sources: list[Any], count: Any, scalar: Any, function: Callable[..., Any]
) -> None:
    """Write target[j] = function of source[j] of all sources, in vectors, of which the last ends with the row.

    What that one computes again must come out the same, so the target may be none of the sources.
    """
    size = 8 if scalar in (ir.DoubleType(), ir.IntType(64)) else 4
    lanes = BYTES // size

    def put(at: Any, kind: Any) -> None:
        cells = [
            builder.load(builder.bitcast(builder.gep(source, [at]), kind.as_pointer()), align=size)
            for source in sources
        ]
        place = builder.bitcast(builder.gep(target, [at]), kind.as_pointer())
        builder.store(function(cells, kind), place, align=size)

    vector, step = ir.VectorType(scalar, lanes), lanes * _UNROLLED
    many = builder.sub(count, builder.srem(count, _INT(step)))
    whole = builder.sub(count, builder.srem(count, _INT(lanes)))
    with builder.if_else(builder.icmp_signed(">=", count, _INT(lanes))) as (wide, narrow):
        with wide:
            with cgutils.for_range_slice(builder, _INT(0), many, _INT(step)) as (at, _):
                for i in range(_UNROLLED):
                    put(builder.add(at, _INT(i * lanes)), vector)
            with cgutils.for_range_slice(builder, many, whole, _INT(lanes)) as (at, _):
                put(at, vector)
            with builder.if_then(builder.icmp_signed("<", whole, count)):
                put(builder.sub(count, _INT(lanes)), vector)
        with narrow, cgutils.for_range(builder, count, intp=_INT) as loop:
            put(loop.index, scalar)


def _tree(builder: Any, values: list[Any], scalar: Any) -> Any:
    """Neighbours first: the order of `_in_pairs`."""
    combine: Callable[[Any, Any], Any] = builder.fadd
    if isinstance(scalar, ir.IntType):

        def combine(a: Any, b: Any) -> Any:
            return builder.select(builder.icmp_signed(">", a, b), a, b)

    while len(values) > 1:
        pairs = [combine(a, b) for a, b in zip(values[::2], values[1::2], strict=False)]
        values = pairs + values[len(pairs) * 2 :]
    return values[0]


def _in_pairs(values):
    combine = np.maximum if values[0].dtype.kind == "i" else np.add
    while len(values) > 1:
        pairs = [combine(a, b) for a, b in zip(values[::2], values[1::2], strict=False)]
        values = pairs + values[len(pairs) * 2 :]
    return values[0]


@micro_kernel(_write_combine)
def combine(y, y_offset, x, offsets, terms, count):
    """y[y_offset + j] = the sum (of integers the maximum) of x[offsets[t] + j] over t < terms, for j < count.

    Neighbours are added first, then neighbouring sums: ((a + b) + (c + d)) + e. y and x are flat and may be one array,
    where the cells written are not among those read. terms is at most MOST_TERMS.
    """
    for j in range(count):
        y[y_offset + j] = _in_pairs([x[offsets[t] + j] for t in range(terms)])


@micro_kernel(_write_divide)
def divide(y, y_offset, x, x_offset, by, count):
    """y[y_offset + j] = x[x_offset + j] / by[j] for j < count; y is another array than x."""
    y[y_offset : y_offset + count] = x[x_offset : x_offset + count] / by[:count]


@micro_kernel(partial(_write_keys, True))
def to_keys(y, y_offset, x, x_offset, count, flip):
    """y[y_offset + j] = the place of a number in the order, of its negative where flip is 1 instead of 0.

    x: the bits of the numbers, as integers of their size; y: another array of the same type.
    """
    values = x[x_offset : x_offset + count]
    sign = values.dtype.type(-flip << (8 * values.itemsize - 1))
    values = values ^ sign
    y[y_offset : y_offset + count] = _turned(values) - _least(values.dtype)


@micro_kernel(partial(_write_keys, False))
def from_keys(y, y_offset, x, x_offset, count, flip):
    """The reverse of `to_keys`."""
    values = x[x_offset : x_offset + count]
    sign = values.dtype.type(-flip << (8 * values.itemsize - 1))
    y[y_offset : y_offset + count] = _turned(values + _least(values.dtype)) ^ sign


def _turned(values):
    return values ^ ((values >> (8 * values.itemsize - 1)) & np.iinfo(values.dtype).max)


def _least(dtype):
    return dtype.type((1 << (23 if dtype.itemsize == 4 else 52)) - 1)
