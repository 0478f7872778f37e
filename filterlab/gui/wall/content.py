"""The content of the wall: for each column its map, scale, labels and trouble, read from the workbench.

It is read anew as a whole after every change, and is a value that does not change later: view, gestures and keys see
the same columns until the next refresh, whatever happens to the document meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from filterlab.errors import FilterLabError
from filterlab.fields.maps import Placement, spread
from filterlab.graph import IMAGE
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.fullview import Part, full_view
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.wall.facts import facts
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said, shape_words
from filterlab.images.views import MapView, Scale, joint_extent, scale_of
from filterlab.layers.base.kinds import Labels
from filterlab.run.ledger import Problem

RGB = None  # the channel of a tile that shows all channels as one picture, in colours or grey
MOST_EMPHASISED = 5  # scores, the greatest ones
PICTURE_SCALE = Scale(0.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True)
class WallStrip:
    """One column, whose entries are its tiles or bars.

    shown: its map, None where there is none (yet). place: how the map lies on the picture. composite: whether its
    first tile shows all channels as one picture, so that entry e is channel e - 1. trouble, hint: why the map is
    missing or stale, and what to do. waits: whether only another node is at fault. labels: names of the channels,
    None where they have none. emphasised: the channels of the greatest scores. colormap, scale: of the column.
    by_map: whether each channel has a scale of its own instead.
    """

    node: str
    title: str
    shape: str
    shown: Shown | None
    place: Placement | None
    composite: bool = False
    trouble: str = ""
    hint: str = ""
    waits: bool = False
    labels: tuple[str, ...] | None = None
    emphasised: tuple[int, ...] = ()
    colormap: str = "gray"
    scale: Scale = PICTURE_SCALE
    by_map: bool = False

    @property
    def view(self) -> MapView | None:
        """The map; None where there is none (yet)."""
        return self.shown.view if self.shown else None

    @property
    def stale(self) -> bool:
        """True if the map is that of a document before the present one."""
        return bool(self.shown and self.shown.stale)

    @property
    def kind(self) -> str:
        """The kind of its column: "maps", "bars" or "note"."""
        if self.view is None:
            return "note"
        return "bars" if self.view.is_vector else "maps"

    @property
    def count(self) -> int:
        """The number of entries of its column."""
        return 1 if self.view is None else self.view.channels + self.composite

    def channel(self, entry: int) -> int | None:
        """The channel of an entry; None for the composite one."""
        if self.composite:
            return RGB if entry == 0 else entry - 1
        return entry

    def entry(self, channel: int | None) -> int:
        """The entry of a channel; None stands for the composite one."""
        return 0 if channel is None else channel + self.composite

    def label(self, entry: int) -> str:
        """The label of an entry: "RGB" or "grey", or the number of its channel and its name where it has one."""
        channel = self.channel(entry)
        if channel is None:
            return "RGB" if self.view and self.view.channels == 3 else tr("grey")
        if self.labels is not None and channel < len(self.labels) and self.labels[channel] != str(channel):
            return f"{channel} {self.labels[channel]}"
        return str(channel)

    def scale_at(self, entry: int) -> Scale:
        """The scale of an entry's colours."""
        channel = self.channel(entry)
        if channel is None:
            return PICTURE_SCALE
        if not self.by_map or self.view is None:
            return self.scale
        return scale_of(self.view.channel_extent(channel), self.colormap)


@dataclass(frozen=True)
class Content:
    """All columns by node, in their order.

    hidden: nodes whose columns are left out. full_view: what tiles show while nothing is zoomed, None without a
    picture. common: the scale that all layers share, None where each has its own.
    """

    strips: dict[str, WallStrip] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    full_view: Part | None = None
    common: Scale | None = None


def read_content(bench: Workbench) -> Content:
    """The present columns; none without a picture."""
    picture = bench.document.picture
    if picture is None:
        return Content()
    nodes = [IMAGE, *(node.name for node in bench.document.pipeline)]
    look = bench.view.look
    pictures = picture_nodes(bench.document.pipeline, picture.shape[0]) | {IMAGE}
    # Hidden columns do not count for the common range, which would then depend on maps that nobody sees.
    shown = [name for name in nodes if name not in look.hidden]
    common = _common_scale(bench, shown) if look.scope == "common" else None
    strips = {name: _strip(bench, name, name in pictures, common) for name in shown}
    hidden = tuple(name for name in nodes if name in look.hidden)
    return Content(strips, hidden, full_view(bench), common)


