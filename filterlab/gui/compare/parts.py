"""What is compared of the maps of a picture that is larger than memory: the part of them that is seen. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, floor, inf, isqrt
from typing import NamedTuple

from filterlab.errors import Cancelled, FilterLabError, shown
from filterlab.fields.maps import FieldMap, Placement, spread
from filterlab.fields.patches import Span
from filterlab.graph import Graph
from filterlab.graph.editing import leading_to
from filterlab.graph.shapes import all_shapes
from filterlab.gui.bench.fullview import Part
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.workbench import Workbench
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.views import MapView
from filterlab.layers.base.layer import Shape
from filterlab.run.comparing import Difference, Differences, common_nodes, map_difference
from filterlab.run.tiling.plan import NUMBER
from filterlab.run.tiling.regions import RegionRun

MOST = 1 << 23  # values of a map: zoomed out, the middle of what is seen is compared
_SHARE = 8  # an eighth of the memory for maps may be taken while a part of one is computed


class ComparedPart(NamedTuple):
    """crop: what is seen of the picture. memory: bytes that maps may take while the part is computed."""

    crop: Part
    memory: int


def seen_part(bench: Workbench) -> ComparedPart | None:
    """What is seen of a picture that is larger than memory; None of any other, which is compared as a whole."""
    picture = bench.document.picture
    if picture is None or not isinstance(picture.pixels, PictureLevels):
        return None
    height, width = picture.shape[1:]
    crop = bench.view.look.crop or (0.0, 0.0, float(height), float(width))
    return ComparedPart(crop, bench.results.room // _SHARE)


def part_of(
    graph: Graph, node: str, levels: PictureLevels, part: ComparedPart, cancel: Callable[[], bool]
) -> tuple[Shown, tuple[int, int], tuple[int, int]]:
    """The part of a map that is seen, with its true values, its first row and column, and the size of the whole map.

    Raises FilterLabError where it is no map, or takes more memory than there is; Cancelled.
    """
    own = leading_to(graph, [node])
    shape = all_shapes(own, levels.shape)[node]
    rows, cols = _compared_cells(node, shape, levels, part)
    fields = FieldMap(own, (levels.shape[1], levels.shape[2]), levels.shape[0])
    place = fields.placement(node) or spread(fields.size, fields.sizes[node])
    values = RegionRun(own, LevelSource(levels, 0), [node], part.memory).region(node, rows, cols, cancel)
    lies = Placement(
        place.top + rows[0] * place.height, place.left + cols[0] * place.width, place.height, place.width
    )
    return Shown(MapView(values), lies), (rows[0], cols[0]), (shape[1], shape[2])


def _seen_cells(node: str, shape: Shape, levels: PictureLevels, part: ComparedPart) -> tuple[Span, Span]:
    """The rows and columns of a map that are seen. Raises FilterLabError where it has none."""
    if len(shape) != 3:
        hint = "compare maps, or use a smaller picture"
        raise FilterLabError(
            "it has no rows and columns of which a part could be compared", shown(node), hint
        )
    (top, left, height, width), (_, down, across) = part.crop, shape
    # Not by their place, which may lie half a cell beside that of another: maps of one size have their cells in common.
    over = spread((levels.shape[1], levels.shape[2]), (down, across))
    return (
        _cells(top - over.top, height, over.height, down),
        _cells(left - over.left, width, over.width, across),
    )


def _compared_cells(node: str, shape: Shape, levels: PictureLevels, part: ComparedPart) -> tuple[Span, Span]:
    """The rows and columns of a map that are compared: those in the middle of what is seen. Raises as that."""
    rows, cols = _seen_cells(node, shape, levels, part)
    most = max(isqrt(MOST // shape[0]), 1)
    return _middle(rows, most), _middle(cols, most)


class PartDifferences(NamedTuple):
    """Two pipelines, compared in what is seen.

    left_out: why the maps of the other common nodes could not be made. complete: whether all that is seen was compared,
    and not for some nodes only the middle of it.
    """

    found: Differences
    left_out: dict[str, FilterLabError]
    complete: bool = True


def compare_parts(
    a: Graph, b: Graph, levels: PictureLevels, part: ComparedPart, cancel: Callable[[], bool]
) -> PartDifferences:
    """Compare the maps of the nodes that have the same name, in what is seen of them.

    Raises FilterLabError where no name is the same, or no map of them can be made in parts; Cancelled.
    """
    common = common_nodes(a, b)
    found = dict(_compared((a, b), common, levels, part, cancel))
    nodes = [each for name in common if isinstance(each := found[name], Difference)]
    left_out = {name: each for name in common if isinstance(each := found[name], FilterLabError)}
    if not nodes:
        raise left_out[common[0]]
    shapes = all_shapes(leading_to(a, [node.name for node in nodes]), levels.shape)
    # Maps of unequal sizes differ, however little of them is looked at.
    compared = ((node.name, shapes[node.name], levels, part) for node in nodes if node.largest < inf)
    complete = all(_compared_cells(*each) == _seen_cells(*each) for each in compared)
    return PartDifferences(Differences.of(nodes), left_out, complete)


def _compared(
    pair: tuple[Graph, Graph],
    names: list[str],
    levels: PictureLevels,
    part: ComparedPart,
    cancel: Callable[[], bool],
) -> Iterator[tuple[str, Difference | FilterLabError]]:
    """Yield how far the maps of each node are apart, or why it cannot be said.

    They are made together where there is room, since each needs those before it; else half of them at a time.
    """
    made, problem = None, None
    try:
        made = _compared_together(pair, names, levels, part, cancel)
    except Cancelled:
        raise
    except FilterLabError as error:
        problem = error
    if made is not None:
        yield from made
    elif problem is not None and len(names) == 1:
        yield names[0], problem
    else:
        half = len(names) // 2
        for few in (names[:half], names[half:]):
            yield from _compared(pair, few, levels, part, cancel)


def _compared_together(
    pair: tuple[Graph, Graph],
    names: list[str],
    levels: PictureLevels,
    part: ComparedPart,
    cancel: Callable[[], bool],
) -> list[tuple[str, Difference]] | None:
    """How far the maps are apart; None where fewer have to be held at a time. Raises FilterLabError, Cancelled."""
    graphs = [leading_to(graph, names) for graph in pair]
    first, second = (all_shapes(graph, levels.shape) for graph in graphs)
    seen = {
        name: _compared_cells(name, first[name], levels, part)
        for name in names
        if first[name] == second[name]
    }
    if len(seen) > 1 and sum(_bytes(first[name][0], *seen[name]) for name in seen) > part.memory:
        return None
    source = LevelSource(levels, 0)
    maps = [RegionRun(graph, source, [*seen], part.memory).regions(seen, cancel) for graph in graphs if seen]
    return [
        (
            name,
            map_difference(name, *(each[name] for each in maps))
            if name in seen
            else Difference(name, inf, inf),
        )
        for name in names
    ]


def _bytes(channels: int, rows: Span, cols: Span) -> int:
    return 2 * NUMBER * channels * (rows[1] - rows[0]) * (cols[1] - cols[0])  # of both pipelines


def _cells(start: float, length: float, step: float, count: int) -> Span:
    """The cells of an axis, of so many, that a span of the picture covers: at least one."""
    first = min(max(floor(start / step), 0), count - 1)
    return first, max(min(ceil((start + length) / step), count), first + 1)


def _middle(span: Span, most: int) -> Span:
    first = span[0] + max(span[1] - span[0] - most, 0) // 2
    return first, min(span[1], first + most)
