"""Kernels of 3x3 over single channels, as in depthwise layers and small filters: read where the maps lie.

There is so little to multiply that copying the cells into lines would take as long again. A tile goes down some vectors
of columns: each line is read once, for the three rows of outputs that see it, whose sums are in the registers. What
lies beyond the picture is never read: vectors at the border are masked, and show the fill there. With a stride of 2,
rows of outputs share one line of three, so each reads its own; what a tap sees are every other cell of two vectors.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.instructions import BYTES, LINE, below, fetch, load_some, store_some
from filterlab.functional.conv.moving import data_of
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.conv.work import BlockWork, Grid
from filterlab.functional.prepared import InPlace, Prepared

SIDE = 3  # rows and columns of the kernel
ROWS = 28  # of outputs that a tile goes down: few enough that their lines are found in the cache by the next tile
COLUMNS = (
    2  # vectors of a tile, at most: more would not find registers, and there are sums enough to wait for
)
# Numbers of a line of fill: a tile in steps of 2 reads 2 * COLUMNS vectors of it, from its third number on.
SHOWN = 2 * BYTES
AHEAD = 4  # tiles; the processor foresees nothing where so many rows are read and written in turn

_INT = ir.IntType(64)


class _InPlaceJob(NamedTuple):
    """What all blocks have in common."""

    weight: Array
    bias: Array
    fill: Array  # a line of what padding shows, as wide as any tile
    rows: Array  # see AxisPlan.index
    left: int  # columns of padding before the input
    step: int  # the stride, down and across
    groups: int


def fits(plan: ConvPlan) -> bool:
    """Whether a plan is of such kernels, and what its padding shows does not depend on the column."""
    single = plan.channels == plan.groups and plan.kernel == (SIDE, SIDE)
    constant = plan.mode in ("zeros", "constant") or (plan.pads.left <= 0 and plan.pads.right <= 0)
    return single and constant and plan.stride in ((1, 1), (2, 2)) and plan.dilation == (1, 1)


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`."""
    return prepared(weight, bias, plan)(x)


def prepared(weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace] = ()) -> Prepared:
    """As `blocks.prepared`."""
    dtype, shape = weight.dtype, plan.out_shape
    added = np.zeros(len(weight), dtype) if bias is None else bias
    fill = np.full(SHOWN, plan.fill, dtype)
    shown, left, step = plan.rows.index, plan.pads.left, plan.stride[0]
    job = _InPlaceJob(read_only(weight), read_only(added), read_only(fill), shown, left, step, plan.groups)
    # `needed` and `cells` are those of lines, of which there are none.
    grid = Grid(1, min(ROWS, plan.rows.out), plan.cols.out, (1, 1), 0, 0)
    work = BlockWork(_loop, job, grid, shape, dtype, sums=0, products=SIDE * SIDE, then=then)
    return blocks.on_maps(work, shape, dtype)


