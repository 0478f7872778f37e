"""Over the maps: the handle of the swipe, the names of both sides, and the cell that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.gui.look.ink import text_color
from filterlab.gui.look.theme import Colors
from filterlab.gui.painting import guarded_over
from filterlab.gui.wall.paint import draw_badge, faded, outline

GRIP = 13.0  # radius of the grip in the middle of the handle, in pixels
INSET = 8.0  # pixels from the edge to the names
SMALLEST = 8.0  # pixels of a box's side: around a cell of a large map it could not be seen otherwise


@dataclass(frozen=True)
class Marks:
    """What is drawn over the maps. handle: its place, None outside the mode "swipe". names: left and right, or "".

    mark, hover: the boxes around the cell that was chosen, and around that under the cursor.
    """

    size: tuple[float, float]
    handle: float | None
    held: bool
    names: tuple[str, str]
    mark: QRectF | None
    hover: QRectF | None
    colors: Colors


class MarksItem(QGraphicsObject):
    """Paints the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: Marks | None = None

    def show_marks(self, marks: Marks) -> None:
        """Show these marks."""
        if self.marks is None or marks.size != self.marks.size:
            self.prepareGeometryChange()
        self.marks = marks
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0, 0, *self.marks.size) if self.marks is not None else QRectF()

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        marks = self.marks
        if marks is None:
            return
        for box, color in ((marks.mark, marks.colors.pin), (marks.hover, marks.colors.hover)):
            if box is not None:
                outline(painter, box, QColor(color))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_names(painter, marks)
        if marks.handle is not None:
            _draw_handle(painter, marks, marks.handle)

    def _draw_names(self, painter: QPainter, marks: Marks) -> None:
        ground, ink = QColor(30, 30, 30, 205), QColor(Qt.GlobalColor.white)
        shares = sum(map(bool, marks.names))
        metrics, room = QFontMetricsF(painter.font()), marks.size[0] / max(shares, 1) - 3 * INSET
        for name, right in zip(marks.names, (False, True), strict=True):
            # In the middle: names of a large network begin alike, and differ in their last letters.
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(room, 0.0))
            left = marks.size[0] - INSET - metrics.horizontalAdvance(shown) - 8 if right else INSET
            if shown:
                draw_badge(painter, QPointF(left, INSET), shown, ground, ink, above=False)


def _draw_handle(painter: QPainter, marks: Marks, x: float) -> None:
    width, height = marks.size
    color = QColor(marks.colors.accent)
    line = QLineF(x, 0, x, height)
    # A line on top of a wider one of the opposite brightness is seen on any colour.
    for pen in (QPen(faded(text_color(color), 170), 4), QPen(color, 2)):
        painter.setPen(pen)
        painter.drawLine(line)
    middle = QPointF(min(max(x, GRIP + 1), width - GRIP - 1), height / 2)
    painter.setPen(QPen(QColor(marks.colors.text) if marks.held else color, 2))
    painter.setBrush(QColor(marks.colors.card))
    painter.drawEllipse(middle, GRIP, GRIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for side in (-1, 1):
        points = ((3.0, -4.0), (8.0, 0.0), (3.0, 4.0))
        painter.drawPolygon(QPolygonF([middle + QPointF(side * dx, dy) for dx, dy in points]))
