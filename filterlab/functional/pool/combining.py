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


def _write_combine(
    keys: bool, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """`combine`; where `keys`, of the places of the numbers in the order, as `highest`."""
    given, (target, source, offsets), scalar = operands(names, context, builder, signature, args)
    turn = _turn(True, builder, given["flip"], scalar) if keys else None

    def put(sources: list[Any]) -> None:
        def together(cells: list[Any], kind: Any) -> Any:
            return _tree(builder, [turn(cell) for cell in cells] if turn else cells, scalar)

        write_row(builder, target, sources, given["count"], scalar, together)

    _for_each_number_of_terms(builder, given["terms"], source, offsets, put)
    return context.get_dummy_value()


def _write_across(
    pairs: bool, keys: bool, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """`mean_across`, or `extreme_across` where `keys`; `mean_pairs` and `extreme_pairs` where `pairs`."""
    given, (target, source, offsets, *others), scalar = operands(names, context, builder, signature, args)
    turn, back = (_turn(into, builder, given["flip"], scalar) if keys else None for into in (True, False))

    def put(sources: list[Any]) -> None:
        def together(step: int, cells: list[Any], kind: Any) -> Any:
            rows = cells[: len(sources)]
            if pairs:
                down = _tree(builder, [turn(row) for row in rows] if turn else rows, scalar)
                rows = [_every_other(builder, down, kind, first) for first in (0, 1)]
            elif step == 2:
                rows = [_every_other(builder, row, kind, 0) for row in rows]
            found = _tree(builder, rows, scalar)
            return back(found) if back else builder.fdiv(found, cells[-1])

        for step in (2,) if pairs else (1, 2):
            with builder.if_then(builder.icmp_signed("==", given.get("step", _INT(2)), _INT(step))):
                steps = [step] * len(sources) + [1] * len(others)
                write_row(
                    builder, target, sources + others, given["count"], scalar, partial(together, step), steps
                )

    _for_each_number_of_terms(builder, given["terms"], source, offsets, put)
    return context.get_dummy_value()


def _every_other(builder: Any, cells: Any, kind: Any, first: int) -> Any:
    """Every other number of a vector, from `first` on: a vector of `kind`, or the only one."""
    if not isinstance(kind, ir.VectorType):
        return builder.extract_element(cells, ir.IntType(32)(first))
    places = ir.Constant(
        ir.VectorType(ir.IntType(32), kind.count), [2 * i + first for i in range(kind.count)]
    )
    return builder.shuffle_vector(cells, ir.Constant(cells.type, ir.Undefined), places)


def _for_each_number_of_terms(
    builder: Any, terms: Any, source: Any, offsets: Any, put: Callable[[list[Any]], None]
) -> None:
    """Write `put` for each number of sources there may be, source + offsets[t], and the choice of one."""
    done = builder.append_basic_block("combined")
    choice = builder.switch(terms, done)
    for count in range(1, MOST_TERMS + 1):
        block = builder.append_basic_block(f"terms.{count}")
        choice.add_case(_INT(count), block)
        builder.position_at_end(block)
        places = [builder.load(builder.gep(offsets, [_INT(t)])) for t in range(count)]
        put([builder.gep(source, [place]) for place in places])
        builder.branch(done)
    builder.position_at_end(done)


def _write_divide(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, *sources), scalar = operands(names, context, builder, signature, args)
    write_row(builder, target, sources, given["count"], scalar, lambda cells, _: builder.fdiv(*cells))
    return context.get_dummy_value()


def _write_keys(
    into: bool, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    given, (target, source), scalar = operands(names, context, builder, signature, args)
    turn = _turn(into, builder, given["flip"], scalar)
    write_row(builder, target, [source], given["count"], scalar, lambda cells, _: turn(*cells))
    return context.get_dummy_value()


def _turn(into: bool, builder: Any, flip: Any, scalar: Any) -> Callable[[Any], Any]:
    """What turns numbers into their places in the order (`into`), or back.

    The bits of positive numbers grow with them; those of negative ones, but for the sign, are inverted, and back again
    in the same way. Taking off what lies between minus infinity and the least integer turns NaN of negative sign,
    which were below it, over to the other end.
    """
    bits, digits = scalar.width, 23 if scalar.width == 32 else 52
    sign = builder.shl(builder.trunc(flip, scalar) if bits == 32 else flip, scalar(bits - 1))

    def turn(value: Any) -> Any:
        kind = value.type

        def constant(value: int) -> Any:
            return ir.Constant(kind, [value] * kind.count) if isinstance(kind, ir.VectorType) else kind(value)

        change = splat(builder, sign, kind) if isinstance(kind, ir.VectorType) else sign
        least = constant((1 << digits) - 1)
        value = builder.xor(value, change) if into else builder.add(value, least)
        negative = builder.ashr(value, constant(bits - 1))
        value = builder.xor(value, builder.and_(negative, constant((1 << (bits - 1)) - 1)))
        return builder.sub(value, least) if into else builder.xor(value, change)

    return turn


def splat(builder: Any, number: Any, kind: Any) -> Any:
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
    builder: Any,
    target: Any,
    sources: list[Any],
    count: Any,
    scalar: Any,
    function: Callable[..., Any],
    steps: list[int] | None = None,
    abreast: int = 1,
    past_cache: Any = None,
) -> None:
    """Write target[j] = function of source[j * step] of all sources, in vectors, of which the last ends with the row.

    What that one computes again must come out the same, so the target may be none of the sources. A step is 1 or 2: of
    2, the function gets vectors twice as long, with the cells between. abreast: vectors, a power of 2, that a long
    function computes step by step together, as the processor looks ahead too little to begin the next one while it
    waits for a result.
    past_cache: a bit; where it is set, the cells go to memory past the cache, which must not read them first for that.
    """
    size = 8 if scalar in (ir.DoubleType(), ir.IntType(64)) else 4
    lanes = BYTES // size
    vector, vectors = (ir.VectorType(scalar, lanes * number) for number in (1, abreast))

    def read(source: Any, step: int, at: Any, kind: Any) -> Any:
        place = builder.gep(source, [builder.mul(at, _INT(step))])
        if step > 1:
            kind = ir.VectorType(scalar, step * (kind.count if isinstance(kind, ir.VectorType) else 1))
        if kind == vectors and abreast > 1:
            return _read_in_order(builder, place, vector, abreast, size)
        return builder.load(builder.bitcast(place, kind.as_pointer()), align=size)

    def put(at: Any, kind: Any, *, past: bool = False) -> None:
        each = zip(sources, steps or [1] * len(sources), strict=True)
        cells = [read(source, step, at, kind) for source, step in each]
        place = builder.bitcast(builder.gep(target, [at]), kind.as_pointer())
        store = builder.store(function(cells, kind), place, align=BYTES if past else size)
        if past:
            store.set_metadata("nontemporal", builder.module.add_metadata([ir.IntType(32)(1)]))

    def put_many(*, past: bool = False) -> None:
        with cgutils.for_range_slice(builder, start, many, _INT(step)) as (at, _):
            for first in range(0, step, vectors.count):
                put(builder.add(at, _INT(first)), vectors, past=past)

    step = lanes * max(_UNROLLED, abreast)
    start = _INT(0) if past_cache is None else _to_whole_vectors(builder, target, past_cache, size)
    rest = builder.sub(count, start)
    many = builder.sub(count, builder.srem(rest, _INT(step)))
    whole = builder.sub(count, builder.srem(rest, _INT(lanes)))
    with builder.if_else(builder.icmp_signed(">=", count, _INT(lanes))) as (wide, narrow):
        with wide:
            with builder.if_then(builder.icmp_signed("<", _INT(0), start)):
                put(_INT(0), vector)
            if past_cache is None:
                put_many()
            else:
                with builder.if_else(past_cache) as (past, kept):
                    with past:
                        put_many(past=True)
                    with kept:
                        put_many()
            with cgutils.for_range_slice(builder, many, whole, _INT(lanes)) as (at, _):
                put(at, vector)
            with builder.if_then(builder.icmp_signed("<", whole, count)):
                put(builder.sub(count, _INT(lanes)), vector)
        with narrow, cgutils.for_range(builder, count, intp=_INT) as loop:
            put(loop.index, scalar)
    if past_cache is not None:
        # Such stores may be seen later than those that tell another thread that the row is there.
        with builder.if_then(past_cache):
            builder.fence("seq_cst")


def _read_in_order(builder: Any, source: Any, vector: Any, count: int, size: int) -> Any:
    """So many vectors side by side as one, read from front to back.

    The compiler may shuffle such reads, and where the numbers come from memory the processor does not see then which
    it should fetch ahead: a sigmoid took half as long again.
    """
    # Nothing but a line that no read is moved across.
    fence = ir.InlineAsm(ir.FunctionType(ir.VoidType(), []), "", "~{memory}", side_effect=True)
    parts = []
    for number in range(count):
        place = builder.gep(source, [_INT(number * vector.count)])
        parts.append(builder.load(builder.bitcast(place, vector.as_pointer()), align=size))
        builder.call(fence, [])
    while len(parts) > 1:
        both = 2 * parts[0].type.count
        places = ir.Constant(ir.VectorType(ir.IntType(32), both), list(range(both)))
        parts = [builder.shuffle_vector(*pair, places) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return parts[0]


def _to_whole_vectors(builder: Any, target: Any, past_cache: Any, size: int) -> Any:
    """The cells from `target` to where a vector can be written past the cache; 0 where none is."""
    ahead = builder.and_(builder.neg(builder.ptrtoint(target, _INT)), _INT(BYTES - 1))
    return builder.select(past_cache, builder.udiv(ahead, _INT(size)), _INT(0))


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


@micro_kernel(partial(_write_combine, False))
def combine(y, y_offset, x, offsets, terms, count):
    """y[y_offset + j] = the sum (of integers the maximum) of x[offsets[t] + j] over t < terms, for j < count.

    Neighbours are added first, then neighbouring sums: ((a + b) + (c + d)) + e. y and x are flat and may be one array,
    where the cells written are not among those read. terms is at most MOST_TERMS.
    """
    for j in range(count):
        y[y_offset + j] = _in_pairs([x[offsets[t] + j] for t in range(terms)])


@micro_kernel(partial(_write_combine, True))
def highest(y, y_offset, x, offsets, terms, count, flip):
    """y[y_offset + j] = the greatest place in the order of the numbers x[offsets[t] + j]; otherwise as `combine`.

    x, y and flip: as for `to_keys`.
    """
    for t in range(terms):
        keys = np.empty(count, x.dtype)
        to_keys(keys, 0, x, offsets[t], count, flip)
        y[y_offset : y_offset + count] = keys if t == 0 else np.maximum(y[y_offset : y_offset + count], keys)


@micro_kernel(partial(_write_across, False, True))
def extreme_across(y, y_offset, x, offsets, terms, step, count, flip):
    """y[y_offset + j] = the number of greatest place in the order among x[offsets[t] + j * step] over t < terms.

    j < count; step: 1 or 2. x, y and flip: as for `from_keys`. Of a step of 2, the cell behind the last is read, too.
    """
    found = [max(x[offsets[t] + j * step] for t in range(terms)) for j in range(count)]
    from_keys(y, y_offset, np.array(found, x.dtype), 0, count, flip)


@micro_kernel(partial(_write_across, False, False))
def mean_across(y, y_offset, x, offsets, terms, step, count, by, by_offset):
    """y[y_offset + j] = the sum of x[offsets[t] + j * step] over t < terms, divided by by[by_offset + j].

    Added as `combine` adds; otherwise as `extreme_across`.
    """
    for j in range(count):
        total = _in_pairs([x[offsets[t] + j * step] for t in range(terms)])
        y[y_offset + j] = total / by[by_offset + j]


@micro_kernel(partial(_write_across, True, True))
def extreme_pairs(y, y_offset, x, offsets, terms, count, flip):
    """y[y_offset + j] = the number of greatest place among x[offsets[t] + 2 * j] and the cell behind it over t < terms.

    j < count; y and flip: as for `from_keys`, x: as for `to_keys`.
    """
    keys = np.empty(2 * count, x.dtype)
    highest(keys, 0, x, offsets, terms, 2 * count, flip)
    extreme_across(y, y_offset, keys, np.arange(2), 2, 2, count, flip)


@micro_kernel(partial(_write_across, True, False))
def mean_pairs(y, y_offset, x, offsets, terms, count, by, by_offset):
    """As `extreme_pairs`, the sum of these numbers, divided by by[by_offset + j]."""
    down = np.empty(2 * count, x.dtype)
    combine(down, 0, x, offsets, terms, 2 * count)
    mean_across(y, y_offset, down, np.arange(2), 2, 2, count, by, by_offset)


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
