"""Parents of the wall's items: scrolling moves a parent, and Qt moves everything on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.gui.painting import guarded_over


class Holder(QGraphicsObject):
    """Carries other items and paints nothing itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF()

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint nothing: the method must exist, but Qt does not call it for items without contents."""


class HeadsGround(Holder):
    """The opaque ground behind the headers, under which the tiles scroll."""

    def __init__(self) -> None:
        super().__init__()
        # The base class has no contents, and Qt would never call `paint`.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, False)
        self._size, self._fill, self._line = (0.0, 0.0), QColor(), QColor()

    def show_ground(self, width: float, height: float, fill: QColor, line: QColor) -> None:
        """Cover an area of this size in pixels, with a line along its lower edge."""
        if ((width, height), fill, line) == (self._size, self._fill, self._line):
            return
        self.prepareGeometryChange()
        self._size, self._fill, self._line = (width, height), fill, line
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0, 0, *self._size)

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.fillRect(self.boundingRect(), self._fill)
        painter.fillRect(QRectF(0, self._size[1] - 1, self._size[0], 1), self._line)
