"""Overlays on maps: the effective field of a value, the cells that a weight touches, and what a value is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from filterlab.explain.lattice import Lattice
from filterlab.graph.nodes import Spot
from filterlab.images.tints import Heat


# Without `eq`: comparing two heat maps number by number would take longer than drawing one.
@dataclass(frozen=True, eq=False)
class FieldOverlay:
    """A heat map in cells of the picture, drawn over its tiles. opacity: 0 to 1."""

    heat: Heat
    colormap: str = "plasma"
    opacity: float = 0.9


@dataclass(frozen=True)
class TouchOverlay:
    """All cells of a node's channel that one weight ever touches, in the colour of that weight."""

    node: str
    channel: int
    lattice: Lattice
    color: QColor


@dataclass(frozen=True)
class LinksOverlay:
    """The channels that a value is made of.

    sources: the nodes that it reads. shares: by (node, channel), the part that each gives, from 0 to 1; those of the
    channels that give most.
    """

    spot: Spot
    sources: frozenset[str]
    shares: Mapping[tuple[str, int], float]


class Overlays(QObject):
    """The overlays of a window, each None while there is none. changed: they are to be drawn anew."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._field: FieldOverlay | None = None
        self._touch: TouchOverlay | None = None
        self._links: LinksOverlay | None = None

    @property
    def field(self) -> FieldOverlay | None:
        """The effective receptive field of a value."""
        return self._field

    @property
    def touch(self) -> TouchOverlay | None:
        """The cells that the weight under the cursor touches."""
        return self._touch

    @property
    def links(self) -> LinksOverlay | None:
        """The channels that the pinned value is made of."""
        return self._links

    def set_field(self, field: FieldOverlay | None) -> None:
        """Show this field, or none."""
        # By identity: comparing heat maps would take longer than drawing one.
        if field is not self._field:
            self._field = field
            self.changed.emit()

    def set_touch(self, touch: TouchOverlay | None) -> None:
        """Show the cells that a weight touches, or none."""
        if touch != self._touch:
            self._touch = touch
            self.changed.emit()

    def set_links(self, links: LinksOverlay | None) -> None:
        """Show the channels that a value is made of, or none."""
        if links != self._links:
            self._links = links
            self.changed.emit()
