"""A sheet as plain shapes, which all painters paint alike: the window, SVG, PNG and film."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil, floor
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from filterlab.explain.drawing.scene import LARGE, Edge, Item, Mark, Paper, Sheet, Thumb
from filterlab.images.palette import Colors, ink_on, mixed
from filterlab.images.vector import Area, Box, Raster, Shape, Stroke, Words
from filterlab.images.views import MapView, ViewCrop

STRIPE = 3.0  # height of the stripe of hue at the bottom of a cell
HATCH = 8.0  # distance of the slanted lines over padding, from one to the next along an edge
SMALLEST = 5.0  # side of a mark; one cell of a large map would be less than a pixel
BLANK = np.uint32(0xFFECECEC)  # values that are still to come
KEPT = 600  # cached pictures for one map; they are dropped together with the map

# Used by several threads, which at worst colour the same map twice: each entry is written whole.
_pictures: WeakKeyDictionary[MapView, dict[tuple[object, ...], NDArray[np.uint32]]] = WeakKeyDictionary()


def shapes(sheet: Sheet, paper: Paper) -> list[Shape]:
    """The shapes of a sheet, later ones over earlier ones."""
    found = _edges([edge for edge in sheet.edges if not edge.over], paper.colors)
    for item in sheet.items:
        found += _drawn(item, paper)
    # A second round: frames reach over neighbours, which would cover them if they were drawn later.
    for item in sheet.items:
        if item.wins and item.kind != "text":
            found += outline(item.rect.shrunk(1), paper.colors.pin, 2.5)
    return found + _edges([edge for edge in sheet.edges if edge.over], paper.colors)


def highlights(sheet: Sheet, lit: Item, paper: Paper) -> list[Shape]:
    """The shapes that are drawn over a sheet to highlight an item, and all that belong to it."""
    found: list[Shape] = []
    for item in sheet.items:
        inner = item.rect.shrunk(1)
        if lit.tap is not None and item.tap == lit.tap:
            found += outline(inner, paper.colors.hover, 2)
        elif item.key != lit.key or not item.live:
            continue
        elif item.kind == "text":
            y = item.rect.middle[1] + paper.tall / 2 - 2
            found.append(Stroke((inner.left, y), (inner.right - 4, y), _ink(item, paper.colors)))
        else:
            found += outline(inner, paper.colors.hover, 1.5)
    return found


def outline(area: Area, colour: str, thickness: float) -> list[Shape]:
    """A frame that is seen on any colour: a line on top of a wider one of the opposite brightness."""
    return [
        Box(area, line=faded(ink_on(colour), 190), thickness=thickness + 2),
        Box(area, line=colour, thickness=thickness),
    ]


def faded(colour: str, alpha: int) -> str:
    """A colour with an alpha from 0 (invisible) to 255 (opaque)."""
    return f"{colour}{alpha:02x}"


def _edges(edges: list[Edge], colors: Colors) -> list[Shape]:
    found: list[Shape] = []
    for edge in edges:
        if edge.over:
            # A wider line of the opposite brightness below, so that the line is seen on maps of any colour.
            found.append(Stroke(edge.start, edge.stop, faded(ink_on(colors.accent), 110), 3.0))
        found.append(Stroke(edge.start, edge.stop, faded(colors.accent, 255 if edge.strong else 160), 1.4))
    return found


def _drawn(item: Item, paper: Paper) -> Iterator[Shape]:
    if item.kind == "cell":
        yield from _cell(item, paper)
    elif item.thumb is not None:
        yield from map_shapes(item.rect, item.thumb, paper.colors, faint=item.faint)
    elif item.text:
        size = paper.size * (LARGE if item.large else 1)
        ink = _ink(item, paper.colors)
        yield Words(item.rect.left, item.rect.middle[1], item.text, size, ink, item.bold)


def _ink(item: Item, colors: Colors) -> str:
    return colors.dim if item.faint else colors.accent if item.live else colors.text


def _cell(item: Item, paper: Paper) -> Iterator[Shape]:
    area, colors = item.rect, paper.colors
    fill = item.fill or colors.field
    if item.faint:
        fill = mixed(colors.window, fill, 0.4)
    yield Box(area, fill, colors.border)
    if item.padding:
        yield Box(area, faded("#000000", 70))
        yield from _hatching(area, faded(colors.text, 90))
    stripe = STRIPE if item.hue else 0.0
    if item.hue:
        yield Box(Area(area.left + 1, area.bottom - stripe, area.width - 1, stripe), item.hue)
    width = paper.wide(item.text, bold=item.wins)
    # A number that is cut off would be read as another one, so that none at all is better.
    if not item.text or width > area.width:
        return
    x, y = area.middle[0], area.middle[1] - stripe / 2
    ink = ink_on(fill)
    if item.padding:
        # The hatching must not run through the figures.
        ground = min(width + 4, area.width - 2)
        yield Box(Area(x - ground / 2, area.top + 2, ground, area.height - stripe - 4), colors.window)
        ink = colors.text
    yield Words(x, y, item.text, paper.size, ink, item.wins, centred=True)


def _hatching(area: Area, colour: str) -> Iterator[Shape]:
    """Slanted lines over an area."""
    width, height = area.width, area.height
    # A line is told by where it meets the way along the left and the lower edge.
    for way in np.arange(HATCH, width + height, HATCH).tolist():
        start = area.left + max(way - height, 0), area.top + min(way, height)
        yield Stroke(start, (area.left + min(way, width), area.top + max(way - width, 0)), colour)


def map_shapes(place: Area, thumb: Thumb, colors: Colors, *, faint: bool = False) -> Iterator[Shape]:
    """The shapes of a small map."""
    left, top = floor(place.left), floor(place.top)
    # Whole pixels, or painters would resample the picture once more and blur the edges of its cells.
    area = Area(left, top, ceil(place.right) - left, ceil(place.bottom) - top)
    yield Raster(area, partial(picture, thumb))
    if faint:
        yield Box(area, faded(colors.window, 150))
    tall, wide = thumb.view.size
    for row in thumb.rows:
        y = top + area.height * row / tall
        yield Stroke((left, y), (area.right, y), faded(colors.pin, 200))
    for col in thumb.cols:
        x = left + area.width * col / wide
        yield Stroke((x, top), (x, area.bottom), faded(colors.pin, 200))
    # A line of one unit makes a rectangle one unit wider and higher than it is.
    yield Box(Area(left, top, area.width - 1, area.height - 1), line=colors.border)
    for mark in thumb.marks:
        yield from outline(_on_map(area, thumb, mark), colors.pin, 1.5)


def picture(thumb: Thumb, height: int, width: int) -> NDArray[np.uint32]:
    """The pixels 0xFFRRGGBB of a small map, (height, width). They are cached, because every hover repaints them."""
    pictures = _pictures.setdefault(thumb.view, {})
    tall, wide = thumb.view.size
    # All that the pixels depend on besides the map itself.
    key = thumb.channel, thumb.scale, thumb.colormap, height, width
    if key not in pictures:
        if len(pictures) >= KEPT:
            # All at once: a sheet needs far fewer, and to find the oldest each use would have to be recorded.
            pictures.clear()
        crop = ViewCrop(0, 0, tall, wide)
        pictures[key] = thumb.view.colored(thumb.channel, crop, height, width, thumb.scale, thumb.colormap)
    if thumb.filled is None:
        return pictures[key]
    # The row and the column of the cell under the middle of each pixel.
    rows, cols = (((np.arange(n) + 0.5) * m / n).astype(int) for n, m in ((height, tall), (width, wide)))
    return np.where(thumb.filled[rows[:, None], cols], pictures[key], BLANK)


def _on_map(box: Area, thumb: Thumb, mark: Mark) -> Area:
    """The place of a part of a map, large enough to be seen, and reaching little beyond the map."""
    top, left, low, right = mark
    y, x = box.height / thumb.view.size[0], box.width / thumb.view.size[1]
    across = _within(box.left + left * x, box.left + right * x, box.left - 3, box.right + 3)
    down = _within(box.top + top * y, box.top + low * y, box.top - 3, box.bottom + 3)
    return Area(across[0], down[0], across[1] - across[0], down[1] - down[0])


def _within(start: float, stop: float, first: float, last: float) -> tuple[float, float]:
    """A span grown about its middle to the least size of a mark, and cut off at the limits."""
    missing = max(SMALLEST - (stop - start), 0) / 2
    start, stop = start - missing, stop + missing
    # One that lies in the padding alone is drawn at the nearest border.
    if stop <= first or start >= last:
        size = min(stop - start, last - first)
        start = min(max(start, first), last - size)
        stop = start + size
    return max(start, first), min(stop, last)
