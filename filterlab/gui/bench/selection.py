"""The selection, which all views follow: a node, a pinned value and the value under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from filterlab.graph import IMAGE
from filterlab.graph.editing import renamed, successor
from filterlab.graph.nodes import Spot
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Work


class Selection(QObject):
    """The node whose settings are shown, the pinned value and the value under the cursor.

    It follows a node that is renamed; when one is removed, its neighbour is selected and its pin is dropped.
    """

    node_changed = Signal(str)
    pin_changed = Signal()
    hover_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._node = IMAGE
        self._pin: Spot | None = None
        self._hover: Spot | None = None
        document.changed.connect(self._follow)

    @property
    def node(self) -> str:
        """The selected node; "image" for the picture."""
        return self._node

    @property
    def pin(self) -> Spot | None:
        """The pinned value; None while nothing is pinned."""
        return self._pin

    @property
    def hover(self) -> Spot | None:
        """The value under the cursor; None while there is none."""
        return self._hover

    @property
    def spot(self) -> Spot | None:
        """The value under the cursor, else the pinned one."""
        return self._hover or self._pin

    def select(self, node: str) -> None:
        """Show the settings of a node."""
        # Views may ask for a node that an edit has just removed, before they have followed the document.
        if node != self._node and (node == IMAGE or node in self._document.pipeline):
            self._node = node
            self.node_changed.emit(node)

    def set_pin(self, spot: Spot | None) -> None:
        """Pin a value, which selects its node, or unpin."""
        if spot != self._pin:
            self._pin = spot
            self.pin_changed.emit()
        if spot is not None:
            self.select(spot.node)

    def set_hover(self, spot: Spot | None) -> None:
        """Note that the cursor is over a value, or over none."""
        if spot != self._hover:
            self._hover = spot
            self.hover_changed.emit()

    def _follow(self, old: Work, new: Work) -> None:
        # A spot outside its map stays: the map may be the old one still, and undo may bring the larger one back. So
        # views ignore spots that their map does not have.
        if self._hover is not None and not self._exists(self._hover.node):
            self.set_hover(None)
        if not self._exists(self._node):
            self._node = successor(old.pipeline, new.pipeline, self._node)
            self.node_changed.emit(self._node)
        if self._pin is not None and self._pin.node != IMAGE and old.origin is not new.origin:
            self.set_pin(None)  # a node of the same name in another pipeline is not what was pinned
        if self._pin is not None and not self._exists(self._pin.node):
            name = renamed(old.pipeline, new.pipeline, self._pin.node)
            self.set_pin(self._pin._replace(node=name) if name else None)

    def _exists(self, node: str) -> bool:
        return node == IMAGE or node in self._document.pipeline
