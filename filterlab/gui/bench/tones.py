"""How the values of maps become colours: the range and the colour map of each, wherever maps are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from filterlab.graph import IMAGE, Graph
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.viewstate import THEMED, Look, RangeKey
from filterlab.images.display import COLORMAPS, Range
from filterlab.images.distribution import Distribution, joint
from filterlab.images.views import MapView, Scale

PERCENTILES = 0.5, 99.5
# A range stays while that of the values differs by less than this part of it: it must not flicker while a number is
# turned, and the change is to be seen in the map, not in its legend alone.
HELD = 0.2
# A map is still a picture if no more of what is not zero than this is negative; of a derivative, half is.
NEGATIVE = 0.1
# Non-negative values are shown from 0 on, unless the least are more than this part of the largest.
FROM_ZERO = 0.25
# A picture that was sharpened reaches beyond black and white by no more than this part of the range between them.
OVERSHOOT = 0.5
# Negative values of less than this part of the largest are round-off of values that cannot be negative.
ROUND_OFF = 1e-6


class Tone(NamedTuple):
    """The colours of some values. key: whose range it is. fixed: whether the person has set it."""

    colormap: str
    scale: Scale
    key: RangeKey = ("", None)
    fixed: bool = False


@dataclass
class Held:
    """What is kept from one edit to the next: automatic ranges, and which nodes are still pictures.

    stamp: the document and the settings for which it was kept.
    """

    stamp: Any = None
    ranges: dict[RangeKey, Scale] = field(default_factory=dict)
    pictures: dict[str, bool] = field(default_factory=dict)

    def renew(self, stamp: Any) -> None:
        """Forget everything if it was kept for another document or other settings."""
        if stamp != self.stamp:
            self.stamp, self.ranges, self.pictures = stamp, {}, {}


@dataclass(frozen=True)
class Tones:
    """The colours of all maps at one moment; `tone` may be called in any thread.

    views: the maps that are at hand. pictures: the nodes whose channels are still those of the picture, with values
    like a picture's. common: the values of all layers that share one range, if they do.
    """

    look: Look
    dark: bool
    views: Mapping[str, MapView]
    pictures: frozenset[str]
    common: Distribution | None
    held: Held

    def tone(self, node: str, view: MapView, channel: int | None = None) -> Tone:
        """The colours of a layer's maps, or of one channel where each has a range of its own."""
        picture = node in self.pictures
        shared = self.common if not picture and self.common is not None else None
        alone = channel is not None and self.look.scope == "map" and not (picture or view.is_vector)
        signed = is_signed(view)
        key = ("", None) if shared is not None else (node, channel if alone else None)
        values = shared or (
            view.channel_distribution(channel) if alone and channel is not None else view.distribution
        )
        colormap = self.colormap(node, signed=signed)
        fixed = self.look.fixed.get(key)
        if fixed is not None:
            return Tone(colormap, _scale(*fixed, colormap, view), key, fixed=True)
        if picture:
            return Tone(colormap, self._of_picture(values), key)
        low, high = self._ends(values)
        if signed or shared is not None:
            # Symmetric in every colour map, so that zero is in the middle; of non-negative maps `_scale` cuts half off.
            low, high = -max(-low, high), max(-low, high)
        elif low < FROM_ZERO * high:
            low = 0.0
        return Tone(colormap, self._hold(key, _scale(low, high, colormap, view)), key)

    def for_batch(self) -> tuple[Range, str]:
        """The range and the colour map that show the layers' maps in a batch as they are shown here.

        A batch has one of each: where these differ from layer to layer, it takes ranges from each map, and grey.
        """
        views = {name: view for name, view in self.views.items() if name != IMAGE and not view.is_vector}
        tones = [self.tone(name, view) for name, view in views.items() if name not in self.look.hidden]
        ranges, colors = {tone.scale[:2] for tone in tones}, {tone.colormap for tone in tones}
        usual = "percentile" if self.look.range == "percentile" else "auto"
        return (ranges.pop() if len(ranges) == 1 else usual), (colors.pop() if len(colors) == 1 else "gray")

    def colormap(self, node: str, *, signed: bool) -> str:
        """The colour map of a layer's maps. signed: whether any of its values is negative."""
        chosen = self.look.colormap
        if node == IMAGE:  # a picture looks like a picture, whatever the colour map is
            return "gray"
        if chosen != THEMED and COLORMAPS[chosen][1] == "sequential":
            return chosen
        if node in self.pictures:
            return "gray"
        if signed and chosen != THEMED:
            return chosen
        return f"{'signed' if signed else 'sequential'}-{'dark' if self.dark else 'light'}"

    def _of_picture(self, values: Distribution) -> Scale:
        low, high = self._ends(values)
        beyond = OVERSHOOT if self.look.range == "percentile" else 0.0
        if low >= -beyond and high <= 1 + beyond:
            low, high = 0.0, 1.0
        return Scale(low, high, low, high)

    def _ends(self, values: Distribution) -> tuple[float, float]:
        """The automatic range of some values, which is never empty."""
        low, high = values.percentiles(*PERCENTILES) if self.look.range == "percentile" else values.extent
        # Nearly all values are equal, as zeros behind a ReLU: then the few others are what there is to see.
        if low == high:
            low, high = values.extent
        return (low, high) if low < high else (min(low, 0.0), max(high, 0.0) or float(low >= 0))

    def _hold(self, key: RangeKey, scale: Scale) -> Scale:
        known = self.held.ranges.get(key)
        if known is not None and self.look.range == "percentile":
            most = HELD * (scale.high - max(scale.low, 0.0))
            if all(abs(a - b) <= most for a, b in zip(known, scale, strict=True)):
                return known
        self.held.ranges[key] = scale
        return scale


