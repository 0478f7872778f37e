"""The view of the wall: only the columns and tiles that are on the screen exist as items.

Scrolling is done here, by moving the parents of the items, and not by QGraphicsView: its scroll bars span the items
that exist, but most tiles have none until they come into view; and the headers must stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.viewstate import LARGEST_TILE, SMALLEST_TILE, RangeKey
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.sceneview import SceneView
from filterlab.gui.painting import guarded, painting
from filterlab.gui.wall.bars import BarsItem
from filterlab.gui.wall.content import Content, WallStrip, read_content
from filterlab.gui.wall.ground import HeadsGround, Holder
from filterlab.gui.wall.header import HeaderItem, NoteItem, header_height, note_height
from filterlab.gui.wall.layout import (
    COMFORTABLE,
    Column,
    Metrics,
    Rect,
    Spec,
    WallSheet,
    fitting_tile,
    overview,
    revealed,
    side_by_side,
    single,
)
from filterlab.gui.wall.legend.drawing import legend_height, small
from filterlab.gui.wall.lens import Lens, lens_for
from filterlab.gui.wall.marks.boxes import BoxesItem, Placed, RegionBox, boxes_of
from filterlab.gui.wall.marks.links import Link, LinksItem, links_of
from filterlab.gui.wall.marks.overlay import OverlayItem, panes_of
from filterlab.gui.wall.tile import Face, TileItem
from filterlab.gui.wall.turn import Turn

SIZES = range(SMALLEST_TILE, LARGEST_TILE + 1)  # widths that tiles may have
THIN_BAR = 5  # height in pixels of a bar in the overview
# Items of tiles that left the screen, kept for tiles that come: making one costs more than moving it.
SPARE = 64


@dataclass(frozen=True)
class Hit:
    """The thing under a point: a column, an entry of it (None beside the entries), and the place in that entry.

    x, y: pixels from the corner of the entry. header: whether the point is in the head of the column.
    """

    strip: WallStrip
    column: Column
    entry: int | None
    x: float
    y: float
    header: bool = False


class WallView(SceneView):
    """Shows the content of the workbench. arranged: the columns or the scroll position changed."""

    arranged = Signal()

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.content, self.sheet, self.metrics = Content(), WallSheet(), Metrics()
        self.head = 0  # height of the headers
        self.axes: dict[RangeKey, tuple[float, float]] = {}  # of the legend whose handle is being dragged
        self.room: Callable[[], QSize] = self.size  # that tiles and headers are to fill
        self.tile = COMFORTABLE  # width of the tiles that "side by side" shows
        self.entries: dict[str, int] = {}  # the entry of each node that the mode "single" shows
        self.first: tuple[str, int | None] | None = None  # the map that is to be compared with another
        self.tiles: dict[tuple[str, int], TileItem] = {}
        self._spare: list[TileItem] = []
        self.turn = Turn(self)
        self._others: dict[tuple[str, str], HeaderItem | BarsItem | NoteItem] = {}
        self._offset = QPoint(0, 0)
        self._followed = ""
        # Few items are there, and all of them move at every scroll: an index would be rebuilt more than it is used.
        self.scene().setItemIndexMethod(self.scene().ItemIndexMethod.NoIndex)
        self._field, self._ground, self._heads = Holder(), HeadsGround(), Holder()
        # From below: what scrolls in both directions, the ground that hides it, and the headers on that ground.
        for layer, item in enumerate((self._field, self._ground, self._heads)):
            item.setZValue(layer)
            self.scene().addItem(item)
        self._pin_boxes, self._hover_boxes = BoxesItem(self._field), BoxesItem(self._field)
        self._overlay, self._links = OverlayItem(self._field), LinksItem(self._field)
        # Above the tiles, which have 0 however late they are made; the cursor's boxes are above all else.
        self._overlay.setZValue(0.5)
        self._links.setZValue(0.75)
        self._pin_boxes.setZValue(1)
        self._hover_boxes.setZValue(2)
        bench.overlays.changed.connect(self.update_overlays)
        bench.overlays.changed.connect(self.update_links)

    # -- what is shown --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything from the workbench anew, and show it."""
        self.content = read_content(self.bench, self.content)
        colors = self.bench.theme.colors
        # With any brush, Qt paints all of the wall again.
        if self.backgroundBrush().color() != QColor(colors.wall):
            self.setBackgroundBrush(QColor(colors.wall))
        # Items paint in the font of the scene, while their places are worked out from that of the view.
        self.scene().setFont(self.font())
        self._arrange()
        self._ground.show_ground(self.width(), self.head, QColor(colors.wall), QColor(colors.border))
        self._ground.setVisible(bool(self.sheet.columns))
        # Before the items are placed, which would else be made for a part of the wall that nobody sees.
        self._offset = self._towards(self._followed)
        self._place(renew=True)

    def follow_anew(self, node: str) -> None:
        """Follow a column from the beginning of the wall on, with the next refresh: another wall is to be shown."""
        self._offset, self._followed = QPoint(0, 0), node

    def _arrange(self) -> None:
        look, scene = self.bench.view.look, self.fontMetrics()
        line = scene.height() + 4
        below = legend_height(QFontMetricsF(small(self.font()))) + 4
        caption = round(below) if look.scope == "map" and look.mode != "overview" else 0
        self.metrics = Metrics(14, 14, caption, scene.averageCharWidth() * 11, scene.averageCharWidth() * 34)
        self.head = header_height(self.font(), legend=look.scope != "map") if self.content.strips else 0
        self.sheet = self._sheet(line)

    def _sheet(self, line: int) -> WallSheet:
        look, strips = self.bench.view.look, list(self.content.strips.values())
        if not strips or self.content.full_view is None:
            return WallSheet()
        _, _, height, width = self.content.full_view
        room = (float(self.width()), float(max(self.height() - self.head, 1)))
        if look.mode == "single":
            strip = self.single_strip()
            assert strip is not None, "there are columns"
            entry = min(self.entries.get(strip.node, 0), strip.count - 1)
            # 28 pixels are the margins on both sides.
            return single(self._spec(strip, int(room[0]) - 28, line), entry, self.metrics, room)
        if look.mode == "overview":
            specs = [self._small_spec(strip, room[1], line) for strip in strips]
            return overview(specs, self.metrics, room, height / width)
        self.tile = look.tile or self.fitting_tile()
        specs = [self._spec(strip, self.tile, line) for strip in strips]
        return side_by_side(specs, self.metrics, self.tile, height / width)

    def fitting_tile(self, *, every: bool = False) -> int:
        """The width of tiles that fills the wall side by side. every: show all columns, however small they become."""
        if self.content.full_view is None:
            return COMFORTABLE
        whole = self.room()
        room = float(whole.width()), float(whole.height() - self.head)
        # The heights of bars and notes do not matter: tiles are to fit.
        specs = [Spec(strip.node, strip.kind, strip.count) for strip in self.content.strips.values()]
        _, _, height, width = self.content.full_view
        return fitting_tile(specs, self.metrics, room, height / width, SIZES, every=every)

    def resize_tiles(self, factor: float) -> None:
        """Make the tiles of "side by side" larger or smaller than they are."""
        size = round(self.tile * factor)
        # By one pixel at least, or small tiles could not be changed in small steps.
        size += (size == self.tile) * (1 if factor > 1 else -1)
        self.bench.view.set(tile=min(max(size, SIZES.start), SIZES[-1]))

    def _small_spec(self, strip: WallStrip, room: float, line: int) -> Spec:
        """The request of the overview, in which bars are thin, unless all names of classes have room."""
        if strip.kind != "bars" or not strip.labels:
            return self._spec(strip, 0, THIN_BAR)
        every = strip.count * (line + 1) + 2 * self.metrics.margin <= room
        return Spec(strip.node, "bars", strip.count, line if every else THIN_BAR, self.metrics.bars)

    def _spec(self, strip: WallStrip, width: int, line: int) -> Spec:
        if strip.kind == "bars":
            return Spec(strip.node, "bars", strip.count, line)
        if strip.kind == "note":
            wide = max(width, self.metrics.narrowest)
            return Spec(strip.node, "note", 1, note_height(strip, wide, self.fontMetrics()))
        return Spec(strip.node, "maps", strip.count)

    def single_strip(self) -> WallStrip | None:
        """The column that the mode "single" shows: that of the selected node, else the first."""
        strips = self.content.strips
        return strips.get(self.bench.selection.node) or next(iter(strips.values()), None)

    # -- scrolling ------------------------------------------------------------------------------------

    @property
    def offset(self) -> QPoint:
        """The scroll position of the sheet in pixels, (right, down)."""
        return self._offset

    def scroll_range(self) -> tuple[int, int]:
        """The greatest scroll position, (right, down)."""
        room = max(self.height() - self.head, 1)
        return max(round(self.sheet.width) - self.width(), 0), max(round(self.sheet.height) - room, 0)

    def scroll_to(self, x: float, y: float) -> None:
        """Scroll to a place, or as far towards it as there is something; stop following a column."""
        self._followed = ""
        self._scroll(x, y)

    def _scroll(self, x: float, y: float) -> None:
        place = self._held(x, y)
        if place != self._offset:
            self._offset = place
            self._place(renew=False)

    def _held(self, x: float, y: float) -> QPoint:
        # Sheets may end at fractions of a pixel, but scrolling by whole ones keeps the coloured pixels of tiles valid.
        right, down = self.scroll_range()
        return QPoint(min(max(round(x), 0), right), min(max(round(y), 0), down))

    def follow(self, node: str) -> None:
        """Show a column, and keep it in view while others come and go, until the person scrolls."""
        self._followed = node
        self.reveal(node)

    def reveal(self, node: str, entry: int | None = None) -> None:
        """Scroll just far enough to show a column, or one entry of it; of a vector, the one that is looked for."""
        # Not `scroll_to`, which would end the following of a column that this may be part of.
        self._scroll(*self._towards(node, entry).toTuple())

    def _towards(self, node: str, entry: int | None = None) -> QPoint:
        column = self.sheet.column(node)
        if column is None:
            return self._offset
        gap = self.metrics.gap
        x = revealed(self._offset.x(), self.width(), column.left - gap, column.right + gap)
        # A column of many bars may have been scrolled beyond the last map of this one.
        y = float(self._offset.y()) if column.height > self._offset.y() else 0.0
        if entry is None and column.kind == "bars":
            entry = self.content.strips[node].sought(self.bench.selection.pin)
        if entry is not None and column.first <= entry < column.first + column.count:
            rect = column.rect(entry)
            y = revealed(y, self.height() - self.head, rect.top - gap / 2, rect.bottom + gap)
        return self._held(x, y)

    # -- items ----------------------------------------------------------------------------------------

    def _place(self, *, renew: bool) -> None:
        """Move to the scroll position, make the items that come into view, and release those that leave it.

        renew: whether the items that stay are to show their content anew; scrolling leaves it as it is.
        """
        # The sheet may have become smaller since it was scrolled.
        self._offset = self._held(self._offset.x(), self._offset.y())
        self._field.setPos(-self._offset.x(), self.head - self._offset.y())
        self._heads.setPos(-self._offset.x(), 0)
        self._place_tiles(renew)
        self._place_others(renew)
        self.update_overlays()
        self.update_links()
        self.update_boxes()
        self.arranged.emit()

    def columns_on_screen(self) -> list[Column]:
        """The columns in view."""
        return self.sheet.visible(self._offset.x(), self._offset.x() + self.width())

    def entries_on_screen(self, column: Column) -> range:
        """The entries of a column in view."""
        # An entry includes the gap below it, into which its box may reach; one pixel more allows for rounding.
        return column.visible(self._offset.y() - 1, self._offset.y() + self.height() - self.head + 1)

    def _place_tiles(self, renew: bool) -> None:
        wanted = {
            (column.node, entry): column
            for column in self.columns_on_screen()
            if column.kind == "maps"
            for entry in self.entries_on_screen(column)
        }
        for key in [key for key in self.tiles if key not in wanted]:
            item = self.tiles.pop(key)
            # Kept for the next tile rather than destroyed, but without its map.
            item.let_go()
            self._spare.append(item)
        for item in self._spare[SPARE:]:
            self.scene().removeItem(item)
        del self._spare[SPARE:]
        for key, column in wanted.items():
            fresh = key not in self.tiles
            if fresh:
                self.tiles[key] = self._spare.pop() if self._spare else TileItem(self._field, self.turn)
            if fresh or renew:
                self._show_tile(self.tiles[key], column, key[1])

    def recolor(self, names: Collection[str]) -> None:
        """Colour the tiles of some nodes again: more of their maps is known."""
        for (node, _), item in self.tiles.items():
            if node in names:
                item.recolor()

    def _show_tile(self, item: TileItem, column: Column, entry: int) -> None:
        strip, look = self.content.strips[column.node], self.bench.view.look
        rect, caption = column.rect(entry), self.metrics.caption
        item.show_face(self._face(strip, column, entry, look.numbers), column.entry, caption)
        item.setPos(rect.left, rect.top)
        item.setVisible(True)

    def _face(self, strip: WallStrip, column: Column, entry: int, numbers: bool) -> Face:
        assert strip.shown is not None and strip.place is not None, "tiles are of maps"  # noqa: PT018
        lens = self.lens(column.entry)
        channel, tone = strip.channel(entry), strip.tone_at(entry)
        reason = " — ".join(part for part in (strip.trouble, strip.hint) if part)
        return Face(
            strip.shown.view,
            channel,
            tone.scale,
            tone.colormap,
            channel is None and strip.mean,
            lens,
            strip.place,
            # The number of an only channel says nothing, and would cover the number of a cell.
            strip.label(entry) if strip.count > 1 or self.metrics.caption else "",
            strip.shown.stale_in(lens.crop(strip.place, 0, 0, *column.entry)),
            reason if entry == column.first else "",
            numbers,
            strip.legend(entry, self.axes) if self.metrics.caption else None,
            self.bench.theme.colors,
            "A" if (strip.node, channel) == self.first else "",
        )

    def _place_others(self, renew: bool) -> None:
        """Place headers, bars and notes: those of the columns in view."""
        columns = {column.node: column for column in self.columns_on_screen()}
        # By kind too: the note of a column goes when its map comes, which needs another item.
        wanted = {(c.node, kind) for c in columns.values() for kind in ("head", c.kind) if kind != "maps"}
        for key in [key for key in self._others if key not in wanted]:
            self.scene().removeItem(self._others.pop(key))
        for node, kind in wanted:
            if (node, kind) not in self._others:
                self._others[node, kind] = _ITEMS[kind](self._heads if kind == "head" else self._field)
            elif not renew:
                continue
            self._show_other(self._others[node, kind], columns[node])

    def _show_other(self, item: HeaderItem | BarsItem | NoteItem, column: Column) -> None:
        strip, colors = self.content.strips[column.node], self.bench.theme.colors
        item.setPos(column.left, 0 if isinstance(item, HeaderItem) else column.top)
        if isinstance(item, HeaderItem):
            selected = column.node == self.bench.selection.node
            whole = strip.kind == "maps" and self.bench.view.look.scope != "map"
            legend = strip.legend(None, self.axes) if whole else None
            item.show_strip(strip, (column.width, self.head), colors, selected=selected, legend=legend)
        elif isinstance(item, BarsItem):
            item.show_strip(strip, column, colors)
        else:
            item.show_strip(strip, column.entry, colors)

    # -- places ---------------------------------------------------------------------------------------

    def lens(self, tile: tuple[float, float]) -> Lens:
        """The lens of a tile of this size."""
        assert self.content.full_view is not None, "there are tiles only of a picture"
        return lens_for(self.bench.view.look.crop, self.content.full_view, tile)

    def tile_size(self) -> tuple[float, float] | None:
        """Size (width, height) of the tiles; None where there are none."""
        return next((column.entry for column in self.sheet.columns if column.kind == "maps"), None)

    def hit(self, at: QPointF) -> Hit | None:
        """The column and entry under a point of the view; None between columns.

        Arithmetic, and no search through the scene: it runs at every move of the mouse, also for tiles without items.
        """
        x, y = at.x() + self._offset.x(), at.y() - self.head + self._offset.y()
        column = self.sheet.column_at(x)
        if column is None:
            return None
        strip = self.content.strips[column.node]
        if at.y() < self.head:
            return Hit(strip, column, None, x - column.left, at.y(), header=True)
        entry = column.at(x, y) if column.kind != "note" else None
        rect = column.rect(entry) if entry is not None else Rect(column.left, 0, 0, 0)
        return Hit(strip, column, entry, x - rect.left, y - rect.top)

    def spot_at(self, at: QPointF) -> Spot | None:
        """The value under a point; None where there is none."""
        hit = self.hit(at)
        if hit is None or hit.entry is None or hit.strip.view is None:
            return None
        channel = hit.strip.channel(hit.entry) or 0
        if hit.strip.place is None:
            return Spot(hit.strip.node, channel, 0, 0)
        cell = self.lens(hit.column.entry).cell(hit.strip.place, hit.strip.view.size, hit.x, hit.y)
        return Spot(hit.strip.node, channel, *cell) if cell else None

    def tile_rect(self, node: str, entry: int) -> QRectF:
        """The rectangle of an entry of a column, in the view's coordinates."""
        column = self.sheet.column(node)
        assert column is not None, f"{node} has no column"
        rect = column.rect(entry)
        return QRectF(
            rect.left - self._offset.x(), rect.top + self.head - self._offset.y(), rect.width, rect.height
        )

    def point_of(self, spot: Spot) -> QPointF:
        """The middle of a value's cell, in the view's coordinates."""
        strip = self.content.strips[spot.node]
        box = self.tile_rect(spot.node, strip.entry(spot.channel))
        if strip.place is None:
            return box.center()
        x, y = self.lens((box.width(), box.height())).pixel(strip.place, spot.row + 0.5, spot.col + 0.5)
        return box.topLeft() + QPointF(x, y)

    # -- overlays and boxes ---------------------------------------------------------------------------

    def _placed(self) -> list[Placed]:
        strips = self.content.strips
        return [(c, strips[c.node], self.entries_on_screen(c)) for c in self.columns_on_screen()]

    def update_overlays(self) -> None:
        """Draw the effective field over the picture, and the cells that a weight touches over their map."""
        overlays, tile = self.bench.overlays, self.tile_size()
        columns = self._placed() if overlays.field or overlays.touch else []
        panes = panes_of(columns, self.lens(tile) if tile is not None else None)
        self._overlay.show_overlays(panes, overlays.field, overlays.touch, self._reach())

    def _reach(self) -> QRectF:
        """The sheet with what may reach beyond it: the padding of boxes."""
        return QRectF(-20, -20, self.sheet.width + 40, self.sheet.height + 40)

    def update_boxes(self) -> None:
        """Draw the boxes of the pinned value and of the one under the cursor."""
        colors, selection = self.bench.theme.colors, self.bench.selection
        self._show_boxes(self._pin_boxes, selection.pin, QColor(colors.pin))
        self._show_boxes(self._hover_boxes, selection.hover, QColor(colors.hover))
        for (node, _), item in self._others.items():
            if isinstance(item, BarsItem):
                spots = ((selection.pin, colors.pin), (selection.hover, colors.hover))
                item.mark({s.channel: QColor(c) for s, c in spots if s is not None and s.node == node})

    def _show_boxes(self, item: BoxesItem, spot: Spot | None, color: QColor) -> None:
        # The pin moves rarely, and its boxes may take the time to be drawn on all tiles.
        few = item is self._hover_boxes
        boxes = self._boxes(spot, self._placed(), few=few) if spot is not None else []
        item.show_boxes(boxes, color, self._reach())

    def _boxes(self, spot: Spot, columns: Iterable[Placed], *, few: bool = False) -> list[RegionBox]:
        fields, shown = self.bench.results.fields, self.bench.results.maps.get(spot.node)
        if fields is None or shown is None or not shown.has(spot):
            return []
        reads = fields.boxes(spot.node, spot.row, spot.col, spot.channel)
        return boxes_of(spot, reads, columns, self.lens, few=few)

    def update_links(self) -> None:
        """Draw how much each channel that the pinned value reads gives to it."""
        links, found = self.bench.overlays.links, []
        if links is not None and links.spot == self.bench.selection.pin:
            shelves = [(column, self.content.strips[column.node]) for column in self.sheet.columns]
            found = links_of(links, shelves, partial(self._boxes, links.spot))
        self._links.show_links(found, QColor(self.bench.theme.colors.pin))

    def links(self) -> list[Link]:
        """The curves from what the pinned value reads, the widest last, also where they are out of sight."""
        return self._links.links

    def boxes(self, *, pinned: bool) -> list[Any]:
        """The boxes on the screen: those of the pinned value, or of the one under the cursor."""
        return (self._pin_boxes if pinned else self._hover_boxes).boxes

    # -- Qt -------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if hasattr(self, "content"):  # the base class resizes before there is anything
            self.refresh()
            # A scroll bar that this brings resizes the view once more. Qt has laid out the viewport for that already,
            # and goes on with the larger size of before.
            self.viewport().setGeometry(self.contentsRect())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.viewport().update()  # all of it: the focus frame goes around its edge

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.viewport().update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self.hasFocus():
            with painting(self.viewport()) as painter:
                painter.setPen(QPen(QColor(self.bench.theme.colors.accent), 1))
                painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))


_ITEMS: dict[str, Any] = {"head": HeaderItem, "bars": BarsItem, "note": NoteItem}
