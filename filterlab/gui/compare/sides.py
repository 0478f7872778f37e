"""Both sides of a comparison, and how far they are apart. Found in a thread, and shown by the views. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor
from typing import Any

from filterlab.fields.maps import FieldMap, Placement
from filterlab.graph import IMAGE
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.tones import usual_tones
from filterlab.gui.bench.work import Picture
from filterlab.gui.compare.parts import ComparedPart, part_of
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.statistics import Statistics, statistics
from filterlab.images.views import MapView
from filterlab.pipeline import Pipeline
from filterlab.run.comparing import PairStatistics, difference, pair_statistics
from filterlab.run.evaluate import Evaluator

# Of side A and of side B; None for the three channels of a picture in colours.
Channels = tuple[int | None, int | None]
Cell = tuple[int, int]  # row and column


@dataclass(frozen=True, eq=False)
class MapSource:
    """A pipeline whose maps are compared.

    title: what the window calls it, "" where both sides are of the same one. live: whether it is the pipeline of the
    document, which is then replaced by each edit. given: a map that no pipeline makes, as a restored picture, and then
    the only one of this source; picture: whether that is shown in the colours of a picture.
    """

    title: str
    pipeline: Pipeline
    live: bool = False
    given: MapView | None = None
    picture: bool = True


@dataclass(frozen=True, eq=False)
class MapSide:
    """A map on one side. A vector stands as one row of cells.

    place: how the map lies on the picture. picture: whether its channels are still those of the picture. mean: whether
    `view` is the mean of the node's three channels, as the wall shows it in a first tile. part: of which part of a
    picture that is larger than memory it is the map, and then corner: its first row and column in the whole map, of
    which whole is the size.
    """

    source: MapSource
    node: str
    view: MapView
    place: Placement
    picture: bool
    vector: bool
    mean: bool = False
    part: ComparedPart | None = None
    corner: Cell = (0, 0)
    whole: Cell | None = None

    @property
    def end(self) -> Cell:
        """The row and the column after the last ones, in the whole map."""
        return self.corner[0] + self.view.size[0], self.corner[1] + self.view.size[1]

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the whole map."""
        shape = self.view.array.shape
        return shape if self.whole is None else (shape[0], *self.whole)

    @property
    def in_colours(self) -> bool:
        """True if its channels can be shown as one picture in colours."""
        return self.picture and self.view.channels == 3

    @property
    def like_a_picture(self) -> bool:
        """True for a picture, and for a map that could be one: its values lie in [0, 1], as behind a clamp."""
        low, high = self.view.extent
        return self.picture or (self.view.channels in (1, 3) and low >= 0 and high <= 1)

    def planes(self, channel: int | None) -> Any:
        """The values (C, H, W) that are compared: of one channel, or of all three in colours."""
        return self.view.planes if channel is None else self.view.planes[channel : channel + 1]


@dataclass(frozen=True, eq=False)
class SidePair:
    """Both sides, with the channels that are shown of them.

    here: the statistics of these channels; whole: those of all channels, None where that is the same or where their
    numbers differ. apart: A - B. For maps of unequal size these are None, and summaries has the statistics of each.
    """

    a: MapSide
    b: MapSide
    channels: Channels
    here: PairStatistics | None
    whole: PairStatistics | None
    apart: MapView | None
    summaries: tuple[Statistics, Statistics] | None

    @property
    def sides(self) -> tuple[MapSide, MapSide]:
        """A and B."""
        return self.a, self.b

    def is_of(
        self,
        sources: tuple[MapSource, MapSource],
        nodes: tuple[str, str],
        means: tuple[bool, bool],
        part: ComparedPart | None,
    ) -> bool:
        """Whether these are the maps of it."""
        return all(
            side.source is source and side.node == node and side.mean == mean and side.part == part
            for side, source, node, mean in zip(self.sides, sources, nodes, means, strict=True)
        )

    def values(self, cell: Cell) -> tuple[list[Any], list[Any], list[Any]]:
        """The values of A in a cell of it, of B at the same place, and their difference: one for each channel shown.

        Maps of one size have their cells in common; others have the points of the picture. Empty where there is none.
        """
        other = cell if self.apart is not None else self._below(cell)
        a, b = (
            side.planes(channel)[:, at[0], at[1]] if at is not None else ()
            for side, channel, at in zip(self.sides, self.channels, (cell, other), strict=True)
        )
        apart = self.apart.planes[:, cell[0], cell[1]] if self.apart is not None else ()
        return list(a), list(b), list(apart)

    def _below(self, cell: Cell) -> Cell | None:
        """The cell of B under the middle of a cell of A; None beside B."""
        a, b = self.a.place, self.b.place
        row = floor((a.top + (cell[0] + 0.5) * a.height - b.top) / b.height)
        col = floor((a.left + (cell[1] + 0.5) * a.width - b.left) / b.width)
        return (row, col) if self.b.view.holds(0, row, col) else None


