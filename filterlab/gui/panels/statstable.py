"""Statistics of maps as a table, a column for each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from filterlab.gui.i18n import tr
from filterlab.images.numbers import brief
from filterlab.images.statistics import Statistics


def rows_of(found: Statistics) -> list[tuple[str, str, str]]:
    """(name, value in few digits, value in all digits) for each line of the table."""
    share = f"{100 * found.zero_share:.3g} %"
    return [
        (tr("min"), brief(found.minimum, 6), repr(found.minimum)),
        (tr("max"), brief(found.maximum, 6), repr(found.maximum)),
        (tr("mean"), brief(found.mean, 6), repr(found.mean)),
        (tr("std"), brief(found.std, 6), repr(found.std)),
        (tr("zeros"), share, tr("{zeros} of {count}", zeros=f"{found.zeros:,}", count=f"{found.count:,}")),
        (tr("sum"), brief(found.total, 6), repr(found.total)),
        (tr("count"), f"{found.count:,}", f"{found.count}"),
        (tr("NaN"), f"{found.nans:,}", f"{found.nans}"),
        (tr("infinite"), f"{found.infinities:,}", f"{found.infinities}"),
    ]


class StatisticsTable(QTableWidget):
    """Shows statistics; Ctrl+C copies all of it with full digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[tuple[str, Statistics]] = []
        self.setAccessibleName(tr("Statistics"))
        self.setToolTip(
            tr("Of all finite values; std is divided by n. Ctrl+C copies the table in full digits.")
        )
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def show_statistics(self, found: list[tuple[str, Statistics]]) -> None:
        """Replace what is shown: a name and statistics for each column."""
        self._found = found
        names = [name for name, *_ in rows_of(found[0][1])] if found else []
        self.setRowCount(len(names))
        self.setColumnCount(len(found))
        self.setVerticalHeaderLabels(names)
        self.setHorizontalHeaderLabels([name for name, _ in found])
        # Rows as low as the letters allow: nine of them should fit into a panel.
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2)
        for column, (_, statistics) in enumerate(found):
            for row, (_, text, full) in enumerate(rows_of(statistics)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(full)
                self.setItem(row, column, item)

    def text(self) -> str:
        """The table with full digits, columns divided by tabs."""
        columns = [rows_of(statistics) for _, statistics in self._found]
        lines = [["", *(name for name, _ in self._found)]]
        lines += [[row[0][0], *(full for _, _, full in row)] for row in zip(*columns, strict=True)]
        return "\n".join("\t".join(line) for line in lines)

    def copy(self) -> None:
        """Copy the table as text."""
        QGuiApplication.clipboard().setText(self.text())
