"""The content of the panel: an answer of the engine, and how the maps that it speaks of are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from filterlab.explain.account import Account, Crumb
from filterlab.graph import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.sheets.items import Thumb
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
    """The maps as the window has them now, and the colours of their values."""

    bench: Workbench
    scales: dict[str, Scale] = field(default_factory=dict)

    def view(self, node: str) -> MapView | None:
        """The map of a node; None where the wall does not hold it."""
        shown = self.bench.results.maps.get(node)
        return shown.view if shown is not None else None

    def colormap(self, node: str) -> str:
        """The colour map of a node: grey for the picture, else that of the wall."""
        return "gray" if node == IMAGE else self.bench.view.look.colormap

    def scale(self, node: str) -> Scale:
        """The scale of a node's colours."""
        # Kept for one sheet, for which these looks are made; the next sheet may have other maps and colours.
        if node not in self.scales:
            view = self.view(node)
            # As on the wall: a value must have the same colour in both places.
            usual = view is not None and node == IMAGE and view.extent[0] >= 0 and view.extent[1] <= 1
            extent = view.extent if view is not None else (0.0, 1.0)
            self.scales[node] = scale_of(extent, self.colormap(node), picture=usual)
        return self.scales[node]

    def thumb(self, node: str, channel: int) -> Thumb | None:
        """A small map of one channel."""
        view = self.view(node)
        # The map may be out of date, and have fewer channels than the layer has now.
        if view is None or channel >= view.channels:
            return None
        return Thumb(view, channel, self.scale(node), self.colormap(node))

    def layer(self, node: str) -> Layer | None:
        """The layer of a node; None for the picture."""
        pipeline = self.bench.document.pipeline
        return pipeline[node] if node != IMAGE and node in pipeline else None

    def inputs(self, node: str) -> tuple[str, ...]:
        """The maps that a node reads."""
        steps = self.bench.document.pipeline.steps
        return next((step.inputs for step in steps if step.name == node), ())

    @cached_property
    def vectors(self) -> frozenset[str]:
        """The nodes whose output is a vector: their values have a position, but no row and column."""
        return frozenset(name for name, shown in self.bench.results.maps.items() if shown.view.is_vector)


def spot_in(where: Where) -> Spot | None:
    """The value whose number stands in a cell; None for a constant of the padding."""
    cell = where.inside
    return Spot(*cell[:4]) if cell is not None else None
