"""Where columns and tiles are: arithmetic in pixels. No Qt.

The origin of the sheet is the top left of the first row of tiles; the headers are above it and do not scroll down.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

# Height : width of a tile; other pictures are shown with empty room beside them.
FLATTEST, TALLEST = 1 / 3, 1.5
# Widths of tiles in pixels that "side by side" chooses by itself: the least with which it shows all columns, and the
# least where it shows only some of more.
LEAST, COMFORTABLE = 110, 160
# Share of the width that it gives up where whole columns are seen for it, down to the last channel.
WHOLE = 0.75
THUMBNAILS = (180, 150, 120, 96, 80, 64, 56, 48, 40, 32, 24, 20, 16)


@dataclass(frozen=True)
class Metrics:
    """Sizes in pixels that follow from the font.

    gap: between tiles. margin: around the sheet. caption: height of the room below a tile for a legend of its own, 0
    where it has none. narrowest: the least width of a header. bars: the least width of a column of bars.
    """

    gap: int = 14
    margin: int = 14
    caption: int = 0
    narrowest: int = 72
    bars: int = 220


@dataclass(frozen=True)
class Rect:
    """A rectangle of the sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the first pixel beyond it."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of the first pixel beyond it."""
        return self.top + self.height

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True)
class Spec:
    """The request for a column. kind: "maps", "bars" or "note". count: of entries.

    height: of one entry in pixels, for bars and notes; tiles of maps follow the shape of the picture. width: the least
    in the overview, for bars with names.
    """

    node: str
    kind: str
    count: int
    height: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Column:
    """A column with the entries first to first + count - 1, `across` of them side by side, the uppermost at `top`.

    entry: (width, height) of one, without its caption. step: distance from one to the next, (right, down).
    """

    node: str
    kind: str
    left: float
    width: float
    first: int
    count: int
    across: int
    entry: tuple[float, float]
    step: tuple[float, float]
    top: float = 0.0

    @property
    def right(self) -> float:
        """The x of the first pixel beyond it."""
        return self.left + self.width

    @property
    def height(self) -> float:
        """The height from the top of the sheet to the end of the last row of entries."""
        return self.top + ceil(self.count / self.across) * self.step[1]

    def rect(self, index: int) -> Rect:
        """The place of entry `index`."""
        row, place = divmod(index - self.first, self.across)
        return Rect(self.left + place * self.step[0], self.top + row * self.step[1], *self.entry)

    def visible(self, top: float, bottom: float) -> range:
        """The entries that touch the pixel rows from top to bottom.

        Found by division, not by looking at each: there may be thousands of channels, and this runs at every scroll.
        """
        rows = ceil(self.count / self.across)
        first = min(max(floor((top - self.top) / self.step[1]), 0), rows)
        last = min(max(ceil((bottom - self.top) / self.step[1]), 0), rows)
        start, stop = first * self.across, min(last * self.across, self.count)
        # In an incomplete last row `stop` may fall below `start`, where nothing is visible.
        return range(self.first + start, self.first + max(stop, start))

    def at(self, x: float, y: float) -> int | None:
        """The entry under a point; None between entries."""
        # Floor and not int(), which would round a point left of the column towards 0 and so into it.
        place, row = floor((x - self.left) / self.step[0]), floor((y - self.top) / self.step[1])
        index = self.first + row * self.across + place
        if not (0 <= place < self.across and self.first <= index < self.first + self.count):
            return None
        return index if self.rect(index).holds(x, y) else None


@dataclass(frozen=True)
class WallSheet:
    """All columns, from left to right."""

    columns: tuple[Column, ...] = ()
    width: float = 0.0
    height: float = 0.0

    def column(self, node: str) -> Column | None:
        """The column of a node."""
        return next((column for column in self.columns if column.node == node), None)

    def column_at(self, x: float) -> Column | None:
        """The column that an x lies in."""
        return next((column for column in self.columns if column.left <= x < column.right), None)

    def visible(self, left: float, right: float) -> list[Column]:
        """The columns that touch the pixel columns from left to right."""
        return [column for column in self.columns if column.right > left and column.left < right]


def revealed(scroll: float, room: float, start: float, stop: float) -> float:
    """The scroll position nearest to `scroll` that shows start to stop; only the beginning if that is too long."""
    if start < scroll or stop - start > room:
        return start
    return max(scroll, stop - room)


def tile_height(width: float, aspect: float) -> float:
    """Height of a tile for pictures whose height is `aspect` times their width."""
    return max(round(width * min(max(aspect, FLATTEST), TALLEST)), 8)


def side_by_side(specs: list[Spec], metrics: Metrics, tile: int, aspect: float) -> WallSheet:
    """A column for each node, its entries below each other. aspect: height by width of the full view."""
    columns: list[Column] = []
    left = float(metrics.margin)
    for spec in specs:
        width = max(tile, metrics.bars) if spec.kind == "bars" else max(tile, metrics.narrowest)
        height = spec.height or tile_height(tile, aspect)
        columns.append(_stack(spec, metrics, left, width, tile, height))
        left += width + metrics.gap
    return _sheet(columns, metrics)


