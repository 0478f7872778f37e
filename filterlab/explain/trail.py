"""The way of one value back to the picture: the region that it sees of each map before it."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.fields.maps import FieldMap
from filterlab.fields.regions import Region
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE


@dataclass(frozen=True)
class Stop:
    """One map on the way. region: the cells that are seen, not clipped to the map. size: (height, width) of the map."""

    node: str
    region: Region
    size: tuple[int, int]

    @property
    def inside(self) -> Region:
        """The part of the region that lies in the map."""
        return self.region.clipped(self.size)

    @property
    def extent(self) -> tuple[int, int]:
        """(height, width) of the region."""
        return _extent(self.region)

    @property
    def cells(self) -> int:
        """The number of cells of the region, including padding."""
        height, width = self.extent
        return height * width

    @property
    def padding(self) -> int:
        """The number of cells of the region that lie outside the map."""
        height, width = _extent(self.inside)
        return self.cells - height * width

    @property
    def middle(self) -> tuple[int, int]:
        """(row, column) of the cell of the map that is nearest to the middle of the region."""
        rows, cols = (self.region.top, self.region.bottom), (self.region.left, self.region.right)
        # Half-open, so the last cell is stop - 1; of two middle cells the first is taken.
        row, col = ((start + stop - 1) // 2 for start, stop in (rows, cols))
        # The middle of a region that lies mostly in the padding may be no cell of the map.
        return min(max(row, 0), self.size[0] - 1), min(max(col, 0), self.size[1] - 1)


def trail(
    graph: Graph, fields: FieldMap, name: str, row: int, col: int, channel: int | None = None
) -> list[Stop]:
    """The stops from value (row, col) of node `name` to the picture, in reverse order of evaluation.

    channel: as for `FieldMap.regions`. Empty where the position is outside the map.
    """
    regions = fields.regions(name, row, col, channel)
    order = [*(step.name for step in reversed(graph.steps)), IMAGE]
    return [Stop(node, regions[node], fields.sizes[node]) for node in order if node in regions]


def _extent(region: Region) -> tuple[int, int]:
    return region.bottom - region.top, region.right - region.left
