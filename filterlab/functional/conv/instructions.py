"""The instructions of the micro-kernels: a tile of outputs that stays in the processor's vector registers.

For each tap, a tile reads the vectors of the input once and multiplies them with one weight for each map: many
products for each number that is read, which is what lets a processor multiply at its full rate (Goto and van de Geijn,
Anatomy of high-performance matrix multiplication, 2008). Compilers do not keep such a tile in registers by themselves;
so it is written here in LLVM's own terms. What a tile computes stands as plain loops in `tiles.py`.

To read this: `write_tile` runs once, when numba compiles the loop that calls a micro-kernel, and writes
the instructions of the call. What `builder.add(a, b)` returns is not a sum but the name of the place where there will
be one. So a Python `for` or `if` repeats or leaves out instructions, and only `for_range`, `if_then`, `select` and
`switch` are loops and choices of the program. `gep` is pointer plus index, `alloca` a variable.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils

_INT = ir.IntType(64)


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
# The sums (maps times vectors), the vectors that are read and one weight must fit the registers:
# 8 * 3 + 3 + 1 = 28 of 32, or 4 * 3 + 3 + 1 = 16 of 16.
OUTPUTS, VECTORS = (8, 3) if _COUNT == 32 else (4, 3)
# Maps that tiles are written for: a choice, as all of a tile are summed, whether they count or not. Each number more
# takes the compiler longer.
MAPS = (5, 6, 8) if OUTPUTS == 8 else (OUTPUTS,)
# Rows under a tall kernel share what they read, so more vectors pay: each weight is loaded for twice as many.
# 4 * 6 + 6 + 1 = 31 of 32.
TALL_ROWS, TALL_VECTORS = (4, 6) if _COUNT == 32 else (4, 3)
# Windows of a tile of one, two and three vectors of maps: the fewer vectors, the more cells there is room for.
DEPTH_WINDOWS = (8, 8, 8) if _COUNT == 32 else (8, 6, 4)
TERMS = 64  # products in one part of a sum
LINE = 64  # bytes of a line of the cache


def write_tile(
    kind: type[Tile],
    sizes: Iterable[int],
    names: tuple[str, ...],
    context: Any,
    builder: Any,
    signature: Any,
    args: Any,
) -> Any:
    """Write tiles of each of these numbers of vectors, increasing, and the choice of the first that is wide enough.

    A tile of v vectors reads v vectors at each tap, of which `width` cells count; so it reads beyond them by less than
    a vector where `sizes` has every number, and by less than the step from one size to the next otherwise.
    """
    done = builder.append_basic_block("tile.done")
    for vectors, outputs in kind.shapes(sizes):
        tile = kind(names, context, builder, signature, args, vectors, outputs)
        fits = builder.icmp_signed("<=", tile.width, _INT(vectors * tile.lanes))
        fits = builder.and_(fits, builder.icmp_signed("<=", tile.count, _INT(outputs)))
        with builder.if_then(fits):
            tile.write()
            builder.branch(done)
    builder.branch(done)
    builder.position_at_end(done)
    return context.get_dummy_value()


def fetch(builder: Any, cell: Any, *, writes: bool = False) -> None:
    """Bring a cell, which need not exist, into all levels of the cache."""
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(call, [builder.bitcast(cell, byte), number(int(writes)), number(3), number(1)])


def store_some(builder: Any, target: Any, vector: Any, room: Any, size: int) -> None:
    """Store the first `room` cells of a vector, all where there is room: those beyond may be another thread's."""
    kind = vector.type
    place = builder.bitcast(target, kind.as_pointer())
    with builder.if_else(builder.icmp_signed(">=", room, _INT(kind.count))) as (all_cells, some):
        with all_cells:
            builder.store(vector, place, align=size)
        with some:
            mask = below(builder, room, kind.count)
            store = ir.FunctionType(ir.VoidType(), [kind, place.type, ir.IntType(32), mask.type])
            name = f"llvm.masked.store.v{kind.count}f{size * 8}.p0"
            function = cgutils.get_or_insert_function(builder.module, store, name)
            builder.call(function, [vector, place, ir.IntType(32)(size), mask])