def fitting_tile(
    specs: list[Spec],
    metrics: Metrics,
    room: tuple[float, float],
    aspect: float,
    sizes: range,
    *,
    every: bool = False,
) -> int:
    """The width, of `sizes`, of the tiles of "side by side" that fill a room (width, height).

    All columns are seen, if that leaves tiles that can be read or `every` is true; else as many as have room. At least
    one tile of a column is seen whole.
    """
    edges = 2 * metrics.margin - metrics.gap
    floors = [metrics.bars if spec.kind == "bars" else metrics.narrowest for spec in specs]
    rows = max((spec.count for spec in specs if spec.kind == "maps"), default=1)

    def width(tile: int) -> float:
        return edges + sum(max(tile, floor) + metrics.gap for floor in floors)

    def height(tile: int, rows: int) -> float:
        step = tile_height(tile, aspect) + metrics.caption + metrics.gap
        return metrics.gap / 2 + rows * step + metrics.margin

    across = _largest(sizes, room[0], width)
    some = across < LEAST and not every
    if some:
        count = max(int((room[0] - edges) // (COMFORTABLE + metrics.gap)), 1)
        # Rounded up into the margin at the right, or a strip of the next column would be seen beside whole ones.
        across = ceil((room[0] - edges) / count - metrics.gap - max(count - metrics.margin, 0) / count)
    whole = _largest(sizes, room[1], lambda tile: height(tile, rows))
    if some or whole < WHOLE * across:
        whole = _largest(sizes, room[1], lambda tile: height(tile, 1))
    return min(across, whole)


def _largest(sizes: range, room: float, length: Callable[[int], float]) -> int:
    """The largest size whose length has room, else the smallest size. A larger size is never shorter."""
    return sizes[max(bisect_right(sizes, room, key=length) - 1, 0)]


def _stack(
    spec: Spec, metrics: Metrics, left: float, width: float, tile: float, height: float, across: int = 1
) -> Column:
    top = metrics.gap / 2
    if spec.kind == "bars":
        return Column(spec.node, "bars", left, width, 0, spec.count, 1, (width, height), (width, height), top)
    if spec.kind == "note":
        step = (width, height + metrics.gap)
        return Column(spec.node, "note", left, width, 0, 1, 1, (width, height), step, top)
    step = (tile + metrics.gap, height + metrics.caption + metrics.gap)
    return Column(spec.node, "maps", left, width, 0, spec.count, across, (tile, height), step, top)


def overview(specs: list[Spec], metrics: Metrics, view: tuple[float, float], aspect: float) -> WallSheet:
    """Small tiles: the largest with which all columns fit into the view (width, height).

    If not even the smallest fit, the largest that make the sheet no wider than those: headers, which do not shrink,
    may be what takes the width.
    """
    sheets = [_overview(specs, metrics, view[1], tile, aspect) for tile in THUMBNAILS]
    # With this room at least the last sheet fits, so that `next` always finds one.
    room = max(view[0], sheets[-1].width)
    return next(sheet for sheet in sheets if sheet.width <= room)


def _overview(specs: list[Spec], metrics: Metrics, room: float, tile: int, aspect: float) -> WallSheet:
    height = tile_height(tile, aspect)
    # Gaps shrink with the tiles, or at the smallest sizes the overview would consist of gaps.
    small = Metrics(max(tile // 10, 2), metrics.margin, 0, metrics.narrowest, metrics.bars)
    rows = max(floor((room - metrics.margin) / (height + small.gap)), 1)
    columns: list[Column] = []
    left = float(metrics.margin)
    for spec in specs:
        across = ceil(spec.count / rows) if spec.kind == "maps" else 1
        wanted = across * (tile + small.gap) - small.gap if spec.kind == "maps" else 0
        width = max(wanted, metrics.narrowest, spec.width)
        columns.append(_stack(spec, small, left, width, tile, spec.height or height, across))
        left += width + metrics.gap
    return _sheet(columns, metrics)


def single(spec: Spec, entry: int, metrics: Metrics, view: tuple[float, float]) -> WallSheet:
    """One entry of one node, as large as the view (width, height); bars and notes take its width."""
    width = max(view[0] - 2 * metrics.margin, 40)
    top = metrics.gap / 2
    # At least 40 pixels, since a window can be dragged so small that nothing would be left.
    height = max(view[1] - top - metrics.margin - metrics.caption, 40)
    left = float(metrics.margin)
    if spec.kind != "maps":
        return _sheet([_stack(spec, metrics, left, width, width, spec.height)], metrics)
    step = (width, height + metrics.caption)
    column = Column(spec.node, "maps", left, width, entry, 1, 1, (width, height), step, top)
    return WallSheet((column,), view[0], column.height)


def _sheet(columns: list[Column], metrics: Metrics) -> WallSheet:
    if not columns:
        return WallSheet()
    width = columns[-1].right + metrics.margin
    return WallSheet(tuple(columns), width, max(column.height for column in columns) + metrics.margin)
