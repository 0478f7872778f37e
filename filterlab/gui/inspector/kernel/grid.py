"""The grid of cells: shows a kernel, and turns mouse, wheel and keys into edits of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.gui.bench.history import Gesture
from filterlab.gui.inspector.kernel.cellfield import CellField
from filterlab.gui.inspector.kernel.cells import cell_color, cell_text
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.ink import text_color
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.kernels import editing
from filterlab.text.numbers import exact

SMALLEST, LARGEST = 8, 48  # pixels of a cell's side
TALLEST = 320  # pixels of the grid, where cells can be made smaller

Cell = tuple[int, int]  # (row, column)
Key = Qt.Key
_MOVES = {Key.Key_Left: (0, -1), Key.Key_Right: (0, 1), Key.Key_Up: (-1, 0), Key.Key_Down: (1, 0)}
_SIGNS = {"+": 1.0, "=": 1.0, "-": -1.0, "−": -1.0}


class KernelGrid(QWidget):
    """The cells of the session's plane. The selection is the rectangle from `anchor` to `current`.

    moved: another cell is the current one. copy_requested, paste_requested: by the usual keys. painting: a left drag
    gives cells the number that was typed last (a right drag always does). A drag is one step of the history, and so are
    turns of the wheel on one cell in quick succession.
    """

    # This is not a QTableView with a delegate, as lists and matrices have it, since little of a view would be left. Its
    # mouse handlers would have to be replaced (a drag paints a stroke), so would the wheel (it changes numbers), most
    # keys (+ and - change the selection, and a digit after - makes a negative number) and the sizes (cells stay square,
    # as large as the panel's width allows). The delegate would paint every cell by hand, since as many digits are shown
    # as fit, and its editor would have to reach beyond cells of 8 pixels. What remains is the way of the arrow keys.

    moved = Signal()
    copy_requested = Signal()
    paste_requested = Signal()

    def __init__(self, session: KernelSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._theme = session, theme
        self.current: Cell = (0, 0)
        self.anchor: Cell = (0, 0)
        self.painting = False
        self._drag: Gesture | None = None
        self._painted: set[Cell] = set()
        self._signed: tuple[Cell, float, Gesture] | None = None
        self._room = 200
        self.field = CellField(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("kernel cells"))
        self.setMouseTracking(True)
        self.field.entered.connect(self.fill)
        self.field.left.connect(self._move_by)
        self.field.refused.connect(session.refused)
        session.changed.connect(self.refresh)
        theme.changed.connect(self.update)

    # -- geometry -------------------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """Rows of the kernel."""
        return self.session.size[0]

    @property
    def columns(self) -> int:
        """Columns of the kernel."""
        return self.session.size[1]

    def set_room(self, width: int) -> None:
        """Make the cells as large as fits into this width, from `SMALLEST` to `LARGEST`."""
        if width != self._room:
            self._room = width
            self.updateGeometry()
            self.resize(self.sizeHint())

    @property
    def side(self) -> int:
        """Pixels of a cell's side."""
        fitting = min((self._room - 1) // self.columns, TALLEST // self.rows)
        return max(SMALLEST, min(LARGEST, fitting))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self.columns * self.side + 1, self.rows * self.side + 1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def cell_rect(self, cell: Cell) -> QRect:
        """The rectangle of a cell, in pixels of the grid."""
        # A pixel more than the side: neighbours share the line between them.
        return QRect(cell[1] * self.side, cell[0] * self.side, self.side + 1, self.side + 1)

    def cell_at(self, point: QPoint) -> Cell:
        """The cell under a point, or the nearest one."""
        row, col = point.y() // self.side, point.x() // self.side
        return min(max(row, 0), self.rows - 1), min(max(col, 0), self.columns - 1)

    @property
    def selected(self) -> set[Cell]:
        """The cells of the rectangle from the anchor to the current one."""
        return set(self._span(self.anchor, self.current))

    @staticmethod
    def _span(a: Cell, b: Cell) -> Iterator[Cell]:
        for row in range(min(a[0], b[0]), max(a[0], b[0]) + 1):
            for col in range(min(a[1], b[1]), max(a[1], b[1]) + 1):
                yield row, col

    def value(self, cell: Cell) -> float:
        """The number in a cell."""
        return float(self.session.kernel[cell])

    # -- showing --------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the session's kernel as it is now."""
        last = self.rows - 1, self.columns - 1
        clip = [(min(r, last[0]), min(c, last[1])) for r, c in (self.anchor, self.current)]
        self.anchor, self.current = clip
        self.updateGeometry()
        self.resize(self.sizeHint())
        self._announce()
        self.update()

    def _announce(self) -> None:
        words = tr("row {r}, column {c}", r=self.current[0], c=self.current[1])
        self.setAccessibleDescription(f"{words}: {exact(self.session.kernel[self.current])}")
        self.moved.emit()

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        values = self.session.kernel.tolist()
        largest = max(max(map(abs, row)) for row in values)
        font = self.font()
        font.setPixelSize(max(9, min(self.fontInfo().pixelSize() + 1, self.side // 2)))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        dirty = event.rect()
        first, last = self.cell_at(dirty.topLeft()), self.cell_at(dirty.bottomRight())
        for cell in self._span(first, last):
            self._paint_cell(painter, cell, values[cell[0]][cell[1]], largest, metrics)
        self._paint_selection(painter)

    def _paint_cell(
        self, painter: QPainter, cell: Cell, value: float, largest: float, metrics: QFontMetricsF
    ) -> None:
        rect = self.cell_rect(cell)
        back = cell_color(value, largest, self._theme.colors)
        painter.fillRect(rect, back)
        painter.setPen(QPen(QColor(self._theme.colors.border), 1))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if metrics.height() <= self.side:
            # Not `value`: as a Python float, a float32 would show the digits of its rounding.
            text = cell_text(self.session.kernel[cell], self.side - 4, metrics)
            painter.setPen(text_color(back))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_selection(self, painter: QPainter) -> None:
        colors = self._theme.colors
        if self.anchor != self.current:
            painter.setPen(QPen(QColor(colors.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRect(
                (self.cell_rect(self.anchor) | self.cell_rect(self.current)).adjusted(1, 1, -2, -2)
            )
        painter.setPen(
            QPen(QColor(colors.accent if self.hasFocus() else colors.dim), 3 if self.hasFocus() else 1)
        )
        painter.drawRect(self.cell_rect(self.current).adjusted(1, 1, -2, -2))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(event.pos())
            words = tr("row {r}, column {c}", r=cell[0], c=cell[1])
            QToolTip.showText(event.globalPos(), f"{words}: {exact(self.session.kernel[cell])}", self)
            return True
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._is_own_key(event):
            # While the grid has the focus these keys are its own, whatever the menus say.
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _is_own_key(event: QKeyEvent) -> bool:
        own = (
            QKeySequence.StandardKey.Copy,
            QKeySequence.StandardKey.Paste,
            QKeySequence.StandardKey.SelectAll,
        )
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        return plain or any(event.matches(key) for key in own)

    # -- moving ---------------------------------------------------------------------------------------

    def move_to(self, cell: Cell, *, extend: bool = False) -> None:
        """Make a cell, or the nearest one in the grid, the current one. extend: keep the anchor of the selection."""
        last = self.rows - 1, self.columns - 1
        self.current = min(max(cell[0], 0), last[0]), min(max(cell[1], 0), last[1])
        if not extend:
            self.anchor = self.current
        self._announce()
        self.update()

    def _move_by(self, rows: int, columns: int, *, extend: bool = False) -> None:
        self.move_to((self.current[0] + rows, self.current[1] + columns), extend=extend)

    def select_all(self) -> None:
        """Select every cell."""
        self.anchor, self.current = (0, 0), (self.rows - 1, self.columns - 1)
        self._announce()
        self.update()

    # -- mouse ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cell = self.cell_at(event.position().toPoint())
        left, right = (
            event.button() == Qt.MouseButton.LeftButton,
            event.button() == Qt.MouseButton.RightButton,
        )
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if right or (left and self.painting):
            self._drag, self._painted = Gesture(), set()
            self._paint(cell, cell)
        if left or right:
            self.move_to(cell, extend=extend and self._drag is None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if not event.buttons():
            return
        cell = self.cell_at(event.position().toPoint())
        if self._drag is not None:
            self._paint(self.current, cell)
            self.move_to(cell)
        elif event.buttons() & Qt.MouseButton.LeftButton and cell != self.current:
            self.move_to(cell, extend=True)

    def _paint(self, start: Cell, end: Cell) -> None:
        """Give the number typed last to the cells on the straight line between two, each once in a drag."""
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        way = {
            (
                round(start[0] + (end[0] - start[0]) * i / steps),
                round(start[1] + (end[1] - start[1]) * i / steps),
            )
            for i in range(steps + 1)
        } - self._painted
        if way:
            self._painted |= way
            self.fill(self.field.number, self._drag, way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton and not self.painting:
            self.edit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        # Without the focus the wheel scrolls the panel.
        if not self.hasFocus():
            event.ignore()
            return
        delta = event.angleDelta().y() or event.angleDelta().x()
        event.accept()
        if not delta:
            return  # a touch pad reports that the fingers were lifted
        cell = self.cell_at(event.position().toPoint())
        if cell not in self.selected:
            self.move_to(cell)
        # A key, not a `Gesture`: a wheel has no end, so that turns merge as typing does.
        turn = ("wheel", self.session.node, self.session.index, cell)
        self._step(_factor(event.modifiers()) * (1 if delta > 0 else -1), turn)

    # -- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        # Any other key ends the chance to turn a - into a negative number.
        signed, self._signed = self._signed, None
        key, text = Key(event.key()), event.text()
        if key in _MOVES:
            move = _MOVES[key]
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_by(*move, extend=extend)
        elif key in (Key.Key_Return, Key.Key_Enter, Key.Key_F2):
            self.edit()
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            self.fill(0.0)
        elif text in _SIGNS:
            self._sign(_SIGNS[text] * _factor(event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier))
        elif text and (text.isdigit() or text in ".,"):
            self._type(text.replace(",", "."), signed)
        elif not self._standard_key(event):
            super().keyPressEvent(event)

    def _standard_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_requested.emit()
        else:
            return False
        return True

    def _sign(self, steps: float) -> None:
        """Change the selected cells by a step at once; a digit right after - takes that back (see `_type`)."""
        gesture, before = Gesture(), self.value(self.current)
        self._step(steps, gesture)
        if steps < 0 and len(self.selected) == 1:
            self._signed = self.current, before, gesture

    def _type(self, text: str, signed: tuple[Cell, float, Gesture] | None) -> None:
        """Begin a number. signed: the cell that - has just lowered, which then begins a negative one."""
        if signed is None or signed[0] != self.current:
            self.edit(text)
            return
        cell, before, gesture = signed
        # With the same gesture as the number to come, so that undoing takes one step.
        self.fill(before, gesture, {cell})
        self.edit("-" + text, gesture)

    # -- changing -------------------------------------------------------------------------------------

    def fill(self, value: float, merge: object = None, cells: Collection[Cell] | None = None) -> None:
        """Give cells a number, the selected ones where none are named, and by the symmetry their mirror images."""
        numbers = dict.fromkeys(self.selected if cells is None else cells, value)
        symmetry = self.session.symmetry
        self.session.apply(lambda kernel: editing.with_cells(kernel, numbers, symmetry), tr("Edit"), merge)

    def _step(self, steps: float, merge: object) -> None:
        """Raise the selected cells by so many natural steps, and by the symmetry their mirror images."""
        step = steps * editing.natural_step(self.session.kernel)
        cells, symmetry = self.selected, self.session.symmetry
        if step:
            self.session.apply(
                lambda kernel: editing.stepped_cells(kernel, cells, step, symmetry), tr("Edit"), merge
            )

    def edit(self, text: str | None = None, merge: object = None) -> None:
        """Open a field over the current cell, with its number or with what was typed already."""
        self.field.open(self.cell_rect(self.current), self.session.kernel[self.current], text, merge)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self.field.place(self.cell_rect(self.current))


def _factor(modifiers: Qt.KeyboardModifier) -> float:
    """The factor of a step: fine with Shift, coarse with Ctrl."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
