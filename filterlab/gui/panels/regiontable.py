"""The stops of a value's trail as a table whose rows are links."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from filterlab.explain.trail import Stop
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words


def span_text(start: int, stop: int) -> str:
    """Half-open rows or columns as people name them: both ends included."""
    if start >= stop:
        return tr("none")
    ends = f"{start}" if stop - start == 1 else f"{start} … {stop - 1}"
    return ends.replace("-", "−")


def padding_text(stop: Stop) -> str:
    """How much of a region lies outside its map."""
    if not stop.padding:
        return tr("none")
    share = f"{100 * stop.padding / stop.cells:.0f}"
    return tr("{count} of {cells} cells, {share} %", count=stop.padding, cells=stop.cells, share=share)


def heads() -> tuple[str, ...]:
    """The titles of the columns."""
    return tr("Map"), tr("Rows"), tr("Columns"), tr("Size"), tr("Part of the region in the padding")


class RegionTable(QTableWidget):
    """The stops of a trail, a row each. chosen(row): Enter or a click on one."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        self.setAccessibleName(tr("The region of each map that the value sees"))
        self.setHorizontalHeaderLabels(heads())
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Not to their contents: Qt would measure all columns again for each cell that changes.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.cellClicked.connect(lambda row, _: self.chosen.emit(row))

    def show_stops(self, stops: list[Stop], link: QColor) -> None:
        """Replace the rows."""
        if self.rowCount() != len(stops):
            self.setRowCount(len(stops))
        rows = [cells_of(stop) for stop in stops]
        self._fit(rows)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)
                if column == 0 and item.foreground().color() != link:
                    item.setForeground(link)
                    item.setToolTip(tr("Pin the middle of this region"))

    def _fit(self, rows: list[tuple[str, ...]]) -> None:
        """Make the columns as wide as their texts, the names at most as wide as a third of the table."""
        metrics, margin = self.fontMetrics(), 2 * self.fontMetrics().averageCharWidth()
        for column, texts in enumerate(zip(heads(), *rows, strict=True)):
            width = max(map(metrics.horizontalAdvance, texts)) + margin
            most = self.viewport().width() // 3 if column == 0 else width
            self.setColumnWidth(column, min(width, max(most, 80)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter and space follow the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


def cells_of(stop: Stop) -> tuple[str, ...]:
    """The texts of a row."""
    region = stop.region
    return (
        stop.node,
        span_text(region.top, region.bottom),
        span_text(region.left, region.right),
        shape_words(stop.extent),
        padding_text(stop),
    )
