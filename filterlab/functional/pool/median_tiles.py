"""Values of given rank in rows of windows: a selection network run on vectors of neighbouring windows.

Each function that is made here says in plain loops what it computes; in a compiled loop, a call of it becomes the
instructions of the network (see `conv/instructions.py` for how these are written).
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.pool.selection import SelectionNetwork, selection_network

_INT = ir.IntType(64)


class RankTile(NamedTuple):
    """The windows of a tile, the function that computes it, and how many lines it needs, its outputs first."""

    rows: int
    cols: int
    together: int
    run: Callable[..., None]
    lines: int


class RankLines(NamedTuple):
    """Where a network keeps what a later pass reads: the line of each such step, and how far passes reach."""

    lines: dict[int, int]
    used: int
    reach: tuple[int, ...]  # columns beyond the outputs that a pass is done for


@cache
def kernel_of(rows: int, cols: int, together: int, ranks: tuple[int, ...]) -> RankTile:
    """The tile of so many windows below each other."""
    network = selection_network(rows, cols, together, ranks)
    layout = _laid_out(network)

    def tile(x, room, copied, x_offset, x_stride, line, count):
        """room[(i * len(ranks) + q) * line + j] = the value of ranks[q] in window i of the tile, for j < count.

        The window has its first cell at x[x_offset + i * x_stride + j], or there in the room where `copied` is 1, and
        rows `x_stride` apart. x and room are flat; the room begins with lines of `line` numbers that are the tile's
        own, and whole vectors are read and written, beyond `count`. A zero comes out as +0, as -0 equals it and either
        may be found. What a window with a NaN gives is not said.
        """
        source = room if copied else x
        for i, j in np.ndindex(together, count):
            start = x_offset + i * x_stride + j
            cells = [source[start + row * x_stride : start + row * x_stride + cols] for row in range(rows)]
            ordered = np.sort(np.concatenate(cells)) + 0
            for q, rank in enumerate(ranks):
                room[(i * len(ranks) + q) * line + j] = ordered[rank]

    # Compiled code is kept by the name of what goes into it.
    tile.__name__ = tile.__qualname__ = f"ranks_{rows}x{cols}_{together}_" + "_".join(map(str, ranks))
    run = micro_kernel(partial(_write_tile, network, layout))(tile)
    return RankTile(rows, cols, together, run, layout.used)


def _laid_out(network: SelectionNetwork) -> RankLines:
    steps, passes = network.steps, network.passes
    last = dict.fromkeys(network.outputs, passes[-1] + len(steps))  # the last pass that reads a step's line
    reach = [0] * len(steps)
    for position in range(len(steps) - 1, -1, -1):
        for source, apart in steps[position].sources:
            reach[source] = max(reach[source], reach[position] + apart)
            if steps[source].kind != "input" and passes[source] < passes[position]:
                last[source] = max(last.get(source, 0), passes[position])
    lines = {step: line for line, step in enumerate(network.outputs)}
    count = len(network.outputs)
    free: list[int] = []
    for number in range(max(passes) + 1):
        for step in last:
            if passes[step] == number and step not in lines:
                lines[step] = free.pop() if free else count
                count += lines[step] == count
        # Not for this pass itself, which reads them further on than it writes.
        free += [lines[step] for step, end in last.items() if end == number and passes[step] < number]
    far = [0] * (max(passes) + 1)
    for step, number in enumerate(passes):
        if steps[step].kind != "input":
            far[number] = max(far[number], reach[step])
    return RankLines(lines, count, tuple(far))


def _write_tile(
    network: SelectionNetwork,
    layout: RankLines,
    names: tuple[str, ...],
    context: Any,
    builder: Any,
    signature: Any,
    args: Any,
) -> Any:
    """Write the passes one after the other, each a loop over vectors of columns."""
    given = dict(zip(names, args, strict=True))
    scalar = context.get_data_type(signature.args[0].dtype)
    picture, room = (
        context.make_array(kind)(context, builder, given[name]).data
        for name, kind in zip(("x", "room"), signature.args, strict=False)
    )
    kind = ir.VectorType(scalar, BYTES // context.get_abi_sizeof(scalar))
    x = builder.select(builder.icmp_signed("==", given["copied"], _INT(1)), room, picture)
    x = builder.gep(x, [given["x_offset"]])
    rows = {
        step.row: builder.gep(x, [builder.mul(given["x_stride"], _INT(step.row))])
        for step in network.steps
        if step.kind == "input"
    }
    lines = {
        step: builder.gep(room, [builder.mul(given["line"], _INT(i))]) for step, i in layout.lines.items()
    }
    for number, reach in enumerate(layout.reach):
        end = builder.add(given["count"], _INT(reach))
        with cgutils.for_range_slice(builder, _INT(0), end, _INT(kind.count)) as (at, _):
            _write_pass(builder, network, number, rows, lines, at, kind)
    return context.get_dummy_value()


def _write_pass(
    builder: Any,
    network: SelectionNetwork,
    number: int,
    rows: dict[int, Any],
    lines: dict[int, Any],
    at: Any,
    kind: Any,
) -> None:
    """The steps of one pass on a vector of columns from `at` on."""
    found: dict[tuple[int, int], Any] = {}
    size = BYTES // kind.count  # rows begin anywhere, so vectors are aligned as single numbers are

    def place(line: Any, apart: int) -> Any:
        return builder.bitcast(builder.gep(line, [builder.add(at, _INT(apart))]), kind.as_pointer())

    def value(source: tuple[int, int]) -> Any:
        if source not in found:
            step, apart = source
            picked = network.steps[step]
            line = rows[picked.row] if picked.kind == "input" else lines[step]
            found[source] = builder.load(place(line, apart), align=size)
        return found[source]

    for position, step in enumerate(network.steps):
        if step.kind == "input" or network.passes[position] != number:
            continue
        a, b = (value(source) for source in step.sources)
        # This very form is one instruction, minps or maxps.
        below = builder.fcmp_ordered("<" if step.kind == "min" else ">", a, b)
        result = found[position, 0] = builder.select(below, a, b)
        if position in network.outputs:
            # Of zeros of either sign, which one comes out depends on where they stand: this makes it +0.
            result = builder.fadd(result, ir.Constant(kind, [0.0] * kind.count))
        if position in lines:
            builder.store(result, place(lines[position], 0), align=size)
