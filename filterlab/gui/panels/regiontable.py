"""The stops on the way from a value to the picture, as a table whose rows are links."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidgetItem, QWidget

from filterlab.explain.trail import Stop
from filterlab.gui.panels.tables import ReadOnlyTable
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words


def span_text(start: int, stop: int) -> str:
    """The rows or columns from `start` up to but not including `stop`, as people name them: first … last."""
    if start >= stop:
        return tr("none")
    ends = f"{start}" if stop - start == 1 else f"{start} … {stop - 1}"
    # Rows and columns of the padding above and on the left are negative.
    return ends.replace("-", "−")


def padding_text(stop: Stop) -> str:
    """The number of cells of a region that lie outside its map, as text."""
    if not stop.padding:
        return tr("none")
    share = f"{100 * stop.padding / stop.cells:.0f}"
    return tr("{count} of {cells} cells, {share} %", count=stop.padding, cells=stop.cells, share=share)


def heads() -> tuple[str, ...]:
    """The titles of the columns."""
    return tr("Map"), tr("Rows"), tr("Columns"), tr("Size"), tr("Part of the region in the padding")


class RegionTable(ReadOnlyTable):
    """One row for each stop. chosen(row): Enter was pressed on a row, or it was clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("The region of each map that the value sees"), parent)
        self.setColumnCount(5)
        self.setHorizontalHeaderLabels(heads())
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Not ResizeToContents: Qt would measure all columns anew for each cell that changes.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.cellClicked.connect(lambda row, _: self.chosen.emit(row))

    def show_stops(self, stops: list[Stop], link: QColor) -> None:
        """Replace the rows; cells that keep their text are left alone, as the cursor changes the table at each move."""
        self.setRowCount(len(stops))
        rows = [cells_of(stop) for stop in stops]
        self._fit(rows)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(row, column, item)
                # Qt lays the row out and repaints it even where the same text is set again.
                if item.text() != text:
                    item.setText(text)
                if column == 0 and item.foreground().color() != link:
                    item.setForeground(link)
                    item.setToolTip(tr("Pin the middle of this region"))

    def _fit(self, rows: list[tuple[str, ...]]) -> None:
        """Make the columns as wide as their texts, but that of the names at most a third of the table."""
        metrics, margin = self.fontMetrics(), 2 * self.fontMetrics().averageCharWidth()
        for column, texts in enumerate(zip(heads(), *rows, strict=True)):
            width = max(map(metrics.horizontalAdvance, texts)) + margin
            # Names of imported networks may be a hundred letters long, and would push the numbers out of sight.
            most = self.viewport().width() // 3 if column == 0 else width
            self.setColumnWidth(column, min(width, max(most, 80)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter and space choose the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


def cells_of(stop: Stop) -> tuple[str, ...]:
    """The texts of the row of a stop."""
    region = stop.region
    return (
        stop.node,
        span_text(region.top, region.bottom),
        span_text(region.left, region.right),
        shape_words(stop.extent),
        padding_text(stop),
    )
