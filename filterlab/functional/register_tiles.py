"""The innermost sum of a convolution: a tile of outputs that stays in the processor's vector registers.

A tile is `OUTPUTS` feature maps by one to `VECTORS` vectors of neighbouring columns. For each tap the vectors of the
input are read once and multiplied with one weight for each map: many products for each number that is read, which
is what lets a processor multiply at its full rate (Goto and van de Geijn 2008, for matrix products). Compilers do
not keep such a tile in registers by themselves; so the loop is written here in LLVM's own terms.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

_INT = ir.IntType(64)
_intrinsic: Any = intrinsic  # its type counts the context among the arguments


def _registers() -> tuple[int, int]:
    """Bytes of a vector register of the processor that numba compiles for, and how many there are."""
    features = {name for name, known in binding.get_host_cpu_features().items() if known}
    asked: str | None = vars(config)["CPU_FEATURES"]
    if asked is not None:  # NUMBA_CPU_FEATURES, as "+avx,-avx512f"
        features = {name[1:] for name in asked.split(",") if name.startswith("+")}
    if "avx512f" in features:
        return 64, 32
    if "avx" in features:
        return 32, 16
    return 16, 32 if "neon" in features else 16


BYTES, _COUNT = _registers()
# Maps times vectors of sums, the vectors that are read and one weight must fit the registers.
OUTPUTS, VECTORS = (8, 3) if _COUNT == 32 else (4, 3)
TERMS = 128  # products in one sum


@_intrinsic
def sum_maps(context, x, start, offsets, weight, row, y, place, leap, maps, width, bias):  # type: ignore[no-untyped-def]
    """A tile of the cross-correlation that `offsets` describes, of flat arrays of one dtype (`offsets`: int64).

    For map o < `maps` and column j < `width`, with n = len(offsets), the taps of a window:

        y[place + o * leap + j] = bias[o] + sum over k < n of weight[row + o * n + k] * x[start + offsets[k] + j]

    `maps` is at most OUTPUTS, `width` at most VECTORS vectors. `x` is read up to the end of the last vector, beyond
    `width`: what is there is not used. More than TERMS products are added up in parts, or digits are lost.
    """
    whole = types.int64
    signature = types.void(x, whole, offsets, weight, whole, y, whole, whole, whole, whole, bias)
    return signature, partial(_write_tiles, _Maps)


@_intrinsic
def sum_lines(context, x, start, step, offsets, weight, row, y, place, leap, maps, width, bias):  # type: ignore[no-untyped-def]
    """As `sum_maps`, for rows of one map in place of several maps:

    y[place + o * leap + j] = bias[0] + sum over k < n of weight[row + k] * x[start + o * step + offsets[k] + j]
    """
    whole = types.int64
    signature = types.void(x, whole, whole, offsets, weight, whole, y, whole, whole, whole, whole, bias)
    return signature, partial(_write_tiles, _Lines)


def _write_tiles(kind: type[_Tile], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """The instructions for tiles of every number of vectors."""
    lanes = BYTES // context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
    vectors = builder.sdiv(builder.add(args[-2], _INT(lanes - 1)), _INT(lanes))
    for count in range(1, VECTORS + 1):
        with builder.if_then(builder.icmp_signed("==", vectors, _INT(count))):
            kind(context, builder, signature, args, count).write()
    return context.get_dummy_value()


@_intrinsic
def copy_cells(context, target, place, source, start, stride, count):  # type: ignore[no-untyped-def]
    """target[place + t] = source[start + t * stride] for t < count, of flat arrays of one dtype, not overlapping.

    Slices would do the same, but each counts its references: for short rows that takes longer than the copy.
    """
    whole = types.int64
    signature = types.void(target, whole, source, whole, whole, whole)

    def write(context, builder, signature, args):  # type: ignore[no-untyped-def]
        to, cells = (_data(context, builder, signature, args, number) for number in (0, 2))
        to, cells = builder.gep(to, [args[1]]), builder.gep(cells, [args[3]])
        _, _, _, _, stride, count = args
        with builder.if_else(builder.icmp_signed("==", stride, _INT(1))) as (side_by_side, apart):
            with side_by_side:
                size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
                cgutils.raw_memcpy(builder, to, cells, count, size)
            # A fixed stride lets the compiler read pairs of cells at once.
            with apart, builder.if_else(builder.icmp_signed("==", stride, _INT(2))) as (two, more):
                with two:
                    _copy_every(builder, to, cells, _INT(2), count)
                with more:
                    _copy_every(builder, to, cells, stride, count)
        return context.get_dummy_value()

    return signature, write


def _copy_every(builder: Any, target: Any, cells: Any, stride: Any, count: Any) -> None:
    with cgutils.for_range(builder, count, intp=_INT) as loop:
        cell = builder.load(builder.gep(cells, [builder.mul(loop.index, stride)]))
        builder.store(cell, builder.gep(target, [loop.index]))


def _data(context: Any, builder: Any, signature: Any, args: Any, number: int) -> Any:
    """The first number of the array that was passed as argument `number`."""
    return context.make_array(signature.args[number])(context, builder, args[number]).data


class _Tile:
    """Writes the instructions of a tile of so many vectors at the builder's place."""

    def __init__(self, context: Any, builder: Any, signature: Any, args: Any, vectors: int) -> None:
        self.builder = builder
        self.scalar = context.get_data_type(signature.args[0].dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.lanes = BYTES // self.size
        self.vector = ir.VectorType(self.scalar, self.lanes)
        x, start, *step, offsets, _, row, _, place, self.leap, self.maps, self.width, _ = args
        self.step = step[0] if step else _INT(0)
        numbers = [n for n, kind in enumerate(signature.args) if isinstance(kind, types.Array)]
        x, self.offsets, weight, y, self.bias = (_data(context, builder, signature, args, n) for n in numbers)
        self.cells, self.weight, self.y = self._at(x, start), self._at(weight, row), self._at(y, place)
        taps = context.make_array(signature.args[numbers[1]])(context, builder, offsets)
        self.terms = builder.extract_value(taps.shape, 0)
        # Memory by name only: the compiler turns what is reserved in the first block into registers.
        self.sums = [
            [cgutils.alloca_once(builder, self.vector) for _ in range(vectors)] for _ in range(OUTPUTS)
        ]

    def write(self) -> None:
        """All parts of the sum."""
        builder = self.builder
        pointers = self._pointers()
        with cgutils.for_range_slice(builder, _INT(0), self.terms, _INT(TERMS)) as (first, _):
            end = builder.add(first, _INT(TERMS))
            last = builder.select(builder.icmp_signed("<", end, self.terms), end, self.terms)
            for total in (total for row in self.sums for total in row):
                builder.store(ir.Constant(self.vector, [0.0] * self.lanes), total)
            with cgutils.for_range_slice(builder, first, last, _INT(1)) as (k, _):
                self._add_tap(pointers, builder.load(self._at(self.offsets, k)), k)
            self._store(builder.icmp_signed(">", first, _INT(0)))

    def _pointers(self) -> list[Any]:
        raise NotImplementedError

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        raise NotImplementedError

    def _bias(self, o: int) -> Any:
        raise NotImplementedError

    def _spread(self, first: Any, leap: Any) -> list[Any]:
        """Pointers `leap` apart, one for each map; those beyond the last map repeat the last, and are not stored."""
        builder = self.builder
        last = builder.sub(self.maps, _INT(1))
        known = [
            builder.select(builder.icmp_signed("<", _INT(o), self.maps), _INT(o), last)
            for o in range(OUTPUTS)
        ]
        return [self._at(first, builder.mul(o, leap)) for o in known]

    def _read(self, cells: Any) -> list[Any]:
        return [self._load(self._at(cells, _INT(j * self.lanes))) for j in range(len(self.sums[0]))]

    def _add(self, totals: list[Any], factor: Any, cells: list[Any]) -> None:
        for total, cell in zip(totals, cells, strict=True):
            self.builder.store(self._multiply_add(factor, cell, self.builder.load(total)), total)

    def _multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fmuladd.v{self.lanes}f{self.size * 8}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), [a, b, c])

    def _store(self, adds: Any) -> None:
        """The sums to y: added to what is there already, or to the bias."""
        builder = self.builder
        for o, row in enumerate(self.sums):
            with builder.if_then(builder.icmp_signed("<", _INT(o), self.maps)):
                line = self._at(self.y, builder.mul(self.leap, _INT(o)))
                bias = self._bias(o)
                for j, total in enumerate(row):
                    self._store_vector(self._at(line, _INT(j * self.lanes)), j, total, bias, adds)

    def _store_vector(self, target: Any, j: int, total: Any, bias: Any, adds: Any) -> None:
        builder = self.builder
        room = builder.sub(self.width, _INT(j * self.lanes))
        fits = builder.icmp_signed(">=", room, _INT(self.lanes))
        with builder.if_else(fits) as (whole, part):
            with whole, builder.if_else(adds) as (further, first):
                with further:
                    self._put(target, builder.fadd(self._load(target), builder.load(total)))
                with first:
                    self._put(target, builder.fadd(self._splat(bias), builder.load(total)))
            with part:
                self._store_cells(target, total, bias, adds, room)

    def _store_cells(self, target: Any, total: Any, bias: Any, adds: Any, room: Any) -> None:
        """The first `room` cells of a vector, one by one."""
        builder = self.builder
        spread = cgutils.alloca_once(builder, ir.ArrayType(self.scalar, self.lanes))
        cells = builder.bitcast(spread, self.scalar.as_pointer())
        self._put(cells, builder.load(total))
        with cgutils.for_range(builder, room, intp=_INT) as loop:
            cell = self._at(target, loop.index)
            before = builder.select(adds, builder.load(cell), bias)
            builder.store(builder.fadd(before, builder.load(self._at(cells, loop.index))), cell)

    def _at(self, pointer: Any, index: Any) -> Any:
        return self.builder.gep(pointer, [index])

    def _load(self, pointer: Any) -> Any:
        return self.builder.load(self.builder.bitcast(pointer, self.vector.as_pointer()), align=self.size)

    def _put(self, pointer: Any, value: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, self.vector.as_pointer()), align=self.size)

    def _splat(self, number: Any) -> Any:
        """A vector of one number."""
        nothing = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.IntType(32)(0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, nothing, places)


class _Maps(_Tile):
    """All maps see the same cells, with weights of their own."""

    def _pointers(self) -> list[Any]:
        return self._spread(self.weight, self.terms)

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        cells = self._read(self._at(self.cells, offset))
        for totals, weight in zip(self.sums, pointers, strict=True):
            self._add(totals, self._splat(self.builder.load(self._at(weight, k))), cells)

    def _bias(self, o: int) -> Any:
        return self.builder.load(self._at(self.bias, _INT(o)))


class _Lines(_Tile):
    """All lines have the same weights, and see cells of their own."""

    def _pointers(self) -> list[Any]:
        return self._spread(self.cells, self.step)

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        factor = self._splat(self.builder.load(self._at(self.weight, k)))
        for totals, line in zip(self.sums, pointers, strict=True):
            self._add(totals, factor, self._read(self._at(line, offset)))

    def _bias(self, o: int) -> Any:
        return self.builder.load(self.bias)
