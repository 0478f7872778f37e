"""The picture of a comparison: both maps in one place, seen through the lens of the wall."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QWidget

from filterlab.gui.bench.fullview import Part, covered, joined
from filterlab.gui.bench.tones import Tone
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare.colouring import apart_tone, pair_tones
from filterlab.gui.compare.marks import Marks, MarksItem
from filterlab.gui.compare.sides import Cell, MapSide, SidePair
from filterlab.gui.look.sceneview import SceneView
from filterlab.gui.painting import guarded, painting
from filterlab.gui.wall.gestures import NOTCH, ZOOM_STEP
from filterlab.gui.wall.lens import Lens, lens_for, panned, zoomed
from filterlab.gui.wall.tile import Face, TileItem
from filterlab.gui.words.i18n import tr

MODES = ("swipe", "blink", "difference")
REACH = 9.0  # pixels beside the handle that still take hold of it
STEP, FAR = 0.01, 0.1  # of the width, by which an arrow key moves the handle, and with Shift
FAR_CELLS = 10  # by which an arrow key with Shift moves the chosen cell
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class PairView(SceneView):
    """Shows a pair of maps in one of three modes.

    handle: where the swipe divides them, from 0 to 1. second: whether blink shows B. cell: what was chosen, in cells of
    A. pointed(cell or None): the cursor is over a cell. chosen(cell): a cell was chosen. stepped(by): a key asks for
    another channel. flipped: a key asks for the other side. sought: a key asks for the largest difference. changed: the
    mode, or what the colours mean.
    """

    pointed = Signal(object)
    chosen = Signal(object)
    stepped = Signal(int)
    flipped = Signal()
    sought = Signal()
    changed = Signal()

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.pair: SidePair | None = None
        self.mode, self.handle, self.second, self.same = "swipe", 0.5, False, True
        self.stale = False
        self._tones: list[Tone] = []
        self.cell: Cell | None = None
        self.hover: Cell | None = None
        self._press: QPointF | None = None
        self._drag: Lens | None = None  # at the start of a drag of the maps
        self._held = False  # whether the handle is being dragged
        self.viewport().setMouseTracking(True)
        self._clips = [QGraphicsRectItem() for _ in range(3)]
        self.tiles = []
        for clip in self._clips:
            clip.setPen(QPen(Qt.PenStyle.NoPen))
            clip.setFlag(QGraphicsRectItem.GraphicsItemFlag.ItemClipsChildrenToShape)
            self.scene().addItem(clip)
            self.tiles.append(TileItem(clip))
        self._marks = MarksItem()
        self._marks.setZValue(1)
        self.scene().addItem(self._marks)
        self.setAccessibleName(tr("Comparison of two maps"))
        for changed in (bench.view.changed, bench.theme.changed):
            changed.connect(self._renew)

    # -- showing --------------------------------------------------------------------------------------

    def show_pair(self, pair: SidePair | None) -> None:
        """Show another pair, or none."""
        if self.pair is not None and pair is not None and self.cell is not None:
            # Of another part of the same map, the cell that was chosen is another one.
            (top, left), (row, col) = self.pair.a.corner, pair.a.corner
            self.cell = self.cell[0] + top - row, self.cell[1] + left - col
        self.pair = pair
        if pair is None or (self.cell is not None and not _holds(pair.a, self.cell)):
            self.cell = None
        self.hover = None
        self._renew()

    def set_up(self, **changes: object) -> None:
        """Change `mode`, `handle`, `second`, `same`, `stale` or `cell`."""
        for name, value in changes.items():
            setattr(self, name, value)
        if changes.keys().isdisjoint(("mode", "same")):
            self.refresh()
        else:
            self._renew()
            self.changed.emit()

    def _renew(self, *_: object) -> None:
        """Work out the colours anew, and show everything.

        They depend on the whole pipeline, and would take too long at each move of the handle.
        """
        self._tones = self._found_tones() if self.pair is not None else []
        self.refresh()

    def refresh(self) -> None:
        """Show everything anew, in the same colours."""
        self.setBackgroundBrush(QColor(self._bench.theme.colors.wall))
        self.scene().setFont(self.font())
        shown = self.pair is not None and min(self._tile()) > 0 and self.isVisible()
        for number, clip in enumerate(self._clips):
            clip.setVisible(shown and self._share(number).width() > 0)
            if shown and clip.isVisible():
                self._show_side(number)
            else:
                self.tiles[number].let_go()
        self._marks.setVisible(shown)
        if shown:
            self._show_marks()

    def _share(self, number: int) -> QRectF:
        """The part of the view in which A, B or their difference is seen."""
        width, height = self._tile()
        if number == 2:
            seen = self.mode == "difference" and self.pair is not None and self.pair.apart is not None
            return QRectF(0, 0, width if seen else 0, height)
        if self.mode == "swipe":
            middle = round(self.handle * width)
            return QRectF(0, 0, middle, height) if number == 0 else QRectF(middle, 0, width - middle, height)
        seen = self.mode == "blink" and self.second == (number == 1)
        return QRectF(0, 0, width if seen else 0, height)

    def _show_side(self, number: int) -> None:
        self._clips[number].setRect(self._share(number))
        self.tiles[number].show_face(self._face(number), self._tile(), 0)
        self.tiles[number].setVisible(True)

    def _face(self, number: int) -> Face:
        pair, tone = self.pair, self.tones()[number]
        assert pair is not None, "there is something to show"
        side = pair.sides[min(number, 1)] if number < 2 else pair.a
        view, channel, mean = side.view, pair.channels[number % 2], False
        if number == 2:
            assert pair.apart is not None, "there is a difference"
            # Of three channels in colours, the mean of their differences.
            view, channel, mean = (
                pair.apart,
                None if pair.channels[0] is None else 0,
                pair.channels[0] is None,
            )
        look, colors = self._bench.view.look, self._bench.theme.colors
        # Maps of one size are compared cell by cell, and so lie on each other.
        place = side.place if pair.apart is None else pair.a.place
        return Face(
            view,
            channel,
            tone.scale,
            tone.colormap,
            mean,
            self.lens(),
            place,
            "",
            self.stale,
            "",
            look.numbers,
            None,
            colors,
        )

    def tones(self) -> list[Tone]:
        """The colours of A, of B and, where there is one, of their difference."""
        return self._tones

    def _found_tones(self) -> list[Tone]:
        assert self.pair is not None, "colours are of a pair"
        tones = self._bench.tones()
        both = pair_tones(tones, self.pair, same=self.same)
        return [*both, *([apart_tone(tones, self.pair.apart)] if self.pair.apart is not None else [])]

    def names(self) -> tuple[str, str]:
        """What stands at the upper left and at the upper right."""
        assert self.pair is not None, "names are of a pair"
        a, b = side_names(self.pair)
        if self.mode == "swipe":
            return f"A  {a}", f"B  {b}"
        if self.mode == "blink":
            return ("", f"B  {b}") if self.second else (f"A  {a}", "")
        return (tr("A − B: {a} minus {b}", a=a, b=b) if self.pair.apart is not None else ""), ""

    def _show_marks(self) -> None:
        handle = self.handle * self._tile()[0] if self.mode == "swipe" else None
        boxes = (self._box(self.cell), self._box(self.hover))
        colors = self._bench.theme.colors
        marks = Marks(self._tile(), handle, self._held or self.hasFocus(), self.names(), *boxes, colors)
        self._marks.show_marks(marks)

    def _box(self, cell: Cell | None) -> QRectF | None:
        if cell is None or self.pair is None or (self.mode == "difference" and self.pair.apart is None):
            return None
        row, col = cell
        found = self.lens().span(self.pair.a.place, row, col, row + 1, col + 1).at_least(8.0)
        return QRectF(found.x, found.y, found.width, found.height)

    # -- places ---------------------------------------------------------------------------------------

    def _tile(self) -> tuple[float, float]:
        return float(self.viewport().width()), float(self.viewport().height())

    def _full(self) -> Part:
        """What is seen while nothing is zoomed: the picture, and maps that reach beyond it."""
        assert self.pair is not None, "there is something to show"
        parts = [covered(side.place, side.view.size) for side in self.pair.sides]
        picture = self._bench.document.picture
        if not self.pair.a.vector and picture is not None:
            parts.append((0.0, 0.0, float(picture.shape[1]), float(picture.shape[2])))
        return joined(parts)

    def lens(self) -> Lens:
        """The lens, that of the wall: zooming here zooms there. A vector lies on no picture, and is shown whole."""
        assert self.pair is not None, "there is something to show"
        crop = None if self.pair.a.vector else self._bench.view.look.crop
        return lens_for(crop, self._full(), self._tile())

    def cell_at(self, at: QPointF) -> Cell | None:
        """The cell of A under a point."""
        if self.pair is None:
            return None
        return self.lens().cell(self.pair.a.place, self.pair.a.view.size, at.x(), at.y())

    def point_of(self, cell: Cell) -> QPointF:
        """The middle of a cell of A."""
        assert self.pair is not None, "there is something to show"
        return QPointF(*self.lens().pixel(self.pair.a.place, cell[0] + 0.5, cell[1] + 0.5))

    def go_to(self, cell: Cell) -> None:
        """Choose a cell, and bring it into sight; in a map that is zoomed in, to the middle."""
        if self.pair is None or not _holds(self.pair.a, cell):
            return
        self.cell = cell
        at, (width, height) = self.point_of(cell), self._tile()
        if not self.pair.a.vector and self._bench.view.look.crop is not None:
            crop = panned(self.lens(), self._full(), (width, height), width / 2 - at.x(), height / 2 - at.y())
            self._bench.view.set(crop=crop)
        # What was under the cursor may be elsewhere now, and it is the chosen cell that one wants to read.
        self._point(None)
        self.chosen.emit(cell)
        self.refresh()

    def zoom(self, at: QPointF, factor: float) -> None:
        """Zoom both maps, and those of the wall, about a point."""
        if self.pair is not None and not self.pair.a.vector:
            crop = zoomed(self.lens(), self._full(), self._tile(), factor, at.x(), at.y())
            self._bench.view.set(crop=crop)

    # -- mouse ----------------------------------------------------------------------------------------

    def _on_handle(self, at: QPointF) -> bool:
        return self.mode == "swipe" and abs(at.x() - self.handle * self._tile()[0]) <= REACH

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the handle, or begin a click or a drag."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self.pair:
            self._held = self._on_handle(event.position())
            self._press = None if self._held else event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the handle or the maps, or point at a cell."""
        at = event.position()
        if self._held:
            self.set_up(handle=min(max(at.x() / self._tile()[0], 0.0), 1.0))
        elif self._press is not None:
            self._pan(at)
        elif self.pair is not None:
            shape = Qt.CursorShape.SplitHCursor if self._on_handle(at) else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self._point(self.cell_at(at))

    def _pan(self, at: QPointF) -> None:
        assert self._press is not None and self.pair is not None, "a button is pressed"  # noqa: PT018
        moved = at - self._press
        # A hand that trembles must not pan instead of choosing a cell.
        if self._drag is None and moved.manhattanLength() >= QApplication.startDragDistance():
            self._drag = self.lens()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        zoomed_in = not self.pair.a.vector and self._bench.view.look.crop is not None
        if self._drag is not None and zoomed_in:
            crop = panned(self._drag, self._full(), self._tile(), moved.x(), moved.y())
            self._bench.view.set(crop=crop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End a drag; a click without one chooses the cell."""
        cell = self.cell_at(event.position())
        clicked = self._press is not None and self._drag is None and cell is not None
        self._press, self._drag, self._held = None, None, False
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if clicked:
            self.cell = cell
            self.chosen.emit(cell)
        self.refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The second click of two is a click as any other."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom: there is nothing to scroll."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        self.zoom(event.position(), ZOOM_STEP ** (turn / NOTCH))
        # The mouse has not moved, so no event says that another cell is under it now.
        self._point(self.cell_at(event.position()))
        event.accept()

    def _point(self, cell: Cell | None) -> None:
        if cell != self.hover:
            self.hover = cell
            self.pointed.emit(cell)
            if self.pair is not None:
                self._show_marks()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """No cell is under the cursor any more."""
        super().leaveEvent(event)
        self._point(None)

    # -- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrow keys move the handle or the chosen cell, Page Up and Down step through the channels."""
        key, keys = Qt.Key(event.key()), event.modifiers()
        far = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        control = bool(keys & Qt.KeyboardModifier.ControlModifier)
        if self.pair is None:
            super().keyPressEvent(event)
        elif key in _MOVES and self.mode == "swipe" and not control and not _MOVES[key][0]:
            self.set_up(handle=min(max(self.handle + _MOVES[key][1] * (FAR if far else STEP), 0.0), 1.0))
        elif key in _MOVES:
            down, right = _MOVES[key]
            self._move(*(by * (FAR_CELLS if far else 1) for by in (down, right)))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.mode == "swipe":
            self.set_up(handle=float(key == Qt.Key.Key_End))
        elif key == Qt.Key.Key_Space:
            self.flipped.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sought.emit()
        else:
            super().keyPressEvent(event)

    def _move(self, down: int, right: int) -> None:
        """Move the chosen cell; the first key chooses the middle."""
        assert self.pair is not None, "there is something to show"
        height, width = self.pair.a.view.size
        if self.cell is None:
            cell = height // 2, width // 2
        else:
            row, col = self.cell
            cell = min(max(row + down, 0), height - 1), min(max(col + right, 0), width - 1)
        inside = self.viewport().rect().contains(self.point_of(cell).toPoint())
        if not inside:
            self.go_to(cell)
            return
        self.cell = cell
        self.chosen.emit(cell)
        self.refresh()

    # -- Qt -------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Small: the window decides how much room there is."""
        return QSize(160, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the maps in their new size."""
        super().resizeEvent(event)
        if hasattr(self, "_marks"):  # the base class resizes before there is anything
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while the view was hidden."""
        super().showEvent(event)
        self.refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame of the focus."""
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the frame of the focus away."""
        super().focusOutEvent(event)
        self.refresh()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self.hasFocus():
            with painting(self.viewport()) as painter:
                painter.setPen(QPen(QColor(self._bench.theme.colors.accent), 1))
                painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))


def _holds(side: MapSide, cell: Cell) -> bool:
    return side.view.holds(0, *cell)


def _channel_words(side: MapSide, channel: int | None) -> str:
    if side.mean:
        return tr("mean")
    return "RGB" if channel is None else str(channel) if side.view.channels > 1 else ""


def side_names(pair: SidePair) -> tuple[str, str]:
    """Both sides in words: the pipeline where there are two, the node, and the channel."""
    a, b = (
        " · ".join(
            part
            for part in (
                side.source.title,
                side.node if side.source.given is None else "",
                _channel_words(side, channel),
            )
            if part
        )
        for side, channel in zip(pair.sides, pair.channels, strict=True)
    )
    return a, b
