"""1x1 kernels: a product of the weights with the maps, which are read where they are.

A sum has the order of those in `instructions.py`, and so the same digits. What differs is where the numbers lie: the
weights of a tile's maps lie side by side, channel after channel, laid out once. So do the cells of a tile, in a panel
that the cache keeps; a tile then reads one run of lines of weights and one of cells. The first tile of maps reads the
cells where the maps have them, and puts what it has read into the panel while it multiplies.

A block is some columns of all rows taken as one.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv import blocks
from filterlab.functional.conv.instructions import (
    BYTES,
    LINE,
    OUTPUTS,
    TERMS,
    VECTORS,
    Tile,
    below,
    load_some,
    store_some,
)
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.conv.tiles import copy_cells, micro_kernel
from filterlab.functional.conv.work import BlockWork, Grid
from filterlab.functional.pointwise import TERMS as CHANGE
from filterlab.functional.pointwise import Added, Scaled
from filterlab.functional.prepared import InPlace, Prepared

_INT = ir.IntType(64)
# A column more than vectors hold, where registers are left: maps whose sides are 7 times a power of two, as those of
# most networks, have a multiple of 49 cells. Its sums are one vector, of a cell by the weights of all maps of the tile.
EXTRA = 1 if OUTPUTS == 8 else 0


class PointsJob(NamedTuple):
    """What all blocks have in common.

    All arrays begin with an axis of groups * tiles, of OUTPUTS maps each; the last tile of a group is filled up with
    zeros. weight: (tiles, channels, OUTPUTS), bias: (tiles, OUTPUTS). terms: (tiles, OUTPUTS, 5), of the change that
    follows, see `pointwise.Scaled`; none where there is none. other: the map that is added behind it, flat, and the two
    limits of the sums, see `pointwise.Added`; empty where there is none.
    """

    weight: Array
    bias: Array
    groups: int
    terms: Array
    other: Array
    limits: Array


def correlate(x: Array, weight: Array, bias: Array | None, plan: ConvPlan) -> Array:
    """As `blocks.correlate`, for 1x1 kernels that visit every cell."""
    return prepared(weight, bias, plan)(x)


def prepared(weight: Array, bias: Array | None, plan: ConvPlan, then: Sequence[InPlace] = ()) -> Prepared:
    """As `blocks.prepared`; the weights are laid out here."""
    dtype, channels, plane = weight.dtype, plan.channels // plan.groups, plan.out[0] * plan.out[1]
    fair, fitting = blocks.fair_rows(plan) * plan.out[1], blocks.BLOCK_BYTES // (channels * dtype.itemsize)
    grid = grid_of(_block(plane, min(fair, fitting), dtype.itemsize), dtype.itemsize)
    shape, flat = plan.out_shape, (plan.images, plan.outputs, 1, plane)
    job = job_of(weight, bias, plan.groups)
    work = partial(BlockWork, _points_loop, grid=grid, shape=flat, dtype=dtype, sums=0, products=channels)
    plain = work(job)
    if then and isinstance(then[0], Scaled):
        terms = np.broadcast_to(then[0].terms, (plan.outputs, CHANGE))
        job, then = job._replace(terms=_in_tiles(terms, plan.groups)), then[1:]
    rows = (plan.images, plan.channels, 1, plane)

    def made(job: PointsJob) -> Prepared:
        return blocks.on_maps(work(job, then=then), shape, dtype, rows, placed=plain)

    if not (then and isinstance(then[0], Added)):
        return made(job)
    limits, then = then[0].limits or (-np.inf, np.inf), then[1:]
    joins = job._replace(limits=read_only(np.array(limits, dtype)))

    def call(x: Array, other: Array, *others: Array) -> Array:
        return made(joins._replace(other=read_only(other).reshape(-1)))(x, *others)

    return Prepared(call, made(joins).place)


def job_of(weight: Array, bias: Array | None, groups: int) -> PointsJob:
    """Lay out the weights (outputs, channels / groups, 1, 1) for `sum_points`."""
    added = np.zeros(len(weight), weight.dtype) if bias is None else bias
    outputs, channels = weight.shape[:2]
    split = read_only(weight).reshape(groups, outputs // groups, channels)
    laid = np.zeros((groups * -(-split.shape[1] // OUTPUTS), channels, OUTPUTS), weight.dtype)
    _lay_out(split, laid)
    terms = np.empty((0, OUTPUTS, CHANGE), weight.dtype)
    none = read_only(np.empty(0, weight.dtype))
    return PointsJob(read_only(laid), _in_tiles(added, groups), groups, read_only(terms), none, none)


def _in_tiles(numbers: Array, groups: int) -> Array:
    """Numbers of each map as (groups * tiles, OUTPUTS, ...)."""
    split = numbers.reshape(groups, -1, *numbers.shape[1:])
    tiles = -(-split.shape[1] // OUTPUTS)
    laid = np.zeros((groups, tiles * OUTPUTS, *numbers.shape[1:]), numbers.dtype)
    laid[:, : split.shape[1]] = split
    return read_only(laid.reshape(groups * tiles, OUTPUTS, *numbers.shape[1:]))


def grid_of(cols: int, itemsize: int) -> Grid:
    """Blocks of `cols` cells, with room for their panels."""
    lanes = BYTES // itemsize
    return Grid(1, 1, cols, (1, 1), 1, -(-cols // (VECTORS * lanes)) * (VECTORS + EXTRA) * lanes)


def _block(plane: int, most: int, itemsize: int) -> int:
    """Cells of a block, about `most` and whole tiles."""
    lanes = BYTES // itemsize
    tile = VECTORS * lanes
    if plane % lanes and plane % (tile + EXTRA) == 0:
        tile += EXTRA
    return max(most // tile, 1) * tile


@compiled
def _lay_out(numbers, laid):
    """Write `numbers` (groups, maps, each) as tiles (groups * tiles, each, OUTPUTS); the last one's rest stays."""
    groups, maps, each = numbers.shape
    tiles = len(laid) // groups
    for number in range(len(laid)):
        group, first = number // tiles, number % tiles * OUTPUTS
        for k in range(each):
            for o in range(min(OUTPUTS, maps - first)):
                laid[number, k, o] = numbers[group, first + o, k]


