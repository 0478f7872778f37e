"""The content of a sheet: an answer of the engine, and how the maps that it speaks of are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from filterlab.explain.account import Account, Crumb
from filterlab.explain.drawing.scene import Thumb, english
from filterlab.fields.maps import FieldMap
from filterlab.graph import IMAGE, Graph
from filterlab.graph.nodes import Spot
from filterlab.images.tints import colors_of
from filterlab.images.views import MapView, Scale, scale_of
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.terms import PartialMap, Where


# Without `eq`, here and below: arrays have no single truth value that a comparison could return.
@dataclass(frozen=True, eq=False)
class Made:
    """The map that one input channel makes alone, ready for the screen."""

    partial: PartialMap
    view: MapView


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer of the engine about one value. made: None where these maps were not asked for."""

    spot: Spot
    account: Account
    path: list[Crumb]
    made: list[Made] | None = None


@dataclass(frozen=True)
class Looks:
    """The maps that are at hand, the colours of their values, and the language.

    views: the maps by node. wall: the colour map of all maps but the picture. fields: of the graph, where they are
    known. pin: the pinned value. tr: translates a text and fills its {names} in. tone: gives the colour map and the
    scale of a node's map, as other views of the same maps have them; None for a scale between its extremes.
    """

    views: Mapping[str, MapView]
    wall: str
    graph: Graph
    fields: FieldMap | None = None
    pin: Spot | None = None
    tr: Callable[..., str] = english
    tone: Callable[[str, MapView], tuple[str, Scale]] | None = None
    tones: dict[str, tuple[str, Scale]] = field(default_factory=dict)

    def view(self, node: str) -> MapView | None:
        """The map of a node; None where it is not at hand."""
        return self.views.get(node)

    def colormap(self, node: str) -> str:
        """The colour map of a node."""
        return self._tone(node)[0]

    def scale(self, node: str) -> Scale:
        """The scale of a node's colours."""
        return self._tone(node)[1]

    def _tone(self, node: str) -> tuple[str, Scale]:
        # Kept for one sheet, for which these looks are made; the next sheet may have other maps and colours.
        if node not in self.tones:
            view = self.view(node)
            self.tones[node] = self.tone(node, view) if self.tone and view else self._usual(node, view)
        return self.tones[node]

    def _usual(self, node: str, view: MapView | None) -> tuple[str, Scale]:
        low, high = view.extent if view is not None else (0.0, 1.0)
        colormap = "gray" if node == IMAGE else self.wall
        return colormap, scale_of((low, high), colormap, picture=node == IMAGE and low >= 0 and high <= 1)

    def thumb(self, node: str, channel: int) -> Thumb | None:
        """A small map of one channel."""
        view = self.view(node)
        # The map may be out of date, and have fewer channels than the layer has now.
        if view is None or channel >= view.channels:
            return None
        return Thumb(view, channel, self.scale(node), self.colormap(node))

    def fills(self, node: str, values: Sequence[float]) -> list[str]:
        """The colours of values of a node's map."""
        # All of them in one call: it costs hardly more than a single one, and a sheet has hundreds.
        return [
            f"#{pixel & 0xFFFFFF:06x}" for pixel in colors_of(values, self.scale(node), self.colormap(node))
        ]

    def layer(self, node: str) -> Layer | None:
        """The layer of a node; None for the picture."""
        return self.graph.node(node).layer if node in self.graph else None

    def inputs(self, node: str) -> tuple[str, ...]:
        """The maps that a node reads."""
        return next((step.inputs for step in self.graph.steps if step.name == node), ())

    @cached_property
    def vectors(self) -> frozenset[str]:
        """The nodes whose output is a vector: their values have a position, but no row and column."""
        return frozenset(name for name, view in self.views.items() if view.is_vector)


def spot_in(where: Where) -> Spot | None:
    """The value whose number stands in a cell; None for a constant of the padding."""
    cell = where.inside
    return Spot(*cell[:4]) if cell is not None else None
