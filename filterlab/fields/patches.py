"""Running layers forwards and backwards on parts of maps, so that one value costs what it sees and no more.

A layer that is given a part of its input pads it where the part ends, as if the map ended there. Outputs whose windows
stay clear of such an end are the same numbers as those of the whole map; only these are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.graph.nodes import Step, at_node
from filterlab.layers.base.block import Block
from filterlab.layers.base.border import PLAIN_MODES
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.terms import Arithmetic
from filterlab.layers.base.window import AxisWindow

Span = tuple[int, int]  # half-open


@dataclass(frozen=True)
class Patch:
    """A part of a map: an array (1, C, h, w) and where it begins. A vector (1, features) begins at 0, 0."""

    array: Array
    top: int = 0
    left: int = 0

    @property
    def region(self) -> Region:
        """The cells that the patch covers; (0, 0, 1, 1) for a vector."""
        height, width = self.array.shape[2:] or (1, 1)
        return Region(self.top, self.left, self.top + height, self.left + width)

    def cut(self, rows: Span, cols: Span) -> Array:
        """The values of a rectangle of the map, 0 where the patch does not reach. A vector is never cut."""
        own = self.region
        if self.array.ndim == 2:
            return self.array
        if own.top <= rows[0] and rows[1] <= own.bottom and own.left <= cols[0] and cols[1] <= own.right:
            # Nearly always the patch holds all that is asked for: then a view is enough, and nothing is copied.
            return self.array[
                :, :, rows[0] - own.top : rows[1] - own.top, cols[0] - own.left : cols[1] - own.left
            ]
        made = np.zeros((*self.array.shape[:2], rows[1] - rows[0], cols[1] - cols[0]), self.array.dtype)
        top, bottom = max(rows[0], own.top), min(rows[1], own.bottom)
        left, right = max(cols[0], own.left), min(cols[1], own.right)
        if top < bottom and left < right:
            part = self.array[:, :, top - own.top : bottom - own.top, left - own.left : right - own.left]
            made[:, :, top - rows[0] : bottom - rows[0], left - cols[0] : right - cols[0]] = part
        return made

    def trimmed(self) -> Patch | None:
        """The smallest patch around all values that are not 0 (NaN is not); None where all are 0."""
        if self.array.ndim == 2:
            return self if np.any(self.array) else None
        nonzero = (self.array != 0).any(axis=(0, 1))
        rows, cols = np.flatnonzero(nonzero.any(axis=1)), np.flatnonzero(nonzero.any(axis=0))
        if not len(rows):
            return None
        top, left = self.top + int(rows[0]), self.left + int(cols[0])
        part = self.cut((top, self.top + int(rows[-1]) + 1), (left, self.left + int(cols[-1]) + 1))
        return Patch(part, top, left)

    def within(self, block: Block) -> Patch:
        """The part in the rectangle around a block, with 0 in the channels that are not in the block."""
        array, own = self.array, self.region
        if not block.channels.all():
            kept = block.channels.reshape(1, -1, *[1] * (array.ndim - 2))
            array = np.where(kept, array, array.dtype.type(0))  # not a product: 0 * inf is NaN
        part = Patch(array, self.top, self.left)
        top, left, bottom, right = block.hull()
        # The stop must not fall before the start where the two do not meet, or `cut` would make a negative size.
        rows = max(own.top, top), max(min(own.bottom, bottom), own.top, top)
        cols = max(own.left, left), max(min(own.right, right), own.left, left)
        return part if array.ndim == 2 else Patch(part.cut(rows, cols), rows[0], cols[0])

    def plus(self, other: Patch) -> Patch:
        """The sum of two patches, over the smallest rectangle around both."""
        a, b = self.region, other.region
        rows = min(a.top, b.top), max(a.bottom, b.bottom)
        cols = min(a.left, b.left), max(a.right, b.right)
        return Patch(self.cut(rows, cols) + other.cut(rows, cols), rows[0], cols[0])


@dataclass(frozen=True)
class InputTile:
    """The (rows, columns) that a layer is given of its inputs, and those of the output that it makes of them."""

    inputs: tuple[Span, Span]
    outputs: tuple[Span, Span]


def tile_for(layer: Layer, sizes: tuple[Pair, ...], region: Region) -> InputTile:
    """The smallest parts of inputs of `sizes` that make a region of the output as the whole inputs would.

    An axis is taken whole where the windows over a part would not be those over the whole. All inputs of a layer that
    joins several maps are cut in the same way.
    """
    rows = axis_tile(layer, sizes, 0, (region.top, region.bottom))
    cols = axis_tile(layer, sizes, 1, (region.left, region.right))
    return InputTile((rows[0], cols[0]), (rows[1], cols[1]))


def axis_tile(layer: Layer, sizes: tuple[Pair, ...], axis: int, wanted: Span) -> tuple[Span, Span]:
    """As `tile_for` along one axis: the cells of the inputs, and the outputs that they make."""
    lengths = {size[axis] for size in sizes}
    lines = [window[axis] for window in layer.windows(*sizes)]
    # Vectors know no count along rows and columns; they are one cell wide.
    whole = (0, max(lengths)), (0, lines[0].count or 1)
    alike = len(lengths) == 1 and all(line.periodic and line.line == lines[0].line for line in lines)
    return (_spans(layer, sizes, axis, lines[0], wanted) or whole) if alike else whole


def _spans(
    layer: Layer, sizes: tuple[Pair, ...], axis: int, window: AxisWindow, wanted: Span
) -> tuple[Span, Span] | None:
    """The (input, output) spans along one axis; None where it must be taken whole."""
    n, count = sizes[0][axis], window.count or 0
    cells, outputs = window.step.numerator, window.step.denominator
    seen = _seen(layer, sizes[0], axis, window.reach(wanted[0], wanted[1] - 1))
    if seen is None:
        return None
    first, stop = seen
    # Whole periods are cut off at both ends, so that windows and padding fall as they do on the whole axis.
    # Taking n - 1 leaves at least one cell to the layer, even where the outputs see nothing but padding.
    turns = max(min(first // cells, wanted[0] // outputs, (n - 1) // cells), 0)
    start, begin = turns * cells, turns * outputs
    end = n - max((n - stop) // cells, 0) * cells
    while end <= n:
        if end <= start:  # the wanted outputs see padding only, but a layer needs some cells
            end += cells
            continue
        # The number of outputs depends on padding and rounding, so the part grows until it makes all that are wanted.
        made = _count(layer, sizes, axis, end - start, window)
        if made is None:
            return None
        if begin + made >= wanted[1]:
            return ((start, end), (begin, begin + made)) if begin + made <= count else None
        end += cells
    return None


def _seen(layer: Layer, size: Pair, axis: int, reach: Span) -> Span | None:
    """The cells that windows which reach so far read, with those that the border shows; None for the whole axis."""
    border, n, (first, stop) = layer.border(size), size[axis], reach
    if border is None or border.mode in PLAIN_MODES:
        return reach
    if border.mode == "circular" and (first < 0 or stop > n):
        return None
    # A mirror at one end shows as many cells beside it. The layer also pads the end where the part is cut, which takes
    # as many cells although nobody looks at them.
    low = min(first, 2 * n - 1 - stop) if stop > n else first
    high = max(stop, 1 - first) if first < 0 else stop
    short = max(max(border.pads[2 * axis : 2 * axis + 2]) + 1 - (min(high, n) - max(low, 0)), 0)
    return (low, high + short) if high + short <= n else (low - short, high)


def _count(layer: Layer, sizes: tuple[Pair, ...], axis: int, length: int, window: AxisWindow) -> int | None:
    """The number of outputs that a part of an axis makes; None where its windows are not those of the whole."""
    parts = [(length, size[1]) if axis == 0 else (size[0], length) for size in sizes]
    try:
        found = layer.windows(*parts)[0][axis]
    # The part may be smaller than the kernel, which the layer refuses; the axis is then taken whole.
    except FilterLabError:
        return None
    return found.count if found.periodic and found.line == window.line else None


def forward(step: Step, inputs: tuple[Patch, ...], sizes: tuple[Pair, ...], region: Region) -> Patch:
    """A patch of a step's output that covers `region`, from patches of its inputs that cover what the region sees.

    Errors name the node.
    """
    with at_node(step.name):
        # A layer that reads a vector reads all of it: there is nothing to cut.
        if any(patch.array.ndim == 2 for patch in inputs):
            return Patch(step.layer.forward(*(patch.array for patch in inputs)))
        tile = tile_for(step.layer, sizes, region)
        y = step.layer.forward(*_cuts(inputs, sizes, tile))
        return Patch(y, tile.outputs[0][0], tile.outputs[1][0]) if y.ndim == 4 else Patch(y)


def _cuts(inputs: tuple[Patch, ...], sizes: tuple[Pair, ...], tile: InputTile) -> tuple[Array, ...]:
    """The inputs cut to a tile. An input that is smaller than the others (1x1, which stands for all) is kept whole."""
    rows, cols = tile.inputs
    return tuple(
        patch.cut((rows[0], min(rows[1], size[0])), (cols[0], min(cols[1], size[1])))
        for patch, size in zip(inputs, sizes, strict=True)
    )


def backward(
    step: Step, dy: Patch, inputs: tuple[Patch, ...], output: Patch, sizes: tuple[Pair, ...]
) -> tuple[Patch, ...]:
    """The gradients of a step's inputs, from a gradient `dy` of its output that is 0 outside its patch.

    Errors name the node.
    """
    with at_node(step.name):
        if any(patch.array.ndim == 2 for patch in (dy, *inputs)):
            xs = _wholes(inputs, sizes)
            return tuple(Patch(dx) for dx in step.layer.input_gradients(dy.array, xs, output.array))
        tile = tile_for(step.layer, sizes, dy.region)
        xs, y, slopes = _cuts(inputs, sizes, tile), output.cut(*tile.outputs), dy.cut(*tile.outputs)
        top, left = tile.inputs[0][0], tile.inputs[1][0]
        return tuple(Patch(dx, top, left) for dx in step.layer.input_gradients(slopes, xs, y))


def explain(
    step: Step, inputs: tuple[Patch, ...], output: Patch, sizes: tuple[Pair, ...], place: tuple[int, int, int]
) -> tuple[Arithmetic, Pair]:
    """How the value at a place (channel, row, col) was computed, and the (row, column) of the part that its terms name.

    Rows and columns of the terms count from there.
    """
    channel, row, col = place
    # NaN and infinities in a map are what is to be explained, not a reason for a warning.
    with at_node(step.name), np.errstate(all="ignore"):
        if any(patch.array.ndim == 2 for patch in (output, *inputs)):
            xs = _wholes(inputs, sizes)
            return step.layer.explain(xs, output.array, channel, row, col), (0, 0)
        tile = tile_for(step.layer, sizes, Region(row, col, row + 1, col + 1))
        xs, y = _cuts(inputs, sizes, tile), output.cut(*tile.outputs)
        (rows, cols), (down, across) = tile.inputs, tile.outputs
        found = step.layer.explain(xs, y, channel, row - down[0], col - across[0])
        return found, (rows[0], cols[0])


def _wholes(inputs: tuple[Patch, ...], sizes: tuple[Pair, ...]) -> tuple[Array, ...]:
    return tuple(patch.cut((0, size[0]), (0, size[1])) for patch, size in zip(inputs, sizes, strict=True))


def run(
    steps: tuple[Step, ...],
    maps: Mapping[str, Patch],
    sizes: Mapping[str, Pair],
    regions: Mapping[str, Region],
) -> dict[str, Patch]:
    """Patches of the maps of `steps` that cover `regions`. Those in `maps` are taken as they are."""
    found = dict(maps)
    for step in steps:
        if step.name in regions and step.name not in found:
            inputs = tuple(found[name] for name in step.inputs)
            own = tuple(sizes[name] for name in step.inputs)
            region = regions[step.name]
            # An empty region belongs to a map that does not matter here; the layers behind it still need an input.
            wanted = region if region.top < region.bottom else Region(0, 0, 1, 1)
            found[step.name] = forward(step, inputs, own, wanted)
    return found