@compiled
def _points_loop(x, job, grid, start, stop, buffer, sums, y):
    """Blocks `start` to `stop` of y (n, outputs, 1, cells), counted through cells, groups and images."""
    _, outputs, _, plane = y.shape
    channels, each, source = job.weight.shape[1], outputs // job.groups, x.reshape(-1)
    across, flat = -(-plane // grid.cols), y.reshape(-1)
    for number in range(start, stop):
        col, group = number % across * grid.cols, number // across % job.groups
        image = number // (across * job.groups)
        cols = min(grid.cols, plane - col)
        begin = (image * x.shape[1] + group * channels) * plane + col
        place = (image * outputs + group * each) * plane + col
        sum_points(source, begin, plane, buffer, job, group, each, flat, place, plane, cols)


@compiled(kept=False)
def sum_points(source, begin, plane, buffer, job, group, each, y, place, apart, cols):
    """The `each` maps of a group, of `cols` cells from source[begin] on, whose channels lie `plane` apart.

    Maps of y lie `apart`. buffer: room for the panels.
    """
    channels, lanes, weight = job.weight.shape[1], BYTES // y.itemsize, job.weight.reshape(-1)
    bias, terms = job.bias.reshape(-1), job.terms.reshape(-1)
    many, tile = blocks._maps_in_turn(channels, y.itemsize, OUTPUTS), group * len(job.weight) // job.groups
    laid = tile * channels * OUTPUTS
    for start in range(0, each, many):
        j = at = 0
        stop = min(start + many, each)
        while j < cols:
            size = _columns(cols - j, lanes)
            stride, o = -(-size // lanes) * lanes, start
            if start == 0:
                out, from_ = place + j, begin + j
                if size % lanes == 0 or size > VECTORS * lanes:
                    maps = min(OUTPUTS, each)
                    keep_panel(
                        source, from_, plane, buffer, at, stride, channels, weight, laid, y, out, apart, maps,
                        size, bias, tile * OUTPUTS, terms, job.other, job.limits,
                    )  # fmt: skip
                    o += OUTPUTS
                else:
                    for c in range(channels):
                        copy_cells(buffer, at + c * stride, source, from_ + c * plane, 1, size)
            while o < stop:
                maps, out = min(OUTPUTS, stop - o), place + o * apart + j
                sum_panel(
                    buffer, at, stride, channels, weight, laid + o * channels, y, out, apart, maps, size, bias,
                    tile * OUTPUTS + o, terms, job.other, job.limits,
                )  # fmt: skip
                o += OUTPUTS
            j, at = j + size, at + stride * channels


@compiled(kept=False)
def _columns(cells, lanes):
    """Cells of the next tile: one with a column beyond its vectors, where no vector of the rest is left unfilled."""
    most = VECTORS * lanes
    if EXTRA and 0 < cells % lanes <= cells // most:
        return most + EXTRA
    if cells >= 2 * most:  # the division below takes as long as a few taps
        return most
    return min(blocks._tile(cells, lanes), cells)


def _write_panel_tile(
    keeps: bool, names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any
) -> Any:
    """Write `sum_panel`, or `keep_panel` where it keeps the cells, as `instructions.write_tile` does."""
    done = builder.append_basic_block("tile.done")
    for vectors, extra in (*((v, 0) for v in range(1, VECTORS + 1)), *[(VECTORS, 1)] * EXTRA):
        tile = PanelTile(names, context, builder, signature, args, vectors, OUTPUTS)
        tile.begin(extra, keeps)
        with builder.if_then(builder.icmp_signed("<=", tile.width, _INT(vectors * tile.lanes + extra))):
            tile.write()
            builder.branch(done)
    builder.branch(done)
    builder.position_at_end(done)
    return context.get_dummy_value()


class PanelTile(Tile):
    """Several maps see the same cells; see above."""

    def begin(self, extra: int, keeps: bool) -> None:
        """Say of what kind the tile is, before it is written."""
        self.keeps = keeps
        self.weights = ir.VectorType(self.scalar, self.outputs)
        self.column = cgutils.alloca_once(self.builder, self.weights) if extra else None
        if keeps:
            self.panel = self._at(self.arrays["panel"].data, self.args["panel_offset"])

    def _pointers(self) -> list[Any]:
        return []

    def _offset(self, k: Any) -> Any:
        return self.builder.mul(k, self.args["x_stride"])

    def _clear(self, *outputs: list[Any]) -> None:
        super()._clear(*outputs)
        if self.column is not None:
            self.builder.store(ir.Constant(self.weights, [0.0] * self.outputs), self.column)

    def _add_tap(self, pointers: list[Any], offset: Any, k: Any) -> None:
        builder, seen = self.builder, self._at(self.cells, offset)
        cells, weight = self._read(seen), self._at(self.weight, builder.mul(k, _INT(self.outputs)))
        for o, totals in enumerate(self.sums):
            self._add(totals, self._splat(builder.load(self._at(weight, _INT(o)))), cells)
        beside = builder.load(self._at(seen, _INT(len(cells) * self.lanes))) if self.column else None
        if beside is not None:
            self._add_column(weight, beside)
        if self.keeps:
            kept = self._at(self.panel, builder.mul(k, self.args["panel_stride"]))
            for j, cell in enumerate(cells):
                self._put(self._at(kept, _INT(j * self.lanes)), cell)
            if beside is not None:
                builder.store(beside, self._at(kept, _INT(len(cells) * self.lanes)))

    def _add_column(self, weight: Any, cell: Any) -> None:
        builder = self.builder
        numbers = builder.load(builder.bitcast(weight, self.weights.as_pointer()), align=self.size)
        kind = ir.FunctionType(self.weights, [self.weights] * 3)
        name = f"llvm.fmuladd.v{self.outputs}f{self.size * 8}"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        same = self._splat(cell, self.outputs)
        builder.store(builder.call(function, [numbers, same, builder.load(self.column)]), self.column)

    def _fetch_outputs(self) -> None:
        self._fetch_rows(self._rows(self.y), writes=True)
        with self.builder.if_then(self._joins()):
            self._fetch_rows(self._others())

    def _fetch_rows(self, rows: list[Any], *, writes: bool = False) -> None:
        for row in rows:
            for place in range(0, len(self.sums[0]) * BYTES, LINE):
                self._fetch(self._at(row, _INT(place // self.size)), writes=writes)

    def _rows(self, first: Any) -> list[Any]:
        """Where the outputs of each map begin; those beyond `count` need not exist."""
        return [self._at(first, self.builder.mul(self.out_stride, _INT(o))) for o in range(self.outputs)]

    def _joins(self) -> Any:
        """Whether another map is added."""
        return self.builder.icmp_signed(">", self.arrays["other"].nitems, _INT(0))

    def _others(self) -> list[Any]:
        """As `_rows`, of the map that is added."""
        return self._rows(self._at(self.arrays["other"].data, self.args["out_offset"]))

    def _store_sums(self, first: Any, last: Any) -> None:
        builder = self.builder
        with builder.if_else(builder.icmp_signed(">", first, _INT(0))) as (further, begins):
            with further:
                self._add_rows(self._rows(self.y))
                # Nothing but a line that stays in this branch: the compiler would make the additions of both branches
                # one, behind them, for which there are not registers enough.
                fence = ir.InlineAsm(ir.FunctionType(ir.VoidType(), []), "", "~{memory}", side_effect=True)
                builder.call(fence, [])
            with begins:
                for o in range(self.outputs):
                    bias = self._numbers("bias", o, 1)[0]
                    self._change_row(o, partial(self._more, bias))
        changes = builder.icmp_signed(">", self.arrays["terms"].nitems, _INT(0))
        with builder.if_then(builder.and_(changes, builder.icmp_signed("==", last, self.taps))):
            for o in range(self.outputs):
                terms = self._numbers("terms", o, CHANGE)
                self._change_row(o, partial(self._changed, terms))
        with builder.if_then(builder.and_(self._joins(), builder.icmp_signed("==", last, self.taps))):
            self._add_rows(self._others())
            low, high = (builder.load(self._at(self.arrays["limits"].data, _INT(end))) for end in (0, 1))
            for o in range(self.outputs):
                self._change_row(o, partial(self._limited, low, high))
        for o, row in enumerate(self._rows(self.y)):
            with builder.if_then(builder.icmp_signed("<", _INT(o), self.count)):
                self._store_row(o, row)

    def _add_rows(self, rows: list[Any]) -> None:
        """Add what lies there to the sums."""
        builder, last = self.builder, len(self.sums[0]) - 1
        nothing = ir.Constant(self.vector, [0.0] * self.lanes)
        mask = below(builder, builder.sub(self.width, _INT(last * self.lanes)), self.lanes)
        for o, row in enumerate(rows):
            with builder.if_then(builder.icmp_signed("<", _INT(o), self.count)):
                for j, total in enumerate(self.sums[o]):
                    place = self._at(row, _INT(j * self.lanes))
                    part = j == last and self.column is None
                    before = (
                        load_some(builder, place, mask, nothing, self.size) if part else self._load(place)
                    )
                    builder.store(builder.fadd(before, builder.load(total)), total)
                if self.column is not None:
                    before = builder.load(self._beside(row))
                    self._change_cell(o, partial(self._more, before))

    def _numbers(self, name: str, o: int, each: int) -> list[Any]:
        """The `each` numbers that an array has for a map of the tile."""
        first = self.builder.mul(self.args["bias_offset"], _INT(each))
        array = self._at(self.arrays[name].data, first)
        return [self.builder.load(self._at(array, _INT(o * each + t))) for t in range(each)]

    def _more(self, number: Any, sums: Any) -> Any:
        return self.builder.fadd(self._alike(number, sums), sums)

    def _changed(self, terms: list[Any], sums: Any) -> Any:
        """`pointwise.Scaled`."""
        builder = self.builder
        center, scale, added = (self._alike(term, sums) for term in terms[:3])
        value = builder.fadd(builder.fmul(builder.fsub(sums, center), scale), added)
        return self._limited(terms[3], terms[4], value)

    def _limited(self, low: Any, high: Any, sums: Any) -> Any:
        builder, least, most = self.builder, self._alike(low, sums), self._alike(high, sums)
        value = builder.select(builder.fcmp_ordered("<=", sums, least), least, sums)
        return builder.select(builder.fcmp_ordered(">=", value, most), most, value)

    def _change_row(self, o: int, change: Callable[[Any], Any]) -> None:
        for total in self.sums[o]:
            self.builder.store(change(self.builder.load(total)), total)
        if self.column is not None:
            self._change_cell(o, change)

    def _change_cell(self, o: int, change: Callable[[Any], Any]) -> None:
        builder, number = self.builder, ir.IntType(32)(o)
        column = builder.load(self.column)
        value = change(builder.extract_element(column, number))
        builder.store(builder.insert_element(column, value, number), self.column)

    def _store_row(self, o: int, row: Any) -> None:
        builder = self.builder
        for j, total in enumerate(self.sums[o]):
            place, value = self._at(row, _INT(j * self.lanes)), builder.load(total)
            if j + 1 < len(self.sums[o]) or self.column is not None:
                self._put(place, value)
            else:
                # Never a vector beyond: the cells there are another block's, which another thread may be writing.
                store_some(builder, place, value, builder.sub(self.width, _INT(j * self.lanes)), self.size)
        if self.column is not None:
            cell = builder.extract_element(builder.load(self.column), ir.IntType(32)(o))
            builder.store(cell, self._beside(row))

    def _beside(self, row: Any) -> Any:
        return self._at(row, _INT(len(self.sums[0]) * self.lanes))

    def _alike(self, number: Any, values: Any) -> Any:
        return self._splat(number) if isinstance(values.type, ir.VectorType) else number


@micro_kernel(partial(_write_panel_tile, False))
def sum_panel(
    x,
    x_offset,
    x_stride,
    taps,
    weight,
    weight_offset,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
    bias_offset,
    terms,
    other,
    limits,
):
    """As `tiles.sum_maps`, for 1x1 kernels of `taps` channels, of which the weights of OUTPUTS maps lie side by side:

    y[out_offset + o * out_stride + j] = bias[bias_offset + o] + sum over k < taps of
        weight[weight_offset + k * OUTPUTS + o] * x[x_offset + k * x_stride + j]

    Weights, biases and terms of OUTPUTS maps exist, of which those beyond `count` do not count. width is at most
    VECTORS vectors and EXTRA. terms: of `pointwise.Scaled`, flat, five for each map from that of bias_offset
    on, if the sums are changed so; else empty. other: laid out as y, which is added to them then, and kept between the
    two limits; or empty.
    """
    for o in range(count):
        for j in range(width):
            total = bias[bias_offset + o]
            for start in range(0, taps, TERMS):
                part = x.dtype.type(0)
                for k in range(start, min(start + TERMS, taps)):
                    part += weight[weight_offset + k * OUTPUTS + o] * x[x_offset + k * x_stride + j]
                total += part
            if len(terms):
                center, scale, added, low, high = terms[CHANGE * (bias_offset + o) :][:CHANGE]
                total = (total - center) * scale + added
                total = low if total <= low else total
                total = high if total >= high else total
            if len(other):
                total += other[out_offset + o * out_stride + j]
                total = limits[0] if total <= limits[0] else total
                total = limits[1] if total >= limits[1] else total
            y[out_offset + o * out_stride + j] = total


@micro_kernel(partial(_write_panel_tile, True))
def keep_panel(
    x,
    x_offset,
    x_stride,
    panel,
    panel_offset,
    panel_stride,
    taps,
    weight,
    weight_offset,
    y,
    out_offset,
    out_stride,
    count,
    width,
    bias,
    bias_offset,
    terms,
    other,
    limits,
):
    """As `sum_panel`, where cell j < width of channel k is also copied to panel[panel_offset + k * panel_stride + j].

    Nothing is read beyond the last cell, so width is a number of whole vectors and of EXTRA.
    """
    for k in range(taps):
        for j in range(width):
            panel[panel_offset + k * panel_stride + j] = x[x_offset + k * x_stride + j]
    sum_panel(
        x, x_offset, x_stride, taps, weight, weight_offset, y, out_offset, out_stride, count, width, bias,
        bias_offset, terms, other, limits,
    )  # fmt: skip
