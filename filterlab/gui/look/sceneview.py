"""A view of items in the pixels of the screen."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget


class SceneView(pg.GraphicsView):
    """Shows a scene of its own, whose origin is the corner of the view and whose unit is a logical pixel.

    It neither scrolls nor takes drops: who derives from it moves the items.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        # A graphics view accepts drops for its items; files are to reach the window, whose matter they are.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        # The ground is of one colour, of which a cached copy would only take memory.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
