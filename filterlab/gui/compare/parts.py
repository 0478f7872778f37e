"""What is compared of the maps of a picture that is larger than memory: the part of them that is seen. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, isqrt
from typing import NamedTuple

from filterlab.errors import FilterLabError, shown
from filterlab.fields.maps import FieldMap, Placement, spread
from filterlab.graph import Graph
from filterlab.graph.editing import ancestors
from filterlab.graph.shapes import all_shapes
from filterlab.gui.bench.fullview import Part
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.workbench import Workbench
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.views import MapView
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
    # Only what leads to the node: others may not fit.
    needed = ancestors(graph, [node]) | {node}
    own = Graph(each for each in graph.nodes if each.name in needed)
    shape = all_shapes(own, levels.shape)[node]
    if len(shape) != 3:
        hint = "compare maps, or use a smaller picture"
        raise FilterLabError(
            "it has no rows and columns of which a part could be compared", shown(node), hint
        )
    fields = FieldMap(own, (levels.shape[1], levels.shape[2]), levels.shape[0])
    place = fields.placement(node) or spread(fields.size, fields.sizes[node])
    most = max(isqrt(MOST // shape[0]), 1)
    (top, left, height, width), (_, down, across) = part.crop, shape
    # Not by their place, which may lie half a cell beside that of another: maps of one size have their cells in common.
    over = spread(fields.size, (down, across))
    rows = _cells(top - over.top, height, over.height, down, most)
    cols = _cells(left - over.left, width, over.width, across, most)
    values = RegionRun(own, LevelSource(levels, 0), [node], part.memory).region(node, rows, cols, cancel)
    lies = Placement(
        place.top + rows[0] * place.height, place.left + cols[0] * place.width, place.height, place.width
    )
    return Shown(MapView(values), lies), (rows[0], cols[0]), (down, across)


def _cells(start: float, length: float, step: float, count: int, most: int) -> tuple[int, int]:
    """The cells of an axis, of so many, that a span of the picture covers: at least one, and `most` in its middle."""
    first = min(max(floor(start / step), 0), count - 1)
    last = max(min(ceil((start + length) / step), count), first + 1)
    first += max(last - first - most, 0) // 2
    return first, min(last, first + most)