def _common_scale(bench: Workbench, names: list[str]) -> Scale:
    """One scale for the maps of all layers, without the picture and vectors, which have scales of their own."""
    # The picture lies in [0, 1] and scores may be any size: either would spoil the range of the feature maps.
    maps = [bench.results.maps[name].view for name in names if name != IMAGE and name in bench.results.maps]
    return scale_of(joint_extent(view for view in maps if not view.is_vector), bench.view.look.colormap)


def _strip(bench: Workbench, name: str, picture: bool, common: Scale | None) -> WallStrip:
    shown = bench.results.maps.get(name)
    problem = bench.results.problem(name)
    trouble, hint = _trouble(bench, problem, shown)
    title, labels, top = _of_layer(bench, name, shown)
    colormap, scale, by_map = bench.view.look.colormap, PICTURE_SCALE, False
    if shown is not None:
        look, extent = bench.view.look, shown.view.extent
        colormap, scale, by_map = colors_of(name, extent, look, common, picture=picture)
    return WallStrip(
        name,
        title,
        shape_words(shown.view.array.shape) if shown else "",
        shown,
        _place(bench, shown),
        composite=bool(
            picture and shown and not shown.view.is_vector and has_composite(name, shown.view.channels)
        ),
        trouble=trouble,
        hint=hint,
        waits=isinstance(problem, Problem) and problem.error is None,
        labels=labels,
        emphasised=top,
        colormap=colormap,
        scale=scale,
        by_map=by_map,
    )


def has_composite(name: str, channels: int) -> bool:
    """Return whether a column begins with a composite tile, which a grey picture does not need."""
    return channels == 3 or (channels == 1 and name != IMAGE)


def _place(bench: Workbench, shown: Shown | None) -> Placement | None:
    picture = bench.document.picture
    if shown is None or shown.view.is_vector or picture is None:
        return None
    # Where the fields cannot say how a map lies on the picture, it covers all of it.
    return shown.placement or spread(picture.shape[1:], shown.view.size)


def _of_layer(
    bench: Workbench, name: str, shown: Shown | None
) -> tuple[str, tuple[str, ...] | None, tuple[int, ...]]:
    """Title, names of the channels (None where they have none) and the entries to emphasise."""
    if name == IMAGE:
        picture = bench.document.picture
        return picture.name if picture else "", None, ()
    node = bench.document.pipeline.node(name)
    title = facts(node.layer) if node.enabled else tr("{layer} (switched off)", layer=facts(node.layer))
    # A layer that may name its classes gives scores.
    # Found by the kind of the parameter, so that a new layer with labels needs no change here.
    named = [p.name for p in node.layer.declarations() if isinstance(p.kind, Labels)]
    labels: tuple[str, ...] | None = getattr(node.layer, named[0]) if named else None
    top = shown.view.greatest(MOST_EMPHASISED) if named and shown is not None and shown.view.is_vector else ()
    return title, labels, tuple(top)


def colors_of(
    node: str, extent: tuple[float, float], look: Look, common: Scale | None, *, picture: bool
) -> tuple[str, Scale, bool]:
    """Colour map and scale of a node's maps, and whether each of them has a scale of its own.

    extent: least and greatest value of the maps. common: the scale that all layers share, if they do. picture:
    whether the channels are still those of the picture: as long as their values are in [0, 1], the scale is too.
    """
    usual = picture and extent[0] >= 0 and extent[1] <= 1
    if node == IMAGE:  # a picture looks like a picture, whatever the colour map is
        return "gray", scale_of(extent, "gray", picture=usual), False
    if common is not None:
        return look.colormap, common, False
    return look.colormap, scale_of(extent, look.colormap, picture=usual), look.scope == "map"


def _trouble(
    bench: Workbench, problem: FilterLabError | Problem | None, shown: Shown | None
) -> tuple[str, str]:
    """Return why a map is missing or stale, and what to do; ("", "") where it is up to date or being computed."""
    if isinstance(problem, Problem):
        if problem.error is None:
            return tr("waits for {node}", node=problem.waits_for), ""
        problem = problem.error
    if problem is not None:
        return said(problem.what), said(problem.hint)
    if bench.results.stopped and (shown is None or shown.stale):
        return tr("stopped"), tr("refresh to compute it")
    return "", ""
