"""The parts of a sheet: cells, words, small maps and the lines between them, with the values they lead to.

A sheet is laid out once, with letters that the painter measures, and then painted by the window, as SVG, as a PNG or
as the frames of a film. Nothing here knows which of them it will be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from filterlab.functional.arrays import Array
from filterlab.graph.nodes import Spot
from filterlab.images.palette import LIGHT, Colors
from filterlab.images.vector import WHITE, Area, Point, text_width
from filterlab.images.views import MapView, Scale
from filterlab.layers.base.terms import Term

GAP = 8.0
LARGE = 1.25  # size of large letters, in that of usual ones
TALL = 1.17  # height of a line, in the size of its letters
Mark = tuple[float, float, float, float]
# On white as paper is, and without links.
INKS = replace(LIGHT, window=WHITE, accent=LIGHT.text)


def english(text: str, /, **values: object) -> str:
    """A text as it stands in the program, with its {names} filled in."""
    return text.format(**values) if values else text


@dataclass(frozen=True)
class Thumb:
    """A small map.

    channel: None for a picture in its colours. marks: boxes (top, left, bottom, right) in cells of the map, drawn as
    frames. rows, cols: where windows begin or end. filled: (H, W), the cells that are shown; None for all.
    """

    view: MapView
    channel: int | None
    scale: Scale
    colormap: str
    marks: tuple[Mark, ...] = ()
    rows: tuple[int, ...] = ()
    cols: tuple[int, ...] = ()
    filled: Array | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Item:
    """A part of a sheet.

    key: identifies the item on the next sheet, so that the focus can stay on it. kind: "text", "cell" or "map". tap:
    items with the same tap are highlighted together. go: the value that a click leads to. pick: the group of terms
    that a click chooses. description: in words, with all digits.
    """

    rect: Area
    text: str = ""
    key: tuple[object, ...] = ()
    kind: str = "text"
    fill: str = ""
    hue: str = ""
    bold: bool = False
    large: bool = False
    padding: bool = False
    wins: bool = False
    faint: bool = False
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
        return replace(self, rect=self.rect.moved(x, y))


@dataclass(frozen=True)
class Edge:
    """A line from one item to another. strong: it belongs to the value looked at. over: it is drawn over the items."""

    start: Point
    stop: Point
    strong: bool = True
    over: bool = False


@dataclass(frozen=True)
class Sheet:
    """A page of items. size: (width, height)."""

    items: tuple[Item, ...] = ()
    edges: tuple[Edge, ...] = ()
    size: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Paper:
    """The room, colours, and letters that a sheet is laid out with.

    size: of the letters, in the unit of the painter. tall: the height of a line of them. measure: the width of a text
    in letters of a size, bold or not.
    """

    width: float
    height: float
    colors: Colors
    size: float
    tall: float
    measure: Callable[[str, float, bool], float]

    @property
    def line(self) -> float:
        """The height of a line of words."""
        return self.tall + 2

    @property
    def cell(self) -> float:
        """The height of a cell with a number."""
        return self.tall + 6

    def wide(self, text: str, *, bold: bool = False, large: bool = False) -> float:
        """The width of some words."""
        return self.measure(text, self.size * (LARGE if large else 1), bold)

    def elided(self, text: str, width: float) -> str:
        """The text, cut where it is wider than `width`."""
        if self.wide(text) <= width:
            return text
        # Letter by letter: the font is proportional, so counting letters would not do.
        while text and self.wide(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def lines(self, text: str, width: float, **changes: Any) -> list[Item]:
        """Words broken at spaces into lines that fit a width, an item for each, all at the origin."""
        # A word that is wider than the line gets a line of its own, rather than none.
        found: list[str] = []
        for part in text.split(" "):
            longer = f"{found[-1]} {part}" if found else part
            if found and self.wide(longer) <= width:
                found[-1] = longer
            else:
                found.append(part)
        return [self.word(line, **changes) for line in found]

    def word(
        self,
        text: str,
        x: float = 0.0,
        y: float = 0.0,
        *,
        bold: bool = False,
        large: bool = False,
        **changes: Any,
    ) -> Item:
        """Words on one line, with their upper left corner at a point."""
        height = self.tall * (LARGE if large else 1) + 2
        box = Area(x, y, self.wide(text, bold=bold, large=large) + 4, height)
        return Item(box, text, bold=bold, large=large, **changes)

    def caption(self, text: str, x: float, y: float, width: float) -> Item:
        """Faint words, cut where they are wider than `width`, with the whole text as their description."""
        return self.word(self.elided(text, width), x, y, faint=True, description=text)


def white(width: float, height: float, size: float) -> Paper:
    """White paper with the letters of PNGs."""
    return Paper(width, height, INKS, size, size * TALL, text_width)


def flow(items: Iterable[Item], left: float, top: float, right: float, gap: float = 5.0) -> list[Item]:
    """Items placed in reading order between two edges, on as many lines as they need."""
    placed: list[Item] = []
    x, y, tall = left, top, 0.0
    for item in items:
        # The first item of a line stays however wide it is: the next line would be no wider.
        if x > left and x + item.rect.width > right:
            x, y, tall = left, y + tall + 2, 0.0
        placed.append(item.moved(x - item.rect.left, y - item.rect.top))
        x += item.rect.width + gap
        tall = max(tall, item.rect.height)
    return placed


def bottom(items: Iterable[Item], least: float = 0.0) -> float:
    """The bottom of the lowest item."""
    return max((item.rect.bottom for item in items), default=least)


def sheet(items: Iterable[Item], edges: Iterable[Edge] = ()) -> Sheet:
    """A sheet that is as large as its items."""
    listed = tuple(items)
    right = max((item.rect.right for item in listed), default=0.0)
    return Sheet(listed, tuple(edges), (right + 4, bottom(listed) + 4))