def load(
    source: MapSource,
    node: str,
    picture: Picture,
    known: Shown | None,
    evaluator: Evaluator,
    cancel: Callable[[], bool],
    *,
    mean: bool = False,
    part: ComparedPart | None = None,
) -> MapSide:
    """Find the map of a node. known: that of the window, where it is at hand. Raises FilterLabError, and Cancelled.

    mean: take the mean of its three channels in its place. part: what is seen of a picture larger than memory.
    """
    if source.given is not None:
        return MapSide(
            source, node, source.given, Placement(0, 0, 1, 1), picture=source.picture, vector=False
        )
    corner, whole = (0, 0), None
    if part is not None and isinstance(picture.pixels, PictureLevels):
        known, corner, whole = part_of(source.pipeline, node, picture.pixels, part, cancel)
    view, channels = known.view if known is not None else None, picture.shape[0]
    if view is None and node == IMAGE:
        view = MapView(picture.pixels)
    elif view is None:
        view = MapView(evaluator.run(source.pipeline, picture.pixels, [node], cancel=cancel)[node])
    shown_as_picture = node in usual_tones(source.pipeline, channels, {node: view}, dark=False).pictures
    if view.is_vector:
        row = MapView(view.array.reshape(1, 1, -1))
        return MapSide(source, node, row, Placement(0, 0, 1, 1), picture=False, vector=True)
    place = known.placement if known is not None else None
    place = place or FieldMap(source.pipeline, picture.shape[1:], channels).placement(node)
    assert place is not None, "a node with a map has a place"
    if mean:
        # In the dtype of the map, as the wall mixes it for the eye.
        view = MapView(view.planes[:3].mean(axis=0, keepdims=True, dtype=view.planes.dtype))
    return MapSide(
        source,
        node,
        view,
        place,
        picture=shown_as_picture,
        vector=False,
        mean=mean,
        part=part,
        corner=corner,
        whole=whole,
    )


def alike(a: MapSide, b: MapSide) -> tuple[MapSide, MapSide]:
    """The cells that both have of maps of one size: of one with more channels, a smaller part was computed."""
    if a.whole is None or a.whole != b.whole:
        return a, b
    (top, left), (bottom, right) = a.corner, a.end
    first = max(top, b.corner[0]), max(left, b.corner[1])
    last = min(bottom, b.end[0]), min(right, b.end[1])
    return _cut(a, first, last), _cut(b, first, last)


def _cut(side: MapSide, first: Cell, last: Cell) -> MapSide:
    (top, left), place = side.corner, side.place
    if (first, last) == (side.corner, side.end):
        return side
    planes = side.view.planes[:, first[0] - top : last[0] - top, first[1] - left : last[1] - left]
    down, across = (first[0] - top) * place.height, (first[1] - left) * place.width
    lies = replace(place, top=place.top + down, left=place.left + across)
    return replace(side, view=MapView(planes), place=lies, corner=first)


def measure(a: MapSide, b: MapSide, wanted: Channels, before: SidePair | None = None) -> SidePair:
    """Compare the channels that are wanted, or those nearest to them. before: the last pair, whose parts are reused."""
    channels = paired(a, b, wanted)
    x, y = (side.planes(channel) for side, channel in zip((a, b), channels, strict=True))
    if x.shape != y.shape or a.whole != b.whole:
        return _counted(SidePair(a, b, channels, None, None, None, (statistics(x), statistics(y))))
    peak = 1.0 if a.like_a_picture and b.like_a_picture else None
    whole = None
    if before is not None and (before.a, before.b) == (a, b):
        whole = before.whole
    elif a.view.planes.shape == b.view.planes.shape and len(x) < a.view.channels:
        whole = pair_statistics(a.view.planes, b.view.planes, peak)
    here, apart = pair_statistics(x, y, peak), MapView(difference(x, y))
    return _counted(SidePair(a, b, channels, here, whole, apart, None))


def _counted(pair: SidePair) -> SidePair:
    """The pair, with the values counted that its colours and legends depend on: the window would wait for that."""
    for side, channel in zip(pair.sides, pair.channels, strict=True):
        # Each is kept by its map. That of all channels is of the range, that of one says what is clipped.
        _ = side.view.distribution
        if channel is not None:
            side.view.channel_distribution(channel)
    if pair.apart is not None:
        _ = pair.apart.distribution
    return pair


def paired(a: MapSide, b: MapSide, wanted: Channels) -> Channels:
    """The channels nearest to those that are wanted: colours only where both sides have them."""
    if wanted == (None, None) and a.in_colours and b.in_colours:
        return wanted
    first, second = (
        min(channel or 0, side.view.channels - 1) for channel, side in zip(wanted, (a, b), strict=True)
    )
    return first, second
