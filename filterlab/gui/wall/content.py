"""The content of the wall: for each column its map, scale, labels and trouble, read from the workbench.

It is read anew as a whole after every change, and is a value that does not change later: view, gestures and keys see
the same columns until the next refresh, whatever happens to the document meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import Any

from filterlab.errors import FilterLabError
from filterlab.fields.maps import Placement, spread
from filterlab.graph import IMAGE
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.fullview import Part, full_view
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.tones import Tone, Tones
from filterlab.gui.bench.viewstate import RangeKey
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.wall.facts import facts
from filterlab.gui.wall.legend.drawing import Legend
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said, shape_words
from filterlab.images.views import MapView, Scale
from filterlab.layers.base.kinds import Labels
from filterlab.run.ledger import Problem

RGB = None  # the channel of a tile that shows all channels at once, in colours or as their mean
MOST_EMPHASISED = 5  # scores, the greatest ones
PICTURE_TONE = Tone("gray", Scale(0.0, 1.0, 0.0, 1.0))


@dataclass(frozen=True)
class WallStrip:
    """One column, whose entries are its tiles or bars.

    shown: its map, None where there is none (yet). place: how the map lies on the picture. composite: whether its
    first tile shows all channels at once, so that entry e is channel e - 1. mean: whether that tile shows the mean of
    the channels, and not an RGB picture. trouble, hint: why the map is missing or stale, and what to do. waits: whether
    only another node is at fault. labels: names of the channels, None where they have none. emphasised: the channels
    of the greatest scores. order: the channels of a vector by their values, where it is shown like that; None where it
    is shown as it is. tone: the colours of the column. tones: what gives those of each channel, where
    they differ.
    """

    node: str
    title: str
    shape: str
    shown: Shown | None
    place: Placement | None
    composite: bool = False
    mean: bool = False
    trouble: str = ""
    hint: str = ""
    waits: bool = False
    labels: tuple[str, ...] | None = None
    emphasised: tuple[int, ...] = ()
    order: tuple[int, ...] | None = None
    tone: Tone = PICTURE_TONE
    tones: Tones | None = None

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
        """The channel of an entry; None for the composite one. Beyond the last entry that of the last.

        An entry is remembered by its node's name, and undoing an edit may have left fewer channels.
        """
        entry = min(entry, self.count - 1)
        if self.composite:
            return RGB if entry == 0 else entry - 1
        return entry if self.order is None else self.order[entry]

    def entry(self, channel: int | None) -> int:
        """The entry of a channel; None stands for the composite one."""
        if channel is not None and self.order is not None and channel < len(self.order):
            return self.order.index(channel)
        return 0 if channel is None else channel + self.composite

    def sought(self, pin: Spot | None) -> int | None:
        """The entry that one looks for in its column: that of the greatest score; None for none."""
        # Whoever has pinned an entry looks at that, and nothing is to move under the mouse.
        pinned = pin is not None and pin.node == self.node
        return self.entry(self.emphasised[0]) if self.emphasised and not pinned else None

    def label(self, entry: int) -> str:
        """The label of an entry: "RGB" or "mean", or the number of its channel and its name where it has one."""
        channel = self.channel(entry)
        if channel is None:
            return tr("mean") if self.mean else "RGB"
        if self.labels is not None and channel < len(self.labels) and self.labels[channel] != str(channel):
            return f"{channel} {self.labels[channel]}"
        return str(channel)

    def tone_at(self, entry: int) -> Tone:
        """The colours of an entry."""
        channel = self.channel(entry)
        if channel is None or self.tones is None or self.view is None:
            return self.tone
        return self.tones.tone(self.node, self.view, channel)

    def legend(self, entry: int | None, axes: Mapping[RangeKey, tuple[float, float]]) -> Legend:
        """The legend of an entry, None for the whole column, which must have a map.

        axes: by range, the values at the ends of a bar while a handle is dragged along it.
        """
        assert self.view is not None, "legends are of maps"
        tone = self.tone if entry is None else self.tone_at(entry)
        channel = None if entry is None else self.channel(entry)
        values = self.view.distribution if channel is None else self.view.channel_distribution(channel)
        shares = values.shares(tone.scale.low, tone.scale.high)
        return Legend(tone.scale, tone.colormap, *shares, tone.fixed, axes.get(tone.key))


@dataclass(frozen=True)
class Content:
    """All columns by node, in their order.

    hidden: nodes whose columns are left out. full_view: what tiles show while nothing is zoomed, None without a
    picture. sources: what each column was made from.
    """

    strips: dict[str, WallStrip] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    full_view: Part | None = None
    sources: dict[str, tuple[Any, ...]] = field(default_factory=dict)


def read_content(bench: Workbench, before: Content | None = None) -> Content:
    """The present columns; none without a picture. before: what they were; columns that are as they were stay."""
    picture = bench.document.picture
    if picture is None:
        return Content()
    shown = shown_nodes(bench)
    look, tones = bench.view.look, bench.tones()
    # As a batch writes them: each of the others is a file of its own for every channel.
    composites = picture_nodes(bench.document.pipeline, picture.shape[0]) | {IMAGE}
    known = before.sources if before is not None else {}
    sources = {name: _sources(bench, name, tones, composite=name in composites) for name in shown}
    strips = {}
    for name, source in sources.items():
        # By identity, because nothing of it ever changes, and comparing weights or maps would take long.
        if before is not None and name in known and all(map(is_, source, known[name])):
            strips[name] = before.strips[name]
        else:
            strips[name] = _strip(bench, name, tones, composite=name in composites)
    # Mostly there are none, and there may be hundreds of nodes to ask.
    every = (IMAGE, *(n.name for n in bench.document.pipeline)) if look.hidden else ()
    hidden = tuple(name for name in every if name in look.hidden)
    return Content(strips, hidden, full_view(bench), sources)


def shown_nodes(bench: Workbench) -> list[str]:
    """The nodes that have columns: neither hidden by the person nor folded away into a block."""
    nodes = [IMAGE, *(node.name for node in bench.document.pipeline)]
    unseen = bench.view.look.hidden | bench.folds.hidden
    return [n for n in nodes if n not in unseen]


def _sources(bench: Workbench, name: str, tones: Tones, *, composite: bool) -> tuple[Any, ...]:
    """All that a column is made from."""
    document, results, look = bench.document, bench.results, tones.look
    return (
        document.picture,
        document.pipeline.node(name) if name != IMAGE else None,
        results.maps.get(name),
        results.problem(name),
        results.stopped,
        bench.folds.folded.get(name),
        composite,
        name in tones.pictures,
        tones.common,
        tones.dark,
        look.range,
        look.scope,
        look.colormap,
        look.fixed,
        look.by_value,
    )


def _strip(bench: Workbench, name: str, tones: Tones, *, composite: bool) -> WallStrip:
    shown = bench.results.maps.get(name)
    problem = bench.results.problem(name)
    trouble, hint = _trouble(bench, problem, shown)
    title, labels, top = _of_layer(bench, name, shown)
    vector = shown is not None and shown.view.is_vector
    own = tones.look.scope == "map" and shown is not None and not vector
    order = shown.view.greatest(shown.view.channels) if shown is not None and vector else ()
    return WallStrip(
        name,
        title,
        shape_words(shown.view.array.shape) if shown else "",
        shown,
        _place(bench, shown),
        composite=composite and shown is not None and shown.view.array.ndim == 3 and shown.view.channels == 3,
        mean=name not in tones.pictures,
        trouble=trouble,
        hint=hint,
        waits=isinstance(problem, Problem) and problem.error is None,
        labels=labels,
        emphasised=top,
        order=tuple(order) if vector and tones.look.by_value else None,
        tone=PICTURE_TONE if shown is None else tones.tone(name, shown.view),
        tones=tones if own else None,
    )


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
    block = bench.folds.folded.get(name)
    if block is not None:
        title = f"{said(block.name)} · {title}"
    # A layer that may name its classes gives scores.
    # Found by the kind of the parameter, so that a new layer with labels needs no change here.
    named = [p.name for p in node.layer.declarations() if isinstance(p.kind, Labels)]
    labels: tuple[str, ...] | None = getattr(node.layer, named[0]) if named else None
    top = shown.view.greatest(MOST_EMPHASISED) if named and shown is not None and shown.view.is_vector else ()
    return title, labels, tuple(top)


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
