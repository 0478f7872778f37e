"""The widget that shows a sheet, with links for mouse and keyboard, and descriptions for screen readers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from filterlab.explain.drawing.scene import Item, Paper, Sheet
from filterlab.explain.drawing.shapes import highlights, outline, shapes
from filterlab.gui.explain.painting import paint, rectangle
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.images.vector import Area, Shape

MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Canvas(QWidget):
    """Shows a sheet.

    activated(Item): it was clicked, or Enter was pressed on it. pointed(Item or None): the item under the cursor, or
    else the one with the keyboard focus.
    """

    activated = Signal(object)
    pointed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sheet = Sheet()
        # The key of the item with the keyboard focus: the items themselves are new on each sheet.
        self.current: tuple[object, ...] | None = None
        self._under: Item | None = None
        self._announced: Item | None = None
        self._paper: Paper | None = None
        self._shapes: list[Shape] = []
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Explanation of the value"))

    def show_sheet(self, sheet: Sheet, paper: Paper) -> None:
        """Show another sheet, which was laid out on `paper`. The keyboard focus stays on the item of the same key."""
        self.sheet, self._paper, self._shapes = sheet, paper, shapes(sheet, paper)
        # The scroll area makes the canvas as large as its view, but never smaller than this.
        self.setMinimumSize(*map(round, sheet.size))
        # The cursor has not moved, but the item under it is a new object now.
        self._under = self._again(self._under)
        self.update()
        self._describe()
        self._announce()

    def _again(self, item: Item | None) -> Item | None:
        return next((other for other in self.sheet.items if item and other.key == item.key), None)

    # -- items -----------------------------------------------------------------------------------

    @property
    def live(self) -> list[Item]:
        """The items that lead somewhere."""
        return [item for item in self.sheet.items if item.live]

    @property
    def focused(self) -> Item | None:
        """The item with the keyboard focus; until it is moved, the first winner, or else the first item."""
        items = self.live
        found = next((item for item in items if item.key == self.current), None)
        return found or next((item for item in items if item.wins), items[0] if items else None)

    def item_at(self, at: QPointF) -> Item | None:
        """The item under a point; where several overlap, the one drawn last."""
        under = (item for item in reversed(self.sheet.items) if item.rect.holds(at.x(), at.y()))
        return next((item for item in under if item.description), None)

    @property
    def lit(self) -> Item | None:
        """The item under the cursor, or else the one with the keyboard focus."""
        return self._under or (self.focused if self.hasFocus() else None)

    def _announce(self) -> None:
        lit = self.lit
        if lit != self._announced:
            # Only when it changes: what is announced is marked on the wall, which repaints for it.
            self._announced = lit
            self.pointed.emit(lit)

    # -- mouse ----------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._point(self.item_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        item = self.item_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and item is not None and item.live:
            # The key and not the item: activating it shows a new sheet, which is made of new items.
            self.current = item.key
            self.activated.emit(item)

    def _point(self, item: Item | None) -> None:
        if item != self._under:
            self._under = item
            live = item is not None and item.live
            self.setCursor(Qt.CursorShape.PointingHandCursor if live else Qt.CursorShape.ArrowCursor)
            self._announce()
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            item = self.item_at(QPointF(event.pos()))
            if item is None:
                QToolTip.hideText()
            else:
                # With its rectangle, so that the tip goes when the cursor leaves the item for another one.
                area = rectangle(item.rect).toAlignedRect()
                QToolTip.showText(event.globalPos(), item.description, self, area)
            return True
        return super().event(event)

    # -- keyboard -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        # The arrow keys of macOS carry the modifier of the number pad.
        key, plain = Qt.Key(event.key()), event.modifiers() in (_NONE, Qt.KeyboardModifier.KeypadModifier)
        item = self.focused
        if not plain or item is None:
            super().keyPressEvent(event)
        elif key in _ENTER:
            self.activated.emit(item)
        elif key in MOVES:
            self._go_to(_nearest(item, self.live, MOVES[key]) or item)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(self.live[0 if key == Qt.Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    def _go_to(self, item: Item) -> None:
        self.current = item.key
        around = self.parentWidget()
        # A scroll area puts its widget into a viewport, so that the area itself is the parent's parent.
        area = around.parentWidget() if around is not None else None
        if isinstance(area, SheetView):
            area.reveal(item.rect)
        self._describe()
        self._announce()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._describe()
        self._announce()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._announce()
        self.update()

    def _describe(self) -> None:
        item = self.focused
        self.setAccessibleDescription(item.description if item else "")

    # -- painting -------------------------------------------------------------------------------------

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802
        focus = self.focused if self.hasFocus() else None
        colors, found = self._theme.colors, list(self._shapes)
        if self.lit is not None and self._paper is not None:
            found += highlights(self.sheet, self.lit, self._paper)
        if focus is not None:
            found += outline(focus.rect.shrunk(0.5), colors.accent, 2)
        paint(painter, found, colors.window, event.rect())


_NONE = Qt.KeyboardModifier.NoModifier


def _nearest(item: Item, items: list[Item], move: tuple[int, int]) -> Item | None:
    """The nearest item in a direction. Items straight ahead come before those to the side."""

    def cost(other: Item) -> tuple[float, float]:
        x, y = (b - a for a, b in zip(item.rect.middle, other.rect.middle, strict=True))
        ahead = x * move[0] + y * move[1]
        sideways = abs(x * move[1]) + abs(y * move[0])
        # An item three rows away but straight ahead is nearer to what an arrow key means than its neighbour.
        return ahead + 3 * sideways, sideways

    def lies_ahead(other: Item) -> bool:
        axis = 0 if move[0] else 1
        # More than a pixel: items of one row differ by fractions, and must not count as lying ahead.
        return (other.rect.middle[axis] - item.rect.middle[axis]) * move[axis] > 1

    return min((other for other in items if lies_ahead(other)), key=cost, default=None)


class SheetView(QScrollArea):
    """A scroll area with a canvas. resized: the room for sheets has changed."""

    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas(theme)
        self.setWidget(self.canvas)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.canvas)
        self.setFrameShape(QScrollArea.Shape.NoFrame)

    def room(self) -> QSize:
        """The size that a sheet may have without scrolling."""
        # Not the viewport, which shrinks when a scroll bar appears: sheets would be laid out for either size in turn.
        return self.size()

    def reveal(self, rect: Area) -> None:
        """Scroll as little as needed to show a part of the sheet, once the canvas has its size."""
        x, y = map(round, rect.middle)

        def scroll() -> None:
            self.ensureVisible(x, y, round(rect.width / 2) + 2, round(rect.height / 2) + 2)

        # With `self` as its context the call is dropped if the view is gone by then.
        QTimer.singleShot(0, self, scroll)

    def bar_width(self) -> int:
        """The width of a vertical scroll bar."""
        return self.verticalScrollBar().sizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.resized.emit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, 5 * self.fontMetrics().height())
