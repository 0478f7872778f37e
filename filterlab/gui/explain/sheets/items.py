"""The parts of a sheet: cells, words, small maps and the lines between them, with the values they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from filterlab.gui.bench.selection import Spot
from filterlab.gui.look.theme import Colors
from filterlab.images.views import MapView, Scale
from filterlab.layers.base.terms import Term

MIDDLE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
GAP = 8.0


@dataclass(frozen=True)
class Thumb:
    """A small map.

    marks: boxes (top, left, bottom, right) in cells of the map, drawn as frames. rows, cols: where windows begin or
    end.
    """

    view: MapView
    channel: int
    scale: Scale
    colormap: str
    marks: tuple[tuple[float, float, float, float], ...] = ()
    rows: tuple[int, ...] = ()
    cols: tuple[int, ...] = ()


@dataclass(frozen=True)
class Item:
    """A part of a sheet.

    key: identifies the item on the next sheet, so that the focus can stay on it. kind: "text", "cell" or "map". tap:
    items with the same tap are highlighted together. go: the value that a click leads to. pick: the group of terms
    that a click chooses. description: in words, with all digits.
    """

    rect: QRectF
    text: str = ""
    key: tuple[object, ...] = ()
    kind: str = "text"
    fill: QColor | None = None
    ink: QColor | None = None
    hue: QColor | None = None
    bold: bool = False
    large: bool = False
    padding: bool = False
    wins: bool = False
    faint: bool = False
    align: Qt.AlignmentFlag = LEFT
    thumb: Thumb | None = None
    tap: tuple[object, ...] | None = None
    term: Term | None = None
    go: Spot | None = None
    pick: int | None = None
    description: str = ""

    @property
    def live(self) -> bool:
        """True if a click does something."""
        return self.go is not None or self.pick is not None

    def moved(self, x: float, y: float) -> Item:
        """The same item, moved by (x, y)."""
        return replace(self, rect=self.rect.translated(x, y))


@dataclass(frozen=True)
class Edge:
    """A line from one item to another. strong: it belongs to the value looked at. over: it is drawn over the items."""

    line: QLineF
    strong: bool = True
    over: bool = False


@dataclass(frozen=True)
class Sheet:
    """A page of items."""

    items: tuple[Item, ...] = ()
    edges: tuple[Edge, ...] = ()
    size: QSizeF = field(default_factory=lambda: QSizeF(0, 0))


@dataclass(frozen=True)
class Paper:
    """The room, colours and letters that a sheet is laid out with."""

    width: float
    height: float
    colors: Colors
    font: QFont
    dark: bool

    @cached_property
    def _measures(self) -> dict[tuple[bool, bool], QFontMetricsF]:
        sides = (False, True)
        # Made once for a paper: laying out a sheet measures hundreds of words in these four fonts.
        return {
            (bold, large): QFontMetricsF(lettering(self.font, bold=bold, large=large))
            for bold in sides
            for large in sides
        }

    @property
    def small(self) -> QFontMetricsF:
        """The metrics of the usual letters."""
        return self._measures[False, False]

    @property
    def line(self) -> float:
        """The height of a line of words."""
        return self.small.height() + 2

    @property
    def cell(self) -> float:
        """The height of a cell with a number."""
        return self.small.height() + 6

    def wide(self, text: str, *, bold: bool = False, large: bool = False) -> float:
        """The width of some words in pixels."""
        return self._measures[bold, large].horizontalAdvance(text)

    def lines(self, text: str, width: float, **changes: object) -> list[Item]:
        """Words broken at spaces into lines that fit a width, an item for each, all at the origin."""
        # A word that is wider than the line gets a line of its own, rather than none.
        found: list[str] = []
        # Not by Qt, because each line is an item of its own that flows together with others.
        for part in text.split(" "):
            longer = f"{found[-1]} {part}" if found else part
            if found and self.wide(longer, bold=bool(changes.get("bold"))) <= width:
                found[-1] = longer
            else:
                found.append(part)
        return [self.word(line, QPointF(0, 0), **changes) for line in found]

    def narrower(self, pixels: float) -> Paper:
        """The same paper, less wide by some pixels."""
        return replace(self, width=self.width - pixels)

    def word(self, text: str, at: QPointF, **changes: object) -> Item:
        """Words on one line, with their upper left corner at a point."""
        bold, large = bool(changes.get("bold")), bool(changes.get("large"))
        height = self._measures[bold, large].height() + 2
        box = QRectF(at.x(), at.y(), self.wide(text, bold=bold, large=large) + 4, height)
        return Item(box, text, **changes)  # type: ignore[arg-type]


def lettering(font: QFont, *, bold: bool = False, large: bool = False) -> QFont:
    """The font of an item."""
    # A copy, because the font that is handed in belongs to a widget or a painter.
    found = QFont(font)
    found.setBold(bold)
    if large:
        found.setPointSizeF(font.pointSizeF() * 1.25)
    return found


def flow(items: Iterable[Item], left: float, top: float, right: float, gap: float = 5.0) -> list[Item]:
    """Items placed in reading order between two edges, on as many lines as they need."""
    placed: list[Item] = []
    x, y, tall = left, top, 0.0
    for item in items:
        # The first item of a line stays however wide it is: the next line would be no wider.
        if x > left and x + item.rect.width() > right:
            x, y, tall = left, y + tall + 2, 0.0
        placed.append(replace(item, rect=QRectF(x, y, item.rect.width(), item.rect.height())))
        x += item.rect.width() + gap
        tall = max(tall, item.rect.height())
    return placed


def bottom(items: Iterable[Item], least: float = 0.0) -> float:
    """The bottom of the lowest item."""
    return max((item.rect.bottom() for item in items), default=least)


def sheet(items: Iterable[Item], edges: Iterable[Edge] = ()) -> Sheet:
    """A sheet that is as large as its items."""
    listed = tuple(items)
    right = max((item.rect.right() for item in listed), default=0.0)
    return Sheet(listed, tuple(edges), QSizeF(right + 4, bottom(listed) + 4))
