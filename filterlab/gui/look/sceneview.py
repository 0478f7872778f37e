"""A view of items in the pixels of the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget


class SceneView(QGraphicsView):
    """Shows a scene of its own, whose origin is the corner of the view and whose unit is a logical pixel.

    It neither scrolls nor takes drops: who derives from it moves the items.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(QPalette.ColorRole.NoRole)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        # The size hint is that of the scene, which else would be as large as its items.
        self.setSceneRect(self.rect())
        # A graphics view accepts drops for its items; files are to reach the window, whose matter they are.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the scene as large as the view."""
        super().resizeEvent(event)
        self.setSceneRect(self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the key to the items, and not to the scroll bars, which would swallow the arrows."""
        self.scene().keyPressEvent(event)
