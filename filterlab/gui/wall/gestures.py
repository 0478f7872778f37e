"""Mouse and wheel on the wall: scroll, zoom, pan, hover, pin."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from filterlab.gui.wall.lens import Lens, panned, zoomed
from filterlab.gui.wall.view import WallView

NOTCH = 120  # what `angleDelta` counts for one notch of a wheel: eighths of a degree
ZOOM_STEP = 1.25


@dataclass
class Drag:
    """A drag with the mouse that began at `start`: of the pictures, seen through `lens`, or of the wall.

    lens: as it was at the start; None where the wall itself is dragged, from `offset`.
    """

    start: QPointF
    lens: Lens | None
    tile: tuple[float, float]
    offset: QPoint


class Gestures(QObject):
    """Filters the mouse events of the view's viewport, which the graphics scene never sees.

    The scene would deliver them to its items, one of which it would have to find for every move of the mouse; where
    a point lies on the wall is simple arithmetic instead. opened(node, entry): a tile was double-clicked.
    stepped(by): the wheel turned over a single map that cannot be scrolled.
    """

    opened = Signal(str, int)
    stepped = Signal(int)

    def __init__(self, view: WallView) -> None:
        super().__init__(view)
        self._view, self._bench = view, view.bench
        self._press: QPointF | None = None
        self._drag: Drag | None = None
        self._space = False
        # Otherwise Qt reports moves only while a button is pressed.
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        # Qt sends the mouse to the viewport, but keys and the loss of focus to the view itself.
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._view:
            return self._space_key(event)
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseMove:
                self._moved(event)
            elif kind == QEvent.Type.MouseButtonPress:
                self._pressed(event)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._released(event)
            elif kind == QEvent.Type.MouseButtonDblClick:
                self._double_clicked(event)
            # Also those without a meaning here: the base class would scroll or select by them.
            return True
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QHelpEvent) and kind == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if kind == QEvent.Type.Leave:
            self._bench.selection.set_hover(None)
        return False

    # -- buttons --------------------------------------------------------------------------------------

    def _pressed(self, event: QMouseEvent) -> None:
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        middle = event.button() == Qt.MouseButton.MiddleButton
        left = event.button() == Qt.MouseButton.LeftButton
        if middle or (left and self._space):
            self._begin_drag(event.position())
        elif left:
            self._press = event.position()

    def _moved(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._continue_drag(event.position())
            return
        # A press is a click until the mouse has moved far enough: a hand that trembles must not pan instead of pin.
        if self._press is not None and event.buttons() & Qt.MouseButton.LeftButton:
            far = (event.position() - self._press).manhattanLength()
            if far >= QApplication.startDragDistance():
                self._begin_drag(self._press)
                self._continue_drag(event.position())
            return
        self._bench.selection.set_hover(self._view.spot_at(event.position()))

    def _released(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self._show_cursor()
        elif self._press is not None and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        self._press = None

    def _click(self, at: QPointF) -> None:
        hit, spot = self._view.hit(at), self._view.spot_at(at)
        if spot is not None:
            self._bench.selection.set_pin(spot)
        elif hit is not None:
            self._bench.selection.select(hit.strip.node)

    def _double_clicked(self, event: QMouseEvent) -> None:
        hit = self._view.hit(event.position())
        if event.button() == Qt.MouseButton.LeftButton and hit is not None and not hit.header:
            self.opened.emit(hit.strip.node, hit.entry or 0)

    # -- dragging -------------------------------------------------------------------------------------

    def _begin_drag(self, at: QPointF) -> None:
        """Drag the pictures if they are zoomed in and the drag begins on one of them, else the wall."""
        hit = self._view.hit(at)
        lens, tile = None, (1.0, 1.0)
        if self._bench.view.look.crop is not None and hit is not None and hit.strip.kind == "maps":
            tile = hit.column.entry
            lens = self._view.lens(tile)
        # A drag is no click when the button is released.
        self._press = None
        self._drag = Drag(at, lens, tile, self._view.offset)
        self._show_cursor()

    def _continue_drag(self, at: QPointF) -> None:
        drag, full = self._drag, self._view.content.full_view
        if drag is None or full is None:
            return
        # From the start, not from the last event: the edge stops the lens, and the hand must not lose its cell there.
        moved = at - drag.start
        if drag.lens is None:
            self._view.scroll_to(drag.offset.x() - moved.x(), drag.offset.y() - moved.y())
        else:
            self._bench.view.set(crop=panned(drag.lens, full, drag.tile, moved.x(), moved.y()))

    def _space_key(self, event: QEvent) -> bool:
        """While the space bar is held down, the left button drags, and the cursor is a hand."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            # A held key sends releases too, each followed by a press; only the last release is not an auto-repeat.
            self._space = event.type() == QEvent.Type.KeyPress or (self._space and event.isAutoRepeat())
            self._show_cursor()
            return event.type() != QEvent.Type.ShortcutOverride
        # The release of the key goes to another widget now.
        if event.type() == QEvent.Type.FocusOut:
            self._space = False
            self._show_cursor()
        return False

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._drag is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        self._view.viewport().setCursor(shape)

    # -- wheel and tool tips --------------------------------------------------------------------------

    def _wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        # Some systems report the wheel as horizontal while a modifier key is held down.
        turn = turned.y() or turned.x()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier and event.position().y() < self._view.head:
            self._view.resize_tiles(ZOOM_STEP ** (turn / NOTCH))
            return
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom_at(event.position(), ZOOM_STEP ** (turn / NOTCH))
            return
        # Touchpads report pixels, and scroll smoothly by them; wheels report angles alone.
        step = event.pixelDelta() if not event.pixelDelta().isNull() else turned
        # macOS has exchanged the axes itself; elsewhere this is done here.
        if keys & Qt.KeyboardModifier.ShiftModifier and step.x() == 0:
            step = QPoint(step.y(), 0)
        offset = self._view.offset
        if self._view.scroll_range() == (0, 0) and self._bench.view.look.mode == "single" and turn:
            self.stepped.emit(-1 if turn > 0 else 1)
        self._view.scroll_to(offset.x() - step.x(), offset.y() - step.y())
        # The mouse has not moved, so no event says that another value is under it now.
        self._bench.selection.set_hover(self._view.spot_at(event.position()))

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom all pictures about the cell under a point; beside the tiles, about their middle."""
        tile, full, hit = self._view.tile_size(), self._view.content.full_view, self._view.hit(at)
        if tile is None or full is None:
            return
        # All tiles show the same part, so that any of them serves to work out the new one.
        x, y = tile[0] / 2, tile[1] / 2
        if hit is not None and hit.entry is not None and hit.strip.kind == "maps":
            x, y = hit.x, hit.y
        self._bench.view.set(crop=zoomed(self._view.lens(tile), full, tile, factor, x, y))

    def _show_tip(self, event: QHelpEvent) -> None:
        hit = self._view.hit(QPointF(event.pos()))
        if hit is None:
            QToolTip.hideText()
            return
        strip = hit.strip
        # A map is there to be looked at, and not behind a tool tip; its heading tells the same.
        if hit.entry is not None and strip.kind == "maps" and not strip.trouble:
            QToolTip.hideText()
            return
        lines = [strip.node, strip.title, strip.shape, strip.trouble, strip.hint]
        if hit.entry is not None:
            lines.insert(1, strip.label(hit.entry))
        text = "\n".join(line for line in lines if line)
        QToolTip.showText(event.globalPos(), text, self._view.viewport())
