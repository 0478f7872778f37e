"""The innermost sum of a convolution: a tile of outputs that stays in the processor's vector registers.

A tile is `OUTPUTS` feature maps by one to `VECTORS` vectors of neighbouring columns. For each tap the vectors of the
input are read once and multiplied with one weight for each map: many products for each number that is read, which
is what lets a processor multiply at its full rate (Goto and van de Geijn 2008, for matrix products). Compilers do
not keep such a tile in registers by themselves; so the loop is written here in LLVM's own terms.

To read this: an intrinsic runs once, when numba compiles its caller, and writes the instructions of the call. What
`builder.add(a, b)` returns is not a sum but the name of the place where there will be one. So a Python `for` or `if`
repeats or leaves out instructions, and only `for_range`, `if_then`, `select` and `switch` are loops and choices of
the program. `gep` is pointer plus index, `alloca` a variable.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

_TARGET = ("weight", "row", "y", "place", "leap", "count", "width", "bias")  # arguments of all tiles
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
# The same for rows that share what they read, under a tall kernel: each weight is loaded for more vectors.
TALL_ROWS, TALL_VECTORS = (4, 6) if _COUNT == 32 else (4, 3)
TERMS = 64  # products in one sum


@_intrinsic
def sum_maps(context, x, start, offsets, weight, row, y, place, leap, count, width, bias):  # type: ignore[no-untyped-def]
    """A tile of the cross-correlation that `offsets` describes, of flat arrays of one dtype (`offsets`: int64).

    For map o < `count` and column j < `width`, with n = len(offsets), the taps of a window:

        y[place + o * leap + j] = bias[o] + sum over k < n of weight[row + o * n + k] * x[start + offsets[k] + j]

    `count` is at most OUTPUTS, `width` at most VECTORS vectors. `x` is read up to the end of the last vector, beyond
    `width`: what is there is not used. More than TERMS products are added up in parts, or digits are lost.
    """
    whole = types.int64
    signature = types.void(x, whole, offsets, weight, whole, y, whole, whole, whole, whole, bias)
    return signature, partial(_write_tile, _Maps, range(1, VECTORS + 1))


@_intrinsic
def sum_rows(context, x, start, step, offsets, weight, row, y, place, leap, count, width, bias):  # type: ignore[no-untyped-def]
    """As `sum_maps`, for rows of one map in place of several maps:

    y[place + o * leap + j] = bias[0] + sum over k < n of weight[row + k] * x[start + o * step + offsets[k] + j]
    """
    whole = types.int64
    signature = types.void(x, whole, whole, offsets, weight, whole, y, whole, whole, whole, whole, bias)
    return signature, partial(_write_tile, _Rows, range(1, VECTORS + 1))


@_intrinsic
def sum_tall(context, x, start, step, offsets, kh, kw, weight, row, y, place, leap, count, width, bias):  # type: ignore[no-untyped-def]
    """As `sum_rows`, for kernels of kh x kw without stride and dilation; up to TALL_ROWS rows of TALL_VECTORS vectors.

    Each line of the input is read once for all rows that see it, where it is the row of their kernel that differs.
    `x` is read up to the end of TALL_VECTORS vectors, or of a third of them where `width` is no more.
    """
    whole = types.int64
    signature = types.void(
        x, whole, whole, offsets, whole, whole, weight, whole, y, whole, whole, whole, whole, bias
    )
    return signature, partial(_write_tile, _Tall, (TALL_VECTORS // 3, TALL_VECTORS))


def _write_tile(
    kind: type[_Tile], sizes: Iterable[int], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """The instructions for tiles of each of these numbers of vectors, and the choice of the smallest that is enough."""
    done = builder.append_basic_block("tile.done")
    for vectors in sizes:
        tile = kind(context, builder, signature, args, vectors)
        fits = builder.icmp_signed("<=", tile.width, _INT(vectors * tile.lanes))
        with builder.if_then(fits):
            tile.write()
            builder.branch(done)
    builder.branch(done)
    builder.position_at_end(done)
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

    outputs = OUTPUTS  # maps or rows of a whole tile
    names: tuple[str, ...] = ("x", "start", "offsets", *_TARGET)  # of the intrinsic's arguments

    def __init__(self, context: Any, builder: Any, signature: Any, args: Any, vectors: int) -> None:
        self.builder = builder
        self.scalar = context.get_data_type(signature.args[0].dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.lanes = BYTES // self.size
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.args = dict(zip(self.names, args, strict=True))
        arrays = {
            name: context.make_array(kind)(context, builder, self.args[name])
            for name, kind in zip(self.names, signature.args, strict=True)
            if isinstance(kind, types.Array)
        }
        self.cells, self.weight, self.y = (
            self._at(arrays[name].data, self.args[first])
            for name, first in (("x", "start"), ("weight", "row"), ("y", "place"))
        )
        self.offsets, self.bias = arrays["offsets"].data, arrays["bias"].data
        self.terms = builder.extract_value(arrays["offsets"].shape, 0)
        self.leap, self.count, self.width = (self.args[name] for name in ("leap", "count", "width"))
        # Memory by name only: the compiler turns what is reserved in the first block into registers.
        self.sums = [
            [cgutils.alloca_once(builder, self.vector) for _ in range(vectors)] for _ in range(self.outputs)
        ]

    def write(self) -> None:
        """All parts of the sum."""
        builder = self.builder
        pointers = self._pointers()
        with cgutils.for_range_slice(builder, _INT(0), self.terms, _INT(TERMS)) as (first, _):
            end = builder.add(first, _INT(TERMS))
            last = builder.select(builder.icmp_signed("<", end, self.terms), end, self.terms)
            self._clear(*self.sums)
            with cgutils.for_range_slice(builder, first, last, _INT(1)) as (k, _):
                self._add_tap(pointers, builder.load(self._at(self.offsets, k)), k)
            for o in range(self.outputs):
                with builder.if_then(builder.icmp_signed("<", _INT(o), self.count)):
                    self._store(o, builder.icmp_signed(">", first, _INT(0)))

    def _pointers(self) -> list[Any]:
        raise NotImplementedError

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        raise NotImplementedError

    def _bias(self, o: int) -> Any:
        raise NotImplementedError

    def _spread(self, first: Any, leap: Any) -> list[Any]:
        """Pointers `leap` apart, one for each output; those beyond the last repeat the last, and are not stored."""
        builder = self.builder
        last = builder.sub(self.count, _INT(1))
        known = [
            builder.select(builder.icmp_signed("<", _INT(o), self.count), _INT(o), last)
            for o in range(self.outputs)
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

    def _clear(self, *outputs: list[Any]) -> None:
        for total in (total for totals in outputs for total in totals):
            self.builder.store(ir.Constant(self.vector, [0.0] * self.lanes), total)

    def _store(self, o: int, adds: Any) -> None:
        """One map's or row's sums to y: added to what is there already, or to the bias."""
        row, bias = self._at(self.y, self.builder.mul(self.leap, _INT(o))), self._bias(o)
        for j, total in enumerate(self.sums[o]):
            self._store_vector(self._at(row, _INT(j * self.lanes)), j, total, bias, adds)

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


class _Rows(_Tile):
    """All rows have the same weights, and see cells of their own."""

    names: tuple[str, ...] = ("x", "start", "step", "offsets", *_TARGET)

    def _pointers(self) -> list[Any]:
        return self._spread(self.cells, self.args["step"])

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        factor = self._splat(self.builder.load(self._at(self.weight, k)))
        for totals, row in zip(self.sums, pointers, strict=True):
            self._add(totals, factor, self._read(self._at(row, offset)))

    def _bias(self, o: int) -> Any:
        return self.builder.load(self.bias)


class _Tall(_Rows):
    """Line q of a channel is seen by row r of the tile through row q - r of the kernel."""

    outputs = TALL_ROWS
    names = ("x", "start", "step", "offsets", "kh", "kw", *_TARGET)

    def __init__(self, context: Any, builder: Any, signature: Any, args: Any, vectors: int) -> None:
        super().__init__(context, builder, signature, args, vectors)
        self.kh, self.kw = self.args["kh"], self.args["kw"]
        self.each = builder.mul(self.kh, self.kw)
        # Parts of the sum: so many channels, or so many rows of the kernel where a channel alone has too many taps.
        self.channels = self._at_least_one(builder.sdiv(_INT(TERMS), self.each))
        self.part = self._at_least_one(builder.sdiv(_INT(TERMS), self.kw))

    def write(self) -> None:
        """All parts of the sum."""
        builder = self.builder
        self._clear(*self.sums)
        count = builder.sdiv(self.terms, self.each)
        lines = builder.sub(builder.add(self.kh, self.count), _INT(1))
        with cgutils.for_range_slice(builder, _INT(0), count, _INT(1)) as (c, _):
            after = builder.add(c, _INT(1))
            whole = builder.icmp_signed("==", builder.srem(after, self.channels), _INT(0))
            ends = builder.or_(whole, builder.icmp_signed("==", after, count))
            with cgutils.for_range_slice(builder, _INT(0), lines, _INT(1)) as (q, _):
                self._add_line(c, q)
                for r in range(self.outputs):
                    self._end_row(r, c, builder.sub(q, _INT(r)), ends)

    def _add_line(self, c: Any, q: Any) -> None:
        """The products of one line, for the rows that see it: one of few runs of neighbouring rows."""
        builder = self.builder
        low = self._largest(_INT(0), builder.add(builder.sub(q, self.kh), _INT(1)))
        after = builder.add(q, _INT(1))
        high = builder.select(builder.icmp_signed("<", after, self.count), after, self.count)
        done = builder.append_basic_block("lines.done")
        choice = builder.switch(builder.add(builder.mul(low, _INT(self.outputs + 1)), high), done)
        for first in range(self.outputs):
            for last in range(first + 1, self.outputs + 1):
                block = builder.append_basic_block(f"lines.{first}.{last}")
                choice.add_case(_INT(first * (self.outputs + 1) + last), block)
                builder.position_at_end(block)
                self._add_rows(c, q, range(first, last))
                builder.branch(done)
        builder.position_at_end(done)

    def _add_rows(self, c: Any, q: Any, rows: range) -> None:
        builder = self.builder
        tap = builder.mul(c, self.each)
        line, offsets = self._at(self.cells, builder.mul(q, self.args["step"])), self._at(self.offsets, tap)
        weights = self._at(self.weight, tap)
        seen = [self._at(weights, builder.mul(builder.sub(q, _INT(r)), self.kw)) for r in rows]
        with cgutils.for_range_slice(builder, _INT(0), self.kw, _INT(1)) as (v, _):
            cells = self._read(self._at(line, builder.load(self._at(offsets, v))))
            for r, weight in zip(rows, seen, strict=True):
                self._add(self.sums[r], self._splat(builder.load(self._at(weight, v))), cells)

    def _end_row(self, r: int, c: Any, u: Any, ends: Any) -> None:
        """Store the sums of row r where row u of the kernel was the last of a part."""
        builder = self.builder
        sees = builder.and_(builder.icmp_signed(">=", u, _INT(0)), builder.icmp_signed("<", u, self.kh))
        sees = builder.and_(sees, builder.icmp_signed("<", _INT(r), self.count))
        after = builder.add(u, _INT(1))
        last = builder.and_(ends, builder.icmp_signed("==", after, self.kh))
        large = builder.icmp_signed(">", self.each, _INT(TERMS))
        full = builder.and_(large, builder.icmp_signed("==", builder.srem(after, self.part), _INT(0)))
        with builder.if_then(builder.and_(sees, builder.or_(last, full))):
            later = builder.and_(large, builder.icmp_signed(">=", u, self.part))
            self._store(r, builder.or_(later, builder.icmp_signed(">=", c, self.channels)))
            self._clear(self.sums[r])

    def _largest(self, a: Any, b: Any) -> Any:
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def _at_least_one(self, number: Any) -> Any:
        return self._largest(number, _INT(1))
