"""Statistics of maps as a table, with a column for each series."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QTableWidgetItem, QWidget

from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.tables import ReadOnlyTable
from filterlab.gui.words.i18n import tr
from filterlab.images.statistics import Statistics
from filterlab.text.numbers import brief


class Value(NamedTuple):
    """One cell of the table: the name of its row, the number with few digits and with all, and what it means."""

    name: str
    text: str
    full: str
    doc: str


class StatisticsColumn(NamedTuple):
    """The statistics of a series, its name, and its line in the plots as an icon."""

    name: str
    statistics: Statistics
    sign: QIcon


def rows_of(found: Statistics) -> list[Value]:
    """The cells of a column, from the top."""
    share = f"{100 * found.zero_share:.3g} %"
    zeros = tr("{zeros} of {count}", zeros=f"{found.zeros:,}", count=f"{found.count:,}")
    return [
        _number(tr("min"), found.minimum, tr("Smallest finite value")),
        _number(tr("max"), found.maximum, tr("Largest finite value")),
        _number(tr("mean"), found.mean, tr("Mean of the finite values")),
        _number(tr("std"), found.std, tr("Standard deviation of the finite values (dividing by n)")),
        Value(tr("zeros"), share, zeros, tr("Share of values that are exactly zero")),
        _number(tr("sum"), found.total, tr("Sum of the finite values")),
        _count(tr("count"), found.count, tr("Number of values")),
        _count(tr("NaN"), found.nans, tr("Values that are not a number")),
        _count(tr("infinite"), found.infinities, tr("Values that are plus or minus infinity")),
    ]


def _number(name: str, number: float, doc: str) -> Value:
    # `repr` has as many digits as are needed to read the very same number back.
    return Value(name, brief(number, 6), repr(number), doc)


def _count(name: str, count: int, doc: str) -> Value:
    return Value(name, f"{count:,}", str(count), doc)


class StatisticsTable(ReadOnlyTable):
    """Shows statistics; Ctrl+C copies the table with all digits."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Statistics"), parent)
        self._theme = theme
        self._found: list[StatisticsColumn] = []
        header = self.horizontalHeader()
        header.setMinimumSectionSize(20)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        # Elsewhere Ctrl+C copies the picture or a kernel.
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)
        theme.changed.connect(self._fill)

    def show_statistics(self, found: list[StatisticsColumn]) -> None:
        """Replace the columns."""
        self._found = found
        self._fill()

    def text(self) -> str:
        """The table with all digits, as text with tabs between columns."""
        columns = [rows_of(column.statistics) for column in self._found]
        lines = [["", *(column.name for column in self._found)]]
        lines += [[row[0].name, *(value.full for value in row)] for row in zip(*columns, strict=True)]
        return "\n".join("\t".join(line) for line in lines)

    def copy(self) -> None:
        """Copy the table as text."""
        QGuiApplication.clipboard().setText(self.text())

    def _fill(self) -> None:
        columns = [rows_of(column.statistics) for column in self._found]
        names = columns[0] if columns else []
        self.setRowCount(len(names))
        self.setColumnCount(len(columns) + 1)
        # Rows as low as the font allows, so that all of them fit into a panel.
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2)
        for row, value in enumerate(names):
            item = QTableWidgetItem(value.name)
            item.setToolTip(value.doc)
            item.setForeground(QColor(self._theme.colors.dim))
            self.setItem(row, 0, item)
        for place, values in enumerate(columns):
            for row, value in enumerate(values):
                self.setItem(row, place + 1, _item(value))
        self._fill_header()

    def _fill_header(self) -> None:
        """Show the names with their lines; a single column needs none."""
        self.horizontalHeader().setVisible(len(self._found) > 1)
        self.setHorizontalHeaderItem(0, QTableWidgetItem(""))
        for place, column in enumerate(self._found):
            item = QTableWidgetItem(column.name)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setIcon(column.sign)
            self.setHorizontalHeaderItem(place + 1, item)


def _item(value: Value) -> QTableWidgetItem:
    item = QTableWidgetItem(value.text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(value.full)
    return item
