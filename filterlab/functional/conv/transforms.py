"""Micro-kernels of `winograd.py`: from cells to what is multiplied, and from the sums of products to outputs.

As those of `tiles.py`, each is a plain loop, in whose place compiled code runs vectors; a vector holds neighbouring
tiles. The order of each sum is written out, so that a tile has the same digits at any place of a vector.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from filterlab.functional.conv.instructions import BYTES, store_some
from filterlab.functional.conv.moving import data_of
from filterlab.functional.conv.tiles import micro_kernel

SIDE = 4  # cells of a tile, down and across
STEP = 2  # from one tile to the next, and outputs of a tile

_INT = ir.IntType(64)


def differences(a, b, c, d):
    """What four cells in a row become: the matrix B of F(2, 3) times them."""
    return a - c, b + c, c - b, b - d


def totals(a, b, c, d):
    """The two outputs of four sums of products: the matrix A of F(2, 3) times them."""
    return (a + b) + c, (b - c) - d


class _Lanes:
    """A vector of numbers, whose operators write the instruction that computes them."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def __add__(self, other: _Lanes) -> _Lanes:
        return _Lanes(self.builder, self.builder.fadd(self.value, other.value))

    def __sub__(self, other: _Lanes) -> _Lanes:
        return _Lanes(self.builder, self.builder.fsub(self.value, other.value))


class _Memory:
    """Reads and writes vectors of the dtype of a call's first array."""

    def __init__(self, context: Any, builder: Any, signature: Any) -> None:
        self.builder = builder
        scalar = context.get_data_type(signature.args[0].dtype)
        self.size = context.get_abi_sizeof(scalar)
        self.lanes = BYTES // self.size
        self.kind = ir.VectorType(scalar, self.lanes)

    def at(self, pointer: Any, *indices: Any) -> Any:
        """The pointer moved by the sum of some indices."""
        for index in indices:
            pointer = self.builder.gep(pointer, [index])
        return pointer

    def load(self, pointer: Any) -> _Lanes:
        place = self.builder.bitcast(pointer, self.kind.as_pointer())
        return _Lanes(self.builder, self.builder.load(place, align=self.size))

    def store(self, value: _Lanes, pointer: Any) -> None:
        place = self.builder.bitcast(pointer, self.kind.as_pointer())
        self.builder.store(value.value, place, align=self.size)

    def splat(self, number: Any) -> _Lanes:
        """A vector of one number."""
        nothing = ir.Constant(self.kind, ir.Undefined)
        one = _Lanes(self.builder, self.builder.insert_element(nothing, number, ir.IntType(32)(0)))
        return self.pick(one, one, [0] * self.lanes)

    def pick(self, a: _Lanes, b: _Lanes, places: list[int]) -> _Lanes:
        """The lanes at some places of two vectors, one behind the other."""
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), places)
        return _Lanes(self.builder, self.builder.shuffle_vector(a.value, b.value, mask))

    def apart(self, pointer: Any) -> list[_Lanes]:
        """Every other number from a pointer on, and those between them."""
        pair = self.load(pointer), self.load(self.at(pointer, _INT(self.lanes)))
        return [self.pick(*pair, [2 * i + odd for i in range(self.lanes)]) for odd in (0, 1)]

    def woven(self, a: _Lanes, b: _Lanes) -> list[_Lanes]:
        """Two vectors whose numbers alternate; the undoing of `apart`."""
        order = [place // 2 + self.lanes * (place % 2) for place in range(2 * self.lanes)]
        return [self.pick(a, b, order[start : start + self.lanes]) for start in (0, self.lanes)]


def write_transform(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `transform_cells`."""
    _, to, apart, _, at, stride, count = args
    memory = _Memory(context, builder, signature)
    target, source = (
        memory.at(data_of(context, builder, signature, args, number), offset)
        for number, offset in ((0, to), (3, at))
    )
    with cgutils.for_range_slice(builder, _INT(0), count, _INT(memory.lanes)) as (t, _):
        rows = []
        for i in range(SIDE):
            row = memory.at(source, builder.mul(stride, _INT(i)), builder.mul(t, _INT(STEP)))
            rows.append(memory.apart(row) + memory.apart(memory.at(row, _INT(STEP))))
        down = [differences(*column) for column in zip(*rows, strict=True)]
        for i, row in enumerate(zip(*down, strict=True)):
            for j, value in enumerate(differences(*row)):
                memory.store(value, memory.at(target, t, builder.mul(apart, _INT(SIDE * i + j))))
    return context.get_dummy_value()


@micro_kernel(write_transform)
def transform_cells(target, target_offset, apart, source, source_offset, stride, count):
    """Transform `count` tiles of neighbouring columns, whose first cell is at source_offset, rows `stride` apart.

    Number (i, j) of tile t becomes target[target_offset + (4 * i + j) * apart + t]. The fast form reads and writes up
    to the end of a vector of tiles; callers leave room for that, and write in the order of the places.
    """
    for t in range(count):
        first = source_offset + STEP * t
        rows = [[source[first + i * stride + j] for j in range(SIDE)] for i in range(SIDE)]
        down = [differences(*column) for column in zip(*rows, strict=True)]
        for i, row in enumerate(zip(*down, strict=True)):
            for j, value in enumerate(differences(*row)):
                target[target_offset + (SIDE * i + j) * apart + t] = value


def write_outputs(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write `store_outputs`."""
    _, to, stride, _, at, apart, _, bias_offset, rows, cols = args
    memory = _Memory(context, builder, signature)
    target, source, bias = (
        memory.at(data_of(context, builder, signature, args, number), offset)
        for number, offset in ((0, to), (3, at), (6, bias_offset))
    )
    added = memory.splat(builder.load(bias))
    with cgutils.for_range_slice(builder, _INT(0), cols, _INT(STEP * memory.lanes)) as (j, _):
        first = memory.at(source, builder.sdiv(j, _INT(STEP)))
        numbers = [
            [memory.load(memory.at(first, builder.mul(apart, _INT(SIDE * i + k)))) for k in range(SIDE)]
            for i in range(SIDE)
        ]
        across = [totals(*row) for row in numbers]
        for i, pair in enumerate(
            zip(*(totals(*column) for column in zip(*across, strict=True)), strict=True)
        ):
            with builder.if_then(builder.icmp_signed("<", _INT(i), rows)):
                row = memory.at(target, builder.mul(stride, _INT(i)), j)
                for half, cells in enumerate(memory.woven(*(total + added for total in pair))):
                    start = _INT(half * memory.lanes)
                    room = builder.sub(builder.sub(cols, j), start)
                    with builder.if_then(builder.icmp_signed(">", room, _INT(0))):
                        store_some(builder, memory.at(row, start), cells.value, room, memory.size)
    return context.get_dummy_value()


@micro_kernel(write_outputs)
def store_outputs(target, target_offset, stride, source, source_offset, apart, bias, bias_offset, rows, cols):
    """Write rows (at most 2) by cols outputs of neighbouring tiles, from their sums of products and a bias.

    Number (i, j) of tile t is source[source_offset + (4 * i + j) * apart + t]; rows of the target lie `stride` apart.
    The fast form reads up to the end of a vector of tiles.
    """
    for t in range(-(-cols // STEP)):
        first = source_offset + t
        across = [totals(*(source[first + (SIDE * i + k) * apart] for k in range(SIDE))) for i in range(SIDE)]
        for j, column in enumerate(zip(*across, strict=True)):
            for i, total in enumerate(totals(*column)):
                if i < rows and STEP * t + j < cols:
                    target[target_offset + i * stride + STEP * t + j] = total + bias[bias_offset]
