"""The instructions that move cells: what runs in the place of the loops of `tiles.py` that multiply nothing.

See `instructions.py` for how such instructions are written and read.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from filterlab.functional.conv.instructions import BYTES, LINE, fetch, store_some

_INT = ir.IntType(64)
_HALF = 32  # bytes of the vectors that pairs are copied in


def write_copy(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `tiles.copy_cells`."""
    _, target_offset, _, source_offset, stride, count = args
    to, cells = (
        builder.gep(data_of(context, builder, signature, args, number), [offset])
        for number, offset in ((0, target_offset), (2, source_offset))
    )
    scalar = context.get_data_type(signature.args[0].dtype)
    size = context.get_abi_sizeof(scalar)
    with builder.if_else(builder.icmp_signed("==", stride, _INT(1))) as (side_by_side, apart):
        with side_by_side:
            cgutils.raw_memcpy(builder, to, cells, count, size)
        with apart:
            done = cgutils.alloca_once_value(builder, _INT(0))
            with builder.if_then(builder.icmp_signed("==", stride, _INT(2))):
                builder.store(_copy_pairs(builder, to, cells, count, scalar, size), done)
            _copy_strided(builder, to, cells, stride, builder.load(done), count)
    return context.get_dummy_value()


def _copy_pairs(builder: Any, target: Any, cells: Any, count: Any, scalar: Any, size: int) -> Any:
    """Copy every other cell, in whole vectors, and return how many were; at least one is left.

    A vector also reads the cell behind its last, which exists where another one is copied after it.
    """
    lanes = _HALF // size
    double, whole = ir.VectorType(scalar, 2 * lanes), ir.VectorType(scalar, lanes)
    places = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [2 * i for i in range(lanes)])
    vectors = builder.sdiv(builder.sub(count, _INT(1)), _INT(lanes))  # 0 for a count of 0: rounded towards 0
    end = builder.mul(vectors, _INT(lanes))
    with cgutils.for_range_slice(builder, _INT(0), end, _INT(lanes)) as (t, _):
        source = builder.gep(cells, [builder.mul(t, _INT(2))])
        pairs = builder.load(builder.bitcast(source, double.as_pointer()), align=size)
        every_other = builder.shuffle_vector(pairs, ir.Constant(double, ir.Undefined), places)
        place = builder.bitcast(builder.gep(target, [t]), whole.as_pointer())
        builder.store(every_other, place, align=size)
    return end


def _copy_strided(builder: Any, target: Any, cells: Any, stride: Any, start: Any, count: Any) -> None:
    with cgutils.for_range_slice(builder, start, count, _INT(1)) as (t, _):
        cell = builder.load(builder.gep(cells, [builder.mul(t, stride)]))
        builder.store(cell, builder.gep(target, [t]))


def write_fetch(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `tiles.fetch_cells`."""
    _, offset, count = args
    cells = builder.gep(data_of(context, builder, signature, args, 0), [offset])
    size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
    # The line of the last cell as well, wherever in its line the first one lies.
    step = _INT(LINE // size)
    with cgutils.for_range_slice(builder, _INT(0), builder.add(count, step), step) as (t, _):
        fetch(builder, builder.gep(cells, [t]))
    return context.get_dummy_value()


def write_weave(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `tiles.weave_cells`."""
    _, to, _, first, second, count = args
    target, source = (data_of(context, builder, signature, args, number) for number in (0, 2))
    target = builder.gep(target, [to])
    scalar = context.get_data_type(signature.args[0].dtype)
    size = context.get_abi_sizeof(scalar)
    lanes = BYTES // size
    vector = ir.VectorType(scalar, lanes)
    halves = (
        [place // 2 + lanes * (place % 2) for place in range(start, start + lanes)] for start in (0, lanes)
    )
    masks = [ir.Constant(ir.VectorType(ir.IntType(32), lanes), half) for half in halves]
    end = builder.mul(builder.sdiv(count, _INT(lanes)), _INT(lanes))
    with cgutils.for_range_slice(builder, _INT(0), end, _INT(lanes)) as (j, _):
        pair = []
        for begin in (first, second):
            cells = builder.gep(source, [builder.add(begin, j)])
            pair.append(builder.load(builder.bitcast(cells, vector.as_pointer()), align=size))
        place = builder.gep(target, [builder.mul(j, _INT(2))])
        for half, mask in enumerate(masks):
            out = builder.bitcast(builder.gep(place, [_INT(half * lanes)]), vector.as_pointer())
            builder.store(builder.shuffle_vector(*pair, mask), out, align=size)
    with cgutils.for_range_slice(builder, end, count, _INT(1)) as (j, _):
        for half, begin in enumerate((first, second)):
            cell = builder.load(builder.gep(source, [builder.add(begin, j)]))
            builder.store(cell, builder.gep(target, [builder.add(builder.mul(j, _INT(2)), _INT(half))]))
    return context.get_dummy_value()


def write_turn(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `tiles.turn_cells`: squares of as many cells as a vector holds, turned in registers."""
    _, to, down, _, at, across, rows, count = args
    target, source = (
        builder.gep(data_of(context, builder, signature, args, number), [offset])
        for number, offset in ((0, to), (3, at))
    )
    scalar = context.get_data_type(signature.args[0].dtype)
    size = context.get_abi_sizeof(scalar)
    lanes = BYTES // size
    vector = ir.VectorType(scalar, lanes)
    with (
        cgutils.for_range_slice(builder, _INT(0), rows, _INT(lanes)) as (o, _),
        cgutils.for_range_slice(builder, _INT(0), count, _INT(lanes)) as (j, _),
    ):
        square = []
        for t in range(lanes):
            place = builder.add(builder.mul(builder.add(j, _INT(t)), across), o)
            pointer = builder.bitcast(builder.gep(source, [place]), vector.as_pointer())
            square.append(builder.load(pointer, align=size))
        room = builder.sub(count, j)
        for t, row in enumerate(turned(builder, square)):
            place = builder.add(o, _INT(t))
            with builder.if_then(builder.icmp_signed("<", place, rows)):
                first = builder.gep(target, [builder.add(builder.mul(place, down), j)])
                store_some(builder, first, row, room, size)
    return context.get_dummy_value()


def turned(builder: Any, square: list[Any]) -> list[Any]:
    """The columns of a square of vectors: blocks of 1, 2, 4, ... lanes change places between pairs of vectors."""
    lanes, number = len(square), ir.IntType(32)
    step = 1
    while step < lanes:
        low = [i if not i & step else lanes + i - step for i in range(lanes)]
        high = [i + step if not i & step else lanes + i for i in range(lanes)]
        masks = [ir.Constant(ir.VectorType(number, lanes), places) for places in (low, high)]
        for i in range(lanes):
            if not i & step:
                pair = square[i], square[i + step]
                square[i], square[i + step] = (builder.shuffle_vector(*pair, mask) for mask in masks)
        step *= 2
    return square


def data_of(context: Any, builder: Any, signature: Any, args: Any, number: int) -> Any:
    """Where the numbers of an array among the arguments begin."""
    return context.make_array(signature.args[number])(context, builder, args[number]).data
