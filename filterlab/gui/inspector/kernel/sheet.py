"""A sheet of a kernel: the grid, with what is said about its numbers above it and about the current cell below."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.inspector.kernel.grid import SMALL, TALLEST, KernelGrid
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.strip import Caption
from filterlab.gui.look.theme import Theme
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.text.numbers import exact

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Heads(QWidget):
    """The numbers of the rows, or of the columns, beside a grid that scrolls."""

    def __init__(self, area: GridArea, theme: Theme, *, rows: bool) -> None:
        super().__init__(area)
        self._area, self._theme, self._rows = area, theme, rows
        theme.changed.connect(self.update)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        grid = self._area.grid
        for number in range(grid.rows if self._rows else grid.columns):
            cell = grid.cell_rect((number, 0) if self._rows else (0, number))
            at = grid.mapTo(self._area.viewport(), cell.topLeft())
            place = QRect(0, at.y(), self.width(), cell.height())
            if not self._rows:
                place = QRect(at.x(), 0, cell.width(), self.height())
            current = grid.current[0 if self._rows else 1] == number
            painter.setPen(QColor(self._theme.colors.text if current else self._theme.colors.dim))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))


class GridArea(QScrollArea):
    """Shows the grid; where even the smallest cells need more room, it scrolls. heads: numbers of rows and columns."""

    def __init__(self, grid: KernelGrid, theme: Theme, *, heads: bool) -> None:
        super().__init__()
        self.grid = grid
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(grid)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(grid)
        self._heads = [_Heads(self, theme, rows=rows) for rows in (True, False)] if heads else []
        if heads:
            digits = self.fontMetrics().horizontalAdvance("000") + 8
            self.setViewportMargins(digits, self.fontMetrics().height() + 6, 0, 0)
            for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
                bar.valueChanged.connect(self._update_heads)
            grid.moved.connect(self._update_heads)
        grid.moved.connect(self._follow)
        grid.shown.connect(self._fit)

    def _update_heads(self) -> None:
        for head in self._heads:
            head.update()

    def _follow(self) -> None:
        cell = self.grid.cell_rect(self.grid.current)
        middle = cell.center()
        self.ensureVisible(middle.x(), middle.y(), cell.width() // 2 + 1, cell.height() // 2 + 1)

    def _fit(self) -> None:
        """Give the grid the width that there is."""
        width = self.viewport().width()
        if not self._heads:
            # The height of the cells follows their width here. Were there a bar only as needed, it could come and go
            # without end: it takes the width that makes the grid too high for it.
            tall = self.grid.rows * SMALL.height() > TALLEST
            policy = Qt.ScrollBarPolicy
            self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if tall else policy.ScrollBarAlwaysOff)
            width = self.width() - (self.verticalScrollBar().sizeHint().width() if tall else 0)
        self.grid.fit(width)
        self.updateGeometry()
        self._update_heads()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()
        if self._heads:
            left, top = self.viewport().x(), self.viewport().y()
            self._heads[0].setGeometry(0, top, left, self.viewport().height())
            self._heads[1].setGeometry(left, 0, self.viewport().width(), top)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        margins, grid = self.viewportMargins(), self.grid.sizeHint()
        scrolls = grid.width() > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        return QSize(grid.width() + margins.left(), grid.height() + margins.top() + bar)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        # The width that the grid has now must not keep the panel from becoming narrower.
        return QSize(60, 60 if self._heads else min(self.sizeHint().height(), self.maximumHeight()))


class KernelSheet(QWidget):
    """The grid between two lines. The upper one names the power of ten that is common to all cells, and ends with
    `buttons`; the lower one says where the current cell is, and shows the number that painting gives.

    heads: rows and columns are numbered, and cells have room for numbers whatever the size of the kernel.
    """

    def __init__(self, session: KernelSession, theme: Theme, *, heads: bool = False) -> None:
        super().__init__()
        self._session = session
        metrics = self.fontMetrics()
        roomy = QSize(metrics.horizontalAdvance("−0.00000") + 16, metrics.height() + 12)
        self.grid = KernelGrid(session, theme, self, roomy if heads else SMALL)
        self.area = GridArea(self.grid, theme, heads=heads)
        # A cell may be too small for its field, and the grid, too.
        self.grid.field.setParent(self)
        self.scale = Caption(self)
        self.scale.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.cell = Caption(self)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.paint = IconButton("paintbrush", theme)
        self.paint.setCheckable(True)
        self.brush = NumberField(self, digits=5)
        self.buttons = QHBoxLayout()
        self._name()
        self._lay_out(heads)
        self.setFocusProxy(self.grid)
        self.paint.toggled.connect(self._set_painting)
        self.brush.typed.connect(self._set_brush)
        self.grid.moved.connect(self._say_cell)
        self.grid.shown.connect(self._say_scale)
        session.changed.connect(self._show_brush)
        session.refused.connect(self._show_refused)
        # What can be done ends the complaint about what could not.
        session.edited.connect(lambda: self._show_refused(None))
        self._show_brush()

    def _name(self) -> None:
        for widget, text in (
            (
                self.paint,
                tr("Paint: drag over cells to give them the number beside; the right button always does"),
            ),
            (self.brush, tr("number to paint with; it is the one that was typed last")),
        ):
            widget.setToolTip(text)
            widget.setAccessibleName(text)

    def _lay_out(self, heads: bool) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.scale, 1)
        above.addLayout(self.buttons)
        self.buttons.setSpacing(0)
        below.addWidget(self.cell, 1)
        below.addWidget(self.paint)
        below.addWidget(self.brush)
        self.brush.setFixedWidth(self.brush.sizeHint().width())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(above)
        column.addWidget(self.area, 1)
        column.addLayout(below)
        column.addWidget(self.problem)
        if not heads:
            self.area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.area.setMaximumHeight(TALLEST + 20)

    def _say_scale(self) -> None:
        parts = [f"{self.grid.rows} × {self.grid.columns}"]
        lettering = self.grid.lettering
        if lettering is None:
            parts.append(tr("enlarge it to read it"))
        elif lettering.power:
            power = str(lettering.power).translate(_RAISED)
            parts.append(tr("every cell × {power}", power=f"10{power}"))
        self.scale.show_text(" · ".join(parts))

    def _say_cell(self) -> None:
        row, col = self.grid.current
        value = exact(self._session.kernel[row, col])
        text = tr("row {r}, column {c}: {value}", r=row, c=col, value=value)
        chosen = len(self.grid.selected)
        self.cell.show_text(text if chosen == 1 else f"{text} · " + tr("{n} cells selected", n=chosen))

    def _show_refused(self, error: FilterLabError | None) -> None:
        text = "" if error is None else error_words(error)
        if error is not None and error.where.startswith("line"):
            text = f"{tr(error.where)}: {text}"
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show_brush(self) -> None:
        self.paint.setChecked(self._session.painting)
        self.brush.set_value(self._session.brush)

    def _set_painting(self, on: bool) -> None:
        self._session.painting = on

    def _set_brush(self, value: Any) -> None:
        if isinstance(value, (int, float)):
            self._session.brush = value