@compiled
def _loop(x, job, grid, start, stop, buffer, sums, y):
    """Blocks `start` to `stop`, counted through the rows, groups and images of y (n, outputs, h, w)."""
    _, outputs, height, width = y.shape
    channels, down, across = x.shape[1:]
    source, weight, target, each = x.reshape(-1), job.weight.reshape(-1), y.reshape(-1), outputs // job.groups
    lanes, bands = BYTES // y.itemsize, -(-height // grid.rows)
    vectors = -(-width // lanes)
    wide = -(-vectors // -(-vectors // COLUMNS)) * lanes
    for number in range(start, stop):
        row, group, image = (
            number % bands * grid.rows,
            number // bands % channels,
            number // (bands * channels),
        )
        plane, rows = (image * channels + group) * down * across, min(grid.rows, height - row)
        for o in range(group * each, (group + 1) * each):
            place = ((image * outputs + o) * height + row) * width
            for j in range(0, width, wide):
                sum_columns(
                    source, plane, across, job.rows, row * job.step, j * job.step - job.left, job.fill, weight,
                    o * SIDE * SIDE, target, place + j, width, rows, min(wide, width - j), job.bias, o, job.step,
                )  # fmt: skip


def write_columns(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Write tiles of each number of vectors, where all that they read lies inside the row, and where it does not."""
    done = builder.append_basic_block("columns.done")
    for kind, vectors, inside in product((_Columns, _Apart), range(1, COLUMNS + 1), (True, False)):
        tile = kind(names, context, builder, signature, args, vectors, inside)
        with builder.if_then(tile.fits()):
            tile.write()
            builder.branch(done)
    builder.branch(done)
    builder.position_at_end(done)
    return context.get_dummy_value()


class _Columns:
    """Writes the instructions of such a tile; see `instructions.Tile`."""

    step = 1

    def __init__(
        self,
        names: tuple[str, ...],
        context: Any,
        builder: Any,
        signature: Any,
        args: Any,
        vectors: int,
        inside: bool,
    ) -> None:
        self.builder, self.vectors, self.inside = builder, vectors, inside
        self.args = dict(zip(names, args, strict=True))
        self.arrays = {
            name: data_of(context, builder, signature, args, number)
            for number, name in enumerate(names)
            if name in ("x", "shown", "fill", "weight", "y", "bias")
        }
        self.scalar = context.get_data_type(signature.args[0].dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.lanes = BYTES // self.size
        self.vector = ir.VectorType(self.scalar, self.lanes)
        # A row of outputs has its sums in place `row % SIDE`.
        self.sums = [[cgutils.alloca_once(builder, self.vector) for _ in range(vectors)] for _ in range(SIDE)]

    def fits(self) -> Any:
        """Whether the stride is the tile's, it is wide enough, and reads nothing beyond its row if `inside`."""
        builder, col, across = self.builder, self.args["col"], self.args["across"]
        wide = _INT(self.vectors * self.lanes)
        enough = builder.icmp_signed("<=", self.args["width"], wide)
        enough = builder.and_(enough, builder.icmp_signed("==", self.args["step"], _INT(self.step)))
        if not self.inside:
            return enough
        end = builder.add(builder.add(col, builder.mul(wide, _INT(self.step))), _INT(SIDE - 1))
        within = builder.and_(builder.icmp_signed(">=", col, _INT(0)), builder.icmp_signed("<=", end, across))
        return builder.and_(enough, within)

    def write(self) -> None:
        """Write the way down, SIDE lines a round, as the sums change places from line to line."""
        builder = self.builder
        weights, bias, fill = self._constants()
        lines = builder.add(self.args["count"], _INT(SIDE - 1))
        with cgutils.for_range_slice(builder, _INT(0), lines, _INT(SIDE)) as (q, _):
            for t in range(SIDE):
                line = builder.add(q, _INT(t))
                with builder.if_then(builder.icmp_signed("<", line, lines)):
                    self._add_line(t, self._line(line), weights, fill)
                    if self.inside:
                        self._ask(line)
                    row = builder.sub(line, _INT(SIDE - 1))
                    with builder.if_then(builder.icmp_signed(">=", row, _INT(0))):
                        self._store_row(row, self.sums[(t + 1) % SIDE], bias)

    def _constants(self) -> tuple[list[Any], Any, Any]:
        """Vectors of each weight, of the bias and of the fill."""
        at = self.args["weight_offset"]
        places = [("weight", self.builder.add(at, _INT(k))) for k in range(SIDE * SIDE)]
        places += [("bias", self.args["bias_offset"]), ("fill", _INT(0))]
        *weights, bias, fill = (self._splat(self.builder.load(self._at(*place))) for place in places)
        return weights, bias, fill

    def _line(self, line: Any) -> Any:
        """Where the first cell of a line lies, or the fill where the line is beyond the picture."""
        builder = self.builder
        number = builder.load(self._at("shown", builder.add(self.args["first"], line)))
        begin = builder.add(self.args["x_offset"], builder.mul(number, self.args["across"]))
        cells = self._at("x", builder.add(begin, self.args["col"]))
        return builder.select(builder.icmp_signed(">=", number, _INT(0)), cells, self.arrays["fill"])

    def _ask(self, line: Any) -> None:
        """Ask for what a later tile will see of the line, and for its outputs."""
        builder, wide = self.builder, self.vectors * self.lanes
        begin = builder.add(self.args["out_offset"], builder.mul(line, self.args["out_stride"]))
        for j in range(0, wide * self.size, LINE):
            place = _INT(AHEAD * wide + j // self.size)
            fetch(builder, builder.gep(self._line(line), [place]))
            fetch(builder, self._at("y", builder.add(begin, place)), writes=True)

    def _read(self, line: Any, offset: int, fill: Any) -> Any:
        builder, place = self.builder, self.builder.gep(line, [_INT(offset)])
        if self.inside:
            return builder.load(builder.bitcast(place, self.vector.as_pointer()), align=self.size)
        # The cells from `low` on, up to `high`, lie in the row.
        low = builder.neg(builder.add(self.args["col"], _INT(offset)))
        high = builder.add(low, self.args["across"])
        mask = builder.xor(below(builder, low, self.lanes), below(builder, high, self.lanes))
        return load_some(builder, place, mask, fill, self.size)

    def _add_line(self, t: int, line: Any, weights: list[Any], fill: Any) -> None:
        """The products of a line: row u of the kernel gives those of the row of outputs u lines further up."""
        for v in range(SIDE):
            cells = [self._read(line, v + j * self.lanes, fill) for j in range(self.vectors)]
            for u in range(SIDE):
                self._add(u * SIDE + v, weights, cells, self.sums[(t - u) % SIDE])

    def _add(self, k: int, weights: list[Any], cells: list[Any], totals: list[Any]) -> None:
        """The products of tap k; the first one's begin the sums."""
        builder, zero = self.builder, ir.Constant(self.vector, [0.0] * self.lanes)
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fmuladd.v{self.lanes}f{self.size * 8}"
        multiply_add = cgutils.get_or_insert_function(builder.module, kind, name)
        for total, cell in zip(totals, cells, strict=True):
            before = builder.load(total) if k else zero
            builder.store(builder.call(multiply_add, [weights[k], cell, before]), total)

    def _store_row(self, row: Any, sums: list[Any], bias: Any) -> None:
        builder = self.builder
        begin = builder.add(self.args["out_offset"], builder.mul(row, self.args["out_stride"]))
        for j, total in enumerate(sums):
            value = builder.fadd(bias, builder.load(total))
            room = builder.sub(self.args["width"], _INT(j * self.lanes))
            store_some(
                builder, self._at("y", builder.add(begin, _INT(j * self.lanes))), value, room, self.size
            )

    def _at(self, name: str, index: Any) -> Any:
        return self.builder.gep(self.arrays[name], [index])

    def _splat(self, number: Any) -> Any:
        nothing = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.IntType(32)(0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, nothing, places)


class _Apart(_Columns):
    """Such a tile of windows that lie two rows and two columns apart."""

    step = 2

    def write(self) -> None:
        """Write the way down, a row of outputs a round."""
        builder = self.builder
        weights, bias, fill = self._constants()
        with cgutils.for_range_slice(builder, _INT(0), self.args["count"], _INT(1)) as (row, _):
            for u in range(SIDE):
                line = self._line(builder.add(builder.mul(row, _INT(self.step)), _INT(u)))
                seen = [self._every_other(line, 2 * j * self.lanes, fill) for j in range(self.vectors)]
                for v in range(SIDE):
                    self._add(SIDE * u + v, weights, [cells[v] for cells in seen], self.sums[0])
            self._store_row(row, self.sums[0], bias)

    def _every_other(self, line: Any, offset: int, fill: Any) -> list[Any]:
        """What each of three neighbouring taps sees."""
        found = []
        for first, odd in ((0, 0), (0, 1), (2, 0)):
            pair = (self._read(line, offset + first + half, fill) for half in (0, self.lanes))
            places = [2 * i + odd for i in range(self.lanes)]
            mask = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), places)
            found.append(self.builder.shuffle_vector(*pair, mask))
        return found


@micro_kernel(write_columns)
def sum_columns(
    x,
    x_offset,
    across,
    shown,
    first,
    col,
    fill,
    weight,
    weight_offset,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
    bias_offset,
    step,
):
    """`count` rows by `width` columns of outputs of one map, at most COLUMNS vectors wide.

    A plane of x begins at x_offset and has rows of `across` cells; line q of the tile shows its row shown[first + q],
    or `fill`, SHOWN equal numbers, where that is negative. step: the stride, 1 or 2. With k = 3 * u + v for row u and
    column v of the kernel:

        y[out_offset + o * out_stride + j] = bias[bias_offset] + sum over k < 9 of
            weight[weight_offset + k] * (cell col + j * step + v of line o * step + u, or fill[0] beyond the row)
    """
    for o in range(count):
        for j in range(width):
            part = x.dtype.type(0)
            for u in range(SIDE):
                row = shown[first + o * step + u]
                for v in range(SIDE):
                    at = col + j * step + v
                    seen = row >= 0 and 0 <= at < across
                    cell = x[x_offset + row * across + at] if seen else fill[0]
                    part += weight[weight_offset + SIDE * u + v] * cell
            y[out_offset + o * out_stride + j] = bias[bias_offset] + part