def load_some(builder: Any, source: Any, mask: Any, others: Any, size: int) -> Any:
    """The cells of a vector that a mask has, and those of `others` in place of the rest, which need not exist."""
    kind = others.type
    place = builder.bitcast(source, kind.as_pointer())
    load = ir.FunctionType(kind, [place.type, ir.IntType(32), mask.type, kind])
    name = f"llvm.masked.load.v{kind.count}f{size * 8}.p0"
    function = cgutils.get_or_insert_function(builder.module, load, name)
    return builder.call(function, [place, ir.IntType(32)(size), mask, others])


def below(builder: Any, count: Any, lanes: int) -> Any:
    """The mask of the lanes before number `count`, which may be negative or beyond the last."""
    # Held to where it matters, it fits numbers as short as the lanes of float32.
    number, most = ir.IntType(32), _INT(lanes)
    count = builder.select(builder.icmp_signed(">", count, most), most, count)
    count = builder.select(builder.icmp_signed("<", count, _INT(0)), _INT(0), count)
    numbers = ir.VectorType(number, lanes)
    nothing = ir.Constant(numbers, ir.Undefined)
    end = builder.insert_element(nothing, builder.trunc(count, number), number(0))
    end = builder.shuffle_vector(end, nothing, ir.Constant(numbers, [0] * lanes))
    return builder.icmp_signed("<", ir.Constant(numbers, list(range(lanes))), end)


