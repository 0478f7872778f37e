"""The grid of cells: shows a kernel, and turns mouse, wheel and keys into edits of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.gui.bench.history import Gesture
from filterlab.gui.inspector.kernel.cellfield import CellField
from filterlab.gui.inspector.kernel.cells import cell_color, lettering, letters
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.ink import text_color
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.kernels import editing, text
from filterlab.text.lettering import Lettering
from filterlab.text.numbers import exact

TALLEST = 320  # logical pixels of the grid, where cells can be made smaller
_TALLEST_CELL = 52  # logical pixels
SMALL = QSize(8, 8)  # logical pixels of the smallest cell

Cell = tuple[int, int]  # (row, column)
Key, Modifier, Standard = Qt.Key, Qt.KeyboardModifier, QKeySequence.StandardKey
_MOVES = {Key.Key_Left: (0, -1), Key.Key_Right: (0, 1), Key.Key_Up: (-1, 0), Key.Key_Down: (1, 0)}
_FAR = 1 << 30  # cells, more than any kernel has
_JUMPS = {
    Key.Key_Home: (0, -_FAR),
    Key.Key_End: (0, _FAR),
    Key.Key_PageUp: (-_FAR, 0),
    Key.Key_PageDown: (_FAR, 0),
}
_STARTS = "0123456789.,+-−"  # of a number


class KernelGrid(QWidget):
    """The cells of the session's plane, as in a spreadsheet. The selection is the rectangle from `anchor` to `current`.

    moved: another cell is the current one. opened: a cell was double-clicked. shown: numbers or letters are others. A
    drag that paints is one step of the history, and so are turns of the wheel on one cell in quick succession.
    """

    # This is not a QTableView with a delegate, as lists and matrices have it, since little of a view would be left. Its
    # mouse handlers would have to be replaced (a drag paints a stroke), so would the wheel (it changes numbers), its
    # keys and the sizes (cells share the width, and all numbers one size of letters). The delegate would paint every
    # cell by hand, and its editor would have to reach beyond small cells. What remains is the way of the arrow keys.

    moved = Signal()
    opened = Signal()
    shown = Signal()

    def __init__(
        self, session: KernelSession, theme: Theme, parent: QWidget | None = None, smallest: QSize = SMALL
    ) -> None:
        super().__init__(parent)
        self.session, self._theme, self._smallest = session, theme, smallest
        self.current: Cell = (0, 0)
        self.anchor: Cell = (0, 0)
        self._begun: int | None = None  # the column in which the row began that is typed with Tab
        self.lettering: Lettering | None = None
        self._drag: Gesture | None = None
        self._painted: set[Cell] = set()
        self._pointer: QPointF | None = None
        self._room = 200
        self._keys = self._standard_keys()
        self.field = CellField(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("kernel cells"))
        self.setMouseTracking(True)
        self.field.entered.connect(self._enter)
        self.field.left.connect(self._go_on)
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

    def fit(self, width: int) -> None:
        """Let the cells fill this width, where they do not become too small for it."""
        if width != self._room:
            self._room = width
            self._arrange()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        width = max(self._room, self.columns * self._smallest.width())
        side = min(width // self.columns, _TALLEST_CELL, TALLEST // self.rows)
        return QSize(width, self.rows * max(side, self._smallest.height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def cell_rect(self, cell: Cell) -> QRect:
        """The rectangle of a cell, in pixels of the grid."""
        size = self.sizeHint()
        left, right = (size.width() * col // self.columns for col in (cell[1], cell[1] + 1))
        side = size.height() // self.rows
        return QRect(left, cell[0] * side, right - left, side)

    def cell_at(self, point: QPoint) -> Cell:
        """The cell under a point, or the nearest one."""
        size = self.sizeHint()
        row = point.y() // (size.height() // self.rows)
        # As many pixels lie left of a column as `cell_rect` says; a quotient alone may be one column less.
        col = ((point.x() + 1) * self.columns - 1) // size.width()
        return min(max(row, 0), self.rows - 1), min(max(col, 0), self.columns - 1)

    @property
    def selected(self) -> set[Cell]:
        """The cells of the rectangle from the anchor to the current one."""
        return set(self._span(self.anchor, self.current))

    @property
    def _corners(self) -> tuple[Cell, Cell]:
        """The first and the last cell of the selection."""
        rows, cols = (sorted(pair) for pair in zip(self.anchor, self.current, strict=True))
        return (rows[0], cols[0]), (rows[1], cols[1])

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
        self._arrange()
        self._announce()

    def _arrange(self) -> None:
        size = self.sizeHint()
        cell = QSize(size.width() // self.columns, size.height() // self.rows)
        self.lettering = lettering(self.session.kernel, cell, self.font())
        self.updateGeometry()
        self.resize(size)
        self.field.place(self.cell_rect(self.current))
        self.update()
        self.shown.emit()

    def _announce(self) -> None:
        self.setAccessibleDescription(self._cell_words(self.current))
        self.moved.emit()

    def _cell_words(self, cell: Cell) -> str:
        words = tr("row {r}, column {c}", r=cell[0], c=cell[1])
        # Not `value`: as a Python float, a float32 would show the digits of its rounding.
        return f"{words}: {exact(self.session.kernel[cell])}"

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        values = self.session.kernel.tolist()
        largest = max(max(map(abs, row)) for row in values)
        if self.lettering is not None:
            painter.setFont(letters(self.font(), self.lettering.pixels))
        dirty = event.rect()
        first, last = self.cell_at(dirty.topLeft()), self.cell_at(dirty.bottomRight())
        for cell in self._span(first, last):
            self._paint_cell(painter, cell, values[cell[0]][cell[1]], largest)
        self._paint_selection(painter)

    def _paint_cell(self, painter: QPainter, cell: Cell, value: float, largest: float) -> None:
        rect = self.cell_rect(cell)
        back = cell_color(value, largest, self._theme.colors)
        painter.fillRect(rect, back)
        painter.setPen(QPen(QColor(self._theme.colors.border), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.lettering is not None:
            painter.setPen(text_color(back))
            lines = self.lettering.lines[value]
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))

    def _paint_selection(self, painter: QPainter) -> None:
        colors = self._theme.colors
        if self.anchor != self.current:
            painter.setPen(QPen(QColor(colors.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRect(
                (self.cell_rect(self.anchor) | self.cell_rect(self.current)).adjusted(1, 1, -2, -2)
            )
        focus = self.hasFocus()
        painter.setPen(QPen(QColor(colors.accent if focus else colors.dim), 2 if focus else 1))
        painter.drawRect(self.cell_rect(self.current).adjusted(1, 1, -2, -2))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._cell_words(self.cell_at(event.pos())), self)
            return True
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._is_own_key(event):
            # While the grid has the focus these keys are its own, whatever the menus say.
            event.accept()
            return True
        if event.type() == QEvent.Type.FontChange:
            self._arrange()
        return super().event(event)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & (Modifier.ControlModifier | Modifier.AltModifier)
        return plain or self._action(event) is not None

    # -- moving ---------------------------------------------------------------------------------------

    def move_to(self, cell: Cell, *, extend: bool = False) -> None:
        """Make a cell, or the nearest one in the grid, the current one. extend: keep the anchor of the selection."""
        last = self.rows - 1, self.columns - 1
        self.current = min(max(cell[0], 0), last[0]), min(max(cell[1], 0), last[1])
        self._begun = None
        if not extend:
            self.anchor = self.current
        self._announce()
        self.update()

    def _move_by(self, rows: int, columns: int, *, extend: bool = False) -> None:
        self.move_to((self.current[0] + rows, self.current[1] + columns), extend=extend)

    def _go_on(self, rows: int, columns: int, along: bool) -> None:
        """Leave a typed cell. After Tab, Enter goes to the column where the row began, as in spreadsheets."""
        begun = self.current[1] if self._begun is None else self._begun
        if along and rows:
            columns = begun - self.current[1]
        self._move_by(rows, columns)
        if along and not rows:
            self._begun = begun

    def select_all(self) -> None:
        """Select every cell."""
        self.move_to((0, 0))
        self.move_to((self.rows - 1, self.columns - 1), extend=True)

    # -- mouse ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cell = self.cell_at(event.position().toPoint())
        left, right = (
            event.button() == Qt.MouseButton.LeftButton,
            event.button() == Qt.MouseButton.RightButton,
        )
        extend = bool(event.modifiers() & Modifier.ShiftModifier)
        if right or (left and self.session.painting):
            self._drag, self._painted = Gesture(), set()
            self._paint(cell, cell)
        if left or right:
            self.move_to(cell, extend=extend and self._drag is None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._pointer = event.globalPosition()
        if not event.buttons():
            return
        cell = self.cell_at(event.position().toPoint())
        if self._drag is not None:
            self._paint(self.current, cell)
            self.move_to(cell)
        elif event.buttons() & Qt.MouseButton.LeftButton and cell != self.current:
            self.move_to(cell, extend=True)

    def _paint(self, start: Cell, end: Cell) -> None:
        """Give the number of the brush to the cells on the straight line between two, each once in a drag."""
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
            self.put(dict.fromkeys(way, self.session.brush), self._drag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton and not self.session.painting:
            self.opened.emit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._pointer = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        # The wheel that scrolls the panel goes on doing so when the grid comes to lie under a mouse that rests.
        if not self.hasFocus() and self._pointer is None:
            event.ignore()
            return
        delta = event.angleDelta().y() or event.angleDelta().x()
        event.accept()
        if not delta:
            return  # a touch pad reports that the fingers were lifted
        self.move_to(self.cell_at(event.position().toPoint()))
        # A key, not a `Gesture`: a wheel has no end, so that turns merge as typing does.
        turn = ("wheel", self.session.node, self.session.index, self.current)
        self._step(_factor(event.modifiers()) * (1 if delta > 0 else -1), turn)

    # -- keys -----------------------------------------------------------------------------------------

    def _standard_keys(self) -> list[tuple[QKeySequence, Callable[[], None]]]:
        """The keys with Ctrl or Alt, and what they do."""
        own: list[tuple[QKeySequence.StandardKey | str, Callable[[], None]]] = [
            (Standard.SelectAll, self.select_all),
            (Standard.Copy, self.copy),
            (Standard.Cut, self.cut),
            (Standard.Paste, self.paste),
            ("Ctrl+D", self.fill_down),
            ("Ctrl+R", self.fill_right),
            ("Ctrl+Home", lambda: self.move_to((0, 0))),
            ("Ctrl+End", lambda: self.move_to((self.rows, self.columns))),
        ]
        for name, sign in (("Up", 1), ("Down", -1)):
            for prefix, factor in (("Alt+", 1.0), ("Alt+Shift+", 0.1), ("Ctrl+Alt+", 10.0)):
                own.append((prefix + name, partial(self._step, sign * factor, None)))
        return [(QKeySequence(keys), run) for keys, run in own]

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        pressed = QKeySequence(event.keyCombination())
        return next((run for keys, run in self._keys if keys == pressed), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key, typed, action = Key(event.key()), event.text(), self._action(event)
        if action is not None:
            action()
        elif key in _MOVES or key in _JUMPS:
            extend = bool(event.modifiers() & Modifier.ShiftModifier)
            self._move_by(*(_MOVES.get(key) or _JUMPS[key]), extend=extend)
        elif key in (Key.Key_Return, Key.Key_Enter, Key.Key_F2):
            self.edit()
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            self.fill(0.0)
        elif typed and typed in _STARTS:
            self.edit(typed.replace(",", "."))
        else:
            super().keyPressEvent(event)

    # -- changing -------------------------------------------------------------------------------------

    def _enter(self, number: float) -> None:
        self.session.brush = number
        self.fill(number)

    def fill(self, value: float, merge: object = None) -> None:
        """Give the selected cells a number."""
        self.put(dict.fromkeys(self.selected, value), merge)

    def put(self, numbers: Mapping[Cell, float], merge: object = None) -> None:
        """Give cells numbers, and by the symmetry their mirror images."""
        symmetry = self.session.symmetry
        self.session.apply(lambda kernel: editing.with_cells(kernel, numbers, symmetry), tr("Edit"), merge)

    def fill_down(self) -> None:
        """Give the selected cells the numbers of their first row."""
        top = self._corners[0][0]
        self.put({cell: self.value((top, cell[1])) for cell in self.selected})

    def fill_right(self) -> None:
        """Give the selected cells the numbers of their first column."""
        left = self._corners[0][1]
        self.put({cell: self.value((cell[0], left)) for cell in self.selected})

    def copy(self) -> None:
        """Put the selected cells onto the clipboard, as rows of numbers."""
        (top, left), (bottom, right) = self._corners
        block = self.session.kernel[top : bottom + 1, left : right + 1]
        QGuiApplication.clipboard().setText(text.write(block, "tabs"))

    def cut(self) -> None:
        """Copy the selected cells, and set them to 0."""
        self.copy()
        self.fill(0.0)

    def paste(self) -> None:
        """Take the clipboard's numbers from the first selected cell on; a larger kernel replaces the whole one."""
        first, last = self._corners
        extent = last[0] - first[0] + 1, last[1] - first[1] + 1

        def put(block: editing.Kernel) -> None:
            larger = block.shape[0] > self.rows or block.shape[1] > self.columns
            if first == (0, 0) and larger:
                self.session.put(block)
                return
            symmetry = self.session.symmetry

            def pasted(kernel: editing.Kernel) -> editing.Kernel:
                cells = editing.block_cells(block, first, extent, self.session.size)
                return editing.with_cells(kernel, cells, symmetry)

            self.session.apply(pasted, tr("Paste into"))

        self.session.paste(QGuiApplication.clipboard().text(), put)

    def _step(self, steps: float, merge: object) -> None:
        """Raise the selected cells by so many natural steps, and by the symmetry their mirror images."""
        step = steps * editing.natural_step(self.session.kernel)
        cells, symmetry = self.selected, self.session.symmetry
        if step:
            self.session.apply(
                lambda kernel: editing.stepped_cells(kernel, cells, step, symmetry), tr("Edit"), merge
            )

    def edit(self, text: str | None = None) -> None:
        """Open a field over the current cell, with its number or with what was typed already."""
        self.field.open(self.cell_rect(self.current), self.session.kernel[self.current], text)


def _factor(modifiers: Qt.KeyboardModifier) -> float:
    """The factor of a step: fine with Shift, coarse with Ctrl."""
    if modifiers & Modifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Modifier.ControlModifier else 1.0
