"""Maps of a picture that is larger than memory: a preview of each, made from the reduced picture. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from filterlab.errors import FilterLabError, shown
from filterlab.fields.maps import FieldMap, Placement, spread
from filterlab.graph.shapes import known_shapes
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.parts.views import LargeView, MapLevel
from filterlab.images.views import MapView
from filterlab.layers.base.layer import Shape
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Problem, Row
from filterlab.run.tiling.regions import needing_whole
from filterlab.text.messages import say

Span = tuple[int, int]
Ask = Callable[[LargeView, int, Span, Span], None]


class LargeMaps:
    """The maps of one pipeline on one large picture. fields: of the picture in full. ask: see `LargeView`."""

    def __init__(self, pipeline: Pipeline, picture: PictureLevels, fields: FieldMap, ask: Ask) -> None:
        self._pipeline, self._picture, self._ask = pipeline, picture, ask
        self._shapes = known_shapes(pipeline, picture.shape)
        self._known = {0: fields}
        self.reduction = round(picture.shape[1] / picture.base.shape[1])

    @cached_property
    def wholes(self) -> dict[str, str]:
        """The nodes of which nothing but a preview can be shown; see `needing_whole`."""
        return needing_whole(self._pipeline, self._shapes)

    def view(self, name: str, base: MapView) -> MapView:
        """The map of a node, or the picture, from the one that the reduced picture has. A vector has no other."""
        shape = self._shapes[name]
        if len(shape) != 3:
            return base
        own = self._place(0, name)
        last = self._picture.count - 1
        whole = name in self.wholes
        levels = [] if whole else [self._level(level, name) for level in range(last)]
        known = [level for level in levels if level is not None]
        # Only as far as there are no gaps: a net may not fit into the smaller ones.
        known = known if len(known) == len(levels) else [level for level in levels[:1] if level is not None]
        lies = self._level(last, name) or MapLevel(0, 0, *self._stretch(shape, base.size), base.size)
        source = self._pipeline, self._picture
        return LargeView(shape, base, lies, known, (own.height, own.width), source, self._ask)

    def problems(self, rows: Iterable[Row | Problem]) -> dict[str, FilterLabError]:
        """Why some nodes have no map, or only that of the preview. rows: the ledger of the preview."""
        found: dict[str, FilterLabError] = {}
        for row in rows:
            where = f"node {shown(row.name)}"
            if isinstance(row, Problem):
                # A crop far inside of the picture, say: there is nothing of the preview left to show.
                what = say("it does not fit the preview at 1/{} of the size", self.reduction)
                hint = say("`filterlab run` computes it in full")
                found[row.name] = FilterLabError(what, where, hint, node=row.name)
            elif row.name in self.wholes:
                cause = shown(self.wholes[row.name])
                what = say(
                    "{} needs its whole input; this is computed at 1/{} of the size", cause, self.reduction
                )
                hint = say("`filterlab run --memory` computes it where that is possible")
                found[row.name] = FilterLabError(what, where, hint, node=row.name)
        return found

    def _fields(self, level: int) -> FieldMap:
        if level not in self._known:
            channels, height, width = self._picture.shape_at(level)
            self._known[level] = FieldMap(self._pipeline, (height, width), channels)
        return self._known[level]

    def _place(self, level: int, name: str) -> Placement:
        fields = self._fields(level)
        return fields.placement(name) or spread(fields.size, fields.sizes[name])

    def _level(self, level: int, name: str) -> MapLevel | None:
        """How the map of a level lies on the map itself; None where the node does not fit at that size."""
        fields = self._fields(level)
        if name not in fields.sizes:
            return None
        full, own = self._place(0, name), self._place(level, name)
        down, across = (
            large / small for large, small in zip(self._picture.shape[1:], fields.size, strict=True)
        )
        return MapLevel(
            (own.top * down - full.top) / full.height,
            (own.left * across - full.left) / full.width,
            own.height * down / full.height,
            own.width * across / full.width,
            fields.sizes[name],
        )

    @staticmethod
    def _stretch(shape: Shape, size: tuple[int, int]) -> tuple[float, float]:
        return shape[1] / size[0], shape[2] / size[1]