class Tile:
    """Writes the instructions of a tile of so many vectors at the builder's place."""

    outputs = OUTPUTS  # maps or rows of a full tile

    @classmethod
    def shapes(cls, sizes: Iterable[int]) -> list[tuple[int, int]]:
        """The tiles to be written, as (vectors, outputs), increasing."""
        return [(vectors, cls.outputs) for vectors in sizes]

    def __init__(
        self,
        names: tuple[str, ...],
        context: Any,
        builder: Any,
        signature: Any,
        args: Any,
        vectors: int,
        outputs: int,
    ) -> None:
        self.outputs = outputs
        self.builder = builder
        self.scalar = context.get_data_type(signature.args[0].dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.lanes = BYTES // self.size
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.args = dict(zip(names, args, strict=True))
        arrays = self.arrays = {
            name: context.make_array(kind)(context, builder, self.args[name])
            for name, kind in zip(names, signature.args, strict=True)
            if isinstance(kind, types.Array)
        }
        self.x = arrays["x"].data
        self.cells, self.weight, self.y = (
            self._at(arrays[name].data, self.args[offset])
            for name, offset in (("x", "x_offset"), ("weight", "weight_offset"), ("y", "out_offset"))
        )
        self.bias = arrays["bias"].data
        if "tap_offsets" in arrays:
            self.tap_offsets = arrays["tap_offsets"].data
            self.taps = builder.extract_value(arrays["tap_offsets"].shape, 0)
        else:
            self.taps = self.args["taps"]
        self.out_stride, self.count, self.width = (
            self.args[name] for name in ("out_stride", "count", "width")
        )
        # Memory by name only: the compiler turns what is reserved in the first block into registers.
        self.sums = [
            [cgutils.alloca_once(builder, self.vector) for _ in range(vectors)] for _ in range(self.outputs)
        ]

    def write(self) -> None:
        """Write all parts of the sum."""
        builder = self.builder
        pointers = self._pointers()
        self._fetch_outputs()
        start, stop = self._range()
        with cgutils.for_range_slice(builder, start, stop, _INT(TERMS)) as (first, _):
            end = builder.add(first, _INT(TERMS))
            last = builder.select(builder.icmp_signed("<", end, stop), end, stop)
            self._clear(*self.sums)
            with cgutils.for_range_slice(builder, first, last, _INT(1)) as (k, _):
                self._add_tap(pointers, self._offset(k), k)
            self._store_sums(first, last)

    def _range(self) -> tuple[Any, Any]:
        """The taps that are summed: all, or some of them, whose sums are added to what earlier taps gave."""
        return _INT(0), self.taps

    def _offset(self, k: Any) -> Any:
        """How far from the first cell lies the one that tap k sees."""
        return self.builder.load(self._at(self.tap_offsets, k))

    def _pointers(self) -> list[Any]:
        """Where each output reads what it alone reads: its weights, or its cells."""
        raise NotImplementedError

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        """Write the products of tap k, which sees cells from `offset` on."""
        raise NotImplementedError

    def _bias(self, o: int) -> Any:
        raise NotImplementedError

    def _spread(self, first: Any, stride: Any) -> list[Any]:
        """Pointers `stride` apart, one for each output of a full tile.

        Sums of all outputs are always made, as the registers are there anyway. Those beyond `count` read what the
        last one reads, which lies inside its array, and are not stored.
        """
        builder = self.builder
        last = builder.sub(self.count, _INT(1))
        present = [
            builder.select(builder.icmp_signed("<", _INT(o), self.count), _INT(o), last)
            for o in range(self.outputs)
        ]
        return [self._at(first, builder.mul(o, stride)) for o in present]

    def _read(self, cells: Any) -> list[Any]:
        """The vectors from `cells` on, as many as the tile is wide."""
        return [self._load(self._at(cells, _INT(j * self.lanes))) for j in range(len(self.sums[0]))]

    def _add(self, totals: list[Any], factor: Any, cells: list[Any]) -> None:
        for total, cell in zip(totals, cells, strict=True):
            self.builder.store(self._multiply_add(factor, cell, self.builder.load(total)), total)

    def _multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        # fmuladd is one instruction with one rounding where the processor has it, and two otherwise.
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fmuladd.v{self.lanes}f{self.size * 8}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), [a, b, c])

    def _fetch_outputs(self) -> None:
        """Ask for the cells of y while they are summed: stores to many rows wait for each other otherwise."""
        for row in self._spread(self.y, self.out_stride):
            for place in range(0, len(self.sums[0]) * BYTES, LINE):
                self._fetch(self._at(row, _INT(place // self.size)), writes=True)

    def _fetch(self, cell: Any, *, writes: bool = False) -> None:
        fetch(self.builder, cell, writes=writes)

    def _clear(self, *outputs: list[Any]) -> None:
        for total in (total for totals in outputs for total in totals):
            self.builder.store(ir.Constant(self.vector, [0.0] * self.lanes), total)

    def _store_sums(self, first: Any, last: Any) -> None:
        """Write the sums of all outputs that there are, of the taps from `first` to `last`."""
        adds = self.builder.icmp_signed(">", first, _INT(0))
        for o in range(self.outputs):
            with self.builder.if_then(self.builder.icmp_signed("<", _INT(o), self.count)):
                self._store(o, adds)

    def _store(self, o: int, adds: Any) -> None:
        """Write one output's sums to y: added to what is there where `adds`, to the bias otherwise."""
        row, bias = self._at(self.y, self.builder.mul(self.out_stride, _INT(o))), self._bias(o)
        for j, total in enumerate(self.sums[o]):
            self._store_vector(self._at(row, _INT(j * self.lanes)), j, total, bias, adds)

    def _store_vector(self, target: Any, j: int, total: Any, bias: Any, adds: Any) -> None:
        builder, before = self.builder, cgutils.alloca_once(self.builder, self.vector)
        room = builder.sub(self.width, _INT(j * self.lanes))
        builder.store(self._splat(bias), before)
        with builder.if_then(adds):
            nothing = ir.Constant(self.vector, [0.0] * self.lanes)
            mask = below(builder, room, self.lanes)
            builder.store(load_some(builder, target, mask, nothing, self.size), before)
        # Never a whole vector at the end: the cells beyond are another block's, which another thread may be writing.
        sums = builder.fadd(builder.load(before), builder.load(total))
        store_some(builder, target, sums, room, self.size)

    def _at(self, pointer: Any, index: Any) -> Any:
        return self.builder.gep(pointer, [index])

    # Rows begin anywhere, so vectors are aligned as single numbers are.
    def _load(self, pointer: Any) -> Any:
        return self.builder.load(self.builder.bitcast(pointer, self.vector.as_pointer()), align=self.size)

    def _put(self, pointer: Any, value: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, self.vector.as_pointer()), align=self.size)

    def _splat(self, number: Any, lanes: int = 0) -> Any:
        """A vector of one number, as long as a register unless told otherwise."""
        lanes = lanes or self.lanes
        nothing = ir.Constant(ir.VectorType(self.scalar, lanes), ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.IntType(32)(0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
        return self.builder.shuffle_vector(first, nothing, places)


class MapsTile(Tile):
    """Several maps see the same cells, with weights of their own: cells are read once for all of them."""

    @classmethod
    def shapes(cls, sizes: Iterable[int]) -> list[tuple[int, int]]:
        """Tiles of fewer maps as well, for layers whose maps are no multiple of OUTPUTS."""
        return [(vectors, maps) for vectors in sizes for maps in MAPS]

    def _range(self) -> tuple[Any, Any]:
        return self.args["first"], self.args["last"]

    def _pointers(self) -> list[Any]:
        return self._spread(self.weight, self.taps)

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        seen = self._at(self.cells, offset)
        # No pattern for the processor to find: taps of one channel lie close, the next channel pages away.
        # Tiles of few outputs have no time for it: they read too much for each product.
        if OUTPUTS == 8:
            self._fetch(self._at(seen, self.args["ahead"]))
        cells = self._read(seen)
        for totals, weight in zip(self.sums, pointers, strict=True):
            self._add(totals, self._splat(self.builder.load(self._at(weight, k))), cells)

    def _bias(self, o: int) -> Any:
        return self.builder.load(self._at(self.bias, self.builder.add(self.args["bias_offset"], _INT(o))))


class DepthTile(Tile):
    """Several cells of the maps, in vectors of outputs: a vector of weights is read once for all of the cells."""

    @classmethod
    def shapes(cls, sizes: Iterable[int]) -> list[tuple[int, int]]:
        """Halves of tiles as well, for the last windows of a block, and single windows, which are vectors."""
        return [(v, n) for v in sizes for n in (1, DEPTH_WINDOWS[v - 1] // 2, DEPTH_WINDOWS[v - 1])]

    def _range(self) -> tuple[Any, Any]:
        return self.args["first"], self.args["last"]

    def _pointers(self) -> list[Any]:
        """Where the window of each cell begins in x; those beyond `count` are the last one's."""
        builder, places = self.builder, self.arrays["places"].data
        first = self._spread(self._at(places, self.args["place"]), _INT(1))
        return [self._at(self.x, builder.load(place)) for place in first]

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        stride = self.args["weight_stride"]
        row = self._at(self.weight, self.builder.mul(k, stride))
        # Nothing but a line that no read is moved across: the compiler would take two taps together and read all cells
        # of both first, for which there are not registers enough.
        fence = ir.InlineAsm(ir.FunctionType(ir.VoidType(), []), "", "~{memory}", side_effect=True)
        self.builder.call(fence, [])
        # A line of the weights to come: those of a large layer lie far away, and nobody else asks in time.
        line = self.builder.mul(k, _INT(LINE // self.size))
        self._fetch(self._at(self._at(self.weight, line), self.args["ahead"]))
        weights = self._read(row)
        for totals, cell in zip(self.sums, pointers, strict=True):
            self._add(totals, self._splat(self.builder.load(self._at(cell, offset))), weights)

    def _fetch_outputs(self) -> None:
        """Nothing: all sums of a block lie in the cache."""

    def _bias(self, o: int) -> Any:
        return self._at(self.bias, self.args["bias_offset"])

    def _store_vector(self, target: Any, j: int, total: Any, bias: Any, adds: Any) -> None:
        """Whole vectors: there is room for them, and a bias for each map."""
        builder = self.builder
        source = builder.select(adds, target, self._at(bias, _INT(j * self.lanes)))
        self._put(target, builder.fadd(self._load(source), builder.load(total)))


class RowsTile(Tile):
    """Several rows have the same weights, and see cells of their own: a weight is read once for all of them."""

    def _pointers(self) -> list[Any]:
        return self._spread(self.cells, self.args["x_stride"])

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        factor = self._splat(self.builder.load(self._at(self.weight, k)))
        for totals, row in zip(self.sums, pointers, strict=True):
            self._add(totals, factor, self._read(self._at(row, offset)))

    def _bias(self, o: int) -> Any:
        return self.builder.load(self.bias)


class TallTile(RowsTile):
    """Rows under a tall kernel see mostly the same lines: each line is read once for all rows that see it.

    Line q of a channel is seen by row r of the tile through row u = q - r of the kernel, where that exists:
    0 <= q - r < kh. For a kernel of kh = 3 rows and a tile of 2 rows:

        line q   row 0 through   row 1 through
        0        kernel row 0
        1        kernel row 1    kernel row 0
        2        kernel row 2    kernel row 1
        3                        kernel row 2

    So lines 0 to kh + count - 2 are read, each once; `sum_rows` would read lines 1 and 2 twice. The rows that see a
    line are neighbours, from max(q - kh + 1, 0) to min(q, count - 1). As the sums are registers, which cannot be
    indexed when the program runs, each of these runs of rows (ten for four rows) has instructions of its own, and a
    switch goes to them once a line.

    Rows end at different lines: row r has all products of a channel after line r + kh - 1, which is when a part of its
    sum may end. A row that does not see a line yet, or no more, keeps its sums.
    """

    outputs = TALL_ROWS

    def __init__(self, *options: Any) -> None:
        super().__init__(*options)
        builder = self.builder
        self.kh, self.kw = self.args["kh"], self.args["kw"]
        self.taps_in_channel = builder.mul(self.kh, self.kw)
        # A part of the sum is so many channels, or so many rows of the kernel where one channel has too many taps.
        self.channels_in_part = self._at_least_one(builder.sdiv(_INT(TERMS), self.taps_in_channel))
        self.rows_in_part = self._at_least_one(builder.sdiv(_INT(TERMS), self.kw))

    def write(self) -> None:
        """Write all parts of the sum."""
        builder = self.builder
        self._clear(*self.sums)
        channels = builder.sdiv(self.taps, self.taps_in_channel)
        lines = builder.sub(builder.add(self.kh, self.count), _INT(1))
        with cgutils.for_range_slice(builder, _INT(0), channels, _INT(1)) as (c, _):
            after = builder.add(c, _INT(1))
            full = builder.icmp_signed("==", builder.srem(after, self.channels_in_part), _INT(0))
            ends = builder.or_(full, builder.icmp_signed("==", after, channels))
            with cgutils.for_range_slice(builder, _INT(0), lines, _INT(1)) as (q, _):
                self._add_line(c, q)
                for r in range(self.outputs):
                    self._end_row(r, c, builder.sub(q, _INT(r)), ends)

    def _add_line(self, c: Any, q: Any) -> None:
        """Write the products of line q of channel c for each run of rows that may see it, and the choice of one."""
        builder = self.builder
        low = self._largest(_INT(0), builder.add(builder.sub(q, self.kh), _INT(1)))
        after = builder.add(q, _INT(1))
        high = builder.select(builder.icmp_signed("<", after, self.count), after, self.count)
        done = builder.append_basic_block("lines.done")
        # A number for each pair 0 <= low < high <= outputs; every q < kh + count - 1 has such a pair.
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
        tap = builder.mul(c, self.taps_in_channel)
        line = self._at(self.cells, builder.mul(q, self.args["x_stride"]))
        offsets, weights = self._at(self.tap_offsets, tap), self._at(self.weight, tap)
        seen = [self._at(weights, builder.mul(builder.sub(q, _INT(r)), self.kw)) for r in rows]
        with cgutils.for_range_slice(builder, _INT(0), self.kw, _INT(1)) as (v, _):
            cells = self._read(self._at(line, builder.load(self._at(offsets, v))))
            for r, weight in zip(rows, seen, strict=True):
                self._add(self.sums[r], self._splat(builder.load(self._at(weight, v))), cells)

    def _end_row(self, r: int, c: Any, u: Any, ends: Any) -> None:
        """Store the sums of row r, and begin the next part, where row u of the kernel was the last of a part."""
        builder = self.builder
        sees = builder.and_(builder.icmp_signed(">=", u, _INT(0)), builder.icmp_signed("<", u, self.kh))
        sees = builder.and_(sees, builder.icmp_signed("<", _INT(r), self.count))
        after = builder.add(u, _INT(1))
        last = builder.and_(ends, builder.icmp_signed("==", after, self.kh))
        large = builder.icmp_signed(">", self.taps_in_channel, _INT(TERMS))
        full = builder.and_(large, builder.icmp_signed("==", builder.srem(after, self.rows_in_part), _INT(0)))
        with builder.if_then(builder.and_(sees, builder.or_(last, full))):
            # The first part of a row ends in the first channels, and there in the first rows of the kernel.
            later = builder.and_(large, builder.icmp_signed(">=", u, self.rows_in_part))
            self._store(r, builder.or_(later, builder.icmp_signed(">=", c, self.channels_in_part)))
            self._clear(self.sums[r])

    def _largest(self, a: Any, b: Any) -> Any:
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def _at_least_one(self, number: Any) -> Any:
        return self._largest(number, _INT(1))