def is_signed(view: MapView) -> bool:
    """Return whether any value of a layer is negative by more than round-off."""
    low, high = view.extent
    return low < -ROUND_OFF * max(high, 0.0)


def _scale(low: float, high: float, colormap: str, view: MapView) -> Scale:
    """The scale between two values. A diverging one is symmetric, and the others of non-negative maps begin at 0."""
    if COLORMAPS[colormap][1] == "diverging":
        top = max(abs(low), abs(high))
        return Scale(-top, top, -top, 0.0 if view.extent[1] <= 0 else top)
    if low < 0 and not is_signed(view):
        low, high = 0.0, high if high > 0 else -low
    return Scale(low, high, low, high)


def tones_of(document: Document, results: Results, look: Look, held: Held, *, dark: bool) -> Tones:
    """The colours of all maps as they are at this moment."""
    held.renew((document.opened, document.picture, look.range, look.scope))
    views = {name: shown.view for name, shown in results.maps.items()}
    channels = document.picture.shape[0] if document.picture is not None else 0
    pictures = _pictures(document.pipeline, channels, views, held.pictures)
    common = _common(views, look, pictures) if look.scope == "common" else None
    return Tones(look, dark, views, pictures, common, held)


def usual_tones(graph: Graph, channels: int, views: dict[str, MapView], *, dark: bool) -> Tones:
    """The colours that maps have as long as the person has chosen none. channels: of the picture."""
    return Tones(Look(), dark, views, _pictures(graph, channels, views, {}), None, Held())


def _pictures(
    graph: Graph, channels: int, views: dict[str, MapView], known: dict[str, bool]
) -> frozenset[str]:
    """The nodes that are still pictures. known: what was found for nodes whose maps are no longer there."""
    found, candidates = {IMAGE}, picture_nodes(graph, channels)
    for step in graph.steps:
        if step.name not in candidates:
            continue
        view = views.get(step.name)
        if view is not None and not view.is_vector:
            known[step.name] = _like_a_picture(view.distribution)
        # One input that is a picture suffices: details that are added to one make a picture again.
        if known.get(step.name, True) and not found.isdisjoint(step.inputs):
            found.add(step.name)
    return frozenset(found)


def _like_a_picture(values: Distribution) -> bool:
    negative, positive = values.shares(0, 0)
    low, high = values.percentiles(*PERCENTILES)
    return negative <= NEGATIVE * (negative + positive) and low >= -OVERSHOOT * high


def _common(views: dict[str, MapView], look: Look, pictures: frozenset[str]) -> Distribution:
    """The values of all maps that are shown, without pictures and vectors, which have ranges of their own."""
    # Pictures lie in [0, 1] and scores may be any size: either would spoil the range of the feature maps. So would
    # hidden columns, and the range would then depend on maps that nobody sees.
    names = [name for name in views if name not in look.hidden and name not in pictures]
    return joint(views[name].distribution for name in names if not views[name].is_vector)
