"""The cells of each map that can matter to a value, and the values that a cell can reach: exact sets, axis by axis.

Unlike the intervals of `regions`, these sets take account of the channel of the value, of the border and what its mode
shows there, and of the gaps in dilated kernels. Channels, rows and columns are three sets, whose product is a block:
that is exact for nearly all layers, and never too small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from filterlab.fields.regions import Cells, Region, region, through, together
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, border_cells, check_border
from filterlab.graph import Graph
from filterlab.graph.nodes import Step, at_node
from filterlab.graph.shapes import size_of
from filterlab.layers.base.block import Block, Mask
from filterlab.layers.base.layer import Shape
from filterlab.layers.base.window import AxisWindow, Window

Place = tuple[int, int, int]  # channel, row, column
# All of an axis of one cell: the rows and columns of a vector, or any channel.
ONE = np.ones(1, bool)


@dataclass(frozen=True)
class Reader:
    """Follows a layer as it reads one axis of `n` cells, padded as its padding mode says; see `border_index`."""

    window: AxisWindow
    n: int
    before: int = 0
    after: int = 0
    mode: str = "zeros"

    def _shown(self, places: Array) -> Array:
        """The cell that each place of the padded axis shows, -1 for none. Place 0 is cell 0."""
        return border_cells(places, self.n, self.before, self.after, self.mode)

    def read(self, outputs: Mask) -> Mask:
        """The cells that some outputs read."""
        index = np.flatnonzero(outputs)
        places = self._places(self.window.first(index), self.window.stop(index))
        # Pooling that rounds its size up reaches even beyond the padding, where there is nothing to show.
        cells = self._shown(places[(places >= -self.before) & (places < self.n + self.after)])
        found = np.zeros(self.n, bool)
        found[cells[cells >= 0]] = True
        return found

    def _places(self, first: Array, stop: Array) -> Array:
        if not len(first):
            return first
        # Dilated windows read their taps only, so the intervals between their ends would be too large.
        if self.window.gap > 1:
            taps = first[:, None] + np.arange(0, int((stop - first).max()), self.window.gap)
            return np.unique(taps[taps < stop[:, None]])
        low, high = int(first.min()), int(stop.max())
        # +1 where a window begins and -1 where it ends: the running sum is positive on all places that are covered.
        edges = np.zeros(max(high - low, 0) + 1, int)
        # An empty window may have its end before its start: its -1 would come before its +1 and hide covered places.
        real = first < stop
        np.add.at(edges, first[real] - low, 1)
        np.add.at(edges, stop[real] - low, -1)
        return np.flatnonzero(np.cumsum(edges)) + low

    def reached(self, cells: Mask) -> Mask:
        """The outputs that read some of the cells."""
        assert self.window.count is not None, "the size is known"
        index = np.arange(self.window.count)
        first, stop = self.window.first(index), self.window.stop(index)
        longest, padded = int((stop - first).max()), self.n + self.before + self.after
        # The running count walks the padded axis once, the loop below all outputs once for each tap: take the cheaper.
        if self.window.gap == 1 and padded <= longest * len(index):
            # A window reads a marked place where the running count of marked places rises between its ends.
            total = np.concatenate([[0], np.cumsum(self._lit(cells, np.arange(padded) - self.before))])
            first, stop = (np.clip(edge + self.before, 0, padded) for edge in (first, stop))
            return total[np.maximum(stop, first)] > total[first]
        # Taps of a window that begins before the padding are counted from its own first cell.
        found = np.zeros(len(index), bool)
        for tap in range(0, longest, self.window.gap):
            place = first + tap
            inside = (place >= -self.before) & (place < np.minimum(stop, self.n + self.after))
            found[inside] |= self._lit(cells, place[inside])
        return found

    def _lit(self, cells: Mask, places: Array) -> Mask:
        """The mask of those places of the padded axis that show some of the cells."""
        shown = self._shown(places)
        return np.where(shown >= 0, cells[np.maximum(shown, 0)], False)


def _windows(step: Step, sizes: Iterable[Pair]) -> tuple[Window, ...]:
    with at_node(step.name):
        return step.layer.windows(*sizes)


def _readers(step: Step, sizes: Sequence[Pair]) -> list[tuple[Reader, Reader]]:
    """A reader of the rows and one of the columns, for each input of a step."""
    found = []
    for size, window in zip(sizes, _windows(step, sizes), strict=True):
        border = step.layer.border(size)
        lines = []
        for axis, n in enumerate(size):
            if border is None:
                lines.append(Reader(window[axis], n))
                continue
            before, after = border.pads[2 * axis : 2 * axis + 2]
            # No layer runs here, so nothing else refuses a border that reflects more cells than the map has.
            check_border(n, before, after, border.mode)
            lines.append(Reader(window[axis], n, before, after, border.mode))
        found.append((lines[0], lines[1]))
    return found


def sources(graph: Graph, shapes: Mapping[str, Shape], name: str, place: Place) -> dict[str, Block]:
    """The cells of each map, from node `name` back to the picture, that can matter to the value at a place."""
    found = {name: Block.single(shapes[name], place)}
    # Backwards, all readers of a map come before the step that makes it: its block is complete when it is its turn.
    for step in reversed(graph.steps):
        if step.name in found:
            for source, block in zip(step.inputs, _read(step, shapes, found[step.name]), strict=True):
                found[source] = found[source].joined(block) if source in found else block
    return found


def _read(step: Step, shapes: Mapping[str, Shape], outputs: Block) -> list[Block]:
    """The block of each input of a step that some of its outputs read."""
    layer, own = step.layer, tuple(shapes[name] for name in step.inputs)
    blocks = []
    for number, axes in enumerate(_readers(step, [*map(size_of, own)])):
        # Flattening and reshaping move cells between the axes, so that the three axes cannot be followed one by one.
        block = layer.rearranged(outputs, own[number])
        if block is None:
            rows, cols = (axis.read(mask) for axis, mask in zip(axes, outputs[1:], strict=True))
            block = Block(layer.channels_read(outputs.channels, number, own), rows, cols)
        blocks.append(block)
    return blocks


def joins_cells(step: Step, shapes: Mapping[str, Shape], place: Place) -> bool:
    """Return whether a value of a step is made of more than one cell of an input."""
    blocks = _read(step, shapes, Block.single(shapes[step.name], place))
    return any(block.cells > 1 for block in blocks)


class ReadBox(NamedTuple):
    """What is read of a map: channels, and the rows and columns that windows reach, also beyond the border."""

    channels: Mask
    rows: Cells
    cols: Cells

    @property
    def region(self) -> Region:
        """The rows and columns as a rectangle, not clipped to the map."""
        return region(self.rows, self.cols)

    def reads(self, channel: int | None) -> bool:
        """Return whether a channel is read; None stands for any of them."""
        # Some outputs of a transposed convolution lie between the copies of its kernel, and read nothing.
        if self.rows[0] >= self.rows[1] or self.cols[0] >= self.cols[1]:
            return False
        return bool(self.channels.any() if channel is None else self.channels[channel : channel + 1].any())

    def joined(self, other: ReadBox) -> ReadBox:
        """The smallest box around both."""
        rows, cols = together(self.rows, other.rows), together(self.cols, other.cols)
        return ReadBox(self.channels | other.channels, rows, cols)


def boxes(graph: Graph, shapes: Mapping[str, Shape], name: str, place: Place) -> dict[str, ReadBox]:
    """The theoretical boxes of a value in each map from node `name` back to the picture: as far as windows reach.

    Maps that have nothing to do with the channel of the value have no box.
    """
    _, row, col = place
    found = {name: ReadBox(Block.single(shapes[name], place).channels, (row, row + 1), (col, col + 1))}
    for step in reversed(graph.steps):
        if step.name not in found:
            continue
        for source, box in zip(step.inputs, _boxes(step, shapes, found[step.name]), strict=True):
            if box.channels.any():
                found[source] = found[source].joined(box) if source in found else box
    return found


def _boxes(step: Step, shapes: Mapping[str, Shape], outputs: ReadBox) -> Iterator[ReadBox]:
    own = tuple(shapes[name] for name in step.inputs)
    vector = len(shapes[step.name]) == 1
    for number, lines in enumerate(_windows(step, map(size_of, own))):
        # A position of a flattened map stands for one cell of it; vectors have no border.
        block = step.layer.rearranged(Block(outputs.channels, ONE, ONE), own[number]) if vector else None
        if block is not None:
            top, left, bottom, right = block.hull()
            yield ReadBox(block.channels, (top, bottom), (left, right))
            continue
        rows, cols = (through(line, cells) for line, cells in zip(lines, outputs[1:], strict=True))
        yield ReadBox(_channels(step, outputs, number, shapes), rows, cols)


def _channels(step: Step, outputs: ReadBox, number: int, shapes: Mapping[str, Shape]) -> Mask:
    """The channels of input `number` of a step that a box of its outputs reads."""
    own = tuple(shapes[name] for name in step.inputs)
    spans = zip(outputs[1:], size_of(shapes[step.name]), strict=True)
    rows, cols = ((np.arange(n) >= first) & (np.arange(n) < stop) for (first, stop), n in spans)
    block = step.layer.rearranged(Block(outputs.channels, rows, cols), own[number])
    # A box that lies in the padding alone has no cells to follow.
    if block is not None and not block.empty:
        return block.channels
    return step.layer.channels_read(outputs.channels, number, own)


def targets(graph: Graph, sizes: Mapping[str, Pair], name: str, row: int, col: int) -> dict[str, Block]:
    """The rows and columns of each map, from node `name` onwards, that a cell of it can reach in any channel."""
    found = {name: Block.single((1, *sizes[name]), (0, row, col))}
    for step in graph.steps:
        if step.name == name or found.keys().isdisjoint(step.inputs):
            continue
        axes = _readers(step, [sizes[source] for source in step.inputs])
        for source, (rows, cols) in zip(step.inputs, axes, strict=True):
            if source in found:
                block = Block(ONE, rows.reached(found[source].rows), cols.reached(found[source].cols))
                found[step.name] = found[step.name].joined(block) if step.name in found else block
    return found
