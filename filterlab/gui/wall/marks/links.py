"""Curves from the channels that the pinned value reads to the value itself, the wider the more a channel gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.gui.bench.overlays import LinksOverlay
from filterlab.gui.look.ink import text_color
from filterlab.gui.painting import guarded_over
from filterlab.gui.wall.content import WallStrip
from filterlab.gui.wall.layout import Column, Rect
from filterlab.gui.wall.marks.boxes import Placed, RegionBox
from filterlab.gui.wall.paint import faded

Shelf = tuple[Column, WallStrip]  # a column and what it shows
Boxes = Callable[[list[Placed]], list[RegionBox]]
THINNEST, WIDEST = 1.0, 3.0  # pixels of a curve
FAINTEST = 0.35  # opacity of the curve of a channel that gives next to nothing


@dataclass(frozen=True)
class Link:
    """A curve between two points (x, y) of the sheet.

    strength: its share, divided by the largest. bow: how far it is bent upwards, in pixels.
    """

    node: str
    channel: int
    start: tuple[float, float]
    end: tuple[float, float]
    strength: float
    bow: float

    @property
    def width(self) -> float:
        """Width of the line in pixels."""
        return THINNEST + (WIDEST - THINNEST) * self.strength

    @property
    def path(self) -> QPainterPath:
        """The curve, which leaves and arrives horizontally where it is not bent."""
        path, half = QPainterPath(QPointF(*self.start)), (self.end[0] - self.start[0]) / 2
        path.cubicTo(
            QPointF(self.start[0] + half, self.start[1] - self.bow),
            QPointF(self.end[0] - half, self.end[1] - self.bow),
            QPointF(*self.end),
        )
        return path


def links_of(links: LinksOverlay, columns: Sequence[Shelf], boxes: Boxes) -> list[Link]:
    """The curves of a value, the faintest first. boxes: finds what the value reads of some entries.

    Only columns beside that of the value have them, or beside one that it reads: over others a curve would seem to
    belong to these.
    """
    spot = links.spot
    last = next((at for at, (column, _) in enumerate(columns) if column.node == spot.node), 0)
    end = _marks(columns[last], [spot.channel], boxes).get(spot.channel) if last else None
    if end is None:
        return []
    beside = takewhile(lambda shelf: shelf[1].node in links.sources, reversed(columns[:last]))
    found: list[Link] = []
    for between, shelf in enumerate(beside):
        # Past the box in a column between, through which it would seem to lead.
        bow = between * shelf[0].entry[1] / 2
        found += _links(links, shelf, boxes, end, bow)
    return sorted(found, key=lambda link: link.strength)


def _links(links: LinksOverlay, shelf: Shelf, boxes: Boxes, end: Rect, bow: float) -> list[Link]:
    """The curves from one column. end: what stands for the value."""
    node, largest = shelf[1].node, max(links.shares.values(), default=1.0)
    marks = _marks(shelf, [channel for name, channel in links.shares if name == node], boxes)
    return [
        Link(
            node,
            channel,
            (mark.right, mark.top + mark.height / 2),
            (end.left, end.top + end.height / 2),
            links.shares[node, channel] / largest,
            bow,
        )
        for channel, mark in marks.items()
    ]


def _marks(shelf: Shelf, channels: Sequence[int], boxes: Boxes) -> dict[int, Rect]:
    """What stands for some channels of a column: their boxes, cut off at the edges of tiles, or their bars."""
    column, strip = shelf
    count = strip.view.channels if strip.view is not None else 0
    # The pipeline may have been edited since, and in "single" mode only one entry of a node is on the sheet.
    entries = {strip.entry(channel): channel for channel in channels if channel < count}
    shown = [entry for entry in entries if column.first <= entry < column.first + column.count]
    if column.kind == "bars":
        return {entries[entry]: column.rect(entry) for entry in shown}
    return {entries[box.entry]: _cut(box.area, box.tile) for box in boxes([(column, strip, shown)])}


def _cut(area: Rect, tile: Rect) -> Rect:
    left, top = max(area.left, tile.left), max(area.top, tile.top)
    right, bottom = min(area.right, tile.right), min(area.bottom, tile.bottom)
    return Rect(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


class LinksItem(QGraphicsObject):
    """Draws the links of the pinned value, under its boxes."""

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        self.links: list[Link] = []
        self._color, self._bounds = QColor(), QRectF()

    def show_links(self, links: list[Link], color: QColor) -> None:
        """Show these links."""
        # The wall asks again at every scroll and for every new map, mostly with the same links.
        if links == self.links and color == self._color:
            return
        self.prepareGeometryChange()
        self.links, self._color, self._bounds = links, color, QRectF()
        for link in links:
            self._bounds |= link.path.boundingRect().adjusted(-WIDEST, -WIDEST, WIDEST, WIDEST)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return self._bounds

    @guarded_over
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for link in self.links:
            opacity = FAINTEST + (1 - FAINTEST) * link.strength
            # On a wider line of the opposite brightness, so that it is seen on any colour, as boxes are.
            for color, width, part in (
                (text_color(self._color), link.width + 1.5, 100),
                (self._color, link.width, 255),
            ):
                painter.setPen(QPen(faded(color, round(part * opacity)), width))
                painter.drawPath(link.path)
