"""Learning from a part of a picture that is larger than memory, with the values that its whole would have there."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isqrt, prod
from typing import Any

from filterlab.errors import FilterLabError, ParameterError
from filterlab.fields.maps import FieldMap
from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE, G, Graph
from filterlab.graph.editing import free_name, leading_to
from filterlab.graph.nodes import Node
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.layers.base.layer import Shape
from filterlab.layers.base.registry import layer_type
from filterlab.learning.descent.samples import Cropping, crop_grid
from filterlab.run.tiling.ends import ArraySource, PartSource
from filterlab.run.tiling.plan import NUMBER
from filterlab.run.tiling.regions import RegionRun
from filterlab.text.messages import say

MOST = 1 << 22  # pixels: of more, a step takes seconds, and a kernel is no better known
_TIMES = 3  # a step holds the maps, their gradients, and what a layer takes while it makes either

Seen = tuple[float, float, float, float]  # top, left, height and width in the picture


@dataclass(frozen=True)
class LearnedPart:
    """rows, cols: what is learned from of the picture, half-open.

    margin: the cells at each side of its output that see beyond it, and are not compared. at: the rows and columns of
    the others in the output of the whole picture. complete: whether all that is seen is in it.
    """

    rows: Span
    cols: Span
    margin: tuple[tuple[int, int], tuple[int, int]]
    at: tuple[Span, Span]
    complete: bool

    def with_cut(self, graph: G, output: str) -> tuple[G, str]:
        """What leads to the output, with a last node that leaves out what is not compared, and the name of that."""
        layer = layer_type("crop")(margin=self.margin)
        name = free_name(graph, layer)
        # Other branches may not fit the part.
        return type(graph)([*leading_to(graph, [output]).nodes, Node(name, layer, (output,))]), name


def part_to_learn(graph: Graph, output: str, picture: Shape, seen: Seen, memory: float) -> LearnedPart:
    """The part of a picture (C, H, W) around what is seen of it, with all that the outputs there depend on.

    The graph fits the picture. memory: bytes for a step. Where that, or `MOST`, is less than what is seen, the middle
    of it is taken. Raises ParameterError where outputs see all of the picture, or more than the part can have.
    """
    try:
        return _part(graph, output, picture, seen, memory)
    except FilterLabError as error:
        # What is said of crops of a picture that is in memory advises to take all of it; and of layers that fit the
        # picture but no part of it, what to change in them.
        what = error.what
        if not isinstance(error, ParameterError):
            what = say("the output of a crop is not a part of the whole picture's output: {}", what)
        hint = say(
            "the picture is larger than memory: compare a node that sees a part of it, or use a smaller one"
        )
        raise ParameterError(what, "learn", hint, parameter="picture", node=output) from None


def _part(graph: Graph, output: str, picture: Shape, seen: Seen, memory: float) -> LearnedPart:
    graph, size = leading_to(graph, [output]), (picture[1], picture[2])
    fields = FieldMap(graph, size)
    vector = len(graph.output_shapes(picture)[output]) != 3
    grid = (1, 1) if vector else crop_grid(fields, output)[0]
    if vector or fields.field(output).whole:
        raise ParameterError(say("each value of {} sees all of the picture", output), "learn")
    field = fields.field(output)
    most = isqrt(max(int(min(MOST, memory / _bytes_per_pixel(graph, picture))), 1))
    rows, cols = (
        _span(seen[axis], seen[2 + axis], size[axis], grid[axis], int(field.size[axis]) // 2, most)
        for axis in (0, 1)
    )
    shape = (picture[0], rows[1] - rows[0], cols[1] - cols[0])
    found = Cropping.of_maps(graph, output, shape, {size})
    assert found.inside is not None, "the output is a map"
    own = graph.output_shapes(shape)[output]
    down, across = found.inside
    at = tuple(
        (part.start + span[0] // step, part.stop + span[0] // step)
        for part, span, step in zip(found.inside, (rows, cols), found.step, strict=True)
    )
    margin = (down.start, own[1] - down.stop), (across.start, own[2] - across.stop)
    complete = all(
        span[0] <= max(seen[axis], 0) and span[1] >= min(seen[axis] + seen[2 + axis], size[axis])
        for axis, span in enumerate((rows, cols))
    )
    return LearnedPart(rows, cols, margin, (at[0], at[1]), complete)


def _bytes_per_pixel(graph: Graph, picture: Shape) -> float:
    shapes = {IMAGE: picture, **graph.output_shapes(picture)}
    return _TIMES * NUMBER * sum(map(prod, shapes.values())) / prod(picture[1:])


def _span(start: float, length: float, n: int, grid: int, halo: int, most: int) -> Span:
    """The cells of an axis of n, as many of them as `most`, that begin where windows do and end as the axis does."""
    first, last = floor(start) - halo, ceil(start + length) + halo
    first, last = max(first, 0), min(last, n)
    # As long as the whole modulo the grid: padding "same" depends on what a stride leaves over.
    over = n % grid
    least, most = (max(count - over, 0) // grid for count in (1 + grid, max(most, 1)))
    # At the border, the nearest outputs that see nothing beyond it lie further inside.
    wanted = max(last - first, 2 * halo + grid)
    count = min(max(min(ceil((wanted - over) / grid), most), least), n // grid)
    first = min(max((first + last - count * grid - over) // 2, 0) // grid * grid, n - over - count * grid)
    return first, first + count * grid + over


def read_part(pixels: Any, rows: Span, cols: Span) -> Array:
    """The values (C, h, w) of half-open rows and columns of a picture. Raises ImageError."""
    if isinstance(pixels, PictureLevels):
        return pixels.read_level(0, rows, cols)
    part: Array = pixels[:, slice(*rows), slice(*cols)]
    return part


def taught_part(
    teacher: Graph, output: str, pixels: Any, at: tuple[Span, Span], memory: int, cancel: Cancel
) -> Array:
    """A part of the map that a teacher makes of the whole picture. Raises FilterLabError, Cancelled."""
    large = isinstance(pixels, PictureLevels)
    source: PartSource = LevelSource(pixels, 0) if large else ArraySource(pixels)
    try:
        return RegionRun(teacher, source, [output], memory).region(output, *at, cancel)
    except FilterLabError as error:
        error.parameter = error.parameter or "target"
        raise
