"""The wall by keyboard: keys move the pin, step through channels and nodes, and scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from filterlab.gui.bench.selection import Spot
from filterlab.gui.wall.content import WallStrip
from filterlab.gui.wall.lens import into_view, panned
from filterlab.gui.wall.view import WallView

_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
FAR = 10  # cells by which an arrow key with Shift moves the pin
SCROLL = 60  # pixels by which an arrow key scrolls


class Keys(QObject):
    """Filters the key presses of the view. opened(node, entry): Return was pressed while a value of it is pinned."""

    opened = Signal(str, int)

    def __init__(self, view: WallView) -> None:
        super().__init__(view)
        self._view, self._bench = view, view.bench
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key, keys = Qt.Key(event.key()), event.modifiers()
        control = bool(keys & Qt.KeyboardModifier.ControlModifier)
        if key in _ARROWS:
            down, right = _ARROWS[key]
            if control:
                self._step(down, right)
            else:
                self._arrow(down, right, FAR if keys & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._page(1 if key == Qt.Key.Key_PageDown else -1, control)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._end(key == Qt.Key.Key_End, control)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._return()
        elif key == Qt.Key.Key_Escape and self._bench.selection.pin is not None:
            self._bench.selection.set_pin(None)
        else:
            return False
        return True

    def pinned(self) -> tuple[Spot, WallStrip] | None:
        """The pin, if its map is on the wall and has such a value; an edit may have left fewer channels."""
        pin = self._bench.selection.pin
        strip = self._view.content.strips.get(pin.node) if pin is not None else None
        if pin is None or strip is None or strip.view is None or not strip.view.holds(*pin[1:]):
            return None
        if self._view.sheet.column(pin.node) is None:
            return None
        return pin, strip

    def _arrow(self, down: int, right: int, cells: int) -> None:
        found = self.pinned()
        if found is not None:
            self._move_pin(*found, down * cells, right * cells)
        elif self._single():
            self._step(down, right)
        else:
            offset = self._view.offset
            self._view.scroll_to(offset.x() + right * SCROLL, offset.y() + down * SCROLL)

    def _move_pin(self, pin: Spot, strip: WallStrip, down: int, right: int) -> None:
        assert strip.view is not None, "a pin is on a map"
        if strip.view.is_vector:
            # A vector has one axis: right and down both go to the next entry, in the order in which they stand.
            entry = _clamped(strip.entry(pin.channel) + down + right, strip.count)
            self._pin(Spot(pin.node, strip.channel(entry) or 0, 0, 0))
            return
        height, width = strip.view.size
        row, col = _clamped(pin.row + down, height), _clamped(pin.col + right, width)
        self._pin(Spot(pin.node, pin.channel, row, col))

    def _pin(self, spot: Spot) -> None:
        self._bench.selection.set_pin(spot)
        self._view.reveal(spot.node, self._view.content.strips[spot.node].entry(spot.channel))
        self._bring_into_view(spot)

    def _bring_into_view(self, spot: Spot) -> None:
        """Pan maps that are zoomed in just far enough to show the whole cell of a spot."""
        place, full = self._view.content.strips[spot.node].place, self._view.content.full_view
        column = self._view.sheet.column(spot.node)
        if self._bench.view.look.crop is None or place is None or full is None or column is None:
            return
        lens = self._view.lens(column.entry)
        cell = lens.span(place, spot.row, spot.col, spot.row + 1, spot.col + 1)
        right = into_view(cell.x, cell.width, column.entry[0])
        down = into_view(cell.y, cell.height, column.entry[1])
        if right or down:
            self._bench.view.set(crop=panned(lens, full, column.entry, right, down))

    def step_channel(self, by: int) -> None:
        """Step the channel of the pin, or of the map that is shown alone."""
        strip = self._view.single_strip()
        found = self.pinned()
        if found is not None and not self._single():
            pin, strip = found
            assert strip.view is not None, "a pin is on a map"
            if strip.view.is_vector:
                self._move_pin(pin, strip, by, 0)
                return
            self._pin(pin._replace(channel=_clamped(pin.channel + by, strip.view.channels)))
        elif strip is not None:
            entry = _clamped(self._view.entries.get(strip.node, 0) + by, strip.count)
            self._view.entries[strip.node] = entry
            # The pin goes along, so that all panels speak of the channel that is on view.
            if found is not None and found[0].node == strip.node:
                self._bench.selection.set_pin(found[0]._replace(channel=strip.channel(entry) or 0))
            self._view.refresh()

    def step_node(self, by: int) -> None:
        """Select the next or the previous column."""
        names = list(self._view.content.strips)
        strip = self._view.single_strip()
        if strip is not None:
            self._bench.selection.select(names[_clamped(names.index(strip.node) + by, len(names))])

    def _step(self, down: int, right: int) -> None:
        if down:
            self.step_channel(down)
        if right:
            self.step_node(right)

    def _single(self) -> bool:
        return self._bench.view.look.mode == "single"

    def _page(self, by: int, control: bool) -> None:
        if control:
            self.step_node(by)
        elif self._single() and self._view.scroll_range()[1] == 0:
            self.step_channel(by)
        else:
            # Less than a page, so that the last rows stay in sight and the eye finds its place again.
            room = max(self._view.height() - self._view.head - SCROLL, SCROLL)
            self._view.scroll_to(self._view.offset.x(), self._view.offset.y() + by * room)

    def _end(self, last: bool, control: bool) -> None:
        right, down = self._view.scroll_range() if last else (0, 0)
        offset = self._view.offset
        self._view.scroll_to(right if control else offset.x(), offset.y() if control else down)

    def _return(self) -> None:
        """Show the pinned map alone; where nothing is pinned, pin the middle of the selected map."""
        found, strip = self.pinned(), self._view.single_strip()
        if found is not None:
            self.opened.emit(found[0].node, found[1].entry(found[0].channel))
        elif strip is not None and strip.view is not None:
            height, width = strip.view.size
            # The composite tile has no channel; a pin on it belongs to the first.
            channel = strip.channel(self._view.entries.get(strip.node, 0) if self._single() else 0)
            self._pin(Spot(strip.node, channel or 0, height // 2, width // 2))


def _clamped(value: int, count: int) -> int:
    return min(max(value, 0), count - 1)
